"""Which fees does a loan's life bring? Those that somebody charges, and those that its terms say charge themselves.

An arrangement fee comes with the first drawdown. A commitment fee accrues on what is agreed and not drawn, simple and
actual/365 fixed, from the first drawdown on, and is due with every instalment; new terms end it. A late fee is charged
on the day after the days of grace, once for an instalment of which something is unpaid then. So a repayment that is
backdated, or a drawdown that is taken back, changes them like everything else that is told.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from loans.domain.allocation import Claim, Component
from loans.domain.calendar import ONE_DAY
from loans.domain.day_count import COMMON_YEAR
from loans.domain.errors import EventRefused
from loans.domain.events import FeeCharged
from loans.domain.fees import FeeKind, FeeRecognition, FeeSettlement, ProductFee, one_of_each
from loans.domain.instalment import Instalment
from loans.domain.movements import Happening, Moved
from loans.domain.owed import Owed
from loans.domain.rounding import divide
from loans.domain.serviced import ServicedWalk
from loans.domain.spread_fees import SpreadFee
from loans.domain.terms import Terms
from loans.domain.words import date_text, money_text


class Watched(NamedTuple):
    """An instalment that costs a late fee if something of it is unpaid on the morning of a day."""

    on: date
    no: int


class FeesOwed(Owed):
    """What is owed at one point of a loan's life, its fees among it; amounts are whole units."""

    def __init__(self, terms: Terms, drawn_on: date) -> None:
        super().__init__(terms, drawn_on)
        self.walk = ServicedWalk(terms, drawn_on)
        self.drawn = 0
        self.may_be_drawn = self._units(terms.principal)
        """All that may be drawn, what is drawn among it."""
        self._commitment_exact, self._commitment_charged, self._commitment_to = Fraction(0), 0, drawn_on
        self._watched: deque[Watched] = deque()

    @property
    def fees(self) -> Mapping[FeeKind, ProductFee]:
        """The fees that are agreed, by their kind."""
        return one_of_each(self.terms.fees)

    @property
    def undrawn(self) -> int:
        """What is agreed and not drawn."""
        return max(self.may_be_drawn - self.drawn, 0)

    def commitment_accrued(self, on: date) -> int:
        """The commitment fee up to a day that is not charged yet; nothing once the loan has ended."""
        if self.ended_on is not None:
            return 0
        self._accrue_commitment(on)
        return divide(*self._commitment_exact.as_integer_ratio()) - self._commitment_charged

    def moves_by_itself_on(self, rows: Iterable[Instalment]) -> tuple[date, ...]:
        """The days on which the loan moves without an event, or may: an instalment falls due, a late fee is charged."""
        due = {row.due_on for row in rows}
        late = self.fees.get(FeeKind.LATE)
        return tuple(sorted(due | {_charged_on(late, day) for day in due} if late else due))

    def _charge_by_hand(self, event: FeeCharged) -> None:
        """A fee that somebody charges."""
        on, units = event.effective_on, self._units(event.amount)
        if event.earned_by is not None and event.earned_by < on:
            raise EventRefused(
                f"A fee of {date_text(on)} cannot be earned by {date_text(event.earned_by)}. Give a later day, or none."
            )
        if units > (lent := max(self.may_be_drawn, self.drawn)):
            raise EventRefused(
                f"A fee of {money_text(event.amount)} is more than the loan itself, which is of "
                f"{money_text(self.terms.scale.money(lent))}. Correct the amount."
            )
        self._charge_fee(event.sequence, on, units, event.settlement, event.earned_by)

    def _charge_fee(
        self, no: int, on: date, units: int, settlement: FeeSettlement, earned_by: date | None = None
    ) -> None:
        """A fee that goes with an event."""
        if earned_by is not None and earned_by > on:
            self._spread_fees.append(SpreadFee(units, on, earned_by))
        match settlement:
            case FeeSettlement.CAPITALISED:
                self._refuse_after_the_end(on)
                self.walk.draw(units)
                self._move(Happening.FEE_CAPITALISED, no, on, Moved(principal=units))
            case FeeSettlement.PAID:
                self._charge(Component.FEE, Happening.FEE, no, on, units)
            case FeeSettlement.DEDUCTED:
                self._move(Happening.FEE, no, on, Moved(fees=units))
                self._move(Happening.FEE_DEDUCTED, no, on, Moved(fees=-units))

    def _refuse_after_the_end(self, on: date) -> None:
        if not self._has_more_to_come:
            raise EventRefused(
                f"A fee cannot be added to principal on {date_text(on)}: nothing of the loan is still to fall due. "
                "Let it be paid instead."
            )

    def _charge_arrangement(self, no: int, on: date, drawn: int) -> None:
        """The arrangement fee, with the first drawdown."""
        fee = self.fees.get(FeeKind.ARRANGEMENT)
        if fee is None:
            return
        units = self._worth(fee, self._units(self.terms.principal))
        if fee.settlement is FeeSettlement.DEDUCTED and units > drawn:
            money = self.terms.scale.money
            raise EventRefused(
                f"The arrangement fee of {money_text(money(units))} is kept back from the first drawdown, which is "
                f"{money_text(money(drawn))}. Draw at least as much as the fee."
            )
        self._charge_agreed(fee, no, on, units)

    def _charge_rearrangement(self, no: int, on: date, units: int) -> None:
        """A rearrangement fee, settled and earned as the new terms say."""
        fee = self.fees.get(FeeKind.REARRANGEMENT) or ProductFee(FeeKind.REARRANGEMENT, amount=Decimal(1))
        self._charge_agreed(fee, no, on, units)

    def _charge_agreed(self, fee: ProductFee, no: int, on: date, units: int) -> None:
        """A fee of the terms that goes with an event."""
        spread = fee.recognition is FeeRecognition.OVER_THE_TERM
        self._charge_fee(no, on, units, fee.settlement, self.terms.nominal_maturity if spread else None)

    def _charge_commitment(self, no: int, on: date) -> None:
        """What has accrued of the commitment fee is due with an instalment."""
        units = self.commitment_accrued(on)
        if units > 0:
            self._commitment_charged += units
            self._accrue_default(on)
            self._claim(Claim(no, Component.FEE, units, on))
            self._move(Happening.COMMITMENT_FEE, no, on, Moved(fees=units))

    def _accrue_commitment(self, until: date) -> None:
        """Exact, before what is drawn changes."""
        since, fee = self._commitment_to, self.fees.get(FeeKind.COMMITMENT)
        if until <= since:
            return
        self._commitment_to = until
        if fee is not None and fee.share is not None and self._has_more_to_come:
            self._commitment_exact += Fraction(fee.share) * self.undrawn * (until - since).days / COMMON_YEAR

    @property
    def _has_more_to_come(self) -> bool:
        """Whether anything is still to fall due; after the last instalment nothing more is drawn."""
        return not self.walk.is_over

    def _watch(self, row: Instalment) -> None:
        late = self.fees.get(FeeKind.LATE)
        if late and row.total_units > 0:
            self._watched.append(Watched(_charged_on(late, row.due_on), row.no))

    def _charge_late(self, watched: Watched) -> None:
        """The late fee of an instalment, if something of it is unpaid."""
        fee = self.fees.get(FeeKind.LATE)
        unpaid = sum(claim.units for claim in self.claims if claim.instalment_no == watched.no and _is_of_plan(claim))
        if fee is None or unpaid <= 0:
            return
        units = self._worth(fee, unpaid)
        if units > 0:
            self._accrue_default(watched.on)
            self._claim(Claim(watched.no, Component.FEE, units, watched.on))
            self._move(Happening.LATE_FEE, watched.no, watched.on, Moved(fees=units))

    def _worth(self, fee: ProductFee, units: int) -> int:
        return self._units(fee.of(self.terms.scale.money(units)))


def _charged_on(late: ProductFee, due_on: date) -> date:
    return due_on + timedelta(days=late.grace_days) + ONE_DAY


def _is_of_plan(claim: Claim) -> bool:
    return claim.component in (Component.PRINCIPAL, Component.INTEREST)
