"""The same manager's second fund: its money is put into the fund itself, in three classes, and a bank lends to it.

First-loss grant money, mezzanine and senior capital are committed, called and paid in, one of them late; four loans
are made out of it, of which one is lost and a part recovered; the result goes through the ranks, cash is distributed
and paid out; and one investor has tax relief. Amina proposes, Tom approves, as in life.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from moneyed import Money

from commonweal.access.models import InvestorMembership, StaffMembership, StaffRole
from commonweal.demo import story
from commonweal.demo.classes import (
    ACCOUNTS,
    BANK,
    BANK_ACCOUNT,
    BOOK,
    CLASSES,
    EVERY_CLASS,
    FIRST_CALL,
    FUND,
    HOLDERS,
    LATE,
    MIRIAM,
    OPENED_ON,
    PAID_LATE,
    SECOND_CALL,
    SORT_CODE,
    TAXED,
    YEAR_END,
    Growth,
    name_of,
    part_of,
)
from commonweal.demo.growth import BORROWED, BORROWED_ON, BUSINESSES, FACILITY
from commonweal.demo.growth_bank import bring_in, to_day
from commonweal.demo.lives import Cast, Told, acts_of, agree_alone
from commonweal.demo.story import Transfer
from commonweal.jobs.close import bring_book_up_to_date, close_month
from commonweal.jobs.letters import give_notices
from commonweal.jobs.paying import make_file, payments_to_make
from commonweal.jobs.tax_relief import issue_certificate, issue_tax_statements, tax_year_in
from commonweal.jobs.year_end_journal import prepare_year_end
from investors.domain.capital_act import ActKind
from investors.domain.citr.kinds import InvestmentKind
from investors.domain.citr.limits import Accreditation
from investors.domain.management_fee import FeeBase, FeeTerms
from investors.domain.payout import PayoutAsked
from investors.domain.restricted_grant import Purpose
from investors.models import CitrCertificate, Investor
from investors.services import (
    InvestmentTerms,
    approve_facility_terms,
    approve_payout,
    propose_act,
    propose_certificate,
    propose_facility,
    propose_payout,
    record_accreditation,
    record_citr_investment,
    register_investor,
    say_tax_treatment,
)
from ledger import queries as ledger
from ledger import services as books
from ledger.domain.bank_details import read_bank_details
from ledger.domain.money import from_minor
from loans import services as lending
from loans.models import Series

if TYPE_CHECKING:
    from ledger.models import Book

FILES = (
    *(date(2025, 9, 30), date(2025, 10, 31), date(2025, 12, 31)),
    *(date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), date(2026, 10, 31)),
    story.BROUGHT_IN_TO,
)
"""The last day of each of the bank's files."""

Step = tuple[date, Callable[[Growth], object]]
"""What is done on a day, once the bank's file of the days before is in."""


def raise_growth_fund(cast: Cast, files: Path) -> None:
    """The whole story of the fund up to the demo's today; again, it changes nothing. `files` is where the bank's files
    are written."""
    if ledger.book_by_code(BOOK) is None:
        with transaction.atomic():
            _tell(Growth(Told(_open(cast), cast), files))


def _tell(fund: Growth) -> None:
    _agree(fund)
    first = OPENED_ON
    for number, last in enumerate(FILES, start=1):
        within = [(on, act) for on, act in STEPS if first <= on <= last]
        lent = [(on, _without_fund(act)) for on, act in acts_of(BUSINESSES, fund.told, first, last)]
        for on, act in sorted([*within, *lent], key=lambda one: one[0]):
            to_day(fund.book, on)
            act(fund)
        bring_in(fund, number, first, last)
        first = last + timedelta(days=1)
    to_day(fund.book, story.TODAY)
    _today(fund)


def _without_fund(act: Callable[[], object]) -> Callable[[Growth], object]:
    return lambda fund: act()


