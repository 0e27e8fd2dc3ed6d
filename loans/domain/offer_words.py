"""What does a product bring, in a sentence to a person? `Equal principal, monthly, no instalment in January.`"""

from __future__ import annotations

from calendar import month_name
from collections.abc import Iterator, Sequence

from loans.domain.allocation import OLDEST_INSTALMENT_FIRST
from loans.domain.calendar import Interval
from loans.domain.conventions import Amortisation, InterestMethod
from loans.domain.fees import percent_text
from loans.domain.offer import Brings, Link, Offer
from loans.domain.servicing import FlatSettlement, Prepayment

KINDS = {
    Amortisation.ANNUITY: "Level instalments",
    Amortisation.EQUAL_PRINCIPAL: "Equal principal",
    Amortisation.GIVEN_PAYMENT: "A given payment",
    Amortisation.BULLET: "Interest only, principal at the end",
}
APART = {1: "monthly", 3: "quarterly", 6: "every half-year", 12: "yearly"}
PREPAID = {
    Prepayment.NEXT_INSTALMENT: "money paid early pays what falls due next",
    Prepayment.LAST_INSTALMENT: "money paid early shortens the end, instalments stay",
    Prepayment.SHORTER_TERM: "money paid early shortens the term",
    Prepayment.LOWER_PAYMENT: "money paid early lowers the instalments",
}
SETTLED = {
    FlatSettlement.RULE_OF_78: "settled early by the rule of 78",
    FlatSettlement.NO_REBATE: "no rebate of interest when settled early",
}


def offer_in_words(offer: Offer) -> str:
    """What a product brings, in one sentence; its limits and price are figures of their own.

    >>> from moneyed import Money
    >>> offer_in_words(Offer(amounts=(Money(1, "GBP"), Money(2, "GBP")), months=(1, 2)))
    'Level instalments, monthly; money paid early pays what falls due next.'
    """
    currency = str(offer.amounts[0].currency.code)
    said = [", ".join(_repayment(offer.brings)), *_lateness(offer.brings)]
    said += [fee.in_words(currency) for fee in offer.fees]
    return f"{'; '.join(said)}."


def link_in_words(link: Link) -> str:
    """How a rate follows its index.

    >>> from decimal import Decimal
    >>> from loans.domain.linked_rates import LinkedRate
    >>> link_in_words(Link("bank-rate", LinkedRate(Decimal("0.03"), floor=Decimal("0.05")), 14))
    'bank-rate + 3%, at least 5%, told 14 days before'
    """
    rate = link.rate
    said = [f"{link.index} {'−' if rate.margin < 0 else '+'} {percent_text(abs(rate.margin))}"]
    said += [f"at least {percent_text(rate.floor)}"] if rate.floor is not None else []
    said += [f"at most {percent_text(rate.cap)}"] if rate.cap is not None else []
    said += [f"set anew {interval_in_words(link.resets_every)}"] if link.resets_every else []
    said += [f"told {link.notice_days} days before"] if link.notice_days else []
    return ", ".join(said)


def interval_in_words(every: Interval) -> str:
    """How far instalments lie apart."""
    return APART.get(every.months, f"every {every.months} months")


def _repayment(brings: Brings) -> Iterator[str]:
    yield KINDS[brings.amortisation]
    yield interval_in_words(brings.every)
    if brings.interest_method is InterestMethod.FLAT:
        yield "flat interest"
    if brings.interest_only_periods:
        yield f"up to {brings.interest_only_periods} interest-only periods"
    if brings.months_without:
        paid = "instalment" if brings.amortisation is Amortisation.ANNUITY else "principal"
        yield f"no {paid} in {_listed([month_name[month] for month in sorted(set(brings.months_without))])}"


def _lateness(brings: Brings) -> Iterator[str]:
    servicing = brings.servicing
    if servicing.allocation != OLDEST_INSTALMENT_FIRST:
        yield f"money pays {_listed([str(component) for component in servicing.allocation.components], 'then')}"
    yield PREPAID[servicing.prepayment]
    if late := servicing.default_interest:
        on = "principal and interest" if late.on_interest else "principal"
        grace = f" after {late.grace_days} days of grace" if late.grace_days else ""
        yield f"{percent_text(late.annual_rate)} default interest on late {on}{grace}"
    if brings.interest_method is InterestMethod.FLAT and servicing.flat_settlement in SETTLED:
        yield SETTLED[servicing.flat_settlement]


def _listed(words: Sequence[str], last: str = "and") -> str:
    return f" {last} ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]
