"""Which loan entries concern its lenders, and which still wait for their lenders' side?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from investors.domain.changes import RECOVERIES, Change, change_by, no_change
from investors.domain.entries import is_shared_by_hand, moves_something, source_of
from investors.domain.errors import NotApportionable
from ledger.domain.entry import JournalEntry as EntryValue
from ledger.domain.entry import Posting as PostingValue
from ledger.queries import codes_moved_since, entries_on, sources_among, sources_moving_since
from loans.models import Loan

if TYPE_CHECKING:
    from ledger.models import Book, JournalEntry

LOAN_NODES = ("1310", "1320", "1325", "1350", "1360", "1410")
"""Lines of the chart on which a loan's own accounts concern its lenders."""


@dataclass(frozen=True, slots=True)
class WaitingEntry:
    """A loan entry that moves a shared loan and has no lenders' side yet."""

    entry_id: int
    value: EntryValue
    change: Change


@dataclass(frozen=True, slots=True)
class LendersSide:
    """How far a shared loan is apportioned: the total so far, what waits, and what no rule covers (entry, reason).

    `by_hand` are the entries that carry their lenders' lines themselves; they are no part of the total.
    """

    total: Change
    waiting: tuple[WaitingEntry, ...]
    without_rule: tuple[tuple[int, str], ...]
    by_hand: tuple[EntryValue, ...]


def moved_since(book: Book, request: int) -> QuerySet[Loan]:
    """The loans that the posting request with this number or a later one posted to in a way that may concern lenders.

    Those that nobody shares are among them: somebody may be recording who does, and holds the loan meanwhile.
    """
    starts = tuple(f"{node}/" for node in LOAN_NODES)
    references = {code.split("/", 1)[1] for code in codes_moved_since(book, request) if code.startswith(starts)}
    references |= {source.removeprefix("loan:") for source in sources_moving_since(book, RECOVERIES, request)}
    return Loan.objects.filter(book=book, reference__in=references).order_by("reference", "pk")


def lenders_side(loan: Loan) -> LendersSide:
    """How far the entries of a shared loan are apportioned, in order of date and number."""
    found = loan_entries(loan)
    answered = sources_among(loan.book, [source_of(entry.pk) for entry in found])
    total, unanswered, without_rule, by_hand = no_change(loan.currency), list[WaitingEntry](), [], []
    changes: dict[int | None, Change] = {}
    for entry in found:
        value = entry_value(entry)
        if is_shared_by_hand(value, loan.reference):
            by_hand.append(value)
            continue
        try:
            change = _change(value, loan, changes)
        except NotApportionable as error:
            without_rule.append((entry.pk, str(error)))
            continue
        changes[entry.pk] = change
        if source_of(entry.pk) in answered:
            total += change
        elif change:
            unanswered.append(WaitingEntry(entry.pk, value, change))
    return LendersSide(total, tuple(_waiting(total, unanswered)), tuple(without_rule), tuple(by_hand))


def _change(value: EntryValue, loan: Loan, changes: dict[int | None, Change]) -> Change:
    """What an entry changes; a reversal changes back what was reversed."""
    if value.reverses in changes:
        return -changes[value.reverses]
    return change_by(value, loan.reference, loan.currency)


def _waiting(total: Change, unanswered: Iterable[WaitingEntry]) -> Iterator[WaitingEntry]:
    """Those that move something on the lenders' side, one after the other; a recovery does where lenders lost."""
    for one in unanswered:
        if moves_something(total, one.change):
            yield one
            total += one.change


def loan_entries(loan: Loan) -> list[JournalEntry]:
    """The entries that may concern a loan's lenders, by date and number, postings at hand.

    They move its principal, its interest, or what a guarantor paid; or they are its recoveries.
    """
    on_its_accounts = entries_on(loan.book, [f"{node}/{loan.reference}" for node in LOAN_NODES])
    recoveries = entries_on(loan.book, [RECOVERIES]).filter(source=f"loan:{loan.reference}")
    found = {entry.pk: entry for entry in (*on_its_accounts, *recoveries)}
    return sorted(found.values(), key=lambda entry: (entry.effective_on, entry.pk))


def is_apportioned(loan: Loan) -> bool:
    """Whether any entry of a loan has its lenders' side."""
    return bool(sources_among(loan.book, [source_of(entry.pk) for entry in loan_entries(loan)]))


def entry_value(entry: JournalEntry) -> EntryValue:
    """The immutable value of an entry that stands."""
    lines = sorted(entry.postings.all(), key=lambda posting: posting.line_no)
    return EntryValue(
        entry.effective_on,
        entry.narrative,
        tuple(PostingValue(line.account.code, line.amount, line.account.currency) for line in lines),
        kind=entry.kind,
        source=entry.source,
        reverses=entry.reverses_id,
        approval=entry.approval_id,
    )
