"""What moved in an investor's account with a fund since the beginning? It adds up to the money that the fund holds."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, Sum
from django.urls import reverse
from moneyed import Money

from commonweal.components import Fact
from commonweal.investor_portal.frame import Standing
from commonweal.templatetags.commonweal import day, money
from investors.domain.entries import due_to_investor, set_source
from investors.queries import Holding
from ledger.domain.entry import Kind
from ledger.domain.money import from_minor
from ledger.queries import postings

PRINCIPAL = "2410"
"""The line of the chart for participations in principal."""


OF_PAYOUTS = Q(entry__kind=Kind.PAYOUT) | Q(entry__reverses__isnull=False, entry__reverses__kind=Kind.PAYOUT)
"""What was paid out, less what came back."""


def account_facts(about: Standing, held_in: Sequence[Holding]) -> list[Fact]:
    """Paid in, lent, come back as principal, as interest or after a loss, and held; in one query.

    A reversal counts by what it does: principal that a repayment brought back counts as lent again. Interest that was
    made principal counts as come back, and lent again.
    """
    nought = from_minor(0, about.book.base_currency)
    lost, came_back = (sum((getattr(one, name) for one in held_in), nought) for name in ("lost", "came_back"))
    lent, debited, held, paid_in, sold, paid_out = _moved(about)
    returned = debited - lost
    interest = held - paid_in - sold + paid_out + lent - returned - came_back
    after_loss = [Fact("Came back after a loss", money(came_back), f"of {money(lost)} lost", number=True)]
    url = reverse("investor:cash") + about.query
    changed_hands = [Fact("For parts sold, less parts bought", money(sold), "with interest earned", url, number=True)]
    went_out = [Fact("Paid out to you", money(-paid_out), "with tax withheld", url, number=True)]
    return [
        Fact("Paid in", money(paid_in), "", url, number=True),
        Fact("Lent to borrowers", money(-lent), "your part of the loans", url, number=True),
        Fact("Principal that came back", money(returned), "", url, number=True),
        Fact("Interest that came back", money(interest), "", url, number=True),
        *(after_loss if lost or came_back else []),
        *(changed_hands if sold else []),
        *(went_out if paid_out else []),
        Fact(f"Held for you, {day(about.as_of)}", money(held), "", url, total=True),
    ]


def _moved(about: Standing) -> tuple[Money, Money, Money, Money, Money, Money]:
    """Credits and debits on the participations in principal, what is held, what of that no loan brought, what came in
    for parts that were sold, and what was paid out; what changed hands was not lent and has not come back."""
    mine = Q(account__subject__endswith=f"/{about.investor.code}", account__node__code=PRINCIPAL)
    lending = mine & ~Q(entry__source__startswith=set_source(""))
    cash = Q(account__code=due_to_investor(about.investor.code))
    sums = (
        postings(about.book)
        .filter(mine | cash, effective_on__lte=about.as_of)
        .aggregate(
            lent=Sum("amount", filter=lending & Q(amount__lt=0)),
            debited=Sum("amount", filter=lending & Q(amount__gt=0)),
            held=Sum("amount", filter=cash),
            paid_in=Sum("amount", filter=cash & ~Q(entry__kind__in=[Kind.APPORTIONMENT, Kind.SALE]) & ~OF_PAYOUTS),
            sold=Sum("amount", filter=cash & Q(entry__kind=Kind.SALE)),
            paid_out=Sum("amount", filter=cash & OF_PAYOUTS),
        )
    )
    amounts = {name: from_minor(minor or 0, about.book.base_currency) for name, minor in sums.items()}
    held, paid_in, sold = (-amounts[name] for name in ("held", "paid_in", "sold"))
    return -amounts["lent"], amounts["debited"], held, paid_in, sold, amounts["paid_out"]
