"""Who funds a loan: each lender's part in words, and the parts as a bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.safestring import SafeString
from moneyed import Money

from commonweal.documents import charts, svg
from commonweal.templatetags.commonweal import percent
from investors.domain.entries import participation_in_principal
from investors.queries import Holding, holdings_in
from ledger import queries as ledger
from loans.models import Loan

MOST_PARTS = len(svg.SERIES)
"""More lenders than this are drawn as bars of their own, each with its name."""


@dataclass(frozen=True, slots=True)
class ShareShown:
    """One lender's part of a loan; `amount` is its principal, or what it has agreed to lend while nothing is drawn."""

    rank: int
    name: str
    kind: str
    share: Decimal
    amount: Money
    url: str
    own_terms: str
    css: str
    """The class of its colour in the bar; empty where there are too many for one bar."""


def shares_of(loan: Loan, as_of: date, *, is_drawn: bool) -> list[ShareShown]:
    """The lenders by rank, each with its part and the way to the entries that make it."""
    found = holdings_in(loan, as_of)
    codes = [participation_in_principal(loan.reference, one.investor.code) for one in found]
    accounts = dict(ledger.accounts(loan.book).filter(code__in=codes).values_list("code", "pk"))
    colours = [css for _, css in svg.SERIES] if len(found) <= MOST_PARTS else [""] * len(found)
    return [
        _shown(loan, one, accounts.get(code) if is_drawn else None, as_of, css)
        for one, code, css in zip(found, codes, colours, strict=False)
    ]


def share_bar(shares: Sequence[ShareShown], prefix: str) -> SafeString | str:
    """The parts side by side; the names stand in the list beneath."""
    if not shares:
        return ""
    title = ", ".join(f"{one.name} funds {percent(one.share, 1)} at rank {one.rank}" for one in shares)
    if len(shares) > MOST_PARTS:
        return charts.bars(prefix, title=title, rows=[_bar(one, one.name) for one in shares])
    return charts.share_bar(prefix, title=title, rows=[_bar(one) for one in shares])


def share_of(one: Holding) -> Decimal:
    """A lender's part of a loan as a fraction."""
    return Decimal(one.share.numerator) / Decimal(one.share.denominator)


def _bar(one: ShareShown, name: str = "") -> charts.Bar:
    return charts.Bar(name, one.share, percent(one.share, 0))


def _shown(loan: Loan, one: Holding, account: int | None, as_of: date, css: str) -> ShareShown:
    url = f"{reverse('desk:account', args=[loan.book.code, account])}?to={as_of}" if account else ""
    kind = f"{one.investor.get_kind_display()}, rank {one.rank} of {one.ranks}"
    amount = one.principal if account else one.participation
    return ShareShown(one.rank, str(one.investor), kind, share_of(one), amount, url, one.own_terms, css)
