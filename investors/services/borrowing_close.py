"""What falls due, accrues and is tested on what the fund borrows, when days and months end. Safe to repeat."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from investors.domain.borrowing_covenants import Tested
from investors.domain.borrowing_entries import borrowing_accruals
from investors.models import CovenantTest
from investors.queries.borrowing_tests import covenants_tested, fund_figures
from investors.queries.borrowings import (
    FacilityLife,
    accruals_booked,
    accrued_of,
    facilities,
    facility_lives,
    times_accrued,
)
from investors.services.borrowing_books import (
    OpenFacility,
    book_borrowing_steps,
    borrowing_key,
    one_borrows,
)
from ledger import queries as ledger
from ledger.services import post

if TYPE_CHECKING:
    from ledger.models import Book


def post_borrowings_due(*, book: Book, on: date, by: AbstractBaseUser) -> int:
    """Post what fell due by a day on everything the fund has borrowed; says how many entries."""
    if not facilities(book).exists():
        return 0
    with transaction.atomic():
        return sum(_post_due(opened, on, by=by) for opened in _held(book))


def _post_due(opened: OpenFacility, on: date, *, by: AbstractBaseUser) -> int:
    steps = opened.steps(opened.life.events, on)
    name = f"due:{on}:{len(opened.life.booked)}"
    return len(book_borrowing_steps(opened, name, steps, by=by))


def accrue_borrowings(*, book: Book, on: date, by: AbstractBaseUser) -> int:
    """Book what borrowings have cost by a month's end and is not due, less what is booked of it; says how many entries.

    What fell due by then has to be posted. Raises PeriodClosed.
    """
    if not facilities(book).exists():
        return 0
    with transaction.atomic():
        return sum(_accrue(opened.life, on, by=by) for opened in _held(book))


def _accrue(life: FacilityLife, on: date, *, by: AbstractBaseUser) -> int:
    more = accrued_of(life, on).minus(accruals_booked(life, on))
    entries = borrowing_accruals(life.facility.reference, on, more, life.terms.scale)
    if not entries:
        return 0
    key = borrowing_key(life.facility, f"accrued:{on}:{times_accrued(life, on)}")
    return len(post(entries, book=life.facility.book, key=key, by=by).entry_ids)


@transaction.atomic
def keep_covenant_tests(*, book: Book, month_ends: Collection[date], through: date) -> int:
    """Test the covenants of everything the fund has borrowed, and keep what came of it; says how many are kept.

    At a month's end every result is kept, on another day one that differs from the last.
    """
    if not facilities(book).exists():
        return 0
    one_borrows(book)
    lives = [life for life in facility_lives(book) if life.begun and life.agreement.covenants]
    occasions = CovenantTest.Occasion
    kept = 0
    for on in sorted({*month_ends, through}):
        occasion = occasions.MONTH_END if on in month_ends else occasions.CLOSE
        kept += sum(keep_tests(life, on, occasion) for life in lives if on >= life.agreement.effective_on)
    return kept


def keep_tests(life: FacilityLife, on: date, occasion: CovenantTest.Occasion) -> int:
    """Test a facility's covenants on a day and keep what was not known of it; says how many are kept."""
    results = covenants_tested(life, fund_figures(life.facility.book, on, life.agreement.covenants))
    return sum(_keep(life, on, occasion, one) for one in results)


def _keep(life: FacilityLife, on: date, occasion: CovenantTest.Occasion, one: Tested) -> bool:
    rows = CovenantTest.objects.filter(facility=life.facility, kind=one.kind)
    same_day = rows.filter(on=on).order_by("revision").last()
    last = same_day or rows.filter(on__lt=on).order_by("on", "revision").last()
    is_known = last is not None and (
        last.is_met == one.is_met if occasion == "close" else last.sentence == one.sentence
    )
    if is_known and (same_day is not None or occasion == CovenantTest.Occasion.CLOSE):
        return False
    CovenantTest.objects.create(
        facility=life.facility,
        on=on,
        kind=one.kind,
        revision=same_day.revision + 1 if same_day else 1,
        occasion=occasion,
        is_met=one.is_met,
        figure=one.figure,
        limit=one.limit,
        headroom=one.headroom,
        sentence=one.sentence,
    )
    return True


def borrowings_behind(book: Book, through: date, month_ends: Iterable[date] = ()) -> list[str]:
    """The facilities of which something that fell due by a day is not posted, or a month's end not accrued as it is
    known now."""
    if not facilities(book).exists():
        return []
    opened_on = ledger.closed_until(book) or book.opened_on
    ends = list(month_ends)
    found = []
    for life in facility_lives(book):
        is_due = OpenFacility(life, opened_on).steps(life.events, through)
        if is_due or any(accrued_of(life, end) != accruals_booked(life, end) for end in ends):
            found.append(life.facility.reference)
    return found


def _held(book: Book) -> list[OpenFacility]:
    """All facilities of a book, while nobody else works on them."""
    one_borrows(book)
    opened_on = ledger.closed_until(book) or book.opened_on
    return [OpenFacility(life, opened_on) for life in facility_lives(book)]