def _open(cast: Cast) -> Book:
    book = books.open_book(
        code=BOOK,
        name=FUND,
        fund_name=FUND,
        base_currency="GBP",
        opened_on=OPENED_ON,
        imprint=story.IMPRINT,
    )
    books.open_bank_account(book=book, code="MAIN", name="Growth account", identification=BANK_ACCOUNT, on=OPENED_ON)
    for person, role in (
        (story.TOM, StaffRole.MANAGER),
        (story.PRIYA, StaffRole.OFFICER),
        (story.AMINA, StaffRole.FINANCE),
        (story.RUTH, StaffRole.AUDITOR),
    ):
        StaffMembership.objects.create(user=cast[person], book=book, role=role)
    return book


def _agree(fund: Growth) -> None:
    """The deed: classes, fee, who is who, and where each is paid."""
    for code, name, kind in (BANK, *((code, name, kind) for _, code, name, kind, _ in HOLDERS)):
        register_investor(code=code, name=name, kind=kind)
    for person, code in ((story.MIRIAM, MIRIAM), (story.GWEN, BANK[0])):
        InvestorMembership.objects.create(user=fund.told.cast[person], investor=Investor.objects.get(code=code))
    for terms in CLASSES:
        fund.act(ActKind.CLASS, OPENED_ON, f"{terms.name}, as the deed has it", **terms.asked())
    fee = FeeTerms(OPENED_ON, FeeBase.DRAWN, Decimal("0.01"))
    fund.act(ActKind.FEE_TERMS, OPENED_ON, "The manager’s fee, as the deed has it", **fee.asked())
    lending.continue_numbering(book=fund.book, series=Series.LOAN, after=200)
    lending.continue_numbering(book=fund.book, series=Series.APPLICATION, after=300)
    record_accreditation(
        book=fund.book,
        kind=Accreditation.RETAIL,
        starts_on=date(2025, 6, 1),
        ends_on=date(2028, 6, 1),
        applied_for=Money("500000.00", "GBP"),
        reference="CDFI-2025-118 (made up)",
        by=fund.amina,
    )
    for code, number in ACCOUNTS.items():
        details = read_bank_details(account_name=name_of(code), sort_code=SORT_CODE, account_number=number)
        made = books.propose_details(book=fund.book, subject=f"investor:{code}", details=details, by=fund.amina)
        how = "Called back on the number in the deed"
        sha256 = made.details.sha256
        books.confirm_details(details=made, shown_sha256=sha256, how=how, on=OPENED_ON, by=fund.tom)
        rate, reason = ("0.2", "An individual") if code == MIRIAM else ("0", "Paid gross, as it declared")
        say_tax_treatment(
            investor=Investor.objects.get(code=code),
            rate=Decimal(rate),
            effective_on=OPENED_ON,
            reason=reason,
            by=fund.amina,
        )


def _commitments(fund: Growth) -> None:
    for fund_class, code, name, _, minor in HOLDERS:
        said = {"fund_class": fund_class, "investor": code, "minor": minor}
        fund.act(ActKind.COMMITMENT, date(2025, 9, 3), f"The deed, signed by {name}", **said)


def _first_call(fund: Growth) -> None:
    """Half of what is committed; the foundation's half comes ten days late."""
    asked = {"classes": EVERY_CLASS, "minor": 160_000_00, "due_on": "2025-09-22"}
    fund.act(ActKind.CALL, date(2025, 9, 8), "For the boatyard and what comes after it", **asked)
    for code, on in FIRST_CALL.items():
        fund.pays(code, part_of(code, 5), on)
    fund.pays(LATE, part_of(LATE, 5), PAID_LATE)


def _first_call_is_paid(fund: Growth) -> None:
    for code, on in FIRST_CALL.items():
        fund.puts_to_call(code, part_of(code, 5), on)
    _tax_relief(fund)


def _late_money_is_paid_in(fund: Growth) -> None:
    fund.puts_to_call(LATE, part_of(LATE, 5), PAID_LATE)


def _tax_relief(fund: Growth) -> None:
    """What three of them paid in counts for the relief; Amina proposes certificates, and Tom issues them in time."""
    for code in TAXED:
        certificate = _certificate(fund, code, part_of(code, 5), FIRST_CALL[code])
        issue_certificate(certificate=certificate, shown_sha256=certificate.content_sha256, by=fund.tom)


