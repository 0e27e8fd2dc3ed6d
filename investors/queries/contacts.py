"""Whom does a fund write and talk to at an investor?"""

from __future__ import annotations

from django.db.models import QuerySet

from investors.models import Investor, InvestorContact


def contacts_of(investor: Investor) -> QuerySet[InvestorContact]:
    """The people who count now, by name."""
    found = InvestorContact.objects.filter(investor=investor, replaced_by__isnull=True, ended=False)
    return found.select_related("said_by").order_by("name", "pk")
