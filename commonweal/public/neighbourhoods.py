"""What do residents of a neighbourhood want, and which loans answer it? For anybody, as far as nobody can be told."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from ledger.domain.money import from_minor
from loans.neighbourhoods import neighbourhood_page, shown_as_of, shown_neighbourhoods

AT_ONCE = 50


@require_GET
def neighbourhoods(request: HttpRequest) -> HttpResponse:
    """The neighbourhoods that funds show, by name."""
    page = Paginator(shown_neighbourhoods(), AT_ONCE).get_page(request.GET.get("page"))
    return render(request, "public/neighbourhoods.html", {"page": page})


@require_GET
def neighbourhood(request: HttpRequest, neighbourhood: int) -> HttpResponse:
    """One neighbourhood: priorities, the loans whose businesses agreed, and numbers that are large enough."""
    found = get_object_or_404(shown_neighbourhoods(), pk=neighbourhood)
    page = neighbourhood_page(found, shown_as_of(found.book))
    priorities = [
        (
            shown.priority,
            [(one, from_minor(one.lent, one.loan.currency)) for one in shown.named],
            shown.others,
        )
        for shown in page.priorities
    ]
    context = {
        "found": found,
        "page": page,
        "priorities": priorities,
        "lent_others": from_minor(page.inside.lent_others, found.book.base_currency),
    }
    return render(request, "public/neighbourhood.html", context)
