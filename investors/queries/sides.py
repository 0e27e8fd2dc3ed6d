"""Which loan entries concern its lenders, and which still wait for their lenders' side?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from moneyed import Money

from investors.domain.changes import NO_CHANGE, RECOVERIES, Change, change_by
from investors.domain.entries import (
    is_shared_by_hand,
    lenders_lines,
    participation_in_principal,
    set_source,
    source_of,
)
from investors.domain.errors import NotApportionable
from investors.domain.exact import Parts
from investors.domain.sharing import LoanMove, SetInForce, earned_before, tell_parts
from investors.queries.shares import as_value, standing_sets, standing_sets_of
from ledger.domain.entry import JournalEntry as EntryValue
from ledger.domain.entry import Posting as PostingValue
from ledger.domain.money import from_minor
from ledger.domain.words import date_text
from ledger.queries import (
    codes_moved_since,
    entries_by_sources,
    entries_on,
    entry_values,
    sources_among,
    sources_moving_since,
)
from loans.models import Loan
from loans.queries import annual_rates, annual_rates_of

if TYPE_CHECKING:
    from investors.domain.participation import ParticipationSet
    from ledger.models import Book, JournalEntry

LOAN_NODES = ("1310", "1320", "1325", "1350", "1360", "1410")
"""Lines of the chart on which a loan's own accounts concern its lenders."""

CHANGED_HANDS = "Participations change hands"


@dataclass(frozen=True, slots=True)
class Side:
    """The lenders' side of one loan entry, or of a change of hands: the lines that it should have by account code, and
    those that are booked, in minor units, debits positive."""

    source: str
    on: date
    narrative: str
    told: dict[str, int]
    booked: dict[str, int]

    @property
    def difference(self) -> dict[str, int]:
        """What is still to be booked."""
        if not self.booked:
            return self.told
        codes = sorted({*self.told, *self.booked})
        lines = {code: self.told.get(code, 0) - self.booked.get(code, 0) for code in codes}
        return {code: units for code, units in lines.items() if units}


@dataclass(frozen=True, slots=True)
class LendersSide:
    """The lenders' side of a shared loan, entry by entry; what no rule covers (entry, reason); and the entries that
    carry their lenders' lines themselves. `entries` says how many are booked."""

    sides: tuple[Side, ...]
    without_rule: tuple[tuple[int, str], ...]
    by_hand: tuple[EntryValue, ...]
    entries: int

    @property
    def waiting(self) -> list[Side]:
        """Those that are not booked, or not as they are known now."""
        return [side for side in self.sides if side.difference]


@dataclass(frozen=True, slots=True)
class ChangeOfHands:
    """What a change of hands would move: principal by holder, in minor units; in which proportion interest that is not
    due was earned until then; and how many entries that stand would be shared otherwise."""

    principal: dict[str, int]
    earned: Parts
    shared_anew: int


def moved_since(book: Book, request: int) -> QuerySet[Loan]:
    """The loans that the posting request with this number or a later one posted to in a way that may concern lenders.

    Those that nobody shares are among them: somebody may be recording who does, and holds the loan meanwhile.
    """
    starts = tuple(f"{node}/" for node in LOAN_NODES)
    references = {code.split("/", 1)[1] for code in codes_moved_since(book, request) if code.startswith(starts)}
    references |= {source.removeprefix("loan:") for source in sources_moving_since(book, RECOVERIES, request)}
    return Loan.objects.filter(book=book, reference__in=references).order_by("reference", "pk")


def lenders_side(loan: Loan) -> LendersSide:
    """The lenders' side of every entry of a shared loan, as it should be and as it is booked."""
    read = _Read(loan)
    for number, entry in loan_entries(loan).items():
        read.take(number, entry)
    sets = {set_source(one.pk): as_value(one) for one in standing_sets(loan)}
    booked = _booked(loan.book, [*read.moves, *sets])
    hands = _hands(sets, booked)
    parts = tell_parts(hands, read.moves.values(), annual_rates(loan))
    sides = [
        Side(
            source,
            *read.about(source, sets),
            lenders_lines(loan.reference, told, read.changes.get(source)),
            _lines(booked[source]),
        )
        for source, told in parts.items()
        if source not in read.by_hand
    ]
    read.leave_out_before(min((one.effective_on for one in sets.values()), default=date.max))
    return LendersSide(
        tuple(sides), tuple(read.without_rule), tuple(read.by_hand.values()), sum(map(len, booked.values()))
    )


def _hands(sets: Mapping[str, ParticipationSet], booked: Mapping[str, list[JournalEntry]]) -> list[SetInForce]:
    return [
        SetInForce(source, min((entry.pk for entry in booked[source]), default=None), parts)
        for source, parts in sets.items()
    ]


def change_of_hands(loan: Loan, parts: ParticipationSet) -> ChangeOfHands:
    """What would change hands if these participations counted from their day on, after all that count so far."""
    read = _Read(loan)
    for number, entry in loan_entries(loan).items():
        read.take(number, entry)
    sets = {set_source(one.pk): as_value(one) for one in standing_sets(loan)}
    hands, moves, rates = _hands(sets, _booked(loan.book, sets)), list(read.moves.values()), annual_rates(loan)
    known = tell_parts(hands, moves, rates)
    anew = tell_parts([*hands, SetInForce(CHANGED_HANDS, None, parts)], moves, rates)
    return ChangeOfHands(
        anew[CHANGED_HANDS].get("outstanding", {}),
        earned_before(hands, moves, rates, parts.effective_on),
        sum(1 for source, told in known.items() if told != anew[source]),
    )


