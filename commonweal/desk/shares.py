"""Who funds a loan: each lender's part in words, and the parts as a bar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.safestring import SafeString
from moneyed import Money

from commonweal.documents import charts
from commonweal.templatetags.commonweal import percent
from investors.queries import Holding, holdings_in
from ledger import queries as ledger
from loans.models import Loan

MOST_PARTS = 3
"""More lenders than this are drawn as bars of their own."""


@dataclass(frozen=True, slots=True)
class ShareShown:
    """One lender's part of a loan."""

    rank: int
    name: str
    kind: str
    share: Decimal
    principal: Money
    url: str


def shares_of(loan: Loan, as_of: date) -> list[ShareShown]:
    """The lenders by rank, each with its part of the principal and the way to the entries that make it."""
    found = holdings_in(loan, as_of)
    codes = {f"2410/{loan.reference}/{one.investor.code}" for one in found}
    accounts = dict(ledger.accounts(loan.book).filter(code__in=codes).values_list("code", "pk"))
    return [_shown(loan, one, accounts, as_of) for one in found]


def share_bar(loan: Loan, as_of: date) -> SafeString | str:
    """The parts side by side."""
    found = holdings_in(loan, as_of)
    if not found:
        return ""
    title = ", ".join(f"{one.investor} funds {percent(share_of(one), 1)} at rank {one.rank}" for one in found)
    rows = [charts.Bar(str(one.investor), share_of(one), percent(share_of(one), 0)) for one in found]
    draw = charts.share_bar if len(rows) <= MOST_PARTS else charts.bars
    return draw(f"funders-{loan.pk}", title=title, rows=rows)


def _shown(loan: Loan, one: Holding, accounts: dict[str, int], as_of: date) -> ShareShown:
    account = accounts.get(f"2410/{loan.reference}/{one.investor.code}")
    url = f"{reverse('desk:account', args=[loan.book.code, account])}?to={as_of}" if account else ""
    kind = f"{one.investor.get_kind_display()}, rank {one.rank} of {one.ranks}"
    return ShareShown(one.rank, str(one.investor), kind, share_of(one), one.principal, url)


def share_of(one: Holding) -> Decimal:
    """A lender's part of a loan as a fraction."""
    return Decimal(one.share.numerator) / Decimal(one.share.denominator)
