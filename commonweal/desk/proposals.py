"""What one person proposes for a loan and another decides, and what businesses ask for: the list, and each in full."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from moneyed import Money

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import loans_for
from commonweal.components import Fact, Link
from commonweal.desk.act_forms import ProposalDecisionForm, RequestDeclinedForm
from commonweal.desk.act_preview import seen
from commonweal.desk.act_table import BY_KIND
from commonweal.desk.act_words import event_facts
from commonweal.desk.consents import consent_panel
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.desk.loans import SECTION
from commonweal.desk.payee_shown import goes_to
from commonweal.documents.list_files import Sheet, download
from commonweal.jobs.refusals import REFUSALS
from commonweal.jobs.servicing import approve_act, decline_act, reply
from commonweal.payees import of_organisation
from commonweal.templatetags.commonweal import day, moment, money
from loans.models import Answer, BorrowerRequest, EventKind, Proposal, RequestKind
from loans.services import authority_of, cost_of, event_proposed, preview, withdraw_proposal
from loans.servicing_queries import (
    decided_proposals,
    event_of_proposal,
    open_proposals,
    open_requests,
    requests_to_look_at,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from ledger.models import Book

PAGE, ONE = "desk:proposals", "desk:proposal"
LATEST = 20
"""Decided proposals on the list."""

GRANTS = {RequestKind.HOLIDAY: "holiday", RequestKind.NEW_TERMS: "new-terms"}
"""By which act a request is granted."""


def proposals(request: PersonRequest, book: str) -> HttpResponse:
    """What waits for a second person, what businesses ask for, and what was decided lately."""
    of = book_of(request, book)
    return download(request, _sheet(request, of)) or _list(request, of, RequestDeclinedForm())


def request_decline(request: PersonRequest, book: str, asked: int) -> HttpResponse:
    """Decline what a business asks for, in words that it reads."""
    of = book_of(request, book)
    found = get_object_or_404(_mine(request, open_requests(of)), pk=asked)
    form = RequestDeclinedForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            reply(request=found, answer=Answer.DECLINED, words=form.cleaned_data["words"], by=request.user)
            messages.success(request, f"{found.loan.organisation} reads your answer in its portal.")
            return redirect(PAGE, of.code)
    return _list(request, of, form)


def proposal(request: PersonRequest, book: str, proposed: int) -> HttpResponse:
    """One proposal: what, why, what it would change, and who decides."""
    of = book_of(request, book)
    return _page(request, _proposal(request, of, proposed), ProposalDecisionForm())


def proposal_decide(request: PersonRequest, book: str, proposed: int) -> HttpResponse:
    """Approve exactly what was shown, which does it, or decline it with a reason."""
    of = book_of(request, book)
    found = _proposal(request, of, proposed)
    form = ProposalDecisionForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            reason, words = form.cleaned_data["reason"], form.cleaned_data["words"]
            if form.cleaned_data["decision"] == "approve":
                shown = request.POST.get("sha256", "")
                approve_act(proposal=found, shown_sha256=shown, by=request.user, reason=reason, words=words)
                messages.success(request, f"{found} is approved and booked: {_label(found).lower()}, {found.loan}.")
            else:
                decline_act(proposal=found, reason=reason, by=request.user, words=words)
                messages.success(request, f"{found} is declined; {found.proposed_by} reads why. Nothing was booked.")
            return redirect(ONE, of.code, found.pk)
    return _page(request, found, form)


def proposal_withdraw(request: PersonRequest, book: str, proposed: int) -> HttpResponse:
    """Take one's own proposal back."""
    of = book_of(request, book)
    found = _proposal(request, of, proposed)
    try:
        withdraw_proposal(proposal=found, by=request.user)
        messages.success(request, f"{found} is withdrawn. Nothing was booked.")
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    return redirect(ONE, of.code, found.pk)


