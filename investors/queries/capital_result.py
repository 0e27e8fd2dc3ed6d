"""What comes of a result that is shared: what each holder's capital account gets of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from moneyed import Money

from investors.domain.capital import CapitalKind
from investors.domain.capital_act import ActKind, ActLine, Effect
from investors.domain.errors import CapitalActRefused
from investors.domain.fund_class import FundClass
from investors.domain.period_result import (
    ClassInPeriod,
    ClassResult,
    HolderInPeriod,
    HolderResult,
    Result,
    SharedResult,
    share_between_classes,
    share_within_class,
)
from investors.domain.result_sharing import capital_days
from investors.queries.capital import (
    FEE_NODES,
    IMPAIRMENT_NODES,
    ONE_DAY,
    Unshared,
    standing_acts,
    unshared_result,
)
from investors.queries.capital_asking import Asking, Told
from investors.queries.capital_known_later import KnownLater, known_later
from ledger.domain.words import date_text, money_text

MOST_ENTRIES = 20


def preview_result(asking: Asking) -> Told:
    """What was earned and lost and is not shared goes to the classes, and within each to its holders.

    Raises CapitalActRefused where there is nothing to share, and NobodyToShareWith.
    """
    unshared = unshared_result(asking.book, asking.on, asking.known)
    if unshared is None or unshared.since > asking.on:
        why = "it is shared already" if unshared else "no capital was paid in by then"
        raise CapitalActRefused(
            f"There is no result to share through {date_text(asking.on)}: {why}. Choose a later day; nothing was "
            "changed."
        )
    classes = [_class_in_period(asking, one, unshared) for one in asking.classes.values()]
    shared = share_between_classes(unshared.result, classes)
    later = _known_later(asking)
    differ = _differences(shared, share_between_classes(_less(unshared.result, later.result), classes)) if later else {}
    lines = [line for one in shared.classes for line in _holders_lines(asking, one, unshared)]
    figures = {
        "since": unshared.since.isoformat(),
        "until": unshared.until.isoformat(),
        **_minor(asking, unshared.result, ("income", "fees", "impairment")),
        "left": _minor(asking, shared.left, ("income", "impairment")),
        "later": _later_figures(asking, later) if later else None,
        "classes": [_class_figures(asking, one, later, differ.get(one.code)) for one in shared.classes],
    }
    return lines, figures


def _known_later(asking: Asking) -> KnownLater | None:
    """What became known of days that were shared; None where it changes nothing."""
    shared = standing_acts(asking.book, ActKind.RESULT)
    if not shared:
        return None
    found = known_later(asking.book, shared[-1], asking.on, FEE_NODES, IMPAIRMENT_NODES)
    return found if found.entries else None


def _less(result: Result, part: Result) -> Result:
    """A result without a part of it."""
    return Result(result.income - part.income, result.fees - part.fees, result.impairment - part.impairment)


def _differences(whole: SharedResult, without: SharedResult) -> dict[str, Money]:
    """By how much each class gets more or less because of what became known later."""
    pairs = zip(whole.classes, without.classes, strict=True)
    return {one.code: one.net + one.impairment - other.net - other.impairment for one, other in pairs}


def _class_figures(asking: Asking, one: ClassResult, later: KnownLater | None, differs: Money | None) -> dict[str, Any]:
    said = [_later_words(asking.classes[one.code].name, later, differs)] if later and differs else []
    return {
        "code": one.code,
        **_minor(asking, one, ("income", "fee", "impairment", "owed")),
        "later": asking.minor(differs) if differs else 0,
        "why": [*one.why, *said],
    }


def _later_words(name: str, later: KnownLater, differs: Money) -> str:
    more = "more" if differs.amount > 0 else "less"
    return (
        f"That is {money_text(abs(differs))} {more} for {name} than these days alone would give, because of what "
        f"became known after {later.shared_by} had shared the result through {date_text(later.through)}."
    )


def _later_figures(asking: Asking, later: KnownLater) -> dict[str, Any]:
    """What became known, entry by entry; of many the first ones, and the rest as one sum."""
    shown, rest = later.entries[:MOST_ENTRIES], later.entries[MOST_ENTRIES:]
    return {
        "act": later.shared_by,
        "through": later.through.isoformat(),
        **_minor(asking, later.result, ("income", "fees", "impairment")),
        "entries": [
            {"entry": f"E-{one.number}", "on": one.on.isoformat(), "words": one.words, "adds": asking.minor(one.adds)}
            for one in shown
        ],
        "more": {"count": str(len(rest)), "adds": asking.minor(sum((one.adds for one in rest), later.nought))},
    }


def _class_in_period(asking: Asking, terms: FundClass, unshared: Unshared) -> ClassInPeriod:
    known, nought = asking.known, asking.known.nought
    holders = known.holders_of(terms.code)
    days = (unshared.since, unshared.until + ONE_DAY)
    return ClassInPeriod(
        terms=terms,
        capital_days=sum(capital_days(known.balance_over_time(one), *days) for one in holders),
        invested_days=sum(capital_days(known.invested_over_time(one), *days) for one in holders),
        balance=sum((known.balance(one, asking.on) for one in holders), nought),
        committed=known.commitment_of_class(terms.code, asking.on).amount,
        lost=-sum((known.balance(one, asking.on, [CapitalKind.IMPAIRMENT]) for one in holders), nought),
        owed=unshared.owed.get(terms.code, nought),
    )


def _holders_lines(asking: Asking, found: ClassResult, unshared: Unshared) -> list[ActLine]:
    known, days = asking.known, (unshared.since, unshared.until + ONE_DAY)
    holders = [
        HolderInPeriod(
            investor=holder[1],
            capital_days=capital_days(known.balance_over_time(holder), *days),
            balance=known.balance(holder, asking.on),
            committed=known.commitment(holder, asking.on).amount,
            lost=-known.balance(holder, asking.on, [CapitalKind.IMPAIRMENT]),
            residue=unshared.residues.get(holder, 0),
        )
        for holder in known.holders_of(found.code)
    ]
    if not any((found.income, found.fee, found.impairment)):
        return [ActLine(found.code, one.investor, Effect.INCOME, 0, one.residue) for one in holders if one.residue]
    return [line for part in share_within_class(found, holders) for line in _lines(asking, found.code, part)]


def _lines(asking: Asking, fund_class: str, part: HolderResult) -> list[ActLine]:
    """What one holder gets, those of nought left out; the line of income bears the residue."""
    amounts = {Effect.INCOME: part.income, Effect.FEE: part.fee, Effect.IMPAIRMENT: part.impairment}
    residues = {Effect.INCOME: part.residue}
    return [
        ActLine(fund_class, part.investor, effect, asking.minor(amount), residues.get(effect, 0))
        for effect, amount in amounts.items()
        if amount or residues.get(effect)
    ]


def _minor(asking: Asking, value: Any, names: Iterable[str]) -> dict[str, int]:
    """Some amounts of a value in minor units."""
    return {name: asking.minor(getattr(value, name)) for name in names}
