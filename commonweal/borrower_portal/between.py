"""Which business, and which fund? Somebody may act for several, so pages that are about one pair let them choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import Http404

from commonweal.access.requests import PersonRequest
from commonweal.access.scope import applications_for, loans_for

if TYPE_CHECKING:
    from borrowers.models import Organisation
    from ledger.models import Book


@dataclass(frozen=True, slots=True)
class Between:
    """A business and a fund that deal with each other."""

    book: Book
    organisation: Organisation

    @property
    def query(self) -> str:
        """The query string that keeps the page at these two."""
        return f"?{urlencode({'fund': self.book.code, 'business': str(self.organisation.pk)})}"


def pairs(request: PersonRequest) -> list[Between]:
    """Each fund that each of the person's businesses deals with."""
    lent = loans_for(request.user).select_related("book", "organisation").order_by("approved_on", "pk")
    asked = applications_for(request.user).select_related("book", "organisation").order_by("applied_on", "pk")
    found = [Between(one.book, one.organisation) for one in lent]
    found += [Between(one.book, one.organisation) for one in asked]
    return list(dict.fromkeys(found))


def chosen_of(request: PersonRequest, every: list[Between]) -> Between | None:
    """The pair that the address names, or the first one. Raises Http404 for one that is not the person's."""
    fund, business = request.GET.get("fund"), request.GET.get("business")
    found = [
        one
        for one in every
        if (not fund or one.book.code == fund) and (not business or str(one.organisation.pk) == business)
    ]
    if every and not found:
        raise Http404
    return found[0] if found else None


def others(every: list[Between], chosen: Between) -> list[tuple[Between, bool]]:
    """What can be chosen from, with what is; nothing where there is no choice."""
    return [(one, one == chosen) for one in every] if len(every) > 1 else []
