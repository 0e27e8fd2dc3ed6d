"""How far is what an investor was paid out, for the desk, the portal, lists and the API?"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from investors.models import PayoutLine
from ledger.domain.payments import PaymentState

PAYOUT_STATES = {
    "waiting": ("ask", "Waits for a second person"),
    "approved": ("good", "Approved"),
    "declined": ("closed", "Declined"),
}
"""How far a payout is, as a shape and words."""


class LineStep(StrEnum):
    """How far a line of an approved payout is; the value is what the API says."""

    TO_PAY = "to pay"
    IN_A_FILE = "in a file"
    AT_THE_BANK = "at the bank"
    PAID = "paid"
    HELD_AGAIN = "held again"


TAGS = {
    LineStep.TO_PAY: ("ask", "To be paid"),
    LineStep.IN_A_FILE: ("watch", "In a payment file"),
    LineStep.AT_THE_BANK: ("due", "At the bank"),
    LineStep.PAID: ("good", "Paid"),
}
BACK = {
    PaymentState.RETURNED.value: "Came back, held again",
    PaymentState.REFUSED.value: "Refused by the bank, held again",
}


def line_step(line: PayoutLine, payment: Any) -> LineStep:
    """How far a line is; `payment` is the latest of it, if there is one."""
    if line.is_taken_back:
        return LineStep.HELD_AGAIN
    if payment is None:
        return LineStep.TO_PAY
    steps = {
        PaymentState.WAITING.value: LineStep.IN_A_FILE,
        PaymentState.CHECKED.value: LineStep.IN_A_FILE,
        PaymentState.SENT.value: LineStep.AT_THE_BANK,
        PaymentState.CONFIRMED.value: LineStep.PAID,
    }
    return steps.get(payment.state, LineStep.TO_PAY)


def line_state(line: PayoutLine, payment: Any) -> tuple[str, str]:
    """The same as a shape and words."""
    step = line_step(line, payment)
    if step is LineStep.HELD_AGAIN:
        return "closed", BACK.get(payment.state if payment else "", "Taken back, held again")
    return TAGS[step]


def paid_on(payment: Any) -> date | None:
    """The day on which the bank paid it, where it has told so and it did not come back."""
    if payment is None or payment.state != PaymentState.CONFIRMED:
        return None
    told = [one.line.booked_on for one in payment.outcomes.all() if one.kind == "confirmed" and one.line]
    return max(told, default=None)
