"""What happens to what the fund borrows, at the desk: asked, shown before and after, then recorded as it was shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from commonweal.access.requests import PersonRequest
from commonweal.desk.act_preview import Seen, seen
from commonweal.desk.borrowing_forms import BorrowingActForm, DrawForm, FeeForm, RateForm, RepayForm, TakeBackForm
from commonweal.desk.borrowings import SECTION, crumbs, facility_of
from commonweal.desk.entries import entry_shown
from commonweal.desk.forms import refusals_in, use_currency
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.desk.payee_shown import goes_to
from commonweal.payees import of_investor
from commonweal.templatetags.commonweal import day
from investors.models import BorrowingEvent, Facility
from investors.queries.borrowings import borrowing_events, life_of
from investors.services import (
    BorrowingPreview,
    change_facility_rate,
    charge_facility_fee,
    preview_borrowing,
    repay_facility,
    reverse_borrowing_event,
)
from loans.domain.events import FeeCharged, Happened, RateChanged, Repaid

if TYPE_CHECKING:
    pass


@dataclass(frozen=True, slots=True)
class BorrowingAct:
    """One thing that can be done: its name in the address, how it is called and asked, and what it will do or not."""

    name: str
    label: str
    form: type[BorrowingActForm]
    will: str
    will_not: str
    record: Callable[[Facility, Any, str, str, Any], BorrowingEvent] | None = None
    """None where the page only shows what would change."""

    @property
    def records(self) -> bool:
        """Whether it can be recorded there."""
        return self.record is not None


def _repay(facility: Facility, event: Repaid, reason: str, key: str, by: Any) -> BorrowingEvent:
    how: dict[str, Any] = {"prepayment": event.prepayment, "settles": event.settles}
    return repay_facility(facility=facility, amount=event.amount, on=event.effective_on, key=key, by=by, **how)


def _rate(facility: Facility, event: RateChanged, reason: str, key: str, by: Any) -> BorrowingEvent:
    given: dict[str, Any] = {"annual_rate": event.annual_rate, "on": event.effective_on, "reason": reason}
    return change_facility_rate(facility=facility, key=key, by=by, **given)


def _fee(facility: Facility, event: FeeCharged, reason: str, key: str, by: Any) -> BorrowingEvent:
    given: dict[str, Any] = {"amount": event.amount, "on": event.effective_on, "reason": reason}
    return charge_facility_fee(facility=facility, key=key, by=by, **given)


ACTS = {
    act.name: act
    for act in (
        BorrowingAct(
            "draw",
            "See what a draw changes",
            DrawForm,
            "show how much may be drawn, the schedule, and how the promises to the lender would stand.",
            "draw anything. A draw is recorded when the money is on a bank line: match that line to this facility.",
        ),
        BorrowingAct(
            "repay",
            "Repay the lender",
            RepayForm,
            "book the repayment, and put the money among the payments to make.",
            "move the bank account: the payment file does, and the bank’s line confirms it.",
            _repay,
        ),
        BorrowingAct(
            "rate",
            "Change the rate",
            RateForm,
            "count from its day, and post the difference where that day is past.",
            "change what was paid. A closed period is not touched.",
            _rate,
        ),
        BorrowingAct(
            "fee",
            "Record a fee",
            FeeForm,
            "be owed from its day on, and a cost of that day.",
            "pay it: the next repayment pays fees first.",
            _fee,
        ),
    )
}


def facility_act(request: PersonRequest, book: str, facility: int, act: str) -> HttpResponse:
    """The form, what it would change, and the recording of exactly that."""
    of = book_of(request, book)
    found = facility_of(of, facility)
    if act not in ACTS:
        raise Http404
    doing = ACTS[act]
    form = doing.form(request.POST or None, initial={"on": of.business_date})
    use_currency(form, found.currency)
    shown: Seen | None = None
    preview: BorrowingPreview | None = None
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            event = form.event()
            preview = preview_borrowing(facility=found, event=event)
            shown = seen(found, event, preview)
            if doing.record is not None and request.POST.get("shown") == shown.sha256:
                return _recorded(request, found, doing, event, form.cleaned_data.get("reason", ""))
    context = {
        "facility": found,
        "act": doing,
        "form": form,
        "seen": shown,
        "preview": preview,
        "position": life_of(found).at(of.business_date),
        "entries_caption": "By its own accounts and the other side",
        "key": request.POST.get("key") or uuid4().hex,
        "sign": sign(of),
        **(goes_to(of, of_investor(found.lender)) if act == "repay" else {}),
    }
    way = crumbs(of, found, doing.label)
    return desk_page(request, "desk/borrowings/act.html", of, section=SECTION, crumbs=way, context=context)


def facility_take_back(request: PersonRequest, book: str, facility: int, happened: int) -> HttpResponse:
    """Take back what was recorded, from a day on."""
    of = book_of(request, book)
    found = facility_of(of, facility)
    wrong: BorrowingEvent = get_object_or_404(borrowing_events(found), number=happened)
    form = TakeBackForm(request.POST or None, initial={"on": of.business_date})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            key = f"desk:{request.POST.get('key') or uuid4().hex}"
            reverse_borrowing_event(event=wrong, key=key, by=request.user, **form.cleaned_data)
            messages.success(request, f"{wrong.get_kind_display()} {wrong.number} of {found} is taken back.")
            return redirect("desk:facility", of.code, found.pk)
    context = {
        "facility": found,
        "wrong": wrong,
        "form": form,
        "entries": [entry_shown(wrong.entry)] if wrong.entry else [],
        "key": request.POST.get("key") or uuid4().hex,
        "sign": sign(of),
    }
    way = crumbs(of, found, "Take back")
    return desk_page(request, "desk/borrowings/take_back.html", of, section=SECTION, crumbs=way, context=context)


def _recorded(
    request: PersonRequest, facility: Facility, doing: BorrowingAct, event: Happened, reason: str
) -> HttpResponse:
    if doing.record is None:
        raise Http404
    key = f"desk:{request.POST.get('key') or uuid4().hex}"
    made = doing.record(facility, event, reason, key, request.user)
    messages.success(request, f"{made.get_kind_display()} of {day(made.effective_on)} is recorded on {facility}.")
    return redirect("desk:facility", facility.book.code, facility.pk)