@dataclass(frozen=True, slots=True)
class SharedLife:
    """What the parts of a shared loan are told from: its sets by day, what moved it, and the rates that it bore."""

    sets: list[SetInForce]
    moves: list[LoanMove]
    rates: list[tuple[date, Decimal]]


def shared_lives(book: Book, loans: Collection[Loan]) -> dict[int, SharedLife]:
    """The lives of several loans of a book by their keys, in a fixed number of queries."""
    sets: dict[int, dict[str, ParticipationSet]] = defaultdict(dict)
    for one in standing_sets_of(loans):
        sets[one.loan_id][set_source(one.pk)] = as_value(one)
    reads, rates = {loan.reference: _Read(loan) for loan in loans}, annual_rates_of(loans)
    for number, entry in _entries_of(book, list(reads)).items():
        subjects = {line.account.partition("/")[2] for line in entry.postings}
        for reference in sorted({*subjects, entry.source.removeprefix("loan:")} & set(reads)):
            reads[reference].take(number, entry)
    booked = _booked(book, [source for named in sets.values() for source in named])
    return {
        read.loan.pk: SharedLife(_hands(sets[read.loan.pk], booked), list(read.moves.values()), rates[read.loan.pk])
        for read in reads.values()
    }


def _entries_of(book: Book, references: Sequence[str]) -> dict[int, EntryValue]:
    """The entries that may concern the lenders of these loans, by number, in the order of their dates and numbers."""
    on_accounts = entries_on(book, [f"{node}/{reference}" for reference in references for node in LOAN_NODES])
    recoveries = entries_on(book, [RECOVERIES]).filter(source__in=[f"loan:{reference}" for reference in references])
    found = entry_values(on_accounts) | entry_values(recoveries)
    return dict(sorted(found.items(), key=lambda one: (one[1].effective_on, one[0])))


@dataclass(slots=True)
class _Read:
    """The entries of a loan as its lenders see them, taken one after the other."""

    loan: Loan
    moves: dict[str, LoanMove] = field(default_factory=dict)
    changes: dict[str, Change] = field(default_factory=dict)
    by_hand: dict[str, EntryValue] = field(default_factory=dict)
    without_rule: list[tuple[int, str]] = field(default_factory=list)
    _narratives: dict[str, str] = field(default_factory=dict)

    def take(self, number: int, value: EntryValue) -> None:
        """One more, by its number."""
        source = source_of(number)
        if is_shared_by_hand(value, self.loan.reference):
            self.by_hand[source] = value
            self.moves[source] = LoanMove(source, number, value.effective_on, NO_CHANGE, None, self._own_lines(value))
            return
        try:
            change = self._change(value)
        except NotApportionable as error:
            self.without_rule.append((number, str(error)))
            return
        self._narratives[source], self.changes[source] = value.narrative, change
        self.moves[source] = LoanMove(source, number, value.effective_on, change, value.reverses)

    def leave_out_before(self, first: date) -> None:
        """What stands before the first participations has no lenders' side."""
        for move in self.moves.values():
            if move.on < first and move.change:
                why = f"it stands before the participations, which count from {date_text(first)}: record those anew"
                self.without_rule.append((move.number, why))

    def about(self, source: str, sets: Mapping[str, ParticipationSet]) -> tuple[date, str]:
        """The day of an entry or of a change of hands, and what is said of it."""
        if source in sets:
            return sets[source].effective_on, CHANGED_HANDS
        move = self.moves[source]
        return move.on, f"Lenders' parts of E-{move.number}: {self._narratives[source]}"

    def _change(self, value: EntryValue) -> Change:
        """What an entry changes; a reversal changes back what was reversed."""
        earlier = self.changes.get(source_of(value.reverses)) if value.reverses is not None else None
        return -earlier if earlier is not None else change_by(value, self.loan.reference)

    def _own_lines(self, value: EntryValue) -> dict[str, int]:
        """Principal outstanding by lender, as an entry says itself."""
        start, found = participation_in_principal(self.loan.reference, ""), defaultdict[str, int](int)
        for posting in value.postings:
            if posting.account.startswith(start):
                found[posting.account.removeprefix(start)] -= posting.minor
        return found


def _booked(book: Book, sources: Iterable[str]) -> dict[str, list[JournalEntry]]:
    found: dict[str, list[JournalEntry]] = defaultdict(list)
    for entry in entries_by_sources(book, list(sources)):
        found[entry.source].append(entry)
    return found


def _lines(entries: Iterable[JournalEntry]) -> dict[str, int]:
    lines: dict[str, int] = defaultdict(int)
    for posting in (posting for entry in entries for posting in entry.postings.all()):
        lines[posting.account.code] += posting.amount
    return dict(lines)


def lent_so_far(loan: Loan) -> Money:
    """What the lenders of a loan have lent in money, less what they had back; before anybody shares it, nothing."""
    sets, read = standing_sets(loan), _Read(loan)
    for number, entry in loan_entries(loan).items() if sets else ():
        if entry.effective_on >= sets[0].effective_on:
            read.take(number, entry)
    return from_minor(sum(change.principal for change in read.changes.values()), loan.currency)


def loan_entries(loan: Loan) -> dict[int, EntryValue]:
    """The entries that may concern a loan's lenders, by number, in the order of their dates and numbers.

    They move its principal, its interest, or what a guarantor paid; or they are its recoveries.
    """
    return _entries_of(loan.book, [loan.reference])


def is_apportioned(loan: Loan) -> bool:
    """Whether any entry of a loan has its lenders' side."""
    return bool(sources_among(loan.book, list(map(source_of, loan_entries(loan)))))


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