def _certificate(fund: Growth, code: str, amount: Money, on: date) -> CitrCertificate:
    terms, investor = InvestmentTerms(InvestmentKind.SHARES, amount, on), Investor.objects.get(code=code)
    entry = fund.contribution(code, on)
    made = record_citr_investment(book=fund.book, investor=investor, terms=terms, entry=entry, by=fund.amina)
    return propose_certificate(investment=made, by=fund.amina)


def _agree_with_the_bank(fund: Growth) -> None:
    bank = Investor.objects.get(code=BANK[0])
    terms = propose_facility(
        book=fund.book, lender=bank, agreement=FACILITY, reason="To lend before the second call", by=fund.amina
    )
    approve_facility_terms(terms=terms, shown_sha256=terms.content_sha256, by=fund.tom)
    fund.moves.append(Transfer(BORROWED_ON, BORROWED, BANK[1], "Growth facility"))


def _lend(number: int) -> Callable[[Growth], object]:
    return lambda fund: agree_alone(BUSINESSES[number], fund.told)


SECOND_RESULT = "July to September, with the management fee since April"
"""The result of April to June was shared after the loss."""


def _half_year(on: date, since: date, words: str, result: str) -> Callable[[Growth], object]:
    """The days of a half-year are posted; the fee of it is charged, and what is not shared yet of its result shared."""

    def act(fund: Growth) -> None:
        bring_book_up_to_date(book=fund.book, through=on, by=fund.amina, month_ends=[on])
        days = {"since": since.isoformat(), "until": on.isoformat()}
        fund.act(ActKind.FEE, on, f"Management of {words}", **days)
        fund.act(ActKind.RESULT, on, result)

    return act


def _after_the_loss(fund: Growth) -> None:
    """What the kitchen did not pay goes up the ranks."""
    on = date(2026, 6, 30)
    bring_book_up_to_date(book=fund.book, through=on, by=fund.amina, month_ends=[on])
    fund.act(ActKind.RESULT, on, "April to June, with the loss of Solway Kitchen")


def _close(through: date) -> Callable[[Growth], object]:
    return lambda fund: close_month(book=fund.book, through=through, by=fund.amina)


def _end_the_year(fund: Growth) -> None:
    """The result of the year is carried, and its last month closed."""
    draft = prepare_year_end(book=fund.book, year_end=YEAR_END, by=fund.amina)
    books.post_draft(draft=draft, shown_sha256=books.draft_sha256(draft), by=fund.tom)
    close_month(book=fund.book, through=YEAR_END, by=fund.amina)


def _grant(fund: Growth) -> None:
    """The foundation pays for a part of what the fund costs; its money comes by its reference."""
    asked = {"grant": "HDF-COSTS", "funder": "HDF", "purpose": Purpose.OPERATING.value, "minor": 6_000_00}
    fund.act(ActKind.GRANT, date(2026, 4, 15), "Towards the costs of the first three years", **asked)
    fund.pays("HDF", Money("3000.00", "GBP"), date(2026, 4, 22))


def _grant_comes(fund: Growth) -> None:
    asked = {"grant": "HDF-COSTS", "minor": 3_000_00}
    fund.act(ActKind.GRANT_RECEIVED, date(2026, 4, 22), "The first half of it", **asked)


def _grant_pays(fund: Growth) -> None:
    asked = {"grant": "HDF-COSTS", "minor": 1_000_00, "purpose": Purpose.OPERATING.value}
    fund.act(ActKind.GRANT_APPLIED, date(2026, 9, 30), "Costs from April to September", **asked)


def _distribute(fund: Growth) -> None:
    """Cash goes down the ranks as far as it reaches, and each holder is told."""
    asked = {"most": 16_000_00, "capital": {"SENIOR": 9_000_00, "MEZZANINE": 2_000_00}}
    give_notices(
        act=fund.act(ActKind.DISTRIBUTION, date(2026, 10, 8), "The first distribution", **asked), by=fund.amina
    )


