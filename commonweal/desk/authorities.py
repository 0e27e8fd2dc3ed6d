"""Who may approve up to which cost: the limits in force, how they were set, and setting another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from moneyed import Money

from commonweal.access.models import User
from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import staff_of
from commonweal.components import Link
from commonweal.desk.forms import offer, refusals_in, use_currency
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.documents.list_files import Sheet, download
from commonweal.form_fields import DayField, MoneyField, PlainForm
from commonweal.templatetags.commonweal import day, money
from loans.models import Authority, EventKind
from loans.services import HAVE_A_COST, set_authority
from loans.servicing_queries import authorities

if TYPE_CHECKING:
    from ledger.models import Book

SECTION, PAGE = "desk:proposals", "desk:authorities"
EVERYBODY = "Everybody else"


class LimitForm(PlainForm):
    """Who may approve what, up to which cost, from which day on."""

    kind = forms.ChoiceField(label="What is approved", choices=[(kind.value, kind.label) for kind in HAVE_A_COST])
    person = forms.ModelChoiceField(
        queryset=User.objects.none(),
        label="Who",
        empty_label="Everybody who has no limit of their own",
        help_text="Not you: a colleague sets your limit.",
        required=False,
    )
    limit = MoneyField(noun="the limit", label="Up to", help_text="Nought: nothing at all.")
    on = DayField(noun="the day from which it counts", label="Counts from")

    def __init__(self, *args: Any, book: Book, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use_currency(self, book.base_currency)
        offer(self, "person", staff_of(book).exclude(pk=by.pk).order_by("name"))


@dataclass(frozen=True, slots=True)
class InForce:
    """The limits of one person, or of everybody else, in the order of the kinds; None where there is none."""

    who: str
    limits: Sequence[Money | None]


def limits(request: PersonRequest, book: str) -> HttpResponse:
    """The limits in force on the business date, and every one that was ever set."""
    of = book_of(request, book)
    form = LimitForm(book=of, by=request.user, initial={"on": of.business_date})
    return download(request, _sheet(of)) or _page(request, of, form)


def authority_set(request: PersonRequest, book: str) -> HttpResponse:
    """Set another limit; the one before it stays in the record."""
    of = book_of(request, book)
    form = LimitForm(request.POST, book=of, by=request.user)
    if form.is_valid():
        with refusals_in(form):
            given = form.cleaned_data
            made = set_authority(
                book=of,
                kind=EventKind(given["kind"]),
                limit=given["limit"],
                on=given["on"],
                by=request.user,
                person=given["person"],
            )
            told = f"up to {money(made.limit_money)} from {day(made.effective_on)}"
            messages.success(request, f"{_who(made)} may approve a {made.get_kind_display().lower()} {told}.")
            return redirect(PAGE, of.code)
    return _page(request, of, form)


def _page(request: PersonRequest, book: Book, form: LimitForm) -> HttpResponse:
    every = list(authorities(book))
    context = {
        "kinds": [kind.label for kind in HAVE_A_COST],
        "in_force": _in_force(one for one in every if one.effective_on <= book.business_date),
        "every": [(one, _who(one)) for one in every],
        "form": form,
        "sign": sign(book),
        "why_not_set": why_not(request.user, "desk:authority-set", "POST", book=book.pk),
    }
    crumbs = [
        Link("Loans", reverse("desk:loans", args=[book.code])),
        Link("Proposals and requests", reverse(SECTION, args=[book.code])),
        Link("Limits"),
    ]
    return desk_page(request, "desk/acts/authorities.html", book, section=SECTION, crumbs=crumbs, context=context)


def _in_force(latest_first: Iterable[Authority]) -> list[InForce]:
    """A row for everybody else, then one for each person with a limit of their own."""
    found: dict[tuple[int, str], dict[str, Money]] = {(0, EVERYBODY): {}}
    for one in latest_first:
        found.setdefault((one.person_id or 0, _who(one)), {}).setdefault(one.kind, one.limit_money)
    ordered = sorted(found.items(), key=lambda row: (row[0][0] > 0, row[0][1], row[0][0]))
    return [InForce(name, [own.get(kind) for kind in HAVE_A_COST]) for (_, name), own in ordered]


def _who(one: Authority) -> str:
    return str(one.person) if one.person else EVERYBODY


def _sheet(book: Book) -> Sheet:
    headings = ("Counts from", "What", "Who", "Up to", "Set by", "Set at")
    rows = [
        (one.effective_on, one.get_kind_display(), _who(one), one.limit_money, str(one.set_by), one.set_at.date())
        for one in authorities(book)
    ]
    return Sheet(f"limits-{book.code}-{book.business_date}", headings, rows)
