"""What does a business ask for, in everyday words? The portal, the letters and the desk say it alike."""

from __future__ import annotations

from loans.domain.events import Happened, HolidayGranted, Restructured
from loans.domain.position import Position
from loans.domain.servicing import HolidayInterest
from loans.models import BorrowerRequest
from loans.services.proposals import event_proposed

INTEREST = {
    str(HolidayInterest.PAID): "We keep paying the interest",
    str(HolidayInterest.DEFERRED): "We pay nothing; the interest waits until the first payment after the pause",
    str(HolidayInterest.CAPITALISED): "We pay nothing; the interest is added to the loan",
}
"""What may become of interest during a pause."""

AFTERWARDS = {
    "later": "The loan ends later, by as many payments",
    "same": "The loan ends as planned, and the other payments are higher",
}
"""How a loan may go on after a pause."""


def asked_facts(event: Happened, before: Position | None = None) -> list[tuple[str, str]]:
    """What is asked for, as a label and its answer; `before` says how many payments there were."""
    match event:
        case HolidayGranted():
            afterwards = AFTERWARDS["later" if event.extends else "same"]
            return [
                ("A pause of", _payments(event.instalments)),
                ("The interest", INTEREST[str(event.interest)]),
                ("After the pause", afterwards),
            ]
        case Restructured(terms=terms):
            was = sum(1 for row in before.instalments if row.instalment.due_on > before.as_of) if before else 0
            instead = f" instead of {was}" if was else ""
            facts = [("What is left, over", f"{_payments(terms.instalments or 0)}{instead}")]
            if event.capitalises:
                facts.append(("Interest and fees that are late", "Added to the loan"))
            return facts
        case _:
            return []


def asked_in_words(request: BorrowerRequest) -> str:
    """A request in one line."""
    event = event_proposed(request)
    match event:
        case HolidayGranted():
            return f"A pause of {_payments(event.instalments)}"
        case Restructured(terms=terms):
            return f"What is left, spread over {_payments(terms.instalments or 0)}"
        case _:
            return str(request.get_kind_display())


def _payments(count: int) -> str:
    return f"{count} payment{'' if count == 1 else 's'}"
