"""What would it mean to reverse an act? It is taken back as one, and only while nothing rests on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from investors.domain.capital_act import ActKind, ActLine, Effect
from investors.domain.capital_entries import TO_HELD_MONEY
from investors.domain.entries import due_to_investor
from investors.domain.errors import AboveCash, CapitalActRefused
from investors.domain.management_fee import fee_asked
from investors.models import CapitalAct
from investors.queries.capital import capital_acts, held_for, standing_acts
from investors.queries.capital_asking import Asking, Told
from investors.queries.capital_fee import refuse_charged_since
from investors.queries.capital_grants import refuse_grant_undone
from investors.queries.capital_transfer import refuse_unshared
from investors.queries.restricted_grants import OF_GRANTS
from ledger.domain.words import date_text, money_text

RESTS = {
    ActKind.MOVED_IN: (ActKind.RESULT, ActKind.DISTRIBUTION, ActKind.TRANSFER),
    ActKind.TERMS: (ActKind.TERMS, ActKind.RESULT, ActKind.DISTRIBUTION),
    ActKind.RESULT: (ActKind.RESULT, ActKind.TRANSFER, ActKind.TERMS),
    ActKind.DISTRIBUTION: (ActKind.DISTRIBUTION, ActKind.TRANSFER),
}
"""Which later acts rest on an act of a kind: they go first."""


def preview_reversal(asking: Asking) -> Told:
    """An act is taken back as one, from a day on; of results only the last, because the next one rests on it.

    Raises CapitalActRefused, and AboveCash for what was paid out.
    """
    act = capital_acts(asking.book).filter(number=asking.asked["act"]).first()
    if act is None or act.state != "approved" or act.what is ActKind.REVERSAL:
        raise CapitalActRefused(
            f"C-{asking.asked['act']} is no act that stands in {asking.book}, so it cannot be reversed. "
            "Choose one that was approved and not reversed; nothing was changed."
        )
    if act.what is ActKind.CLASS:
        raise CapitalActRefused(
            f"{act} records the class {act.asked['name']}, and a class stays. Nobody has to commit anything to it, and "
            "two people may change its terms; nothing was changed."
        )
    if act.effective_on > asking.on:
        raise CapitalActRefused(
            f"{act} counts from {date_text(act.effective_on)}, after {date_text(asking.on)}. Reverse it on that day or "
            "later; nothing was changed."
        )
    _refuse_rested_on(asking, act)
    if act.what is ActKind.FEE_TERMS:
        refuse_charged_since(asking, fee_asked(act.asked).effective_on)
    if act.what is ActKind.TRANSFER:
        refuse_unshared(asking, f"{act} is taken back")
    if act.what in OF_GRANTS:
        refuse_grant_undone(asking, act.what, act.asked)
    lines = tuple(
        ActLine(one.fund_class.code, one.investor.code, Effect(one.effect), one.amount, 0, one.why)
        for one in act.lines.select_related("fund_class", "investor")
    )
    _refuse_paid_out(asking, lines)
    return lines, {"reverses": str(act)}


def _refuse_rested_on(asking: Asking, act: CapitalAct) -> None:
    resting = [
        one for kind in RESTS.get(act.what, ()) for one in standing_acts(asking.book, kind) if one.number > act.number
    ]
    if resting:
        last = max(resting, key=lambda one: one.number)
        raise CapitalActRefused(
            f"{last} came after {act} and rests on it. Reverse the last one first; nothing was changed."
        )


def _refuse_paid_out(asking: Asking, lines: Iterable[ActLine]) -> None:
    """What investors were given can be taken back only while it is held for them."""
    back: dict[str, int] = defaultdict(int)
    for line in lines:
        if TO_HELD_MONEY.get(line.effect, 0) > 0:
            back[due_to_investor(line.investor)] += line.minor
    held = held_for(asking.book, sorted(back), asking.on)
    for code, minor in sorted(back.items()):
        if asking.money(minor) > held[code]:
            raise AboveCash(
                f"{money_text(asking.money(minor))} would be taken back from {code.partition('/')[2]}, for whom "
                f"{money_text(held[code])} is held: the rest was paid out or used. Nothing was changed."
            )
