"""What does one holder see of a class: the calls that are open, what its money earned, and what protects it?

Pure; `investors.queries.capital_holding` reads what it is told from.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from moneyed import Money

from investors.domain.capital import CapitalAccount, CapitalKind, CapitalMovement
from investors.domain.capital_act import Effect, Holder
from investors.domain.capital_register import Register
from investors.domain.commitment import Commitment
from investors.domain.errors import NoReturn, SeveralReturns
from investors.domain.fund_class import FundClass
from investors.domain.losses import FirstLossCover, Layer, first_loss_cover
from investors.domain.returns import Multiples, RateOfReturn, rate_of_return
from ledger.domain.money import from_minor
from ledger.domain.words import date_text

ONE_DAY = timedelta(days=1)
NOT_YET = "Not yet: a rate needs money paid in, and money received or standing on a later day."

RECEIVED = frozenset({CapitalKind.INCOME_DISTRIBUTED, CapitalKind.CAPITAL_RETURNED})
PAID_IN = frozenset({CapitalKind.CONTRIBUTION, CapitalKind.EQUALISATION, CapitalKind.TRANSFER})
"""What the investor paid for its holding, and what it got out of it; all else happens inside the fund."""


@dataclass(frozen=True, slots=True)
class OpenCall:
    """A call on a holder of which something is still to be paid by a day."""

    act: int
    called_on: date
    due_on: date
    called: Money
    unpaid: Money

    @property
    def is_part_paid(self) -> bool:
        """Whether some of it has come."""
        return self.unpaid != self.called

    def days_late(self, on: date) -> int:
        """How long it has been overdue by a day; nought where it is not."""
        return max((on - self.due_on).days, 0)


@dataclass(frozen=True, slots=True)
class HoldingLine:
    """A movement of a capital account, the balance after it, the act it comes from, and why."""

    on: date
    kind: CapitalKind
    act: str
    amount: Money
    balance: Money
    why: str


@dataclass(frozen=True, slots=True)
class Earned:
    """Multiples, the rate a year where there is one, and in words why there is none."""

    multiples: Multiples
    rate: RateOfReturn | None
    words: str


@dataclass(frozen=True, slots=True)
class CapitalHolding:
    """One holder in one class over some days, the last one included; commitment, calls, fees and cover are those of its
    end, `fees` all that the management of the fund has cost it so far.

    `account.closing` is what the capital account stands at, and the last line's balance.
    """

    fund_class: FundClass
    investor: str
    since: date
    until: date
    commitment: Commitment
    calls: tuple[OpenCall, ...]
    account: CapitalAccount
    lines: tuple[HoldingLine, ...]
    earned: Earned
    fees: Money
    cover: FirstLossCover | None


def open_calls(known: Register, holder: Holder, due: Mapping[int, date], on: date) -> tuple[OpenCall, ...]:
    """What is called and not paid, by due day. Money meets the call that was due first; what was withdrawn comes off
    the one that is due last. `due` says the due day of each act that called."""
    calls = [
        OpenCall(each.act, each.on, due[each.act], amount, amount)
        for each in known.standing_lines(holder, Effect.CALLED, on)
        for amount in (from_minor(each.line.minor, known.currency),)
    ]
    calls.sort(key=lambda one: (one.due_on, one.act))
    calls = _less(calls[::-1], _total(known, holder, Effect.CALL_WITHDRAWN, on))[::-1]
    calls = [replace(one, called=one.unpaid) for one in calls]
    calls = _less(calls, _total(known, holder, Effect.PAID_IN, on))
    return tuple(one for one in calls if one.unpaid)


def holding_lines(account: CapitalAccount, whys: Mapping[tuple[str, CapitalKind], str]) -> tuple[HoldingLine, ...]:
    """The movements of an account with the balance after each, those of one act and kind as one; `whys` by the source
    of a movement and its kind."""
    sums: dict[tuple[date, CapitalKind, str], Money] = {}
    for each in account.movements:
        place = each.on, each.kind, each.source
        sums[place] = sums[place] + each.amount if place in sums else each.amount
    stands, found = account.opening, []
    for (on, kind, source), amount in sums.items():
        stands += amount
        found.append(HoldingLine(on, kind, source, amount, stands, whys.get((source, kind), "")))
    return tuple(found)


def cash_flows(
    movements: Iterable[CapitalMovement], worth: Money, on: date, past: Iterable[tuple[date, Money]] = ()
) -> list[tuple[date, Money]]:
    """The flows that a rate of return is worked out from: paid in is negative, received positive, a sum for each day up
    to `on`, and on that day what the holding is worth as if it were received: nought counts where nothing ever came
    back, for then all of it is lost. `past` are flows from before the fund came here, with the same signs."""
    flows: dict[date, Money] = defaultdict(lambda: 0 * worth)
    for day, amount in past:
        flows[day] += amount
    for each in movements:
        if each.on <= on and each.kind in PAID_IN | RECEIVED:
            flows[each.on] -= each.amount
    moved = [(day, flows[day]) for day in sorted(flows) if flows[day]]
    is_told = bool(worth) or all(amount.amount < 0 for _, amount in moved)
    return [*moved, *([(on, worth)] if is_told else [])]


def earned(
    movements: Sequence[CapitalMovement], nought: Money, on: date, past: Iterable[tuple[date, Money]] = ()
) -> Earned:
    """What the holder's money earned by the end of a day. Multiples count what was paid in and received whoever held it
    then; the rate has a transfer as a flow of what the account stood at, because its price is no matter of the fund.
    What was moved in counts by its own dated flows, `past`."""
    so_far = [each for each in movements if each.on <= on]
    worth = sum((each.amount for each in so_far), nought)
    paid_in, received = (
        sum((each.amount for each in so_far if each.nature in kinds), nought) for kinds in (PAID_IN, RECEIVED)
    )
    multiples = Multiples(paid_in, -received, worth)
    try:
        rate = rate_of_return(cash_flows(so_far, worth, on, past))
    except NoReturn:
        return Earned(multiples, None, NOT_YET)
    except SeveralReturns as refusal:
        return Earned(multiples, None, str(refusal).partition(" Show ")[0])
    words = f"{rate.words}, from {date_text(rate.first_on)} to {date_text(rate.last_on)}"
    return Earned(multiples, rate, words)


def cover_below(known: Register, classes: Mapping[str, FundClass], code: str, on: date) -> FirstLossCover | None:
    """How far the classes ranked after one protect it and all ranked before or beside it; None where there are none."""
    rank = classes[code].rank
    below = [one.code for one in classes.values() if one.rank > rank]
    if not below:
        return None
    stands = {one: _stands(known, one, on) for one in classes}
    lost = sum((-_stands(known, one, on, [CapitalKind.IMPAIRMENT]) for one in below), known.nought)
    layer = Layer(
        code=" and ".join(below),
        rank=rank + 1,
        balance=max(sum((stands[one] for one in below), known.nought), known.nought),
        lost=max(lost, known.nought),
    )
    exposure = sum((stands[one.code] for one in classes.values() if one.rank <= rank), known.nought)
    return first_loss_cover(layer, exposure)


def _stands(known: Register, code: str, on: date, kinds: Iterable[CapitalKind] = CapitalKind) -> Money:
    wanted = tuple(kinds)
    return sum((known.balance(holder, on, wanted) for holder in known.holders_of(code)), known.nought)


def _total(known: Register, holder: Holder, effect: Effect, on: date) -> Money:
    minor = sum(each.line.minor for each in known.standing_lines(holder, effect, on))
    return from_minor(minor, known.currency)


def _less(calls: Iterable[OpenCall], amount: Money) -> list[OpenCall]:
    """Take an amount off calls, each down to nought before the next."""
    found = []
    for one in calls:
        taken = min(one.unpaid, amount)
        amount -= taken
        found.append(replace(one, unpaid=one.unpaid - taken))
    return found
