"""A small fund and its loans, as far along as a test needs them; all fictional."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

from moneyed import Money

from borrowers.models import Organisation
from commonweal.access.models import User
from ledger import queries as ledger_queries
from ledger.domain.entry import JournalEntry as JournalEntryValue
from ledger.domain.entry import signed
from ledger.domain.financial_year import END_OF_MARCH, YearEnd
from ledger.domain.money import to_minor
from ledger.models import BankAccount, BankStatement, BankStatementLine, Book, JournalEntry
from ledger.services import move_business_date, open_bank_account, post
from loans import queries
from loans.domain.schedule import planned_schedule
from loans.models import Application, Loan, LoanEvent, Product, Series
from loans.queries import asked_terms_sha256
from loans.services import (
    Asked,
    apply,
    approve,
    continue_numbering,
    draw_down,
    offer_product,
    record_repayment,
    submit,
)
from tests.borrowers.builders import community_shop
from tests.builders import make_book, make_user, pounds

TODAY = date(2026, 11, 23)
APPROVED_ON = date(2025, 4, 22)
DRAWN_ON = date(2025, 5, 1)

_keys = count(1)


@dataclass(frozen=True, slots=True)
class Fund:
    """A book on its business date, what it offers, and the two people who decide."""

    book: Book
    product: Product
    priya: User
    tom: User


def make_fund(*, today: date = TODAY, rate: str = "0.06", year_end: YearEnd = END_OF_MARCH) -> Fund:
    """A fund that lends £100.00 to £250,000.00 over one to 120 months."""
    book = make_book(code="harbour-hills", fund_name="Harbour & Hills Community Fund", year_end=year_end)
    book = move_business_date(book=book, to=today)
    product = offer_product(
        book=book,
        code="community-loan",
        name="Community loan",
        amounts=(pounds("100.00"), pounds("250000.00")),
        months=(1, 120),
        annual_rate=Decimal(rate),
        payment_prefix="HH",
    )
    continue_numbering(book=book, series=Series.APPLICATION, after=131)
    continue_numbering(book=book, series=Series.LOAN, after=107)
    return Fund(book, product, priya=make_user(name="Priya Nair"), tom=make_user(name="Tom Ashworth"))


def asked(amount: str = "35000.00", months: int = 60, first: str = "2025-06-01", rate: str = "0.06") -> Asked:
    """What the Netherby shop asked for, or something else."""
    return Asked(pounds(amount), Decimal(rate), months, date.fromisoformat(first))


def make_application(
    fund: Fund, asks: Asked | None = None, *, submitted: bool = True, shop: str | Organisation = "8123"
) -> Application:
    """An application that Priya prepared and, unless told otherwise, submitted; `shop` is its number, or itself."""
    application = apply(
        product=fund.product,
        organisation=community_shop(society_number=shop) if isinstance(shop, str) else shop,
        asked=asks or asked(),
        purpose="Refrigeration and a till",
        on=APPROVED_ON,
        by=fund.priya,
    )
    return submit(application=application, on=APPROVED_ON, by=fund.priya) if submitted else application


def make_loan(fund: Fund, asks: Asked | None = None, *, shop: str | Organisation = "8123") -> Loan:
    """A loan that Tom approved."""
    application = make_application(fund, asks, shop=shop)
    sha256 = asked_terms_sha256(application)
    return approve(application=application, shown_sha256=sha256, on=APPROVED_ON, by=fund.tom)


def make_drawn_loan(fund: Fund, asks: Asked | None = None, *, shop: str = "8123") -> Loan:
    """A loan that was drawn whole on 1 May 2025."""
    loan = make_loan(fund, asks, shop=shop)
    draw_down(loan=loan, amount=queries.terms_of(loan).principal, on=DRAWN_ON, by=fund.priya, key="drawn")
    return Loan.objects.get(pk=loan.pk)


def pay(loan: Loan, amount: str | Money, on: str | date, *, by: User, **changes: Any) -> LoanEvent:
    """A repayment under a key of its own."""
    given: dict[str, Any] = {
        "amount": pounds(amount) if isinstance(amount, str) else amount,
        "on": date.fromisoformat(on) if isinstance(on, str) else on,
        "bank_account": "MAIN",
        "key": f"test:{next(_keys)}",
    }
    return record_repayment(loan=loan, by=by, **(given | changes))


def make_netherby(fund: Fund) -> Loan:
    """Loan L-0108 of the demo story, with its eighteen payments on time."""
    loan = make_drawn_loan(fund)
    for row in planned_schedule(queries.terms_of(loan)):
        if row.due_on <= date(2026, 11, 2):
            pay(loan, row.total, row.due_on, by=fund.priya)
    return Loan.objects.get(pk=loan.pk)


def bank_line(
    fund: Fund, amount: str, reference: str, on: str, *, description: str = "", bank: BankAccount | None = None
) -> BankStatementLine:
    """A line of a bank account, booked through suspense as an imported one is; money out is negative.

    It is the fund's first account unless another is given.
    """
    bank = bank or _first_bank_account(fund)
    number, day, money = next(_keys), date.fromisoformat(on), pounds(amount)
    statement = BankStatement.objects.create(
        bank_account=bank,
        statement_id=f"S-{number}",
        file_sha256=f"{number:064d}",
        file_name="statement.xml",
        from_on=day,
        to_on=day,
        opening=0,
        closing=0,
        imported_by=fund.priya,
    )
    line = BankStatementLine.objects.create(
        statement=statement,
        bank_account=bank,
        fingerprint=f"{number:064d}",
        occurrence=1,
        booked_on=day,
        amount=to_minor(money.amount, "GBP"),
        reference=reference,
        description=description,
    )
    postings = (signed(f"1010/{bank.code}", money), signed(f"2010/{bank.code}", -money))
    entry = JournalEntryValue(day, f"Bank line {number}", postings, "bank")
    post([entry], book=fund.book, key=f"bank-line-of-a-test:{number}", by=fund.priya)
    return line


def _first_bank_account(fund: Fund) -> BankAccount:
    return BankAccount.objects.filter(book=fund.book).first() or open_bank_account(
        book=fund.book, code="MAIN", name="Current account", identification="GB33BUKB20201555555555", on=APPROVED_ON
    )


def balances_table(loan: Loan, days: list[str]) -> list[list[str]]:
    """What the ledger says: as of, principal, interest due, in advance."""
    rows = []
    for day in days:
        stands = queries.booked_balances(loan, date.fromisoformat(day))
        amounts = (stands.principal, stands.interest, stands.in_advance)
        rows.append([day, *(f"{units / 100:.2f}" for units in amounts)])
    return rows


def entry_table(entry: JournalEntry) -> list[list[str]]:
    """An entry that stands, as rows of account, side and amount."""
    return [
        [line.account.code, "Dr" if line.amount > 0 else "Cr", f"{Decimal(abs(line.amount)).scaleb(-2)}"]
        for line in ledger_queries.entry_postings(entry)
    ]
