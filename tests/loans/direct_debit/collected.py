"""A fund that collects by Bacs from the Netherby shop, as far along as a test needs it."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from moneyed import Money

from commonweal.access.models import User
from ledger.domain.bank_details import BankDetails
from ledger.models import BankAccount
from ledger.services import approve, move_business_date, open_bank_account
from loans.domain.direct_debit.mandate import Scheme
from loans.models import DebitDecision, DebitLine, DebitRun, DebitSetting, Loan, Mandate, MandateChange
from loans.queries import terms_of
from loans.services import (
    Collect,
    Collects,
    approve_run,
    change_mandate,
    draw_down,
    give_notice,
    keep_mandate,
    make_run,
    notify,
    proposed_collections,
    set_debits,
)
from tests.builders import make_user
from tests.loans.builders import APPROVED_ON, Fund, asked, make_loan

TODAY = date(2026, 11, 23)
COLLECT_ON = date(2027, 1, 4)
"""The instalment of 1 January, a holiday, collected on the next working day."""

SHOP = BankDetails("Netherby Shop", "204512", "12345678")
SUN = "123456"


def bank_of(fund: Fund) -> BankAccount:
    """The fund's bank account."""
    return BankAccount.objects.filter(book=fund.book).first() or open_bank_account(
        book=fund.book, code="MAIN", name="Current account", identification="GB33BUKB20201555555555", on=APPROVED_ON
    )


def collects(fund: Fund, **changes: object) -> DebitSetting:
    """The fund collects by Bacs as service user 123456."""
    given = {"identifier": SUN, "creditor_name": "Harbour & Hills"} | changes
    return set_debits(
        bank_account=bank_of(fund),
        scheme=Scheme.BACS,
        collects=Collects(**given),  # type: ignore[arg-type]
        effective_on=APPROVED_ON,
        by=fund.tom,
    )


def small_loan(fund: Fund) -> Loan:
    """A loan of £12,000.00 over thirteen months from 1 December 2026, drawn whole and not yet repaid."""
    loan = make_loan(fund, asked("12000.00", months=13, first="2026-12-01"))
    draw_down(loan=loan, amount=terms_of(loan).principal, on=date(2026, 11, 2), by=fund.priya, key="drawn")
    return Loan.objects.get(pk=loan.pk)


def signed(fund: Fund, loan: Loan | None = None, details: BankDetails = SHOP) -> Mandate:
    """A mandate that is signed and not lodged yet."""
    return keep_mandate(
        loan=loan or small_loan(fund), scheme=Scheme.BACS, details=details, signed_on=TODAY, by=fund.priya
    )


def live(fund: Fund, loan: Loan | None = None, details: BankDetails = SHOP) -> Mandate:
    """A mandate that the bank confirmed."""
    mandate = signed(fund, loan, details)
    change_mandate(
        mandate=mandate, change=MandateChange.Change.CONFIRMED, who=MandateChange.Who.BANK, on=TODAY, by=fund.priya
    )
    return mandate


def noticed(fund: Fund, loan: Loan | None = None, details: BankDetails = SHOP) -> Mandate:
    """A mandate whose payer was told of the whole plan on 23 November 2026."""
    mandate = live(fund, loan, details)
    notify(mandate, TODAY, by=fund.priya)
    return mandate


def ready(fund: Fund) -> Mandate:
    """The same, on the day on which the file for 4 January 2027 can be made."""
    collects(fund)
    mandate = noticed(fund)
    fund.book.__dict__.update(move_business_date(book=fund.book, to=date(2026, 12, 30)).__dict__)
    return Mandate.objects.get(pk=mandate.pk)


def made(fund: Fund, collect_on: date = COLLECT_ON) -> DebitRun:
    """A run of what is proposed, made by Priya."""
    found = proposed_collections(fund.book, Scheme.BACS, collect_on)
    return make_run(book=fund.book, scheme=Scheme.BACS, collect_on=collect_on, asked=found, by=fund.priya)


def sent(fund: Fund, collect_on: date = COLLECT_ON) -> DebitRun:
    """The same, approved by Tom."""
    run = made(fund, collect_on)
    approve_run(run=run, shown_sha256=run.sha256, by=fund.tom)
    return DebitRun.objects.get(pk=run.pk)


def make_waiting_run(loan: Loan, by: User | None = None) -> DebitRun:
    """A run that waits, of a loan in a book that stands on TODAY: its payer was told weeks before."""
    book, by, on = loan.book, by or make_user(name="Amina Diallo"), date(2026, 12, 1)
    bank = BankAccount.objects.filter(book=book).earliest("pk")
    if not bank.identification.startswith("GB"):
        bank = open_bank_account(
            book=book, code="DEBITS", name="Collections", identification=f"60161331{book.pk:06}", on=book.opened_on
        )
    collects_by = Collects(identifier=f"{100000 + book.pk}", creditor_name="Fund")
    set_debits(bank_account=bank, scheme=Scheme.BACS, collects=collects_by, effective_on=book.opened_on, by=by)
    mandate = keep_mandate(loan=loan, scheme=Scheme.BACS, details=SHOP, signed_on=date(2026, 11, 2), by=by)
    confirmed = MandateChange.Change.CONFIRMED
    change_mandate(mandate=mandate, change=confirmed, who=MandateChange.Who.BANK, on=date(2026, 11, 3), by=by)
    amount = Money("100.00", loan.currency)
    give_notice(mandate=mandate, collect_on=on, amount=amount, on=date(2026, 11, 4), by=by)
    asked_for = [Collect(mandate, amount)]
    return make_run(book=book, scheme=Scheme.BACS, collect_on=on, asked=asked_for, by=by)


def make_past_line(mandate: Mandate, collect_on: date, by: User, checked_by: User) -> DebitLine:
    """A collection of £100.00 that was sent in time for a day that is over."""
    last = DebitRun.objects.filter(book=mandate.book).count()
    file = f"sent for {collect_on}"
    run = DebitRun.objects.create(
        book=mandate.book,
        number=last + 1,
        purpose=DebitRun.Purpose.COLLECT,
        setting=DebitSetting.objects.filter(book=mandate.book).earliest("pk"),
        collect_on=collect_on,
        made_on=collect_on,
        total=10000,
        file=file,
        sha256=sha256(file.encode()).hexdigest(),
        made_by=by,
    )
    run.refresh_from_db()
    line = DebitLine.objects.create(run=run, no=1, mandate=mandate, code="01", amount=10000)
    approval = approve(
        subject=f"debit-run:{run.pk}",
        content_sha256=run.sha256,
        made_by=by,
        made_at=run.made_at,
        checked_by=checked_by,
    )
    decided = {"decision": "approved", "approval": approval, "decided_by": checked_by, "decided_on": collect_on}
    DebitDecision.objects.create(run=run, **decided)
    return line


def go_to(fund: Fund, day: date) -> None:
    """Let the book's business date be a day."""
    fund.book.refresh_from_db()
    move_business_date(book=fund.book, to=day)
    fund.book.refresh_from_db()
