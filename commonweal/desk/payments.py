"""Money out at the desk: what there is to pay, put into a file, checked by a colleague; what the bank made of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.components import Link
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.documents.list_files import Sheet, download
from commonweal.form_fields import DayField, PlainForm
from commonweal.jobs.paying import make_file, payments_to_chase, payments_to_make, refuse_payment
from commonweal.jobs.refusals import REFUSALS
from commonweal.payees import names_of
from commonweal.templatetags.commonweal import day, money
from ledger import queries
from ledger.domain.payments import Payment, PaymentFormat, PaymentState, Purpose
from ledger.services import HowPaid, check_payment_file, take_payment_file, withdraw_payment_file

if TYPE_CHECKING:
    from ledger.models import Book, PayeeDetails, PaymentFile

SECTION = "desk:payments"
ONE = "desk:payment-file"
PER_PAGE = 30

STATES = {
    PaymentState.WAITING: ("ask", "Waits for a check"),
    PaymentState.CHECKED: ("watch", "Checked"),
    PaymentState.SENT: ("due", "At the bank"),
    PaymentState.CONFIRMED: ("good", "Paid"),
    PaymentState.RETURNED: ("late", "Came back"),
    PaymentState.REFUSED: ("late", "Refused by the bank"),
    PaymentState.WITHDRAWN: ("closed", "Withdrawn"),
}


class PaymentFileForm(PlainForm):
    """From which account, on which day, and how the bank wants it."""

    bank_account: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label="Pay from", queryset=None, empty_label=None, to_field_name="code"
    )
    requested_on = DayField(
        noun="the day on which the bank is to pay", label="Pay on", help_text="The business date or a later day."
    )
    format = forms.ChoiceField(
        label="Format", choices=[(one.value, one.value) for one in PaymentFormat], help_text="As your bank takes it."
    )
    is_batch = forms.BooleanField(label="The bank books one sum for the whole file", required=False)

    def __init__(self, *args: Any, book: Book, **kwargs: Any) -> None:
        initial = {"requested_on": book.business_date, **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["bank_account"].queryset = queries.bank_accounts(book)  # type: ignore[attr-defined]

    @property
    def how(self) -> HowPaid:
        """What was chosen."""
        chosen = self.cleaned_data
        return HowPaid(chosen["requested_on"], PaymentFormat(chosen["format"]), chosen["is_batch"])


class ReasonForm(PlainForm):
    """Why a file is withdrawn, or what the bank said about a payment."""

    reason = forms.CharField(
        label="Reason", help_text="The auditor reads this.", max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


@dataclass(frozen=True, slots=True)
class Payable:
    """Something that can be paid, and to whose account."""

    payment: Payment
    name: str
    details: PayeeDetails | None
    is_recent: bool


def payments(request: PersonRequest, book: str) -> HttpResponse:
    """What there is to pay, and the files that pay it."""
    of = book_of(request, book)
    if file := download(request, _sheet(of)):
        return file
    return _list(request, of, PaymentFileForm(book=of))


def payment_file_new(request: PersonRequest, book: str) -> HttpResponse:
    """Put what is ticked into a file, for a colleague to check."""
    of = book_of(request, book)
    form = PaymentFileForm(request.POST, book=of)
    if form.is_valid():
        with refusals_in(form):
            sources, account = request.POST.getlist("pay"), form.cleaned_data["bank_account"]
            made = make_file(bank_account=account, sources=sources, how=form.how, by=request.user)
            messages.success(request, f"{made} over {money(made.money)} is made. A colleague has to check it now.")
            return redirect(ONE, of.code, made.pk)
    return _list(request, of, form)


def payment_file(request: PersonRequest, book: str, payment_file: int) -> HttpResponse:
    """One file: each payment and how far it is, who made and who checked it, and what can be done with it."""
    of = book_of(request, book)
    found = get_object_or_404(queries.payment_files(of), pk=payment_file)
    if file := download(request, _file_sheet(of, found)):
        return file
    return _file_page(request, of, found, ReasonForm())


def payment_file_check(request: PersonRequest, book: str, payment_file: int) -> HttpResponse:
    """Agree, as a second person, to exactly what was shown."""
    of = book_of(request, book)
    found = get_object_or_404(queries.payment_files(of), pk=payment_file)
    try:
        shown = request.POST.get("sha256", "")
        check_payment_file(file=found, shown_sha256=shown, on=of.business_date, by=request.user)
        messages.success(request, f"{found} is checked. Download it and give it to the bank.")
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    return redirect(ONE, of.code, found.pk)


def payment_file_withdraw(request: PersonRequest, book: str, payment_file: int) -> HttpResponse:
    """Withdraw a file, or decline a colleague's, and say why."""
    of = book_of(request, book)
    found = get_object_or_404(queries.payment_files(of), pk=payment_file)
    form = ReasonForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            reason = form.cleaned_data["reason"]
            withdraw_payment_file(file=found, reason=reason, on=of.business_date, by=request.user)
            messages.success(request, f"{found} is withdrawn. What it was to pay stands among what there is to pay.")
            return redirect(SECTION, of.code)
    return _file_page(request, of, found, form)


def payment_file_take(request: PersonRequest, book: str, payment_file: int) -> HttpResponse:
    """Download a checked file for the bank; that it was taken is kept."""
    of = book_of(request, book)
    found = get_object_or_404(queries.payment_files(of), pk=payment_file)
    try:
        content = take_payment_file(file=found, on=of.business_date, by=request.user)
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
        return redirect(ONE, of.code, found.pk)
    name = f"{queries.message_id(found).lower()}.xml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="application/xml", headers=headers)


