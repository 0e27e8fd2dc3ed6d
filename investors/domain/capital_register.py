"""How do all commitments and capital accounts of a fund stand, told from the lines of its acts?

Pure and in one pass. An act that was reversed counts no more from the day of its reversal; on capital accounts both
stand, each on its day, so that opening, movements and closing tie.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from moneyed import Money

from investors.domain.capital import CapitalAccount, CapitalKind, CapitalMovement, capital_account
from investors.domain.capital_act import ActLine, Effect, Holder
from investors.domain.commitment import Commitment
from ledger.domain.money import from_minor

MOVED_CAPITAL = {
    Effect.MOVED_PAID_IN: CapitalKind.CONTRIBUTION,
    Effect.MOVED_EQUALISED: CapitalKind.EQUALISATION,
    Effect.MOVED_INCOME: CapitalKind.INCOME,
    Effect.MOVED_FEE: CapitalKind.FEE,
    Effect.MOVED_LOST: CapitalKind.IMPAIRMENT,
    Effect.MOVED_INCOME_PAID: CapitalKind.INCOME_DISTRIBUTED,
    Effect.MOVED_CAPITAL_BACK: CapitalKind.CAPITAL_RETURNED,
}
"""What of a capital account a transfer moves."""

MOVED_COMMITMENT = {
    Effect.MOVED_DRAWN: "drawn",
    Effect.MOVED_RECALLABLE: "recallable",
    Effect.MOVED_UNDRAWN: "undrawn",
    Effect.MOVED_CANCELLED: "cancelled",
}
"""What of a commitment a transfer moves, in an order in which a buyer can take it; a seller goes backwards."""

CAPITAL = {
    Effect.PAID_IN: (CapitalKind.CONTRIBUTION, 1),
    Effect.INCOME: (CapitalKind.INCOME, 1),
    Effect.FEE: (CapitalKind.FEE, 1),
    Effect.IMPAIRMENT: (CapitalKind.IMPAIRMENT, 1),
    Effect.INCOME_DISTRIBUTED: (CapitalKind.INCOME_DISTRIBUTED, -1),
    Effect.CAPITAL_RETURNED: (CapitalKind.CAPITAL_RETURNED, -1),
    Effect.RECALLABLE: (CapitalKind.CAPITAL_RETURNED, -1),
    Effect.EQUALISED_IN: (CapitalKind.EQUALISATION, 1),
    Effect.EQUALISED_OUT: (CapitalKind.EQUALISATION, -1),
    **dict.fromkeys(MOVED_CAPITAL, (CapitalKind.TRANSFER, 1)),
}
"""Which line of a capital account an effect is, and its sign."""


def _moves(part: str) -> Callable[[Commitment, Money], Commitment]:
    return lambda stands, amount: stands.move(part, amount)


COMMITMENT: dict[Effect, Callable[[Commitment, Money], Commitment]] = {
    Effect.SIGNED: Commitment.sign,
    Effect.CANCELLED: Commitment.cancel,
    Effect.CALLED: Commitment.call,
    Effect.CALL_WITHDRAWN: Commitment.withdraw_call,
    Effect.PAID_IN: Commitment.pay_in,
    Effect.RECALLABLE: Commitment.give_back,
    Effect.EQUALISED_IN: Commitment.pay_in_at_once,
    Effect.EQUALISED_OUT: Commitment.give_back,
    **{effect: _moves(part) for effect, part in MOVED_COMMITMENT.items()},
}
"""What an effect does to a commitment."""

INVESTED = frozenset(
    {CapitalKind.CONTRIBUTION, CapitalKind.EQUALISATION, CapitalKind.IMPAIRMENT, CapitalKind.CAPITAL_RETURNED}
)
"""What changes the money invested, which target returns are rates of; income that stays in the fund is not."""


@dataclass(frozen=True, slots=True)
class DatedLine:
    """A line with the day and number of its act, from which day on that was reversed, and whether it was moved in from
    before the fund came here."""

    on: date
    act: int
    line: ActLine
    reversed_on: date | None = None
    from_before: bool = False


class Register:
    """All holders of a fund's classes, from the lines of acts that were approved, in the fund's currency."""

    def __init__(self, lines: Iterable[DatedLine], currency: str) -> None:
        self.currency, self.nought = currency, from_minor(0, currency)
        self._lines: dict[Holder, list[DatedLine]] = defaultdict(list)
        for each in sorted(lines, key=lambda one: (one.on, one.act)):
            self._lines[each.line.holder].append(each)

    @property
    def holders(self) -> list[Holder]:
        """Every holder, by class and investor."""
        return sorted(self._lines)

    @property
    def days(self) -> list[date]:
        """Every day on which an act counts from."""
        return sorted({each.on for found in self._lines.values() for each in found})

    def holders_of(self, fund_class: str) -> list[Holder]:
        """The holders of one class, by investor."""
        return [holder for holder in self.holders if holder[0] == fund_class]

    @property
    def has_past(self) -> bool:
        """Whether anything was moved in from before the fund came here."""
        return any(each.from_before for found in self._lines.values() for each in found)

    def has(self, holder: Holder) -> bool:
        """Whether anything of a holder stands."""
        return bool(self._standing(holder, date.max))

    def commitment(self, holder: Holder, on: date = date.max) -> Commitment:
        """How a commitment stands at the end of a day. Raises ImpossibleCommitment and CallAboveCommitment where the
        acts up to then cannot follow each other."""
        stands = Commitment(*[self.nought] * 5)
        for each in self._standing(holder, on):
            if (does := COMMITMENT.get(each.line.effect)) and each.line.minor:
                stands = does(stands, from_minor(each.line.minor, self.currency))
        return stands

    def commitment_of_class(self, fund_class: str, on: date = date.max) -> Commitment:
        """The commitments to a class together."""
        return sum(
            (self.commitment(holder, on) for holder in self.holders_of(fund_class)), Commitment(*[self.nought] * 5)
        )

    def movements(self, holder: Holder) -> list[CapitalMovement]:
        """All movements of a capital account, reversals on their own days."""
        found = []
        for each in self._lines.get(holder, ()):
            if each.line.effect not in CAPITAL or not each.line.minor:
                continue
            (kind, sign), of = CAPITAL[each.line.effect], MOVED_CAPITAL.get(each.line.effect)
            kind = CapitalKind.MOVED_IN if each.from_before else kind
            amount = from_minor(sign * each.line.minor, self.currency)
            found.append(CapitalMovement(each.on, kind, amount, f"C-{each.act}", of))
            if each.reversed_on:
                found.append(CapitalMovement(each.reversed_on, kind, -amount, f"C-{each.act} reversed", of))
        return found

    def account(self, holder: Holder, since: date, until: date) -> CapitalAccount:
        """A capital account from `since` (inclusive) to `until` (exclusive)."""
        return capital_account(self.movements(holder), since=since, until=until, nought=self.nought)

    def balance(self, holder: Holder, on: date = date.max, kinds: Iterable[CapitalKind] = CapitalKind) -> Money:
        """What a capital account stands at by the end of a day, or what some kinds of movement come to, with what was
        taken over of them."""
        wanted = frozenset(kinds)
        return sum(
            (each.amount for each in self.movements(holder) if each.on <= on and each.nature in wanted), self.nought
        )

    def lowest(self, holder: Holder, since: date) -> Money:
        """The least that a capital account stands at on a day or any day after it."""
        days = {each.on for each in self.movements(holder) if each.on > since}
        return min((self.balance(holder, on) for on in (since, *days)), default=self.nought)

    def invested_over_time(self, holder: Holder) -> list[tuple[date, Money]]:
        """What is invested from each day on: paid in, less what came back and what was lost."""
        return self._over_time(holder, INVESTED)

    def balance_over_time(self, holder: Holder) -> list[tuple[date, Money]]:
        """What the capital account stands at from each day on."""
        return self._over_time(holder, frozenset(CapitalKind))

    def standing_lines(self, holder: Holder, effect: Effect, on: date = date.max) -> list[DatedLine]:
        """The lines of an effect that stand at the end of a day, oldest first."""
        return [each for each in self._standing(holder, on) if each.line.effect is effect]

    def with_lines(self, lines: Iterable[ActLine], on: date) -> Register:
        """The register as it would be with another act, the last of its day."""
        every = [each for found in self._lines.values() for each in found]
        number = max((each.act for each in every), default=0) + 1
        return Register([*every, *(DatedLine(on, number, line) for line in lines)], self.currency)

    def without_act(self, act: int, on: date) -> Register:
        """The register as it would be with an act reversed on a day."""
        every = [each for found in self._lines.values() for each in found]
        return Register(
            (replace(each, reversed_on=on if each.act == act else each.reversed_on) for each in every),
            self.currency,
        )

    def _standing(self, holder: Holder, on: date) -> list[DatedLine]:
        return [
            each
            for each in self._lines.get(holder, ())
            if each.on <= on and not (each.reversed_on and each.reversed_on <= on)
        ]

    def _over_time(self, holder: Holder, kinds: frozenset[CapitalKind]) -> list[tuple[date, Money]]:
        stands, found = self.nought, dict[date, Money]()
        for each in sorted(self.movements(holder), key=lambda one: one.on):
            if each.nature in kinds:
                stands += each.amount
                found[each.on] = stands
        return list(found.items())
