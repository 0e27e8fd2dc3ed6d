"""Which part of each loan entry is whose? All that moved a shared loan is told anew, under the sets that count by day.

What a part is, is told exactly, by day; then rounded in the order in which entries came, from what each holder has
had so far of the same total. So an entry that came late changes what it changes, and no other.
`docs/maths/participation.md` works the examples.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from investors.domain.changes import NO_CHANGE, Change
from investors.domain.exact import Parts, cut, exactly, negative, sum_of, whole_units
from investors.domain.participation import ParticipationSet, SharingRule
from ledger.domain.money import to_minor

FUND = ""
"""The fund itself, where a lender's own rate leaves it a part of the interest."""

TOTALS = (
    "outstanding",
    "principal",
    "interest_credited",
    "accrued",
    "interest_settled",
    "interest_received",
    "came_back",
)
"""What is cut into parts, each for itself."""


@dataclass(frozen=True, slots=True)
class LoanMove:
    """An entry that moves a shared loan: what it changes for all lenders together, or for each by lines of its own."""

    source: str
    """What its lenders' side is booked under."""

    number: int
    on: date
    change: Change
    reverses: int | None = None
    by_hand: Mapping[str, int] | None = None
    """Principal outstanding by holder, in minor units, where the entry carries its lenders' lines itself."""


@dataclass(frozen=True, slots=True)
class SetInForce:
    """A set of participations from its day on; `number` is the entry that booked it, None before it is booked."""

    source: str
    number: int | None
    parts: ParticipationSet


Told = dict[str, dict[str, dict[str, int]]]
"""By source and total, the whole minor units of each holder; what is nought is left out."""


def tell_parts(sets: Sequence[SetInForce], moves: Iterable[LoanMove], rates: Sequence[tuple[date, Decimal]]) -> Told:
    """The part of each holder in every entry, and what changes hands with each set but the first.

    `sets` are those that count, by day; `rates` the loan's own annual rate, as a fraction, from each day on. An entry
    before the first set has no parts.
    """
    return _rounded(sorted(_lived(sets, moves, rates)[1], key=lambda one: one[0])) if sets else {}


def earned_before(
    sets: Sequence[SetInForce], moves: Iterable[LoanMove], rates: Sequence[tuple[date, Decimal]], on: date
) -> Parts:
    """In which proportion interest is earned that is not due by the end of the day before `on`, by holder."""
    counting = [one for one in sets if one.parts.effective_on <= on]
    if not counting:
        return {}
    return _lived(counting, [move for move in moves if move.on < on], rates)[0].earned_until(on)


def _lived(
    sets: Sequence[SetInForce], moves: Iterable[LoanMove], rates: Sequence[tuple[date, Decimal]]
) -> tuple[_Teller, list[tuple[int, str, dict[str, Parts]]]]:
    """All that happened, told by day, with the exact parts of each entry and change of hands."""
    first = sets[0].parts
    teller = _Teller(rates, first, first.effective_on)
    exact: list[tuple[int, str, dict[str, Parts]]] = []
    waiting = list(sets[1:])
    for move in sorted(moves, key=lambda one: (one.on, one.number)):
        while waiting and waiting[0].parts.effective_on <= move.on:
            exact.append(_begun(teller, waiting.pop(0)))
        if move.on >= first.effective_on:
            exact.append((move.number, move.source, teller.move(move)))
    exact += [_begun(teller, one) for one in waiting]
    return teller, exact


def _begun(teller: _Teller, one: SetInForce) -> tuple[int, str, dict[str, Parts]]:
    return (LAST if one.number is None else one.number, one.source, teller.begin(one))


