"""What comes back to an investor, when, and what of its money is late?

As planned: every borrower pays on the day that the schedule says, at the rates of the day of the forecast, and nothing
more is lent. What is late has no day any more and is told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from moneyed import Money

from investors.domain.coming_back import Due, PartDue, parts_to_come
from investors.models import Investor
from investors.queries.holdings import Holding, holdings
from investors.queries.sides import shared_lives
from ledger.domain.money import from_minor
from loans.domain.calendar import add_months
from loans.domain.position import InstalmentPosition, Position
from loans.portfolio import LAST_DAYS, STEPS
from loans.queries import positions_of

if TYPE_CHECKING:
    from ledger.models import Book


@dataclass(frozen=True, slots=True)
class LoanToCome:
    """A part of a loan with what is late of it and what is to come, by day."""

    holding: Holding
    position: Position
    parts: tuple[PartDue, ...]

    @property
    def to_come(self) -> list[PartDue]:
        """What falls due from the day of the forecast on."""
        return [part for part in self.parts if not part.is_late]

    @property
    def late_principal(self) -> Money:
        """Principal that should have come back by now."""
        return self._sum(part.principal for part in self.parts if part.is_late)

    @property
    def late_interest(self) -> Money:
        """Interest that should have come by now."""
        return self._sum(part.interest for part in self.parts if part.is_late)

    @property
    def late(self) -> Money:
        """All that should have come by now and has not."""
        return self.late_principal + self.late_interest

    @property
    def days_late(self) -> int:
        """Days past due of the oldest claim that is unpaid; a fee is the fund's own, and may be late alone."""
        return self.position.days_past_due

    @property
    def without_day(self) -> Money:
        """Principal for which no schedule says a day; nothing where every entry is shared by the rules."""
        planned = self._sum(part.principal - part.added for part in self.parts)
        return self.holding.principal - planned

    def _sum(self, amounts: Iterable[Money]) -> Money:
        return sum(amounts, from_minor(0, self.holding.loan.currency))


@dataclass(frozen=True, slots=True)
class LateBand:
    """The loans of one age of arrears: from `first_day` days past due on, up to the next band."""

    first_day: int
    last_day: int | None
    loans: int
    late_principal: Money
    late_interest: Money
    principal: Money
    """All that the investor has lent in them: what may be at risk."""

    @property
    def late(self) -> Money:
        """What should have come back by now."""
        return self.late_principal + self.late_interest


@dataclass(frozen=True, slots=True)
class LateShare:
    """How much of an investor's running loans is late: by count, by what is missing, and by what stands behind it."""

    loans: int
    principal: Money
    bands: tuple[LateBand, ...]

    @property
    def in_all(self) -> LateBand:
        """All that is late, whatever its age."""
        nought = 0 * self.principal
        return LateBand(
            1,
            None,
            sum(band.loans for band in self.bands),
            sum((band.late_principal for band in self.bands), nought),
            sum((band.late_interest for band in self.bands), nought),
            sum((band.principal for band in self.bands), nought),
        )

    def share(self, principal: Money) -> Decimal | None:
        """A part of the principal as a fraction of all; none while nothing is lent."""
        return principal.amount / self.principal.amount if self.principal else None


@dataclass(frozen=True, slots=True)
class Rung:
    """Principal that comes back after `after` and up to and including `through` (None: whenever later)."""

    after: date
    through: date | None
    months: tuple[int, int | None]
    principal: Money


def coming_back(investor: Investor, book: Book, as_of: date) -> list[LoanToCome]:
    """What comes back of each running loan that an investor shares, by loan; in a fixed number of queries."""
    held = [one for one in holdings(investor, book, as_of) if one.principal or one.interest_due]
    loans = [one.loan for one in held]
    lives, positions = shared_lives(book, loans), positions_of(loans, as_of)
    found = []
    for one in held:
        life, position = lives[one.loan.pk], positions[one.loan.pk]
        due = [_due(row, as_of) for row in position.instalments if _is_to_come(row, as_of)]
        parts = parts_to_come(life.sets, life.moves, life.rates, due, investor=investor.code, as_of=as_of)
        found.append(LoanToCome(one, position, tuple(parts)))
    return found


def _is_to_come(row: InstalmentPosition, as_of: date) -> bool:
    return bool(row.unpaid) or (row.instalment.due_on > as_of and row.instalment.capitalised_units > 0)


def _due(row: InstalmentPosition, as_of: date) -> Due:
    """What is left of an instalment; what was given up of it was interest first.

    An instalment that does not cover its interest asks for less, and the rest of the interest becomes principal on its
    day; where that day is over, it stands in the books.
    """
    asked, scale = row.instalment, row.instalment.scale
    uncovered = scale.money(asked.uncovered_units)
    interest = asked.interest - uncovered - row.interest_paid
    off_interest = min(row.given_up, interest)
    return Due(
        asked.due_on,
        asked.principal + uncovered - row.principal_paid - (row.given_up - off_interest),
        interest - off_interest,
        (scale.money(asked.capitalised_units) + uncovered) * int(asked.due_on > as_of),
        bool(row.days_late),
    )


def late_share(found: Sequence[LoanToCome], book: Book) -> LateShare:
    """What is late of some loans of one investor, by age."""
    nought = from_minor(0, book.base_currency)
    spans = [(first + 1, last) for first, last in zip(LAST_DAYS, [*LAST_DAYS[1:], None], strict=True)]
    return LateShare(
        len(found),
        sum((one.holding.principal for one in found), nought),
        tuple(_band(first, last, found, nought) for first, last in spans),
    )


def _band(first: int, last: int | None, found: Iterable[LoanToCome], nought: Money) -> LateBand:
    late = [one for one in found if one.days_late >= first and (last is None or one.days_late <= last)]
    return LateBand(
        first,
        last,
        len(late),
        sum((one.late_principal for one in late), nought),
        sum((one.late_interest for one in late), nought),
        sum((one.holding.principal for one in late), nought),
    )


def maturity(found: Iterable[LoanToCome], book: Book, as_of: date) -> list[Rung]:
    """When principal that is not late comes back, on the rungs of the fund's own maturity ladder."""
    parts, nought = [part for one in found for part in one.to_come], from_minor(0, book.base_currency)
    rungs, after = [], as_of
    for months, ends in zip(STEPS, [*STEPS[1:], None], strict=True):
        through = add_months(as_of, ends) if ends is not None else None
        first = not months
        within = [
            part for part in parts if (part.due_on > after or first) and (through is None or part.due_on <= through)
        ]
        rungs.append(Rung(after, through, (months, ends), sum((part.principal for part in within), nought)))
        after = through or after
    return rungs
