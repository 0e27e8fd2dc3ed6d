"""What is done to a live loan at the desk: asked, shown before and after, then recorded or put before a colleague."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.desk.act_forms import ActForm
from commonweal.desk.act_preview import Seen, seen
from commonweal.desk.act_table import ACTS, ALONE, TOGETHER, Act, live
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.desk.loans import SECTION, loan_crumbs, loan_of
from commonweal.desk.payee_shown import goes_to
from commonweal.payees import of_organisation
from commonweal.templatetags.commonweal import day
from loans.domain.events import Happened
from loans.models import BorrowerRequest, EventKind, Loan
from loans.queries import position_of
from loans.services import event_proposed, preview, propose
from loans.servicing_queries import proposals_of, requests_of, standing_on

if TYPE_CHECKING:
    from ledger.models import Book

RECORD, PROPOSE = "desk:loan-act", "desk:loan-propose"


@dataclass(frozen=True, slots=True)
class ActShown:
    """An act on the panel: where it leads, or why not."""

    act: Act
    url: str
    why_not: str


def acts_beside(request: PersonRequest, loan: Loan) -> dict[str, Any]:
    """What can be done to a loan today, and what waits for a decision, for the panel on its page."""
    on = loan.book.business_date
    seen_now = live(loan, position_of(loan, on), standing_on(loan, on))
    mine = {name: why_not(request.user, name, "POST", book=loan.book_id) for name in (RECORD, PROPOSE)}
    shown = []
    for act in ACTS:
        name = PROPOSE if act.takes_two else RECORD
        url = reverse(name, args=[loan.book.code, loan.pk, act.name])
        shown.append(ActShown(act, url, act.why_impossible(seen_now) or mine[name]))
    return {
        "acts": [one for one in shown if not one.why_not],
        "acts_not": [one for one in shown if one.why_not],
        "waiting_proposals": proposals_of(loan).filter(decision=None),
        "waiting_requests": requests_of(loan).filter(answer=None),
    }


def loan_act(request: PersonRequest, book: str, loan: int, act: str) -> HttpResponse:
    """What one person may do: the form, what it would change, and the recording of exactly that."""
    return _act(request, book, loan, ALONE, act)


def loan_propose(request: PersonRequest, book: str, loan: int, costly: str) -> HttpResponse:
    """What takes two people: the form, what it would change, and the proposal of exactly that."""
    return _act(request, book, loan, TOGETHER, costly)


def _act(request: PersonRequest, book: str, pk: int, table: Mapping[str, Act], name: str) -> HttpResponse:
    of = book_of(request, book)
    loan = loan_of(request, of, pk)
    if name not in table:
        raise Http404
    act = table[name]
    asked = _asked(request, loan)
    form = act.form(request.POST or None, loan=loan, initial=_initial(asked))
    shown: Seen | None = None
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            event = form.event()
            shown = seen(
                loan,
                event,
                preview(loan=loan, event=event, bank_account=form.through, books_later=form.is_booked_later),
            )
            if request.POST.get("shown") == shown.sha256:
                return _done(request, loan, act, form, event, asked)
    return _page(request, of, loan, act, {"form": form, "seen": shown, "asked": asked})


def _asked(request: PersonRequest, loan: Loan) -> BorrowerRequest | None:
    """The business's request that this would grant, if the address names one that waits."""
    pk = request.GET.get("request", "")
    if not pk.isascii() or not pk.isdigit() or len(pk) > 18:
        return None
    return get_object_or_404(requests_of(loan).filter(answer=None), pk=int(pk))


def _initial(asked: BorrowerRequest | None) -> dict[str, Any]:
    """The fields as a business asked for them, dated on the business date; a form shows those that it has."""
    if asked is None:
        return {}
    event = event_proposed(asked)
    given = {
        name: getattr(event, name)
        for name in ("instalments", "interest", "extends", "capitalises")
        if hasattr(event, name)
    }
    terms = getattr(event, "terms", None)
    more = {"instalments": terms.instalments, "first_due_on": terms.first_due_on} if terms else {}
    return given | more | {"reason": asked.message}


def _done(
    request: PersonRequest, loan: Loan, act: Act, form: ActForm, event: Happened, asked: BorrowerRequest | None
) -> HttpResponse:
    if act.record is None:
        made = propose(loan=loan, event=event, reason=form.cleaned_data["reason"], by=request.user, request=asked)
        messages.success(request, f"{made} waits for a colleague: {act.label.lower()}, {loan}. Nothing is booked yet.")
        return redirect("desk:proposal", loan.book.code, made.pk)
    key = f"desk:{request.POST.get('key') or uuid4().hex}"
    recorded = act.record(loan=loan, form=form, event=event, by=request.user, key=key)
    messages.success(request, f"{recorded.get_kind_display()} of {day(recorded.effective_on)} is recorded on {loan}.")
    return redirect("desk:loan-event", loan.book.code, loan.pk, recorded.pk)


def _page(request: PersonRequest, book: Book, loan: Loan, act: Act, context: dict[str, Any]) -> HttpResponse:
    on = book.business_date
    position = position_of(loan, on)
    impossible = act.why_impossible(live(loan, position, standing_on(loan, on)))
    shown = {
        "loan": loan,
        "act": act,
        "position": position,
        "sign": sign(book),
        "impossible": impossible,
        "key": request.POST.get("key") or uuid4().hex,
        **(goes_to(book, of_organisation(loan.organisation)) if act.kind is EventKind.REFUNDED else {}),
        **context,
    }
    crumbs = loan_crumbs(loan, act.label)
    return desk_page(request, "desk/acts/act.html", book, section=SECTION, crumbs=crumbs, context=shown)