def _rounded(exact: Iterable[tuple[int, str, dict[str, Parts]]]) -> Told:
    so_far: dict[str, Parts] = {name: defaultdict(int) for name in TOTALS}
    stood: dict[str, dict[str, int]] = {name: {} for name in TOTALS}
    told: Told = {}
    for _, source, totals in exact:
        found = told.setdefault(source, {})
        for total, parts in totals.items():
            sums, before = so_far[total], stood[total]
            for holder, part in parts.items():
                sums[holder] += part
            stood[total] = stands = whole_units(sums)
            moved = {
                holder: units - before.get(holder, 0)
                for holder, units in stands.items()
                if units != before.get(holder, 0)
            }
            if moved:
                found[total] = moved
    return told


@dataclass(slots=True)
class _Teller:
    """Where everybody stands, as a loan's entries are gone through by day."""

    rates: Sequence[tuple[date, Decimal]]
    shares: ParticipationSet
    on: date
    total: Change = NO_CHANGE
    """All that was written off, and what came in of that."""
    outstanding: Parts = field(default_factory=lambda: defaultdict(int))
    due: Parts = field(default_factory=lambda: defaultdict(int))
    accrued: Parts = field(default_factory=lambda: defaultdict(int))
    received: Parts = field(default_factory=lambda: defaultdict(int))
    lost: Parts = field(default_factory=lambda: defaultdict(int))
    earned: Parts = field(default_factory=lambda: defaultdict(int))
    """What each has earned since interest was last credited: principal outstanding x days x own rate; the fund's is
    what the loan's rate leaves."""
    _known: dict[int, tuple[Change, dict[str, Parts]]] = field(default_factory=dict)
    _agreed: Parts = field(init=False)
    _own: dict[str, tuple[int | None, int]] = field(init=False)
    """The rate of its own that each holder may have, and its servicing fee."""
    _waits: dict[str, date] = field(init=False)
    """From which day on those take principal who do not from the first."""

    def __post_init__(self) -> None:
        self._agree(self.shares)

    def _agree(self, shares: ParticipationSet) -> None:
        self.shares, self._agreed = shares, _amounts(shares)
        self._own = {
            one.investor: (None if one.annual_rate is None else _finely(one.annual_rate), _finely(one.servicing_fee))
            for one in shares.participations
        }
        self._waits = {one.investor: one.principal_from for one in shares.participations if one.principal_from}

    def begin(self, one: SetInForce) -> dict[str, Parts]:
        """Another set counts: those whose part grows take over what the others give up, with what it has earned."""
        self._live_through(one.parts.effective_on)
        before = self.shares
        self._agree(one.parts)
        given, taken = _changed_hands(before, one.parts)
        moved: Parts = defaultdict(int)
        for level in (self.outstanding, self.earned):
            gone = {holder: int(level[holder] * part) for holder, part in given.items()}
            come = cut(sum(gone.values()), taken)
            for holder in {**gone, **come}:
                by = come.get(holder, 0) - gone.get(holder, 0)
                level[holder] += by
                if level is self.outstanding:
                    moved[holder] += by
        return {"outstanding": self._ordered(moved)}

    def earned_until(self, on: date) -> Parts:
        """What each has earned by the morning of a day since interest was last credited."""
        self._live_through(on)
        return dict(self.earned)

    def move(self, move: LoanMove) -> dict[str, Parts]:
        """The exact parts of an entry; those of one that is taken back, mirrored."""
        self._live_through(move.on)
        if move.by_hand is not None:
            self._add(self.outstanding, {holder: exactly(units) for holder, units in move.by_hand.items()})
            return {}
        change, came_back = move.change, 0
        if change.written_off or change.lenders_written_off or change.recovered:
            before = self.total.came_back
            self.total += change
            came_back = self.total.came_back - before
        parts = self._mirrored(move, came_back) or self._parts(change, came_back, move.on)
        self._add(self.outstanding, parts["outstanding"])
        self._add(self.due, sum_of(parts["interest_credited"], negative(parts["interest_settled"])))
        self._add(self.accrued, parts["accrued"])
        self._add(self.received, parts["interest_received"])
        self._add(self.lost, sum_of(parts["lost"], negative(parts["came_back"])))
        if change.interest_earned > 0:
            self.earned = defaultdict(int)
        self._known[move.number] = (move.change, parts)
        return {name: self._ordered(parts[name]) for name in TOTALS if any(parts[name].values())}

    def _mirrored(self, move: LoanMove, came_back: int) -> dict[str, Parts] | None:
        known = self._known.get(move.reverses) if move.reverses is not None else None
        if known is None or move.change != -known[0] or exactly(came_back) != -sum(known[1]["came_back"].values()):
            return None
        return {name: negative(parts) for name, parts in known[1].items()}

    def _parts(self, change: Change, came_back: int, on: date) -> dict[str, Parts]:
        principal, brought_in = self._principal(change.principal, on), self._alike(change.brought_in)
        capitalised, lost = self._capitalised(change.capitalised), self._lost(change.lost)
        credited = sum_of(self._earned(change.interest_earned), self._alike(change.interest_brought_in))
        received = self._received(change.interest_received, sum_of(self.due, credited))
        given_up = negative(credited) if change.written_off else {}
        return {
            "outstanding": sum_of(principal, capitalised, brought_in, negative(lost)),
            "principal": principal,
            "interest_credited": credited,
            "accrued": self._accrued(change.accrued),
            "interest_settled": sum_of(received, capitalised),
            "interest_received": received,
            "came_back": self._filled(came_back, self.lost, self._loss_ranks[::-1]),
            "lost": sum_of(lost, given_up),
        }

    def _live_through(self, until: date) -> None:
        """Let every day up to `until` earn, at the rate of its day."""
        if until <= self.on:
            return
        changes = [on for on, _ in self.rates if self.on < on < until]
        for start, end in zip([self.on, *changes], [*changes, until], strict=True):
            if any(self.outstanding.values()):
                for holder, a_day in self._earns(start).items():
                    self.earned[holder] += (end - start).days * a_day
        self.on = until

    def _earns(self, on: date) -> Parts:
        """What a day earns for each holder and for the fund: principal by rate, together what the loan earns.

        Own rates that would come to more than that are lowered alike.
        """
        rate = _finely(next((rate for since, rate in reversed(self.rates) if since <= on), Decimal(0)))
        found: Parts = {}
        for holder, principal in self.outstanding.items():
            own, fee = self._own.get(holder, (None, 0))
            found[holder] = principal * ((rate if own is None else own) - fee)
        earns, promised = sum(self.outstanding.values()) * rate, sum(found.values())
        if promised > earns >= 0:
            return cut(earns, found)
        found[FUND] = earns - promised
        return found

    def _earning(self) -> Parts:
        """In which proportion interest is earned: since it was last credited, or on this day, or as is agreed."""
        for weights in (self.earned, self._earns(self.on) if self.outstanding else {}):
            if sum(weights.values()) > 0:
                return weights
        return self._agreed

    def _alike(self, units: int) -> Parts:
        return cut(exactly(units), self._agreed) if units else {}

    def _principal(self, units: int, on: date) -> Parts:
        """Lent as agreed; returned to those who take principal by then, in proportion or the first rank first."""
        if units >= 0:
            return self._alike(units)
        groups = self._ranks if self.shares.rule is SharingRule.SENIOR_FIRST else [list(self.outstanding)]
        if waits := {holder for holder, since in self._waits.items() if since > on}:
            takes = set(self.outstanding) - waits
            groups = [[one for one in group if one in some] for some in (takes, waits) for group in groups]
        return negative(self._filled(-units, self.outstanding, groups))

    def _capitalised(self, units: int) -> Parts:
        lenders = {holder: part for holder, part in self.due.items() if holder != FUND and part > 0}
        return cut(exactly(units), lenders or self._agreed)

    def _earned(self, units: int) -> Parts:
        """Interest that falls due is whose it was earned for; what is given up is taken from what is due."""
        if not units:
            return {}
        if units < 0 and sum(self.due.values()) >= exactly(-units):
            return negative(self._filled(-units, self.due, [list(self.due)]))
        parts = cut(exactly(units), self._earning())
        if units > 0:
            self.earned = defaultdict(int)
        return parts

    def _accrued(self, units: int) -> Parts:
        """As it is earned; what is taken back, as it was accrued."""
        if not units:
            return {}
        taken_back = units < 0 and sum(self.accrued.values()) > 0
        return cut(exactly(units), self.accrued if taken_back else self._earning())

    def _received(self, units: int, due: Parts) -> Parts:
        """The first rank first, the fund's own part last; what is taken back goes the other way."""
        groups = [*self._ranks, [FUND]] if self.shares.rule is not SharingRule.ALIKE else [list(due)]
        if units < 0:
            return negative(self._filled(-units, self.received, groups[::-1]))
        return self._filled(units, due, groups)

    def _lost(self, units: int) -> Parts:
        """The last rank loses first, and the first rank is the first to be restored."""
        if units < 0:
            return negative(self._filled(-units, self.lost, self._loss_ranks[::-1]))
        return self._filled(units, self.outstanding, self._loss_ranks)

    @property
    def _loss_ranks(self) -> list[list[str]]:
        return self._ranks[::-1] if self.shares.rule is not SharingRule.ALIKE else [list(self.outstanding)]

    @property
    def _ranks(self) -> list[list[str]]:
        """Who holds something, rank by rank; whoever holds no part any more stands with the last."""
        ranked = sorted(self.shares.participations, key=lambda one: one.rank)
        groups = [[one.investor for one in group] for _, group in groupby(ranked, key=lambda one: one.rank)]
        known = {holder for group in groups for holder in group} | {FUND}
        earlier = [holder for holder in {**self.outstanding, **self.due} if holder not in known]
        return [*groups[:-1], [*groups[-1], *earlier]]

    def _filled(self, units: int, levels: Parts, groups: Iterable[Iterable[str]]) -> Parts:
        """Up to what each has, group after group, in proportion within one; the rest as agreed."""
        found: Parts = defaultdict(int)
        left = exactly(units)
        for group in groups:
            has = {holder: levels[holder] for holder in group if levels[holder] > 0}
            if left > 0 and has:
                taken = min(left, sum(has.values()))
                self._add(found, cut(taken, has))
                left -= taken
        self._add(found, cut(left, self._agreed))
        return found

    def _ordered(self, parts: Parts) -> Parts:
        """By rank and code, and then whoever holds no part any more and the fund."""
        others = [holder for holder in parts if holder not in self._agreed]
        return {holder: parts[holder] for holder in (*self._agreed, *sorted(others)) if holder in parts}

    @staticmethod
    def _add(level: Parts, parts: Mapping[str, int]) -> None:
        for holder, part in parts.items():
            level[holder] += part


LAST = 10**18
"""The place of what is not booked yet."""


def _finely(rate: Decimal) -> int:
    """An annual rate as a whole number of the finest steps that any rate has."""
    return int(rate.scaleb(12))


def _changed_hands(before: ParticipationSet, after: ParticipationSet) -> tuple[dict[str, Fraction], Parts]:
    """Which fraction of its part each one gives up, and by how many minor units the others grow."""
    had, has = _amounts(before), _amounts(after)
    given = {one: 1 - Fraction(has.get(one, 0), units) for one, units in had.items()}
    taken = {one: units - had.get(one, 0) for one, units in has.items()}
    return (
        {one: part for one, part in given.items() if part > 0},
        {one: more for one, more in taken.items() if more > 0},
    )


def _amounts(shares: ParticipationSet) -> dict[str, int]:
    """What each has agreed to, in minor units."""
    return {one.investor: to_minor(one.amount.amount, one.amount.currency.code) for one in shares.participations}
