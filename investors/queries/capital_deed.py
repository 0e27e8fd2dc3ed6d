"""What does the fund's deed say on a day: in which order is cash paid, and which terms does a class have?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from investors.domain.capital_act import ActKind
from investors.domain.distribution import OrderedClaim, distribution_waterfall, ordered_waterfall
from investors.domain.errors import CapitalActRefused, ImpossibleClass
from investors.domain.fund_class import class_asked
from investors.domain.waterfall import Waterfall
from investors.queries.capital import ONE_DAY, changed_terms, class_terms, standing_acts, unshared_result
from investors.queries.capital_asking import Asking, Told
from ledger.domain.words import date_text

if TYPE_CHECKING:
    from ledger.models import Book


def waterfall_of(book: Book, on: date) -> Waterfall:
    """The order in which cash is paid on a day: the latest that two people recorded, or the usual one as version 1.

    Raises ImpossibleWaterfall where a class came since that the order does not name.
    """
    classes = class_terms(book, on).values()
    recorded = standing_acts(book, ActKind.DEED, on)
    if not recorded:
        return distribution_waterfall(classes)
    last = recorded[-1]
    return ordered_waterfall(classes, _order(last.asked), int(last.figures["version"]), last.effective_on)


def preview_deed(asking: Asking) -> Told:
    """Another order of payment. Raises ImpossibleWaterfall and CircularClaim, which name the claim that is wrong."""
    version = 2 + len(standing_acts(asking.book, ActKind.DEED))
    found = ordered_waterfall(asking.classes.values(), _order(asking.asked), version, asking.on)
    steps = [
        {"code": one.code, "label": one.label, "of": one.of, "rate": str(one.rate) if one.rate is not None else ""}
        for one in found.steps
    ]
    return [], {"version": str(version), "steps": steps}


def preview_class(asking: Asking) -> Told:
    """A class as the deed has it. Raises ImpossibleClass for one that cannot be, or whose code stands already."""
    terms = class_asked(asking.asked)
    if found := class_terms(asking.book).get(terms.code):
        raise ImpossibleClass(
            f"{asking.book} has a class {terms.code} already: {found.name}, rank {found.rank}, {found.terms}. Choose "
            "another code; nothing was changed."
        )
    return [], {"code": terms.code, "name": terms.name, "terms": terms.in_words}


def preview_terms(asking: Asking) -> Told:
    """Other terms of a class, from the first day whose result is not shared, so that no day has two.

    Raises CapitalActRefused and ImpossibleClass.
    """
    before = asking.classes[asking.asked["fund_class"]]
    after = changed_terms(before, asking.asked)
    if before == after:
        raise CapitalActRefused(
            f"{before.name} has these terms already: rank {before.rank}, {before.terms}. Change one of them; nothing "
            "was changed."
        )
    unshared = unshared_result(asking.book, asking.book.business_date, asking.known)
    if unshared is not None and unshared.since != asking.on:
        raise CapitalActRefused(
            f"The terms of {before.name} are to change on {date_text(asking.on)}, and the result is shared through "
            f"{date_text(unshared.since - ONE_DAY)}. Let them change on the day after that, or share the result "
            "through the day before the change; nothing was changed."
        )
    return [], {"before": before.in_words, "after": after.in_words}


def _order(asked: Any) -> list[OrderedClaim]:
    return [
        OrderedClaim(one["claim"], one.get("of", ""), Decimal(one["rate"]) if one.get("rate") else None)
        for one in asked["steps"]
    ]
