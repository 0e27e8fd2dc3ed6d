"""Products at the desk: what the fund offers, each with its versions, and making the next one with a preview."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.components import Fact, Link
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.desk.preview import Preview, preview_of
from commonweal.desk.product_form import ProductForm, VersionForm, initial_of
from commonweal.desk.product_words import brings, limits_in_words, price_in_words
from commonweal.documents.list_files import Sheet, download
from loans import queries, services
from loans.bank_holidays import calendar_days
from loans.domain.calendar import add_months
from loans.domain.conventions import Amortisation
from loans.domain.offer import AS_USUAL, Asked, Offer, terms_for
from loans.domain.offer_words import offer_in_words
from loans.models import Product, ProductVersion

if TYPE_CHECKING:
    from ledger.models import Book

SECTION = "desk:products"


def products(request: PersonRequest, book: str) -> HttpResponse:
    """What the fund offers on its business date."""
    of = book_of(request, book)
    found = list(queries.versions_in_force(of, of.business_date))
    headings = ("Product", "Limits", "Price", "What it brings", "Version", "In force from")
    rows = [
        (v.product.name, limits_in_words(v), price_in_words(v), brings(v), v.version, v.effective_on) for v in found
    ]
    if file := download(request, Sheet(f"products-{of.code}", headings, rows)):
        return file
    context = {
        "rows": [(version, row) for version, row in zip(found, rows, strict=True)],
        "new_url": reverse("desk:product-new", args=[of.code]),
        "why_not_new": why_not(request.user, "desk:product-new", "POST", book=of.pk),
    }
    return desk_page(request, "desk/products/list.html", of, section=SECTION, context=context)


def product(request: PersonRequest, book: str, product: int) -> HttpResponse:
    """One product with all its versions, the latest first."""
    of = book_of(request, book)
    found = _product_of(of, product)
    versions = list(queries.versions_of(found).order_by("-version"))
    in_force = [version for version in versions if version.effective_on <= of.business_date]
    context = {
        "product": found,
        "versions": [(version, _facts(version), version in in_force[:1]) for version in versions],
        "change_url": reverse("desk:product-change", args=[of.code, found.pk]),
        "why_not_change": why_not(request.user, "desk:product-change", "POST", book=of.pk),
    }
    return desk_page(
        request, "desk/products/product.html", of, section=SECTION, crumbs=_crumbs(of, found.name), context=context
    )


def product_new(request: PersonRequest, book: str) -> HttpResponse:
    """Offer a product; "Work out an example" only shows what its first loan would be."""
    of = book_of(request, book)
    usual = {"effective_on": of.business_date, "interest_only_periods": 0, "calendar": AS_USUAL.calendar}
    usual |= {"day_count": str(AS_USUAL.day_count)}
    form = ProductForm(request.POST or None, book=of, initial=usual)
    context: dict[str, Any] = {"form": form, "heading": "New product"}
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            offer = form.offer()
            if "work_out" in request.POST:
                context |= _example(of, offer)
            else:
                made = _offer(of, form, offer, request)
                messages.success(request, f"{made} is offered from the day that you named.")
                return redirect("desk:product", of.code, made.pk)
    return _edit(request, of, _crumbs(of, "New product"), context)


def product_change(request: PersonRequest, book: str, product: int) -> HttpResponse:
    """The next version of a product; what was agreed before stays as it was."""
    of = book_of(request, book)
    found = _product_of(of, product)
    latest = queries.versions_of(found).order_by("-version")[0]
    first_day = max(latest.effective_on, of.business_date)
    initial = initial_of(queries.offer_of(latest)) | {"effective_on": first_day}
    form = VersionForm(request.POST or None, book=of, initial=initial)
    context: dict[str, Any] = {"form": form, "product": found, "heading": f"Change {found}"}
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            offer = form.offer()
            if "work_out" in request.POST:
                context |= _example(of, offer)
            else:
                on = form.cleaned_data["effective_on"]
                made = services.change_product(product=found, offer=offer, effective_on=on, by=request.user)
                messages.success(request, f"{made}, is kept. Applications and loans made before keep theirs.")
                return redirect("desk:product", of.code, found.pk)
    crumbs = _crumbs(of, found.name, reverse("desk:product", args=[of.code, found.pk]), "Change")
    return _edit(request, of, crumbs, context)


def _offer(book: Book, form: ProductForm, offer: Offer, request: PersonRequest) -> Product:
    given = form.cleaned_data
    return services.offer_product(
        book=book,
        code=given["code"],
        name=given["name"],
        amounts=offer.amounts,
        months=offer.months,
        annual_rate=offer.annual_rate,
        payment_prefix=given["payment_prefix"],
        day_count=offer.brings.day_count,
        calendar=offer.brings.calendar,
        more=services.More(offer.brings, offer.link, offer.fees, given["effective_on"]),
        by=request.user,
    )


def _edit(request: PersonRequest, book: Book, crumbs: list[Link], context: dict[str, Any]) -> HttpResponse:
    page = context | {"sign": sign(book)}
    return desk_page(request, "desk/products/edit.html", book, section=SECTION, crumbs=crumbs, context=page)


def _example(book: Book, offer: Offer) -> dict[str, Any]:
    """What a loan of the greatest amount over the longest term would be. Raises ImpossibleTerms."""
    return {"preview": _preview(book, offer), "in_words": offer_in_words(offer)}


def _preview(book: Book, offer: Offer) -> Preview:
    every = offer.brings.every.months
    months = offer.months[1] - offer.months[1] % every or every
    first = add_months(book.business_date, every)
    rate = offer.annual_rate if offer.annual_rate is not None else offer.link.rate.margin if offer.link else None
    asked = Asked(offer.amounts[1], rate, months, first)
    if offer.brings.amortisation is Amortisation.GIVEN_PAYMENT:
        asked = replace(asked, payment=round(offer.amounts[1].amount * every / months, 2))
    return preview_of(terms_for(offer, asked, rate or Decimal(0), calendar_days), "preview")


def _product_of(book: Book, pk: int) -> Product:
    """The product in the address, if it is one of the book's; otherwise the page does not exist."""
    return get_object_or_404(queries.products(book), pk=pk)


def _crumbs(book: Book, label: str, url: str = "", below: str = "") -> list[Link]:
    return [Link("Products", reverse(SECTION, args=[book.code])), Link(label, url), *([Link(below)] if below else [])]


def _facts(version: ProductVersion) -> list[Fact]:
    return [
        Fact("Limits", limits_in_words(version)),
        Fact("Price", price_in_words(version).capitalize() if not version.index_id else price_in_words(version)),
        Fact("What it brings", brings(version)),
        Fact("Interest", f"{version.brings['day_count'].upper()}, bank holidays of {version.brings['calendar']}"),
        Fact("Made by", str(version.made_by) if version.made_by_id else "Not known: makers were recorded only later"),
    ]
