"""Every component once in each state, for those who build pages and for the tests that look at them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component; `?density=comfortable` shows them as the portals do."""
    return render(request, "public/styleguide.html", {})
