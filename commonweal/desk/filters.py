"""Saving a list as it is narrowed now, and forgetting it again."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from commonweal.access.filters import forget_filter, save_filter
from commonweal.access.requests import PersonRequest
from commonweal.desk.frame import book_of

PAGES = ("loans", "arrears")
KEPT = ("status", "sector", "region", "product", "words", "sort")
"""What of an address is kept: never the date, so that a saved list is as at the day on which it is looked at."""

LONGEST_NAME, LONGEST_QUERY = 60, 500


def kept_query(request: PersonRequest) -> str:
    """What the address asks for, as it would be saved."""
    return _kept([(name, request.GET.get(name, "")) for name in KEPT])


def filter_save(request: PersonRequest, book: str) -> HttpResponse:
    """Keep the list that the form was sent from under a name."""
    of = book_of(request, book)
    page, name = _named(request)
    query = _kept(parse_qsl(request.POST.get("query", "")[: 2 * LONGEST_QUERY]))
    if not name.isprintable() or not 0 < len(name) <= LONGEST_NAME:
        messages.error(request, f"Give the list a name of up to {LONGEST_NAME} letters. Nothing was saved.")
    elif not query or len(query) > LONGEST_QUERY:
        messages.error(request, "Narrow or order the list first; as it is, there is nothing to save.")
    else:
        save_filter(user=request.user, book=of, page=page, name=name, query=query)
        messages.success(request, f"The list is saved as {name}.")
    return redirect(_address(of.code, page, query))


def filter_forget(request: PersonRequest, book: str) -> HttpResponse:
    """Forget one of one's own lists."""
    of = book_of(request, book)
    page, name = _named(request)
    if forget_filter(user=request.user, book=of, page=page, name=name):
        messages.success(request, "The saved list is forgotten; the loans are as they were.")
    return redirect(_address(of.code, page, ""))


def _named(request: PersonRequest) -> tuple[str, str]:
    """The page that a list is of, and its name with single blanks."""
    page = request.POST.get("page", "")
    return page if page in PAGES else PAGES[0], " ".join(request.POST.get("name", "").split())


def _kept(asked: list[tuple[str, str]]) -> str:
    return urlencode([(name, value) for name, value in asked if name in KEPT and value])


def _address(book: str, page: str, query: str) -> str:
    return f"{reverse(f'desk:{page}', args=[book])}{'?' if query else ''}{query}"
