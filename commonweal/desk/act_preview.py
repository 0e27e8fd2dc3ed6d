"""What would an act change? Figures before and after, both schedules side by side, and the entries it would post."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from moneyed import Money

from commonweal.components import EntryLine, EntryShown
from commonweal.templatetags.commonweal import day, figure, money
from investors.models import Facility
from investors.services import BorrowingPreview
from ledger import queries as ledger
from ledger.domain.entry import JournalEntry
from ledger.domain.money import from_minor
from loans.domain.event_content import content_sha256, event_content
from loans.domain.events import Event
from loans.domain.instalment import Instalment
from loans.domain.position import Position
from loans.models import Loan
from loans.services import Preview

if TYPE_CHECKING:
    from ledger.models import Book

FIGURES = (
    ("principal_outstanding", "Principal outstanding"),
    ("interest_due", "Interest due and unpaid"),
    ("fees_due", "Fees due and unpaid"),
    ("default_interest_due", "Default interest due and unpaid"),
    ("arrears", "In arrears"),
    ("in_advance", "In advance"),
    ("written_off", "Written off"),
    ("recovered", "Recovered"),
    ("owed_in_all", "To be paid to the end"),
)
"""What is compared in money, by the names that a position has for it."""

SHOWN = 18
"""Instalments side by side, until all are asked for."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure before and after."""

    label: str
    before: str
    after: str
    change: str = ""

    @property
    def changes(self) -> bool:
        """Whether it is another one."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class RowCompared:
    """What falls due on a day, before and after; None where nothing does."""

    due_on: date
    before: Instalment | None
    after: Instalment | None

    @property
    def changes(self) -> bool:
        """Whether the day asks for something else."""
        return _parts(self.before) != _parts(self.after)


@dataclass(frozen=True, slots=True)
class Seen:
    """A preview as a page shows it; `sha256` is what is recorded or proposed, and nothing else."""

    figures: Sequence[Compared]
    rows: Sequence[RowCompared]
    left_out: int
    entries: Sequence[EntryShown]
    sha256: str

    @property
    def changes_schedule(self) -> bool:
        """Whether an instalment asks for something else."""
        return any(row.changes for row in self.rows)


def seen(loan: Loan | Facility, event: Event, preview: Preview | BorrowingPreview) -> Seen:
    """A preview in words."""
    rows = list(_rows(preview.before, preview.after))
    changed = [place for place, row in enumerate(rows) if row.changes]
    shown = rows[max(changed[0] - 1, 0) : changed[-1] + 1][:SHOWN] if changed else []
    return Seen(
        figures=list(_figures(preview.before, preview.after)),
        rows=shown,
        left_out=max(changed[-1] + 1 - max(changed[0] - 1, 0) - SHOWN, 0) if changed else 0,
        entries=entries_to_come(loan.book, preview.entries),
        sha256=content_sha256(event_content(event, loan.currency)),
    )


def _figures(before: Position, after: Position) -> Iterable[Compared]:
    for name, label in FIGURES:
        was, will = getattr(before, name), getattr(after, name)
        if was or will:
            yield Compared(label, money(was), money(will), figure(will - was) if will != was else "")
    yield Compared("Days past due", str(before.days_past_due), str(after.days_past_due))
    yield Compared("Next instalment", _next(before), _next(after))
    yield Compared("Last instalment", _last(before), _last(after))


def _next(at: Position) -> str:
    due = at.next_payment
    return f"{money(due.total)} on {day(due.due_on)}" if due else "none to come"


def _last(at: Position) -> str:
    return day(at.last_due_on) if at.last_due_on else "none to come"


def _rows(before: Position, after: Position) -> Iterable[RowCompared]:
    """Both schedules by their due dates; two instalments of one day stand one after the other."""
    was, will = _by_place(before), _by_place(after)
    for due_on, place in sorted(was.keys() | will.keys()):
        yield RowCompared(due_on, was.get((due_on, place)), will.get((due_on, place)))


def _by_place(at: Position) -> dict[tuple[date, int], Instalment]:
    found: dict[tuple[date, int], Instalment] = {}
    for row in at.instalments:
        due_on, place = row.instalment.due_on, 0
        while (due_on, place) in found:
            place += 1
        found[due_on, place] = row.instalment
    return found


def _parts(row: Instalment | None) -> tuple[Money, Money] | None:
    return (row.interest, row.principal) if row else None


def entries_to_come(book: Book, entries: Sequence[JournalEntry]) -> list[EntryShown]:
    """Entries that are not posted yet, with their accounts' names."""
    codes = {posting.account for entry in entries for posting in entry.postings}
    named = {one.code: one.name for one in ledger.accounts(book).filter(code__in=codes)}
    lines = dict(ledger.chart(book).values_list("code", "name"))
    return [
        entry_to_come(entry, {code: named.get(code) or _fallback(code, lines) for code in codes}) for entry in entries
    ]


def _fallback(code: str, lines: dict[str, str]) -> str:
    node, _, whose = code.partition("/")
    return " ".join(part for part in (lines.get(node, ""), whose) if part)


def entry_to_come(entry: JournalEntry, names: dict[str, str]) -> EntryShown:
    """An entry that is not posted yet."""
    lines: list[EntryLine] = []
    totals: dict[bool, Any] = {}
    for posting in entry.postings:
        amount = from_minor(abs(posting.minor), posting.currency)
        is_debit = posting.minor > 0
        totals[is_debit] = totals.get(is_debit, 0 * amount) + amount
        name = f"{posting.account.partition('/')[0]} {names[posting.account]}"
        lines.append(EntryLine(name, figure(amount) if is_debit else "", "" if is_debit else figure(amount)))
    label = f"{day(entry.effective_on)} · {entry.narrative}"
    return EntryShown(label, lines, figure(totals[True]), figure(totals[False]))
