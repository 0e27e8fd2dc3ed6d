"""Money that moves on a loan: drawn down, repaid out of a bank line, and taken back."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404

from commonweal.api.entries import EntryDetailOut, whole_entry
from commonweal.api.fields import Day, Id, MoneyField, Strict, Text
from commonweal.api.loans import EventForStaffOut, LoanOperation
from commonweal.api.operations import Asked, named, operation
from commonweal.jobs.lending import confirm_by_bank_line, lend, repay_from_bank_line, take_back
from ledger import queries as ledger
from loans import queries
from loans.models import LoanEvent


class DrawdownIn(Strict):
    """How much is lent, and on which day."""

    amount = MoneyField(help_text="At most what is agreed and not drawn yet.")
    on = Day(required=False, help_text="In an open period; the business date unless given.")
    shortfall_reason = Text(
        required=False, max_length=300, help_text="Why it is lent although money is missing; refused then without it."
    )


class RepaymentIn(Strict):
    """Which bank line is the borrower's money."""

    bank_line = Id(help_text="The id of a line of money received with something left in suspense.")


class ConfirmationIn(Strict):
    """Which bank line is the drawdown's money."""

    bank_line = Id(help_text="The id of a line of money that went out, with something left in suspense.")


class TakeBackIn(Strict):
    """From which day, and why, a repayment or a drawdown is taken back."""

    on = Day(required=False, help_text="In an open period; the business date unless given.")
    reason = Text(max_length=300, help_text="The auditor reads this.")


class LoanDrawDown(LoanOperation):
    @operation(takes=DrawdownIn, gives=EventForStaffOut, status=201, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Lend an approved loan, or a part of it, and book it the same day, for the lenders too."""
        on = asked.get("on", self.book.business_date)
        event = lend(
            loan=self.loan,
            amount=asked["amount"],
            on=on,
            by=self.person,
            key=self.key,
            shortfall_reason=asked.get("shortfall_reason", ""),
        )
        return queries.events(self.loan).get(pk=event.pk)


class LoanConfirmDrawdown(LoanOperation):
    @operation(takes=ConfirmationIn, gives=EntryDetailOut, status=201, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Match what is left of an outgoing bank line to a drawdown: the bank says that it was paid."""
        line = named(ledger.unmatched_bank_lines(self.book), "bank_line", pk=asked["bank_line"])
        return whole_entry(self.book, confirm_by_bank_line(loan=self.loan, line=line, by=self.person))


class LoanRepay(LoanOperation):
    @operation(takes=RepaymentIn, gives=EventForStaffOut, status=201, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Match what is left of a bank line to a loan, as a repayment on the day that the bank booked it."""
        line = named(ledger.unmatched_bank_lines(self.book), "bank_line", pk=asked["bank_line"])
        event = repay_from_bank_line(loan=self.loan, line=line, by=self.person)
        return queries.events(self.loan).get(pk=event.pk)


class LoanReverse(LoanOperation):
    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.event: LoanEvent = get_object_or_404(queries.events(self.loan), pk=path["event"])

    @operation(takes=TakeBackIn, gives=EventForStaffOut, status=201, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Take back a repayment, whose money is in suspense again, or a drawdown that the bank has not paid."""
        on = asked.get("on", self.book.business_date)
        event = take_back(event=self.event, on=on, reason=asked["reason"], by=self.person, key=self.key)
        return queries.events(self.loan).get(pk=event.pk)
