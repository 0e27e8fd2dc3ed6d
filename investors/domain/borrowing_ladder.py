"""Does what the fund owes its lenders fall due before its own loans come in? Month by month, and in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from moneyed import Money

from ledger.domain.money import from_minor
from ledger.domain.words import date_text, money_text


@dataclass(frozen=True, slots=True)
class Rung:
    """One month: what comes in, what goes out, and what is there at its end, from the cash at the beginning on."""

    month: date
    """Its first day."""
    inflow: Money
    outflow: Money
    cash_after: Money

    @property
    def gap(self) -> Money:
        """What comes in less what goes out; negative where the month is short."""
        return self.inflow - self.outflow


@dataclass(frozen=True, slots=True)
class Ladder:
    """Every month from the day on in which anything comes in or goes out, without a hole between them."""

    as_of: date
    cash: Money
    rungs: tuple[Rung, ...]

    @property
    def short(self) -> Rung | None:
        """The first month at whose end the money does not reach."""
        return next((rung for rung in self.rungs if rung.cash_after.amount < 0), None)

    @property
    def last_outflow(self) -> Rung | None:
        """The month in which the last of the borrowing falls due."""
        return next((rung for rung in reversed(self.rungs) if rung.outflow.amount), None)

    @property
    def words(self) -> str:
        """Whether borrowing matures before the loans, and whether the money reaches."""
        last = self.last_outflow
        if last is None:
            return "The fund owes its lenders nothing that falls due."
        until = [rung for rung in self.rungs if rung.month <= last.month]
        later = [rung for rung in self.rungs if rung.month > last.month]
        nothing = from_minor(0, self.cash.currency.code)
        comes, goes = (sum(sums, nothing) for sums in ([r.inflow for r in until], [r.outflow for r in until]))
        after = sum((rung.inflow for rung in later), nothing)
        said = (
            f"By the end of {last.month:%B %Y}, when the last of the borrowing falls due, {money_text(comes)} comes in "
            f"from loans and {money_text(goes)} goes out to lenders"
        )
        if after.amount:
            said += f"; {money_text(after)} comes in only after it: the borrowing matures before the loans"
        short = self.short
        if short is None:
            return (
                f"{said}. With the {money_text(self.cash)} there is on {date_text(self.as_of)}, every month is covered."
            )
        return (
            f"{said}. With the {money_text(self.cash)} there is on {date_text(self.as_of)}, {short.month:%B %Y} is the "
            f"first month that is short, by {money_text(-short.cash_after)}."
        )


def ladder(as_of: date, cash: Money, inflow: Mapping[date, int], outflow: Mapping[date, int]) -> Ladder:
    """The ladder from what falls due on each day, in minor units; days before the month of `as_of` are left out.

    What is overdue belongs to none of the months.
    """
    currency = cash.currency.code
    by_month = [_by_month(flows, as_of) for flows in (inflow, outflow)]
    rungs, stands = [], cash
    for month in _months(as_of, [*by_month[0], *by_month[1]]):
        comes, goes = (from_minor(found.get(month, 0), currency) for found in by_month)
        stands = stands + comes - goes
        rungs.append(Rung(month, comes, goes, stands))
    return Ladder(as_of, cash, tuple(rungs))


def _by_month(flows: Mapping[date, int], as_of: date) -> dict[date, int]:
    found: dict[date, int] = {}
    for on, units in flows.items():
        if on >= as_of and units:
            month = on.replace(day=1)
            found[month] = found.get(month, 0) + units
    return found


def _months(as_of: date, known: Iterable[date]) -> list[date]:
    """The first days of all months from that of `as_of` to the last of those that are known."""
    last = max(known, default=None)
    found = []
    month = as_of.replace(day=1)
    while last is not None and month <= last:
        found.append(month)
        month = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
    return found
