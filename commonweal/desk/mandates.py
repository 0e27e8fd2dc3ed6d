"""One mandate at the desk: its state and why, what its payer was told, what was collected, and what may be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import loans_for
from commonweal.components import Fact
from commonweal.desk.debit_forms import ChangeForm, MandateForm, TellForm
from commonweal.desk.debits import SECTION, STATES, crumbs_to
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import book_of, desk_page
from commonweal.desk.loans import loan_crumbs, loan_of
from commonweal.jobs.debits import tell_of_one, tell_of_plan
from commonweal.letters.debits import can_be_told
from commonweal.templatetags.commonweal import day
from loans.debits import Standing, mandates, notices_to_give, outcome_of, standing, standing_mandate
from loans.domain.direct_debit.mandate import Scheme
from loans.models import DebitNotice, Loan, Mandate, MandateChange
from loans.services import change_mandate, keep_mandate

if TYPE_CHECKING:
    from django.forms import Form

    from ledger.models import Book

ONE = "desk:mandate"
TOLD = 12


def mandate_new(request: PersonRequest, book: str, loan: int) -> HttpResponse:
    """Keep a mandate that a payer signed."""
    of = book_of(request, book)
    found = loan_of(request, of, loan)
    scheme = Scheme.SEPA if found.currency == Scheme.SEPA.currency else Scheme.BACS
    form = MandateForm(request.POST or None, initial={"scheme": scheme, "signed_on": of.business_date})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            given = form.cleaned_data
            kept = keep_mandate(
                loan=found,
                scheme=Scheme(given["scheme"]),
                details=form.details(),
                signed_on=given["signed_on"],
                reference=given["reference"],
                by=request.user,
            )
            messages.success(request, f"The mandate {kept} is kept.")
            return redirect(ONE, of.code, kept.pk)
    context = {"form": form, "loan": found}
    crumbs = loan_crumbs(found, "Keep a mandate")
    return desk_page(request, "desk/debits/mandate_new.html", of, section="desk:loans", crumbs=crumbs, context=context)


def mandate(request: PersonRequest, book: str, mandate: int) -> HttpResponse:
    """A mandate, whole."""
    of = book_of(request, book)
    return _page(request, _mandate(request, of, mandate))


def mandate_change(request: PersonRequest, book: str, mandate: int) -> HttpResponse:
    """Record what happened to a mandate."""
    of = book_of(request, book)
    found = _mandate(request, of, mandate)
    form = ChangeForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            given = form.cleaned_data
            change_mandate(
                mandate=found,
                change=MandateChange.Change(given["change"]),
                who=MandateChange.Who(given["who"]),
                on=given["on"],
                words=given["words"],
                details=form.new_details(),
                by=request.user,
            )
            messages.success(request, f"{found}: {MandateChange.Change(given['change']).label.lower()}.")
            return redirect(ONE, of.code, found.pk)
    return _page(request, found, change=form)


def mandate_tell(request: PersonRequest, book: str, mandate: int) -> HttpResponse:
    """Tell the payer of one collection, or say that the plan was told by post."""
    of = book_of(request, book)
    found = _mandate(request, of, mandate)
    if request.POST.get("plan"):
        given = tell_of_plan(mandate=found, by=request.user)
        messages.success(request, f"{len(given)} collections are told to {found.loan.organisation}.")
        return redirect(ONE, of.code, found.pk)
    form = TellForm(request.POST, currency=Scheme(found.scheme).currency)
    if form.is_valid():
        with refusals_in(form):
            notice = tell_of_one(mandate=found, by=request.user, **form.cleaned_data)
            how = "by e-mail" if can_be_told(found.loan) else "by you: nobody there has an e-mail address"
            messages.success(request, f"{found.loan.organisation} is told of {day(notice.collect_on)}, {how}.")
            return redirect(ONE, of.code, found.pk)
    return _page(request, found, tell=form)


def debit_beside(request: PersonRequest, loan: Loan) -> dict[str, Any]:
    """What a loan's page says of its mandate."""
    return {
        "debit": standing_mandate(loan, loan.book.business_date),
        "why_not_mandate": why_not(request.user, "desk:mandate-new", "POST", book=loan.book_id),
    }


def _mandate(request: PersonRequest, book: Book, pk: int) -> Mandate:
    found: Mandate = get_object_or_404(mandates(book).filter(loan__in=loans_for(request.user)), pk=pk)
    return found


def _page(
    request: PersonRequest, found: Mandate, *, change: Form | None = None, tell: Form | None = None
) -> HttpResponse:
    book, on = found.book, found.book.business_date
    now = standing(found, on)
    told = [one for one in found.notices.all() if one.collect_on > on]
    first = {"on": on, "change": MandateChange.Change.CANCELLED, "who": MandateChange.Who.PAYER}
    context = {
        "mandate": found,
        "standing": now,
        "tag": STATES[now.state],
        "facts": _facts(now),
        "changes": found.changes.all(),
        "told": _latest_of_each_day(told)[:TOLD],
        "more_told": max(0, len(_latest_of_each_day(told)) - TOLD),
        "asked": [(line, outcome_of(line)) for line in reversed(now.asked)],
        "to_tell": sum(len(days) for _, days in notices_to_give([now], on)) if now.state.stands else 0,
        "can_be_told": can_be_told(found.loan),
        "change_form": change or ChangeForm(initial=first),
        "tell_form": tell or TellForm(currency=now.rules.scheme.currency),
        "form": change or tell,
        "why_not_change": why_not(request.user, "desk:mandate-change", "POST", book=book.pk),
        "why_not_tell": why_not(request.user, "desk:mandate-tell", "POST", book=book.pk),
    }
    crumbs = crumbs_to(book, found.reference)
    return desk_page(request, "desk/debits/mandate.html", book, section=SECTION, crumbs=crumbs, context=context)


def _latest_of_each_day(told: list[DebitNotice]) -> list[DebitNotice]:
    return sorted({one.collect_on: one for one in told}.values(), key=lambda one: one.collect_on)


def _facts(now: Standing) -> list[Fact]:
    found = now.mandate
    ended = [Fact("Ended", f"{now.cancelled.words or now.cancelled.get_who_display()}")] if now.cancelled else []
    return [
        Fact("Scheme", found.get_scheme_display()),
        Fact("Account", f"{now.details.account_name}, {now.details.masked}"),
        Fact("Signed", f"{day(found.signed_on)}, kept by {found.recorded_by}"),
        Fact("Notice", now.rules.period.words),
        *ended,
    ]
