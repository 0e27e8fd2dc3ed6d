"""A fund that pays its lenders out: two instalments of the Netherby loan have come back, and the bank has the money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from commonweal.jobs.banking import match_and_share
from commonweal.jobs.paying import make_file, payments_to_make
from investors.checks import CHECKS
from investors.domain.payout import PayoutAsked
from investors.models import Payout
from investors.queries import payouts
from investors.services import apportion, approve_payout, propose_payout, say_tax_treatment
from investors.services.participations import open_cash_account
from ledger.domain.entry import JournalEntry, Kind, credit, debit
from ledger.models import BankAccount, PaymentFile
from ledger.queries import balances
from ledger.services import HowPaid, check_payment_file, post, take_payment_file
from tests.builders import pounds
from tests.investors.shared_loan import BUSINESS_DATE, DRAWN_ON, SharedLoan, approve_netherby
from tests.ledger.payment_world import confirm_account
from tests.loans.builders import Fund, bank_line

ACCOUNTS = {"NRB": ("60-16-13", "31926819"), "TST": ("20-00-00", "55779911")}


@dataclass
class PaidOut:
    """The loan, its book, and how money leaves it."""

    shared: SharedLoan
    fund: Fund

    @property
    def bank(self) -> BankAccount:
        return BankAccount.objects.get(book=self.fund.book)

    def propose(self, *asked: PayoutAsked, on: date = BUSINESS_DATE, reason: str = "Quarter") -> Payout:
        """All that is held for both lenders, or what is asked."""
        wanted = asked or (all_of("NRB"), all_of("TST"))
        return propose_payout(book=self.fund.book, on=on, asked=wanted, reason=reason, by=self.shared.priya)

    def approved(self, *asked: PayoutAsked) -> Payout:
        """The same, approved by Tom."""
        made = self.propose(*asked)
        approve_payout(payout=made, shown_sha256=made.content_sha256, by=self.shared.tom)
        return payouts(self.fund.book).get(pk=made.pk)

    def sent(self, *sources: str) -> PaymentFile:
        """A file of everything, or of some, that is at the bank."""
        chosen = list(sources) or [one.source for one in payments_to_make(self.fund.book) if "payout" in one.source]
        how = HowPaid(BUSINESS_DATE)
        file = make_file(bank_account=self.bank, sources=chosen, how=how, by=self.shared.priya)
        check_payment_file(file=file, shown_sha256=file.content_sha256, on=BUSINESS_DATE, by=self.shared.tom)
        take_payment_file(file=file, on=BUSINESS_DATE, by=self.shared.priya)
        return file

    def told(self, amount: str, reference: str) -> None:
        """A line of the bank's statement of today."""
        bank_line(self.fund, amount, reference, str(BUSINESS_DATE))
        match_and_share(book=self.fund.book, by=self.shared.tom)

    def stands(self, *codes: str) -> list[str]:
        """Credits less debits of accounts."""
        found = balances(self.fund.book, codes, BUSINESS_DATE)
        return [f"{-found[code].amount:.2f}" for code in codes]

    @property
    def is_clean(self) -> bool:
        return [finding for check in CHECKS for finding in check(self.fund.book)] == []


def all_of(code: str, *, stays: str = "0.00", amount: str = "") -> PayoutAsked:
    """All that is held, less what stays; or an amount."""
    return PayoutAsked(code, pounds(stays), pounds(amount) if amount else None)


def make_paid_out() -> PaidOut:
    """£811.98 is held for the bank and £405.99 for the trust, of which £208.49 and £104.25 are interest; the trust pays
    tax at 20 %, and both have bank details that two people confirmed."""
    shared = approve_netherby()
    shared.share()
    fund = Fund(shared.book, shared.loan.product, shared.priya, shared.tom)
    bank_line(fund, "60000.00", "Money of the fund", "2025-05-01")
    for code, amount in (("NRB", "21000.00"), ("TST", "10500.00"), ("LOT", "3500.00")):
        pay_in(shared, code, amount)
    shared.draw()
    for on in (date(2025, 6, 2), date(2025, 7, 1)):
        shared.fall_due(on=on)
        shared.repay("676.65", on=on)
    apportion(loan=shared.loan, by=shared.tom)
    for code, (sort_code, number) in ACCOUNTS.items():
        confirm_account(shared.book, f"investor:{code}", sort_code, number)
    for code, rate in (("NRB", "0"), ("TST", "0.2")):
        lender = shared.lenders[code]
        say_tax_treatment(
            investor=lender, rate=Decimal(rate), effective_on=DRAWN_ON, reason="As it declared", by=shared.tom
        )
    return PaidOut(shared, fund)


def pay_in(shared: SharedLoan, code: str, amount: str) -> None:
    """Money of an investor, out of what the bank brought."""
    open_cash_account(shared.book, shared.lenders[code])
    lines = (debit("2010/MAIN", pounds(amount)), credit(f"2510/{code}", pounds(amount)))
    entry = JournalEntry(DRAWN_ON, f"Contribution of {code}", lines, kind=Kind.CONTRIBUTION, source=f"investor:{code}")
    post([entry], book=shared.book, key=f"in:{code}:{amount}", by=shared.tom)
