"""Is what the fund borrows agreed, posted and in the books as its events tell? Rules in the form of `ledger.checks`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from investors.domain.borrowing import facility_sha256
from investors.domain.borrowing_entries import fees_accrued, interest_accrued, moved_on, own_lines
from investors.models import FacilityTerms
from investors.queries.borrowings import FacilityLife, facility_lives
from ledger.checks import Check, Finding
from ledger.domain.money import to_minor
from ledger.queries import balances, closed_until
from loans.domain.calendar import ONE_DAY
from loans.domain.corrections import corrections
from loans.domain.movements import STILL
from loans.domain.replay import told_steps

if TYPE_CHECKING:
    from ledger.models import Book

END_OF_TIME = date(9999, 1, 1)
"""After every entry."""


def facility_terms_are_what_was_approved(book: Book) -> Iterator[Finding]:
    """Every approved version of a facility's terms has the fingerprint that two people approved."""
    rows = FacilityTerms.objects.filter(facility__book=book, decision__outcome="approved")
    for row in rows.select_related("facility", "decision__approval"):
        told = facility_sha256(row.facility_id, row.version, row.effective_on, row.content)
        approval = row.decision.approval
        if approval is None or not told == row.content_sha256 == approval.content_sha256:
            message = f"version {row.version} of its terms is not what two people approved"
            yield Finding("facility-terms-not-approved", row.facility.reference, message)


def borrowings_stand_at_their_position(book: Book) -> Iterator[Finding]:
    """The ledger holds of each facility what the engine tells, with all that fell due before the business date."""
    opened_on = closed_until(book) or book.opened_on
    for life in facility_lives(book):
        until = max([book.business_date - ONE_DAY, *(step.on for step in life.booked)])
        told = told_steps(life.terms, life.events, until, open_from=opened_on)
        if behind := corrections(life.booked, told, open_from=opened_on):
            message = f"what moved on {behind[0].on} is not posted as it is told; run the close of business"
            yield Finding("borrowing-behind", life.facility.reference, message)
            continue
        yield from _ledger_differs(book, life)


def _ledger_differs(book: Book, life: FacilityLife) -> Iterator[Finding]:
    """The facility's own accounts against what is kept of what was booked; accruals are all taken back in the end."""
    reference = life.facility.reference
    total = STILL
    for step in life.booked:
        total = total.plus(step.moved)
    accruals = (interest_accrued(reference), fees_accrued(reference))
    found = balances(book, [*own_lines(reference, STILL), *accruals], END_OF_TIME)
    minor = {code: to_minor(stands.amount, book.base_currency) for code, stands in found.items()}
    for name in ("principal", "interest", "fees", "in_advance"):
        stands, told = getattr(moved_on(reference, minor), name), getattr(total, name)
        if stands != told:
            message = (
                f"its {name.replace('_', ' ')} stands at {stands} minor units in the ledger and at {told} by its "
                "events. Look for entries on its accounts that no event made, and reverse them."
            )
            yield Finding("borrowing-differs", reference, message)
    if any(minor[code] for code in accruals):
        yield Finding("borrowing-differs", reference, "an accrual was not taken back on the day after it")


BORROWING_CHECKS: tuple[Check, ...] = (facility_terms_are_what_was_approved, borrowings_stand_at_their_position)
"""The rules of what is borrowed, for `investors.checks`."""