def payment_refuse(request: PersonRequest, book: str, payment: int) -> HttpResponse:
    """Record that the bank refused a payment: it can be put into another file then."""
    of = book_of(request, book)
    found = get_object_or_404(queries.payments(of), pk=payment)
    file = get_object_or_404(queries.payment_files(of), pk=found.file_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            refuse_payment(payment=found, reason=form.cleaned_data["reason"], on=of.business_date, by=request.user)
            messages.success(request, f"{money(found.money)} for {found.reference} was refused. {_then(found)}")
            return redirect(ONE, of.code, file.pk)
    return _file_page(request, of, file, form)


def _then(payment: Any) -> str:
    """What becomes of a payment that was refused."""
    if payment.purpose == Purpose.LENDER:
        return "It is held for the investor again."
    return "It can be paid anew."


def _list(request: PersonRequest, book: Book, form: PaymentFileForm) -> HttpResponse:
    ticked = set(request.POST.getlist("pay"))
    page = Paginator(queries.payment_files(book), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "payables": payables(book),
        "ticked": ticked,
        "late": payments_to_chase(book),
        "form": form,
        "page": page,
        "files": [(file, file_state(file)) for file in page],
        "sign": sign(book),
        "why_not_make": why_not(request.user, "desk:payment-file-new", "POST", book=book.pk),
    }
    crumbs = [Link("Payments out")]
    return desk_page(request, "desk/payments/list.html", book, section=SECTION, crumbs=crumbs, context=context)


def payables(book: Book) -> list[Payable]:
    """What there is to pay, with the name and the bank details of each payee."""
    found = payments_to_make(book)
    names = names_of(payment.payee for payment in found)
    details = {one.subject: one for one in queries.all_details_in_force(book)} if found else {}
    return [
        Payable(payment, names.get(payment.payee, payment.payee), known, _recent(known, book))
        for payment in found
        for known in [details.get(payment.payee)]
    ]


def _recent(details: PayeeDetails | None, book: Book) -> bool:
    return details is not None and queries.is_recent(details, book.business_date)


def file_state(file: Any) -> tuple[str, str]:
    """How far a file of `queries.payment_files` is, as a shape and words."""
    if file.is_withdrawn:
        return STATES[PaymentState.WITHDRAWN]
    if not file.is_checked:
        return STATES[PaymentState.WAITING]
    if not file.is_taken:
        return "watch", "Checked, not at the bank yet"
    if file.settled < file.payment_count:
        return "due", f"At the bank, {file.settled} of {file.payment_count} settled"
    return "good", "Settled"


def _file_page(request: PersonRequest, book: Book, file: Any, form: ReasonForm) -> HttpResponse:
    lines = list(queries.payments(book).filter(file=file).order_by("line_no"))
    names, outcomes = names_of(one.payee for one in lines), _outcomes(file)
    why = why_not(request.user, "desk:payment-file-check", "POST", book=book.pk)
    if file.made_by_id == request.user.pk and not why:
        why = "You made this file, so a colleague has to check it."
    context = {
        "file": file,
        "state": file_state(file),
        "rows": [
            (one, names.get(one.payee, one.payee), STATES[PaymentState(one.state)], outcomes.get(one.pk, ()))
            for one in lines
        ],
        "steps": queries.payment_file_steps(file),
        "message_id": queries.message_id(file),
        "form": form,
        "sign": sign(book),
        "can_refuse": any(one.state == PaymentState.SENT for one in lines),
        "why_not_check": why,
        "why_not_act": why_not(request.user, "desk:payment-file-withdraw", "POST", book=book.pk),
    }
    crumbs = [Link("Payments out", reverse(SECTION, args=[book.code])), Link(str(file))]
    return desk_page(request, "desk/payments/file.html", book, section=SECTION, crumbs=crumbs, context=context)


def _outcomes(file: PaymentFile) -> dict[int, list[str]]:
    """What became of each payment, in words."""
    found: dict[int, list[str]] = {}
    for one in queries.payment_outcomes(file):
        undone = one.entry is not None and hasattr(one.entry, "reversed_by")
        words = f"{one.get_kind_display()} on {day(one.line.booked_on if one.line else one.told_on)}"
        why = f": {one.reason}" if one.reason else ""
        found.setdefault(one.payment_id, []).append(words + why + (", and that was taken back" if undone else ""))
    return found


HEADINGS = ("Payee", "Account", "For", "Reference", "End-to-end id", "State", "Amount", "Currency")


def _sheet(book: Book) -> Sheet:
    """What there is to pay, and every payment of every file."""
    waiting = [
        (
            one.name,
            one.details.details.masked if one.details else "No bank details",
            one.payment.purpose.value.capitalize(),
            one.payment.reference,
            "",
            "To be paid",
            one.payment.amount.amount,
            one.payment.amount.currency.code,
        )
        for one in payables(book)
    ]
    rows = [*waiting, *_rows(queries.payments(book))]
    return Sheet(f"payments-out-{book.code}-{book.business_date}", HEADINGS, rows)


def _file_sheet(book: Book, file: PaymentFile) -> Sheet:
    rows = _rows(queries.payments(book).filter(file=file).order_by("line_no"))
    return Sheet(f"payment-file-{book.code}-{file.number}", HEADINGS, rows)


def _rows(payments: Iterable[Any]) -> list[tuple[str | Decimal, ...]]:
    lines = list(payments)
    names = names_of(one.payee for one in lines)
    return [
        (
            names.get(one.payee, one.payee),
            one.details.details.masked,
            one.get_purpose_display(),
            one.reference,
            one.end_to_end_id,
            STATES[PaymentState(one.state)][1],
            one.money.amount,
            one.file.currency,
        )
        for one in lines
    ]
