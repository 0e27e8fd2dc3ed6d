"""Who may log in: colleagues, and the people of a business or an investor; inviting them, and ending it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from commonweal.access.invitations import (
    ROLES,
    Invited,
    decline_invitation,
    invitations,
    invite,
    members_of,
    side_of,
    waiting_invitations,
)
from commonweal.access.memberships import end_access
from commonweal.access.models import AccessChange, InvestorRole, Invitation, StaffRole
from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import investors_for, organisations_for
from commonweal.components import Link
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import book_of, desk_page
from commonweal.documents.list_files import Sheet, download
from commonweal.form_fields import PlainForm
from commonweal.jobs.people import approve_invitation
from commonweal.jobs.refusals import REFUSALS

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

    from ledger.models import Book

HERE = {"book": "desk:people", "organisation": "desk:people-of-business", "investor": "desk:people-of-investor"}
SHOWN = 50
"""So many changes stand on a page; all of them are in its downloads."""

LABELS = {value: label for role in (StaffRole, InvestorRole) for value, label in role.choices}


class InviteForm(PlainForm):
    """Who is invited, and to do what."""

    name = forms.CharField(label="Name", max_length=200)
    email = forms.EmailField(label="E-mail address", help_text="The way in is sent there, to nobody else.")
    role = forms.ChoiceField(label="May", widget=forms.RadioSelect)

    def __init__(self, *args: Any, side: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        field.choices = [(role, LABELS[role]) for role in ROLES[side]]  # type: ignore[attr-defined]
        field.label = "As" if side == "book" else "May"
        if len(ROLES[side]) == 1:
            field.widget, field.initial = forms.HiddenInput(), ROLES[side][0]


class DecideForm(PlainForm):
    """What was decided, and why where it is a no."""

    decision = forms.ChoiceField(
        label="Decide", choices=(("approve", "Let them in"), ("decline", "Decline")), widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="Why not", help_text="Only if you decline.", max_length=300, required=False, widget=forms.TextInput
    )


def people(
    request: PersonRequest, book: str, organisation: int | None = None, investor: int | None = None
) -> HttpResponse:
    """Who may log in and what for, whom else to invite, and who could before."""
    of = book_of(request, book)
    to = _party(request, organisation, investor)
    side, here = side_of(to), _url(of, to)
    changes = AccessChange.objects.filter(**{side: to or of}).select_related("user", "by").order_by("-pk")
    if file := download(request, _sheet(of, to, changes)):
        return file
    form = InviteForm(request.POST or None, side=side)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            made = invite(book=of, to=to, **form.cleaned_data, by=request.user)
            messages.success(request, f"{made.name} is invited once a colleague has approved it.")
            return redirect(here)
    context = {
        "to": to,
        "side": side,
        "members": members_of(to, of),
        "waiting": _waiting(of, to),
        "changes": list(changes[:SHOWN]),
        "form": form,
        "why_not": why_not(request.user, HERE[side], "POST", book=of.pk),
        "why_not_end": why_not(request.user, "desk:person-end", "POST", book=of.pk),
    }
    return desk_page(request, "desk/people/list.html", of, section="", crumbs=_crumbs(of, to), context=context)


def person_end(request: PersonRequest, book: str, person: int) -> HttpResponse:
    """End what somebody may see: of a business or an investor where one is named, else of the book."""
    of = book_of(request, book)
    to = _party(request, _named(request, "organisation"), _named(request, "investor"))
    found = get_object_or_404(members_of(to, of), user=person)
    try:
        end_access(user=found.user, side=side_of(to), of=to or of, by=request.user)
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{found.user} has no access to {to or of} any more.")
    return redirect(_url(of, to))


def invitation(request: PersonRequest, book: str, invitation: int) -> HttpResponse:
    """One invitation, for whoever decides it."""
    of = book_of(request, book)
    found: Invitation = get_object_or_404(invitations(of), pk=invitation)
    to = found.organisation or found.investor
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            if form.cleaned_data["decision"] == "approve":
                approve_invitation(invitation=found, shown_sha256=request.POST.get("sha256", ""), by=request.user)
                messages.success(request, f"{found.name} is let in, and an e-mail with the way is on its way.")
            else:
                decline_invitation(invitation=found, reason=form.cleaned_data["reason"], by=request.user)
                messages.success(request, f"{found.name} is not invited.")
            return redirect(_url(of, to))
    context = {
        "asked": found,
        "decision": getattr(found, "decision", None),
        "form": form,
        "is_own": found.asked_by_id == request.user.pk,
        "is_for_me": found.email == request.user.email,
        "people_url": _url(of, to),
        "why_not": why_not(request.user, "desk:invitation", "POST", book=of.pk),
    }
    crumbs = [*_crumbs(of, to, is_here=False), Link(found.name)]
    return desk_page(request, "desk/people/invitation.html", of, section="", crumbs=crumbs, context=context)


def _named(request: PersonRequest, name: str) -> int | None:
    said = request.POST.get(name, "")
    return int(said) if said.isdecimal() and len(said) < 15 else None


def _party(request: PersonRequest, organisation: int | None, investor: int | None) -> Invited:
    if organisation is not None:
        return get_object_or_404(organisations_for(request.user), pk=organisation)
    return get_object_or_404(investors_for(request.user), pk=investor) if investor is not None else None


def _waiting(book: Book, to: Invited) -> list[Invitation]:
    """Those to a business or an investor; on the page of the book all of them, since somebody has to decide."""
    found = waiting_invitations(book)
    return list(found.filter(**{side_of(to): to}) if to else found)


def _url(book: Book, to: Invited) -> str:
    return reverse(HERE[side_of(to)], args=[book.code, *([to.pk] if to else [])])


def _sheet(book: Book, to: Invited, changes: Any) -> Sheet:
    rows = [(one.at.date(), str(one.user), one.user.email, one.words, _by(one.by)) for one in changes]
    name = f"{side_of(to)}-{to.pk}" if to else book.code
    return Sheet(f"access-{name}", ("On", "Person", "E-mail", "May", "By"), rows)


def _by(person: AbstractBaseUser | None) -> str:
    return str(person) if person else "a command"


def _crumbs(book: Book, to: Invited, *, is_here: bool = True) -> list[Link]:
    label = f"People of {to}" if to else "Who may log in"
    return [Link(label, "" if is_here else _url(book, to))]
