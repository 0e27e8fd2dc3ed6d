"""What does the fund pay to be managed, and what is the fee of some days?"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from moneyed import Money

from investors.domain.capital_act import ActKind
from investors.domain.capital_register import Register
from investors.domain.errors import CapitalActRefused, ImpossibleFee
from investors.domain.management_fee import BaseOverTime, FeeBase, fee_asked, management_fee
from investors.queries.capital import ONE_DAY, fee_agreement, standing_acts
from investors.queries.capital_asking import Asking, Told
from ledger.domain.words import date_text


def preview_fee_terms(asking: Asking) -> Told:
    """What the fund is to pay to be managed from a day on, beside what it pays before.

    Raises ImpossibleFee for a rate that is none and where others count from that day, CapitalActRefused where a fee is
    charged from then on.
    """
    terms = fee_asked(asking.asked)
    since = terms.effective_on
    agreed = fee_agreement(asking.book)
    others = agreed.terms if agreed else ()
    if same := [one for one in others if one.effective_on == since]:
        raise ImpossibleFee(
            f"From {date_text(since)} a fee of {same[0].in_words} is agreed. Choose another day, or reverse that act "
            "first; nothing was changed."
        )
    refuse_charged_since(asking, since)
    before = [one.in_words for one in others if one.effective_on < since]
    next_on = [one.effective_on for one in others if one.effective_on > since]
    until = f" to {date_text(next_on[0] - ONE_DAY)}" if next_on else " on"
    return [], {
        "before": before[-1] if before else "nothing",
        "after": f"{terms.in_words}, from {date_text(since)}{until}",
    }


def refuse_charged_since(asking: Asking, since: date) -> None:
    """Let the terms of a day that is charged stay as they were charged. Raises CapitalActRefused."""
    for act in standing_acts(asking.book, ActKind.FEE):
        first, last = (date.fromisoformat(act.asked[name]) for name in ("since", "until"))
        if since <= last:
            raise CapitalActRefused(
                f"{act} charged the fee from {date_text(first)} to {date_text(last)}, and its terms from "
                f"{date_text(since)} on would be others by this. Reverse it first; nothing was changed."
            )


def preview_fee(asking: Asking) -> Told:
    """The fee of the days asked for, from what was agreed. Raises CapitalActRefused and ImpossibleFee."""
    agreed = fee_agreement(asking.book)
    if agreed is None:
        raise CapitalActRefused(
            f"{asking.book} has agreed no management fee. Agree base and rate first; nothing was changed."
        )
    since, until = (date.fromisoformat(asking.asked[name]) for name in ("since", "until"))
    _refuse_charged(asking, since, until)
    charge = management_fee(agreed, _bases(asking.known), since=since, until=until + ONE_DAY, currency=asking.currency)
    if not charge.amount:
        raise CapitalActRefused(
            f"The management fee from {date_text(since)} to {date_text(until)} comes to nothing. Look at the days and "
            "the commitments; nothing was changed."
        )
    lines = [
        {
            "since": one.since.isoformat(),
            "until": (one.until - ONE_DAY).isoformat(),
            "base": one.base.value,
            "of": asking.minor(one.of),
            "rate": str(one.rate),
        }
        for one in charge.lines
    ]
    return [], {"amount": asking.minor(charge.amount), "lines": lines}


def _refuse_charged(asking: Asking, since: date, until: date) -> None:
    if until < since or until > asking.on:
        raise CapitalActRefused(
            f"A fee from {date_text(since)} to {date_text(until)} cannot be charged on {date_text(asking.on)}. Charge "
            "days that are over, the first before the last; nothing was changed."
        )
    for act in standing_acts(asking.book, ActKind.FEE):
        first, last = (date.fromisoformat(act.asked[name]) for name in ("since", "until"))
        if first <= until and since <= last:
            raise CapitalActRefused(
                f"{act} charged the fee from {date_text(first)} to {date_text(last)} already. Charge other days, or "
                "reverse it first; nothing was changed."
            )


def _bases(known: Register) -> dict[FeeBase, BaseOverTime]:
    """What the management fee may be a rate of, over time."""
    days = known.days
    committed, drawn = list[tuple[date, Money]](), list[tuple[date, Money]]()
    for on in days:
        stands = [known.commitment(holder, on) for holder in known.holders]
        committed.append((on, sum((one.amount for one in stands), known.nought)))
        drawn.append((on, sum((one.drawn for one in stands), known.nought)))
    moved: dict[date, Money] = defaultdict(lambda: known.nought)
    for holder in known.holders:
        for each in known.movements(holder):
            moved[each.on] += each.amount
    worth, stands_at = list[tuple[date, Money]](), known.nought
    for on in sorted(moved):
        stands_at += moved[on]
        worth.append((on, stands_at))
    return {FeeBase.COMMITTED: committed, FeeBase.DRAWN: drawn, FeeBase.NET_ASSET_VALUE: worth}
