"""The contact log: what was said about a loan, and which next steps are due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.components import Link, Moment, Tab
from commonweal.desk.forms import offer, refusals_in
from commonweal.desk.frame import book_of, desk_page
from commonweal.desk.loans import loan_crumbs, loan_of
from commonweal.documents.list_files import Sheet, download
from commonweal.form_fields import DayField, PlainForm
from commonweal.letters.contacts import LONGEST, NextStep, contacts_of, log_contact, open_steps
from commonweal.letters.kinds import BY_HAND, ContactKind, Side
from commonweal.letters.messages import unread_of
from commonweal.letters.models import Contact
from commonweal.templatetags.commonweal import day
from loans.models import Loan

if TYPE_CHECKING:
    from ledger.models import Book

SECTION = "desk:steps"
SHOWN = 6
"""Contacts on the loan's page; the rest are counted."""


class OpenStep(forms.ModelChoiceField):
    """One of the steps that nobody has settled."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.next_step}, by {day(obj.next_step_on)}"


class ContactForm(PlainForm):
    """What was said, by whom, and what comes next."""

    kind = forms.ChoiceField(label="What was it?", choices=[(kind.value, kind.label) for kind in BY_HAND])
    on = DayField(noun="the day of the contact", label="On")
    with_whom = forms.CharField(label="With whom?", max_length=200, required=False)
    said = forms.CharField(
        label="What was said?",
        help_text="The business may ask for a copy of it.",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    promised_on = DayField(
        noun="the day on which it will be paid",
        label="Will be paid on",
        help_text="Only if they said so: until then no reminder goes out.",
        required=False,
    )
    next_step = forms.CharField(label="Next step", max_length=300, required=False)
    next_step_on = DayField(noun="the day of the next step", label="By", required=False)
    settles = OpenStep(queryset=Contact.objects.none(), label="This did", required=False, empty_label="No earlier step")

    def clean(self) -> dict[str, Any]:
        """A next step has its day, and a day its step."""
        said = super().clean() or {}
        if said.get("next_step") and not said.get("next_step_on") and "next_step_on" not in self.errors:
            self.add_error("next_step_on", "Enter the day by which the next step is to be done")
        if said.get("next_step_on") and not said.get("next_step"):
            self.add_error("next_step", "Enter what is to be done next, or leave its day empty")
        return said


def steps(request: PersonRequest, book: str) -> HttpResponse:
    """The open steps of all loans, the one that is due first."""
    of = book_of(request, book)
    rows = list(open_steps(of))
    if file := download(request, _sheet(of, rows)):
        return file
    context = {
        "rows": [(row, (row.next_step_on or of.business_date) <= of.business_date) for row in rows],
        "tabs": tabs(of, SECTION),
    }
    return desk_page(request, "desk/contacts/steps.html", of, section=SECTION, context=context)


def contact_new(request: PersonRequest, book: str, loan: int) -> HttpResponse:
    """Record a contact; `?settles=` names the step that it did."""
    of = book_of(request, book)
    found = loan_of(request, of, loan)
    initial = {"on": of.business_date, "settles": request.GET.get("settles", "")}
    form = ContactForm(request.POST or None, initial=initial)
    offer(form, "settles", open_steps(of).filter(loan=found))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            _record(found, form.cleaned_data, request)
            messages.success(request, f"The contact about {found} is recorded.")
            return redirect("desk:loan", of.code, found.pk)
    context = {"loan": found, "form": form, "contacts": _moments(found)}
    crumbs = loan_crumbs(found, "Record a contact")
    return desk_page(request, "desk/contacts/new.html", of, section="desk:loans", crumbs=crumbs, context=context)


def contacts_shown(request: PersonRequest, loan: Loan) -> dict[str, Any]:
    """What the loan's page shows of its contact log."""
    told = _moments(loan)
    return {
        "contacts": told[:SHOWN],
        "contacts_more": max(0, len(told) - SHOWN),
        "why_not_contact": why_not(request.user, "desk:contact-new", "POST", book=loan.book_id),
    }


def tabs(book: Book, current: str) -> list[Tab]:
    """The pages about what is said to businesses, and by them."""
    unread = unread_of(book, Side.FUND).count()
    pages = (
        ("Next steps", SECTION, None),
        ("Messages", "desk:messages", unread or None),
        ("Letters", "desk:letters", None),
    )
    return [Tab(label, reverse(name, args=[book.code]), name == current, count) for label, name, count in pages]


def crumbs_to(book: Book, label: str, name: str, *more: str) -> list[Link]:
    """The way to one of these pages, or to something on it."""
    return [Link(label, reverse(name, args=[book.code])), *(Link(one) for one in more)]


def _record(loan: Loan, said: dict[str, Any], request: PersonRequest) -> Contact:
    step = NextStep(said["next_step"], said["next_step_on"]) if said["next_step"] else None
    return log_contact(
        loan=loan,
        kind=ContactKind(said["kind"]),
        on=said["on"],
        said=said["said"],
        with_whom=said["with_whom"],
        promised_on=said["promised_on"],
        next_step=step,
        settles=said["settles"],
        by=request.user,
    )


def _moments(loan: Loan) -> list[Moment]:
    return [_moment(one) for one in contacts_of(loan)]


def _moment(one: Contact) -> Moment:
    whom = f" with {one.with_whom}" if one.with_whom else ""
    is_open = bool(one.next_step) and not hasattr(one, "settled_by")
    step = f" Next: {one.next_step}, by {day(one.next_step_on)}{'' if is_open else ' (done)'}." if one.next_step else ""
    by = f" Recorded by {one.recorded_by}." if one.recorded_by else ""
    late = is_open and one.next_step_on is not None and one.next_step_on <= one.book.business_date
    return Moment(one.on, f"{one.get_kind_display()}{whom}", f"{one.said}{step}{by}", state="late" if late else "done")


def _sheet(book: Book, rows: list[Contact]) -> Sheet:
    headings = ("Due", "Loan", "Borrower", "Next step", "Contact on", "Kind", "With", "Said", "Recorded by")
    return Sheet(
        f"next-steps-{book.code}-{book.business_date}",
        headings,
        [
            (
                row.next_step_on,
                row.loan.reference,
                str(row.loan.organisation),
                row.next_step,
                row.on,
                row.get_kind_display(),
                row.with_whom,
                row.said,
                str(row.recorded_by or ""),
            )
            for row in rows
        ],
    )