def _pay_out(fund: Growth) -> None:
    """What was distributed leaves in one file: Amina makes it, Tom checks it."""
    on, nothing = fund.book.business_date, story.NOTHING
    held = [PayoutAsked(code, nothing) for code in ACCOUNTS if _is_held(fund, code)]
    payout = propose_payout(book=fund.book, on=on, asked=held, reason="The first distribution", by=fund.amina)
    approve_payout(payout=payout, shown_sha256=payout.content_sha256, by=fund.tom)
    due = [one for one in payments_to_make(fund.book) if one.source.startswith("payout-line:")]
    file = make_file(
        bank_account=ledger.bank_accounts(fund.book).get(),
        sources=[one.source for one in due],
        how=books.HowPaid(on),
        by=fund.amina,
    )
    books.check_payment_file(file=file, shown_sha256=file.content_sha256, on=on, by=fund.tom)
    books.take_payment_file(file=file, on=on, by=fund.amina)
    for one in file.payments.order_by("pk"):
        leaves = -from_minor(one.amount, fund.book.base_currency)
        fund.moves.append(Transfer(on + timedelta(days=1), leaves, one.details.account_name, one.end_to_end_id))


def _is_held(fund: Growth, code: str) -> bool:
    account = f"2510/{code}"
    return ledger.balances(fund.book, [account], fund.book.business_date)[account].amount < 0


def _second_call(fund: Growth) -> None:
    """A tenth; the foundation's has not come."""
    asked = {"classes": EVERY_CLASS, "minor": 32_000_00, "due_on": "2026-11-16"}
    call = fund.act(ActKind.CALL, date(2026, 11, 2), "For the new roof of the boatyard", **asked)
    give_notices(act=call, by=fund.amina)
    for code, on in SECOND_CALL.items():
        fund.pays(code, part_of(code, 1), on)


def _today(fund: Growth) -> None:
    """The second call is paid but for the late one; a certificate and a commitment wait for Tom."""
    for code, on in SECOND_CALL.items():
        fund.puts_to_call(code, part_of(code, 1), on)
    _certificate(fund, MIRIAM, part_of(MIRIAM, 1), SECOND_CALL[MIRIAM])
    asked = {"fund_class": "MEZZANINE", "investor": "LSI", "minor": 15_000_00}
    words = "Lantern’s letter of 17 November"
    propose_act(book=fund.book, kind=ActKind.COMMITMENT, on=story.TODAY, asked=asked, words=words, by=fund.amina)
    bring_book_up_to_date(book=fund.book, through=story.TODAY - timedelta(days=1), by=fund.amina)


STEPS: tuple[Step, ...] = (
    (date(2025, 9, 3), _commitments),
    (date(2025, 9, 8), _first_call),
    (date(2025, 10, 1), _first_call_is_paid),
    (date(2025, 10, 6), _agree_with_the_bank),
    (date(2025, 10, 8), _lend(0)),
    (date(2025, 10, 30), _lend(1)),
    (date(2025, 11, 3), _late_money_is_paid_in),
    (date(2026, 1, 29), _lend(2)),
    (date(2026, 3, 27), _lend(3)),
    (date(2026, 4, 2), _close(date(2026, 2, 28))),
    (
        date(2026, 4, 7),
        _half_year(YEAR_END, FIRST_CALL["FBS"], "the first half-year", "The result of the first half-year"),
    ),
    (date(2026, 4, 8), _end_the_year),
    (date(2026, 4, 15), _grant),
    (date(2026, 7, 1), _grant_comes),
    (date(2026, 7, 2), _after_the_loss),
    (date(2026, 10, 2), _grant_pays),
    (date(2026, 10, 5), _half_year(date(2026, 9, 30), date(2026, 4, 1), "April to September", SECOND_RESULT)),
    (date(2026, 10, 6), _close(date(2026, 9, 30))),
    (date(2026, 10, 8), _distribute),
    (date(2026, 10, 12), _pay_out),
    (
        date(2026, 10, 14),
        lambda fund: issue_tax_statements(book=fund.book, tax_year=tax_year_in("2025-26"), by=fund.amina),
    ),
    (date(2026, 11, 2), _second_call),
)
