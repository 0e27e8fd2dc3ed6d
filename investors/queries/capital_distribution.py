"""What would a distribution pay? The cash that is free, the claims on it, and what the steps make of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from moneyed import Money

from investors.domain.capital import CapitalKind
from investors.domain.capital_act import ActKind, Holder
from investors.domain.capital_entries import FEE_OWED
from investors.domain.distribution import (
    RESERVE,
    HolderClaims,
    Kept,
    distribute,
    is_share,
    lines_of,
)
from investors.domain.errors import AboveCash, CapitalActRefused
from investors.domain.waterfall import Waterfall
from investors.domain.waterfall_run import WaterfallRun
from investors.models import Investor
from investors.queries.capital import free_cash, standing_acts
from investors.queries.capital_asking import Asking, Told
from investors.queries.capital_deed import waterfall_of
from ledger.domain.split import split_minor
from ledger.domain.words import date_text, money_text
from ledger.queries import balances

MOST_NAMED = 3

UNPAID = frozenset({CapitalKind.INCOME, CapitalKind.FEE, CapitalKind.INCOME_DISTRIBUTED})
"""What makes the income that a holder has not been paid."""


def preview_distribution(asking: Asking) -> Told:
    """Free cash goes down the steps to those who have income that was not paid, and capital to be returned.

    Raises AboveCash, and CapitalActRefused where nobody has anything to be paid.
    """
    waterfall = waterfall_of(asking.book, asking.on)
    kept = _kept(asking, waterfall)
    free = free_cash(asking.book, asking.on) - max(min(kept.held, kept.target), _kept_later(asking))
    most = asking.asked.get("most")
    found = free if most is None else asking.money(most)
    if found > free:
        raise AboveCash(
            f"A distribution of {money_text(found)} is {money_text(found - free)} above the {money_text(free)} of cash "
            f"that is free on {date_text(asking.on)}. Distribute less; nothing was changed."
        )
    run = distribute(waterfall, found, asking.classes, _claims(asking), kept)
    lines = lines_of(run, recallable=asking.asked.get("recallable", False))
    if not lines:
        raise CapitalActRefused(
            f"Nobody has anything to be paid out of {money_text(found)}: no income is unpaid, and no capital is to be "
            "returned. Share the result first, or say how much capital is returned; nothing was changed."
        )
    return lines, _run_figures(asking, run, free, kept) | {"corrects": _corrected(asking)}


def _corrected(asking: Asking) -> list[dict[str, Any]]:
    """What results took in of days that earlier ones had shared and no distribution has told yet, class by class.

    The runs of those days stay as they were; what they would have paid otherwise comes into the first distribution that
    was made after the result and is not dated before it.
    """
    earlier = standing_acts(asking.book, ActKind.DISTRIBUTION)
    found = []
    for act in standing_acts(asking.book, ActKind.RESULT, asking.on):
        told = any(one.number > act.number and one.effective_on >= act.effective_on for one in earlier)
        if told or not act.figures.get("later"):
            continue
        later = act.figures["later"]
        through = date_text(date.fromisoformat(later["through"]))
        for one in act.figures["classes"]:
            if one["later"]:
                amount = asking.money(one["later"])
                more = "more" if one["later"] > 0 else "less"
                why = (
                    f"{asking.classes[one['code']].name} has {money_text(abs(amount))} {more} here, because {act} "
                    f"corrects the result through {through} that {later['act']} had shared: "
                    f"{_entries_words(later)}. What was distributed of it stays as it was."
                )
                found.append({"act": str(act), "code": one["code"], "amount": one["later"], "why": why})
    return found


def _entries_words(later: dict[str, Any]) -> str:
    names = [f"{one['entry']} ({one['words']})" for one in later["entries"][:MOST_NAMED]]
    others = len(later["entries"]) - len(names) + int(later["more"]["count"])
    return ", ".join(names) + (f" and {others} more entries" if others else "")


def _kept(asking: Asking, waterfall: Waterfall) -> Kept:
    """What is kept back on the day: of a reserve, what the last distribution by then kept."""
    earlier = standing_acts(asking.book, ActKind.DISTRIBUTION, asking.on)
    held = earlier[-1].figures["reserve"] if earlier else 0
    owed = -balances(asking.book, [FEE_OWED], asking.on)[FEE_OWED]
    target = asking.asked.get("reserve", 0)
    if target and is_share(waterfall):
        raise CapitalActRefused(
            f"The order of payment, version {waterfall.version}, fills the reserve by a share of what is paid, so "
            f"{money_text(asking.money(target))} cannot be its target. Leave it out; nothing was changed."
        )
    return Kept(max(owed, 0 * owed), asking.money(held if is_share(waterfall) else target), asking.money(held))


def _kept_later(asking: Asking) -> Money:
    """What a distribution of a later day kept in reserve: free cash is the least of the day and after all that is
    posted, so what is distributed on the day would otherwise take it."""
    every = standing_acts(asking.book, ActKind.DISTRIBUTION)
    later = bool(every) and every[-1].effective_on > asking.on
    return asking.money(every[-1].figures["reserve"] if later else 0)


def _claims(asking: Asking) -> list[HolderClaims]:
    names = dict(Investor.objects.values_list("code", "name"))
    income = {holder: _unpaid_income(asking, holder) for holder in asking.known.holders}
    returned = _capital_to_return(asking, income)
    return [
        HolderClaims(holder, names[holder[1]], unpaid, asking.money(returned.get(holder, 0)))
        for holder, unpaid in income.items()
    ]


def _unpaid_income(asking: Asking, holder: Holder) -> Money:
    """Income that was shared and not paid, as far as the account still has it."""
    known = asking.known
    unpaid = min(known.balance(holder, asking.on, UNPAID), known.lowest(holder, asking.on))
    return max(unpaid, known.nought)


def _capital_to_return(asking: Asking, income: Mapping[Holder, Money]) -> dict[Holder, int]:
    """What is to be returned to each class, by what each holder has in it besides `income`, which is a claim of its
    own: so who joined earlier gets no more of the capital back than its part."""
    found: dict[Holder, int] = {}
    for code, minor in asking.asked.get("capital", {}).items():
        if code not in asking.classes:
            raise CapitalActRefused(f"{asking.book} has no class {code}. Correct it; nothing was changed.")
        stands = {
            holder: asking.minor(max(asking.known.lowest(holder, asking.on) - income[holder], asking.known.nought))
            for holder in asking.known.holders_of(code)
        }
        if minor > sum(stands.values()):
            raise CapitalActRefused(
                f"{money_text(asking.money(minor))} is to be returned to {asking.classes[code].name}, which has "
                f"{money_text(asking.money(sum(stands.values())))} of capital besides income that was not paid. Return "
                "less; nothing was changed."
            )
        if minor:
            found |= dict(zip(stands, split_minor(minor, list(stands.values())), strict=True))
    return found


def _run_figures(asking: Asking, run: WaterfallRun, free: Money, kept: Kept) -> dict[str, Any]:
    """The steps of a run with their figures, the cash that it found, and the reserve after it."""
    steps = [
        {
            "code": one.step.code,
            "label": one.step.label,
            "claim": asking.minor(one.paid + one.short),
            **{name: asking.minor(getattr(one, name)) for name in ("paid", "short", "left")},
            "why": [each.why for each in one.payments if each.claim or each.paid],
        }
        for one in run.steps
    ]
    reserve = min(kept.held, kept.target) + run.paid_to(RESERVE)
    return {
        "waterfall": f"{run.waterfall.name}, version {run.waterfall.version}",
        "free": asking.minor(free),
        "found": asking.minor(run.found),
        "left": asking.minor(run.left),
        "reserve": asking.minor(reserve),
        "steps": steps,
    }
