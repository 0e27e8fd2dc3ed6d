"""Money that moves on a loan: drawn down, repaid out of a bank line, and taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from commonweal.api.entries import EntryDetailOut, whole_entry
from commonweal.api.fields import Day, Id, MoneyField, Strict, Text
from commonweal.api.loans import EventForStaffOut, LoanOperation
from commonweal.api.operations import Asked, named, operation
from commonweal.api.previews import PreviewOut, shown
from commonweal.jobs.lending import confirm_by_bank_line, lend, repay_from_bank_line, take_back
from commonweal.jobs.servicing import recover_from_bank_line, settle_from_bank_line
from ledger import queries as ledger
from loans import queries
from loans.domain.events import Recovered, Repaid, Reversed
from loans.models import LoanEvent
from loans.services import Circumstances, HowRepaid, Preview, preview_recovery, preview_repayment, preview_taking_back

if TYPE_CHECKING:
    from ledger.models import BankStatementLine


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
    books_later = serializers.BooleanField(
        required=False, help_text="Book a day of a closed period on the first open day; else it is refused."
    )
    reason = Text(required=False, max_length=500, help_text="Kept with the event.")


class ConfirmationIn(Strict):
    """Which bank line is the drawdown's money."""

    bank_line = Id(help_text="The id of a line of money that went out, with something left in suspense.")


class TakeBackPreviewIn(Strict):
    """From which day an event would be taken back."""

    on = Day(required=False, help_text="The business date unless given.")
    reason = Text(required=False, max_length=300, help_text="Not looked at, so that what takes back can be previewed.")


class TakeBackIn(Strict):
    """From which day, and why, an event is taken back."""

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


class FromBankLine(LoanOperation):
    """An operation on money that came in and waits in suspense; its day is the bank's."""

    def line(self, asked: Asked) -> BankStatementLine:
        """The bank line that is named. Raises ValidationError."""
        found: BankStatementLine = named(ledger.unmatched_bank_lines(self.book), "bank_line", pk=asked["bank_line"])
        return found

    def given(self, asked: Asked) -> dict[str, Any]:
        """The loan, the line, who books it, and how."""
        how = Circumstances(reason=asked.get("reason", ""), books_later=asked.get("books_later", False))
        return {"loan": self.loan, "line": self.line(asked), "by": self.person, "circumstances": how}

    def recorded(self, event: LoanEvent) -> LoanEvent:
        """An event as it is shown."""
        return queries.events(self.loan).get(pk=event.pk)

    def repaid(self, asked: Asked, *, settles: bool) -> dict[str, Any]:
        """What the line would change as a repayment; nothing is written."""
        given = _of_line(self.line(asked))
        how = HowRepaid(settles=settles, books_later=asked.get("books_later", False))
        seen = preview_repayment(loan=self.loan, **given, how=how)
        return shown(self.loan, Repaid(given["on"], 0, given["amount"], settles=settles), seen)


class LoanRepay(FromBankLine):
    @operation(takes=RepaymentIn, gives=EventForStaffOut, status=201, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Match what is left of a bank line to a loan, as a repayment on the day that the bank booked it."""
        how = HowRepaid(books_later=asked.get("books_later", False), reason=asked.get("reason", ""))
        return self.recorded(repay_from_bank_line(loan=self.loan, line=self.line(asked), by=self.person, how=how))


class LoanRepayPreview(FromBankLine):
    @operation(takes=RepaymentIn, gives=PreviewOut, changes=False)
    def post(self, asked: Asked) -> Any:
        """What a bank line would change as a repayment; nothing is written."""
        return self.repaid(asked, settles=False)


class LoanSettle(FromBankLine):
    @operation(takes=RepaymentIn, gives=EventForStaffOut, status=201, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Match what is left of a bank line to a loan that it settles; what is more is held, to be refunded."""
        return self.recorded(settle_from_bank_line(**self.given(asked)))


class LoanSettlePreview(FromBankLine):
    @operation(takes=RepaymentIn, gives=PreviewOut, changes=False)
    def post(self, asked: Asked) -> Any:
        """What a bank line would change if it settled the loan; nothing is written."""
        return self.repaid(asked, settles=True)


class LoanRecover(FromBankLine):
    @operation(takes=RepaymentIn, gives=EventForStaffOut, status=201, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Match what is left of a bank line to a loan that was written off, as money that came back."""
        return self.recorded(recover_from_bank_line(**self.given(asked)))


class LoanRecoverPreview(FromBankLine):
    @operation(takes=RepaymentIn, gives=PreviewOut, changes=False)
    def post(self, asked: Asked) -> Any:
        """What a bank line would change as money that came back after a write-off; nothing is written."""
        given = _of_line(self.line(asked))
        seen = preview_recovery(loan=self.loan, **given, books_later=asked.get("books_later", False))
        return shown(self.loan, Recovered(given["on"], 0, given["amount"]), seen)


class EventOperation(LoanOperation):
    """An operation on one event of a loan."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.event: LoanEvent = get_object_or_404(queries.events(self.loan), pk=path["event"])


class LoanReverse(EventOperation):
    @operation(takes=TakeBackIn, gives=EventForStaffOut, status=201, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Take an event back: money that it booked is in suspense again, and the rest is worked out again."""
        on = asked.get("on", self.book.business_date)
        event = take_back(event=self.event, on=on, reason=asked["reason"], by=self.person, key=self.key)
        return queries.events(self.loan).get(pk=event.pk)


class LoanReversePreview(EventOperation):
    @operation(takes=TakeBackPreviewIn, gives=PreviewOut, changes=False)
    def post(self, asked: Asked) -> Any:
        """What taking an event back would change; nothing is written."""
        on = asked.get("on", self.book.business_date)
        seen: Preview = preview_taking_back(event=self.event, on=on)
        return shown(self.loan, Reversed(on, 0, of=self.event.number), seen)


def _of_line(line: BankStatementLine) -> dict[str, Any]:
    """What is left of a bank line, its day and its account."""
    return {
        "amount": ledger.rest_of_bank_line(line),
        "on": line.booked_on,
        "bank_account": line.bank_account.code,
    }