def _mine(request: PersonRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(loan__in=loans_for(request.user))


def _proposal(request: PersonRequest, book: Book, pk: int) -> Proposal:
    found = Proposal.objects.filter(loan__book=book).select_related(
        "loan__book", "loan__organisation", "proposed_by", "decision__decided_by", "request__asked_by"
    )
    row: Proposal = get_object_or_404(_mine(request, found), pk=pk)
    return row


def _label(row: Proposal) -> str:
    act = BY_KIND.get(EventKind(row.kind))
    return act.label if act else row.get_kind_display()


def _sheet(request: PersonRequest, book: Book) -> Sheet:
    """Every proposal, and what businesses ask for, a row each."""
    headings = ("Number", "What", "Loan", "Business", "Counts from", "State", "Why", "By", "Costs", "Answer")
    waiting, decided = _mine(request, open_proposals(book)), _mine(request, decided_proposals(book))
    rows = [_row(one) for one in (*waiting, *decided)]
    for one in _mine(request, requests_to_look_at(book)):
        what, who = one.get_kind_display(), str(one.asked_by)
        rows.append(
            ("", what, str(one.loan), str(one.loan.organisation), one.asked_on, "Asked for", one.message, who, None, "")
        )
    return Sheet(f"proposals-{book.code}-{book.business_date}", headings, rows)


def _row(one: Proposal) -> tuple[str | date | Money | None, ...]:
    decision = getattr(one, "decision", None)
    state = decision.get_decision_display() if decision else "Waiting"
    named = (str(one), _label(one), str(one.loan), str(one.loan.organisation), one.effective_on, state)
    cost = one.cost_money if one.cost else None
    return (*named, one.reason, str(one.proposed_by), cost, decision.reason if decision else "")


def _asked(row: BorrowerRequest) -> dict[str, Any]:
    url = reverse("desk:loan-propose", args=[row.loan.book.code, row.loan_id, GRANTS[RequestKind(row.kind)]])
    facts = event_facts(event_proposed(row))
    return {"row": row, "facts": facts, "grant_url": f"{url}?request={row.pk}"}


def _list(request: PersonRequest, book: Book, form: forms.Form) -> HttpResponse:
    context = {
        "waiting": [{"row": one, "label": _label(one)} for one in _mine(request, open_proposals(book))],
        "asked": [_asked(one) for one in _mine(request, requests_to_look_at(book))],
        "decided": [{"row": one, "label": _label(one)} for one in _mine(request, decided_proposals(book))[:LATEST]],
        "form": form,
        "sign": sign(book),
        "why_not_decline": why_not(request.user, "desk:request-decline", "POST", book=book.pk),
    }
    crumbs = [Link("Loans", reverse(SECTION, args=[book.code])), Link("Proposals and requests")]
    return desk_page(request, "desk/acts/proposals.html", book, section=PAGE, crumbs=crumbs, context=context)


def _page(request: PersonRequest, row: Proposal, form: forms.Form) -> HttpResponse:
    book, loan, event = row.loan.book, row.loan, event_proposed(row)
    decision = getattr(row, "decision", None)
    shown, refused, cost = None, "", row.cost_money
    if decision is None:
        try:
            change = preview(loan=loan, event=event)
            shown, cost = seen(loan, event, change), cost_of(event, change.before)
        except REFUSALS as refusal:
            refused = str(refusal)
    context = {
        "proposal": row,
        "label": _label(row),
        "facts": [*event_facts(event), *_cost(row, cost)],
        "decision": decision,
        "recorded": event_of_proposal(row),
        "seen": shown,
        "refused": refused,
        "form": form,
        "is_maker": row.proposed_by_id == request.user.pk,
        "why_not_decide": _why_not_decide(request, row, cost),
        "why_not_withdraw": why_not(request.user, "desk:proposal-withdraw", "POST", book=book.pk),
        "sign": sign(book),
        **consent_panel(request, row),
        **(goes_to(book, of_organisation(loan.organisation)) if row.kind == EventKind.REFUNDED else {}),
    }
    crumbs = [
        Link("Loans", reverse(SECTION, args=[book.code])),
        Link("Proposals and requests", reverse(PAGE, args=[book.code])),
        Link(str(row)),
    ]
    return desk_page(request, "desk/acts/proposal.html", book, section=PAGE, crumbs=crumbs, context=context)


def _cost(row: Proposal, now: Money) -> list[Fact]:
    four_eyes = [
        Fact("Proposed", f"by {row.proposed_by}, {moment(row.proposed_at)}"),
        Fact("Shown", row.content_sha256[:16], "the fingerprint of what is approved"),
    ]
    then = f"{money(row.cost_money)} when it was proposed" if now != row.cost_money else ""
    cost = [Fact("What it costs the fund", money(now), then, number=True)] if now else []
    return [*cost, *four_eyes]


def _why_not_decide(request: PersonRequest, row: Proposal, cost: Money) -> str:
    """Why the reader cannot approve: no role for it, their own proposal, or more than they may."""
    book = row.loan.book
    role = why_not(request.user, "desk:proposal-decide", "POST", book=book.pk)
    if role:
        return role
    if row.proposed_by_id == request.user.pk:
        return "You proposed this, so a colleague decides."
    limit = authority_of(book, row.kind, request.user, book.business_date)
    if limit is not None and cost > limit:
        return f"It costs {money(cost)}; you may approve up to {money(limit)} on {day(book.business_date)}."
    return ""
