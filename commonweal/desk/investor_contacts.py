"""The people at an investor: who they are, how they are reached, who gets notices, and who acts in the portal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from commonweal.access.models import InvestorMembership
from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.components import Link
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import book_of, desk_page
from commonweal.desk.investors import investor_of
from commonweal.documents.list_files import Sheet, download
from commonweal.form_fields import PlainForm
from commonweal.jobs.refusals import REFUSALS
from investors.domain.contacts import ContactRole
from investors.models import Investor, InvestorContact
from investors.queries import contacts_of
from investors.services import Particulars, end_contact, keep_contact

if TYPE_CHECKING:
    from ledger.models import Book

HERE = "desk:investor-contacts"
HEADINGS = ("Name", "Role", "E-mail", "Phone", "Gets notices", "Acts in the portal")


class ContactForm(PlainForm):
    """A person, how they are reached, and whether notices are told to them."""

    name = forms.CharField(label="Name", max_length=200)
    role = forms.ChoiceField(label="Role", choices=[(role.value, role.words) for role in ContactRole])
    email = forms.EmailField(label="E-mail")
    phone = forms.CharField(label="Phone", max_length=40, required=False)
    gets_notices = forms.BooleanField(label="Gets notices of capital calls and distributions", required=False)


def contacts(request: PersonRequest, book: str, investor: int) -> HttpResponse:
    """The people, a form for another, or with `?change=` for what changed of one."""
    of = book_of(request, book)
    found = investor_of(request, of, investor)
    rows = list(contacts_of(found))
    portal = _portal(found)
    if file := download(request, _sheet(found, rows, portal)):
        return file
    changed = _changed(request, rows)
    form = ContactForm(request.POST or None, initial=_initial(changed))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            said = Particulars(**form.cleaned_data | {"role": ContactRole(form.cleaned_data["role"])})
            made = keep_contact(investor=found, said=said, replaces=changed, by=request.user)
            messages.success(request, f"{made.name} is kept as a contact of {found}.")
            return redirect(HERE, of.code, found.pk)
    context = {
        "investor": found,
        "rows": [(one, _role_there(portal, one)) for one in rows],
        "others": [one for email, one in portal.items() if email not in {row.email.lower() for row in rows}],
        "form": form,
        "changed": changed,
        "why_not": why_not(request.user, HERE, "POST", book=of.pk),
    }
    crumbs = _crumbs(of, found)
    return desk_page(
        request, "desk/investors/contacts.html", of, section="desk:investors", crumbs=crumbs, context=context
    )


def contact_end(request: PersonRequest, book: str, investor: int, investor_contact: int) -> HttpResponse:
    """Say that somebody is no contact any more."""
    of = book_of(request, book)
    found = investor_of(request, of, investor)
    contact = get_object_or_404(InvestorContact.objects.filter(investor=found), pk=investor_contact)
    try:
        end_contact(contact=contact, by=request.user)
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{contact.name} is no contact of {found} any more.")
    return redirect(HERE, of.code, found.pk)


def _portal(investor: Investor) -> dict[str, InvestorMembership]:
    """Who reads or acts for the investor in the portal, by e-mail address in small letters."""
    there = InvestorMembership.objects.filter(investor=investor, user__is_active=True).select_related("user")
    return {one.user.email.lower(): one for one in there.order_by("pk")}


def _role_there(portal: dict[str, InvestorMembership], contact: InvestorContact) -> str:
    """What a contact may do in the portal; nothing where it has no access."""
    found = portal.get(contact.email.lower())
    return found.get_role_display() if found else ""


def _changed(request: PersonRequest, rows: list[InvestorContact]) -> InvestorContact | None:
    asked = request.POST.get("change") or request.GET.get("change", "")
    return next((one for one in rows if str(one.pk) == asked), None)


def _initial(changed: InvestorContact | None) -> dict[str, Any]:
    names = ContactForm.base_fields
    return {name: getattr(changed, name) for name in names} if changed else {}


def _sheet(investor: Investor, rows: list[InvestorContact], portal: dict[str, InvestorMembership]) -> Sheet:
    def yes(is_so: bool) -> str:
        return "yes" if is_so else "no"

    listed = [
        (
            one.name,
            one.get_role_display(),
            one.email,
            one.phone,
            yes(one.gets_notices),
            yes(one.email.lower() in portal),
        )
        for one in rows
    ]
    return Sheet(f"contacts-{investor.code}", HEADINGS, listed)


def _crumbs(book: Book, investor: Investor) -> list[Link]:
    return [
        Link("Investors", reverse("desk:investors", args=[book.code])),
        Link(investor.name, reverse("desk:investor", args=[book.code, investor.pk])),
        Link("Contacts"),
    ]
