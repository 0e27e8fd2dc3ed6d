"""The auditor's pack of some days: which days it may be of, bringing the books there, and making it in one snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from commonweal.access.models import User
from commonweal.documents.auditors_pack import STEPS, PackAbout, issue_pack, write_pack
from commonweal.documents.issuing import Issued
from commonweal.jobs.close import bring_book_up_to_date
from commonweal.jobs.errors import NothingToAudit, PeriodNotOver, UnknownPeriod
from commonweal.jobs.leases import Progress, untold
from commonweal.jobs.models import Job
from commonweal.jobs.services import enqueue
from ledger.domain.words import date_text
from ledger.queries import closed_until, first_seal_covering, one_snapshot, periods
from ledger.services import seal

if TYPE_CHECKING:
    from ledger.models import Book

KIND = "auditors_pack"
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PackDays:
    """The days that a pack is of, both inclusive, and what they are called."""

    starts_on: date
    last_day: date
    name: str = ""

    @property
    def key(self) -> str:
        """How a form names them."""
        return f"{self.starts_on}:{self.last_day}"


def pack_days(book: Book, through: date, from_on: date | None = None) -> PackDays:
    """The days of a pack through a date: from another one, or from the beginning of its financial year.

    Raises PeriodNotOver where the last day is not over, UnknownPeriod where none of the days is the book's.
    """
    if through >= book.business_date:
        raise PeriodNotOver(
            f"{date_text(through)} is not over: the business date of {book} is {date_text(book.business_date)}. "
            f"Ask for a pack through {date_text(book.business_date - ONE_DAY)} at most; nothing was made."
        )
    starts_on = max(from_on or book.year_end.before(through) + ONE_DAY, book.opened_on)
    if starts_on > through:
        raise UnknownPeriod(
            f"A pack cannot begin on {date_text(starts_on)} and end on {date_text(through)}. Give days of {book}, "
            f"which was opened on {date_text(book.opened_on)}, the first not after the last; nothing was made."
        )
    return PackDays(starts_on, through)


def days_on_offer(book: Book) -> list[PackDays]:
    """What a person chooses from, the latest first: this financial year so far, each one that is over, each period."""
    offered: dict[str, PackDays] = {}
    for one in (*_years(book), *_periods(book)):
        offered.setdefault(one.key, one)
    return list(offered.values())


def ask_for_pack(*, book: Book, days: PackDays, by: User) -> Job:
    """Ask for a pack as long work; asked again, the same knowledge gives the pack that stands."""
    arguments = {"book": book.code, "from": days.starts_on.isoformat(), "through": days.last_day.isoformat()}
    return enqueue(kind=KIND, arguments=arguments, by=by, book=book)


def make_pack(*, book: Book, days: PackDays, by: User, progress: Progress = untold) -> Issued:
    """Make and store the pack of some days; where its bytes are those of the one that stands, that one is given.

    Where the days are not closed the books are brought up to date first, so that what fell due is in it. Raises
    NothingToAudit, and what `bring_book_up_to_date` and rendering raise; then nothing is stored.
    """
    if not _is_closed(book, days):
        bring_book_up_to_date(book=book, through=days.last_day, by=by)
    seal(book=book)
    with TemporaryFile() as file:
        with one_snapshot():
            about = _about(book, days)
            steps = iter(range(STEPS))
            write_pack(about, file, tell=lambda note: progress(done=next(steps), total=STEPS, note=note))
        file.seek(0)
        issued = issue_pack(about, file.read(), by=by)
    progress(done=STEPS, total=STEPS, note="Stored")
    return issued


def _about(book: Book, days: PackDays) -> PackAbout:
    covering = first_seal_covering(book, days.last_day)
    if covering is None:
        raise NothingToAudit(
            f"Nothing of {book} is sealed by {date_text(days.last_day)}: there are no entries, or some came in this "
            "moment. Ask again once there are; nothing was made."
        )
    return PackAbout(book, days.starts_on, days.last_day, _is_closed(book, days), covering)


def _is_closed(book: Book, days: PackDays) -> bool:
    closed = closed_until(book)
    return closed is not None and closed > days.last_day


def _years(book: Book) -> Iterator[PackDays]:
    yesterday = book.business_date - ONE_DAY
    if yesterday < book.opened_on:
        return
    through = yesterday
    while through >= book.opened_on:
        ends_on = book.year_end.on_or_after(through)
        starts_on = max(book.year_end.before(through) + ONE_DAY, book.opened_on)
        said = f"{date_text(starts_on)} to {date_text(through)}"
        name = f"Financial year to {date_text(ends_on)}" if ends_on == through else f"This year so far, {said}"
        yield PackDays(starts_on, through, name)
        through = starts_on - ONE_DAY


def _periods(book: Book) -> Iterator[PackDays]:
    for period in periods(book).prefetch_related(None):
        if period.ends_on <= book.business_date:
            name = f"Period {date_text(period.starts_on)} to {date_text(period.last_day)}"
            yield PackDays(period.starts_on, period.last_day, name)
