"""A small fund with money on its way, whose payees' bank details two people have confirmed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from commonweal.access.models import User
from commonweal.jobs.paying import make_file, payments_to_make
from ledger.domain.bank_details import read_bank_details
from ledger.domain.payments import Payment, Purpose
from ledger.models import BankAccount, Book, PayeeDetails, PaymentFile
from ledger.queries import details_in_force, on_its_way
from ledger.services import (
    HowPaid,
    check_payment_file,
    confirm_details,
    make_payment_file,
    open_bank_account,
    propose_details,
    take_payment_file,
)
from loans.models import Loan
from loans.services import draw_down
from tests.builders import make_user, pounds
from tests.loans.builders import APPROVED_ON, TODAY, Fund, asked, make_fund, make_loan

ON = TODAY
SHOPS = (("8123", "60-16-13", "31926819"), ("8124", "20-00-00", "55779911"))


@dataclass
class Paying:
    """A book with two drawdowns that nobody has paid, Amina who makes files, and Tom who checks them."""

    fund: Fund
    bank: BankAccount
    loans: list[Loan] = field(default_factory=list)
    amina: User = field(default_factory=lambda: make_user(name="Amina Yusuf"))

    @property
    def book(self) -> Book:
        return self.fund.book

    @property
    def tom(self) -> User:
        return self.fund.tom

    def make(self, *, sources: list[str] | None = None, by: User | None = None, **how: Any) -> PaymentFile:
        """A file of everything, or of some."""
        chosen = [one.source for one in payments_to_make(self.book)] if sources is None else sources
        asked = HowPaid(requested_on=how.pop("requested_on", self.book.business_date), **how)
        return make_file(bank_account=self.bank, sources=chosen, how=asked, by=by or self.amina)

    def check(self, file: PaymentFile, *, by: User | None = None, sha256: str = "") -> Any:
        """Tom checks it as it was made."""
        return check_payment_file(file=file, shown_sha256=sha256 or file.content_sha256, on=ON, by=by or self.tom)

    def take(self, file: PaymentFile) -> bytes:
        """It is taken to the bank."""
        return take_payment_file(file=file, on=ON, by=self.amina)

    def sent(self, **how: Any) -> PaymentFile:
        """A file that is at the bank."""
        file = self.make(**how)
        self.check(file)
        self.take(file)
        return file


def confirm_account(
    book: Book, payee: str, sort_code: str = "60-16-13", number: str = "31926819", **other: str
) -> PayeeDetails:
    """Bank details that two people agreed on."""
    given = other or {"sort_code": sort_code, "account_number": number}
    details = propose_details(
        book=book, subject=payee, details=read_bank_details(account_name="Netherby Shop", **given), by=make_user()
    )
    confirm_details(details=details, shown_sha256=details.content_sha256, how="Called Jo", on=ON, by=make_user())
    return details


def draw(fund: Fund, shop: str, amount: str = "2400.00") -> Loan:
    """A year's loan drawn this month and not paid yet."""
    loan = make_loan(fund, asked(amount, 12, first="2026-12-01"), shop=shop)
    draw_down(loan=loan, amount=pounds(amount), on=date(2026, 11, 20), by=fund.priya, key="drawn")
    return loan


def make_paying(shops: int = 2) -> Paying:
    """The fund with so many drawdowns on their way."""
    fund = make_fund()
    bank = open_bank_account(
        book=fund.book, code="MAIN", name="Current account", identification="60-83-71 12345678", on=APPROVED_ON
    )
    paying = Paying(fund, bank)
    for number, (shop, sort_code, account) in enumerate(SHOPS[:shops], start=1):
        loan = draw(fund, shop, f"{2000 + 400 * number}.00")
        confirm_account(fund.book, f"organisation:{loan.organisation_id}", sort_code, account)
        paying.loans.append(loan)
    return paying


def any_payment_file(
    book: Book, payee: str, by: User, reference: str = "A payment", *, source: str = "any:1"
) -> PaymentFile:
    """A file that waits for a second person, of one penny of whatever is on its way, to a payee's confirmed account."""
    if details_in_force(book, payee) is None:
        confirm_account(book, payee)
    account = next(iter(on_its_way(book)))
    payment = Payment(payee, account, pounds("0.01"), Purpose.LENDER, source, reference)
    bank, how = BankAccount.objects.filter(book=book)[0], HowPaid(book.business_date)
    return make_payment_file(bank_account=bank, payments=[payment], how=how, at=datetime.now(UTC), by=by)
