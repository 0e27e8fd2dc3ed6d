"""What moved in an investor's account with a fund since the beginning? It adds up to the money that the fund holds."""

from __future__ import annotations

from django.db.models import Q, Sum
from django.urls import reverse
from moneyed import Money

from commonweal.components import Fact
from commonweal.investor_portal.frame import Standing
from commonweal.templatetags.commonweal import day, money
from investors.domain.entries import due_to_investor
from ledger.domain.money import from_minor
from ledger.queries import postings

PRINCIPAL, INTEREST, HELD = "2410", "2420", "2510"
"""Lines of the chart: participations in principal and in interest, and what is due to investors."""


def account_facts(about: Standing) -> list[Fact]:
    """Paid in, lent, come back as principal and as interest, and held; in one query.

    A reversal counts by what it does: principal that a repayment brought back counts as lent again.
    """
    moved = _moved(about)
    lent, returned = moved[PRINCIPAL]
    _, interest = moved[INTEREST]
    added, taken = moved[HELD]
    held = added - taken
    paid_in = held + lent - returned - interest
    url = reverse("investor:cash") + about.query
    return [
        Fact("Paid in", money(paid_in), "less what was paid out to you", url, number=True),
        Fact("Lent to borrowers", money(-lent), "your part of the loans", url, number=True),
        Fact("Principal that came back", money(returned), "", url, number=True),
        Fact("Interest that came back", money(interest), "", url, number=True),
        Fact(f"Held for you, {day(about.as_of)}", money(held), "", url, total=True),
    ]


def _moved(about: Standing) -> dict[str, tuple[Money, Money]]:
    """Credits and debits on the investor's accounts by line of the chart, up to the date."""
    mine = Q(account__subject__endswith=f"/{about.investor.code}", account__node__code__in=(PRINCIPAL, INTEREST))
    cash = Q(account__code=due_to_investor(about.investor.code))
    found = (
        postings(about.book)
        .filter(mine | cash, effective_on__lte=about.as_of)
        .values("account__node__code")
        .annotate(credits=Sum("amount", filter=Q(amount__lt=0)), debits=Sum("amount", filter=Q(amount__gt=0)))
    )
    sums = {row["account__node__code"]: (-(row["credits"] or 0), row["debits"] or 0) for row in found}
    currency = about.book.base_currency
    return {
        line: (from_minor(sums.get(line, (0, 0))[0], currency), from_minor(sums.get(line, (0, 0))[1], currency))
        for line in (PRINCIPAL, INTEREST, HELD)
    }
