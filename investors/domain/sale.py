"""A lender sells its part of a loan, or a piece of it: who shares it then, and what of the interest goes along?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from moneyed import Money

from investors.domain.errors import TransferRefused
from investors.domain.exact import cut, exactly, whole_units
from investors.domain.own_terms import own_terms_text
from investors.domain.participation import Participation, ParticipationSet
from ledger.domain.money import from_minor, to_minor
from ledger.domain.words import date_text, money_text


class PaidHow(StrEnum):
    """Which way the price goes from the buyer to the seller."""

    HELD = "held"
    DIRECTLY = "directly"

    @property
    def words(self) -> str:
        """The way in a sentence."""
        return _WAYS[self]


_WAYS = {
    PaidHow.HELD: "Out of the money that the fund holds for the buyer, into what it holds for the seller.",
    PaidHow.DIRECTLY: "By the buyer to the seller directly; the fund’s books do not see it.",
}


@dataclass(frozen=True, slots=True)
class Sale:
    """`amount` of the seller's participation in a loan is the buyer's from a day on; investors by code."""

    seller: str
    buyer: str
    amount: Money
    on: date


def after_sale(before: ParticipationSet, sale: Sale) -> ParticipationSet:
    """The participations once a sale counts: the buyer has what it bought on the seller's terms and at its rank.

    Raises TransferRefused for a buyer who is the seller, for nothing or more than the seller has, and for a buyer who
    takes part already on other terms.
    """
    has = {one.investor: one for one in before.participations}
    seller, buyer = _seller(before, sale, has.get(sale.seller)), has.get(sale.buyer)
    bought = replace(seller, investor=sale.buyer, amount=sale.amount)
    if buyer is not None:
        _refuse_other_terms(before.loan, seller, buyer)
        bought = replace(buyer, amount=buyer.amount + sale.amount)
    left = [replace(seller, amount=seller.amount - sale.amount)] if seller.amount > sale.amount else []
    others = [one for code, one in has.items() if code not in (sale.seller, sale.buyer)]
    return replace(before, effective_on=sale.on, participations=(*others, *left, bought))


def _seller(before: ParticipationSet, sale: Sale, seller: Participation | None) -> Participation:
    """The seller's part, which is at least what it sells."""
    if sale.buyer == sale.seller:
        raise TransferRefused(f"{sale.seller} cannot sell to itself. Choose another buyer; nothing was changed.")
    if sale.amount.currency != before.whole.currency or not sale.amount.amount > 0:
        raise TransferRefused(
            f"{money_text(sale.amount)} of a participation in {before.loan} cannot be sold. "
            f"Give a positive amount in {before.whole.currency.code}; nothing was changed."
        )
    holds = seller.amount if seller else 0 * before.whole
    if seller is None or sale.amount > holds:
        raise TransferRefused(
            f"{sale.seller} takes part in {before.loan} with {money_text(holds)} on {date_text(sale.on)}, "
            f"{money_text(sale.amount - holds)} less than {money_text(sale.amount)}. Sell less; nothing was changed."
        )
    return seller


def _refuse_other_terms(loan: str, seller: Participation, buyer: Participation) -> None:
    if replace(seller, investor="X", amount=buyer.amount) != replace(buyer, investor="X"):
        raise TransferRefused(
            f"{buyer.investor} takes part in {loan} already, {_terms(buyer)}, and {seller.investor} sells a part "
            f"{_terms(seller)}. One lender has one part on one set of terms: sell to another; nothing was changed."
        )


def _terms(one: Participation) -> str:
    own = own_terms_text(one.annual_rate, one.servicing_fee, one.principal_from)
    return f"at rank {one.rank} ({own or 'on the terms of the loan'})"


def interest_sold(accrued: Money, earned: Mapping[str, int], part: Fraction, seller: str) -> Money:
    """What the seller has earned, with the part that it sells, of interest that is not due by the day of the sale.

    `accrued` is all that the loan has earned and that is not due; `earned` says in which proportion.
    """
    currency = accrued.currency.code
    whole = exactly(to_minor(accrued.amount, currency))
    exact = int(cut(whole, earned).get(seller, 0) * part)
    return from_minor(whole_units({seller: exact, "": whole - exact})[seller], currency)


def sale_sha256(*facts: object) -> str:
    """The fingerprint of what was proposed, as the database works it out too: its facts, one on a line."""
    return hashlib.sha256("\n".join(map(str, facts)).encode()).hexdigest()
