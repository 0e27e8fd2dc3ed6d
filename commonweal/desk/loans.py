"""Loans at the desk: the list, one loan with every figure led back to its entries, and the drawdown."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from borrowers.queries import readings_of
from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import loans_for
from commonweal.components import EntryShown, Fact, Figure, Link, Moment
from commonweal.desk.downloads import Sheet, download
from commonweal.desk.forms import DrawdownForm, refusals_in
from commonweal.desk.frame import asked_date, book_of, desk_page, sign
from commonweal.desk.ledger import entry_shown
from commonweal.desk.portfolio import portfolio_rows, totals
from commonweal.desk.shares import share_bar, shares_of
from commonweal.templatetags.commonweal import day, money, percent, weekday_day
from investors.domain.entries import source_of
from investors.services import apportion
from ledger import queries as ledger
from ledger.queries import Book
from loans.domain.position import InstalmentPosition, Position
from loans.models import Loan
from loans.queries import entries_of, events, impact_targets, loan_terms, position_of
from loans.services import draw_down as draw_loan_down

SECTION = "desk:loans"
BEFORE, AFTER = 4, 6


def loans(request: PersonRequest, book: str) -> HttpResponse:
    """The loans of the book as at a date."""
    of = book_of(request, book)
    as_of = asked_date(request, of)
    rows = portfolio_rows(of, as_of)
    headings = ("Loan", "Borrower", "Place", "Status", "Next due", "Instalment", "Arrears", "Principal", "Annual rate")
    sheet = Sheet(
        f"loans-{of.code}-{as_of}",
        headings,
        [
            (
                row.loan.reference,
                str(row.loan.organisation),
                row.loan.organisation.place,
                row.status,
                due.due_on if (due := row.position.next_payment) else None,
                due.total if due else None,
                row.position.arrears,
                row.position.principal_outstanding,
                row.rate,
            )
            for row in rows
        ],
    )
    if file := download(request, sheet):
        return file
    context = {"rows": rows, "totals": totals(rows, of), "as_of": as_of, "sign": sign(of)}
    return desk_page(request, "desk/loans/list.html", of, section=SECTION, context=context)


def loan(request: PersonRequest, book: str, loan: int) -> HttpResponse:
    """One loan: position, schedule, what makes the principal, who funds it, what happened, what was promised."""
    of = book_of(request, book)
    found = _loan(request, of, loan)
    as_of = asked_date(request, of)
    position = position_of(found, as_of)
    if file := download(request, _schedule_sheet(found, position)):
        return file
    principal = ledger.account(of, f"1310/{found.reference}", found.currency) if position.drawn else None
    context = {
        "loan": found,
        "as_of": as_of,
        "sign": sign(of),
        "position": position,
        "terms": loan_terms(found).last(),
        "rows": position.instalments if request.GET.get("all") else _around_now(position),
        "all": bool(request.GET.get("all")),
        **_rounding(position),
        "figures": _figures(found, position),
        "principal_account": principal,
        "statement": ledger.account_statement(principal, _months_before(as_of), as_of) if principal else None,
        "entries": _latest_entries(found, as_of),
        "shares": shares_of(found, as_of),
        "share_bar": share_bar(found, as_of),
        "moments": _moments(found, as_of),
        "facts": _facts(found),
        "promises": [
            {"target": target, "readings": readings_of(found.organisation, target.indicator)}
            for target in impact_targets(found)
        ],
        "why_not_draw": why_not(request.user, "desk:draw-down", "POST", book=of.pk),
    }
    crumbs = [Link("Loans", reverse(SECTION, args=[of.code])), Link(found.reference)]
    return desk_page(request, "desk/loans/loan.html", of, section=SECTION, crumbs=crumbs, context=context)


def draw_down(request: PersonRequest, book: str, loan: int) -> HttpResponse:
    """Lend what is agreed: the amount and the day, then the entries of the loan and of its lenders."""
    of = book_of(request, book)
    found = _loan(request, of, loan)
    undrawn = position_of(found, of.business_date).undrawn
    form = DrawdownForm(request.POST or None, initial={"amount": undrawn, "on": of.business_date})
    key = request.POST.get("key") or uuid4().hex
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            amount = form.cleaned_data["amount"]
            event = draw_loan_down(
                loan=found, amount=amount, on=form.cleaned_data["on"], by=request.user, key=f"desk:{key}"
            )
            apportion(loan=found, by=request.user)
            messages.success(
                request, f"{money(amount)} of {found} is drawn. It is on its way until the bank confirms it."
            )
            return redirect("desk:loan", of.code, event.loan_id)
    context = {"loan": found, "form": form, "key": key, "facts": _facts(found)}
    here = reverse("desk:loan", args=[of.code, found.pk])
    crumbs = [Link("Loans", reverse(SECTION, args=[of.code])), Link(found.reference, here), Link("Draw down")]
    return desk_page(request, "desk/loans/draw_down.html", of, section=SECTION, crumbs=crumbs, context=context)


def _loan(request: PersonRequest, book: Book, pk: int) -> Loan:
    found = loans_for(request.user).select_related("organisation", "product", "book", "application__prepared_by")
    return get_object_or_404(found, pk=pk, book=book)


def _schedule_sheet(loan: Loan, position: Position) -> Sheet:
    headings = ("No.", "Due", "Status", "Interest", "Principal", "Instalment", "Received", "Still owed", "Balance")
    rows = [
        (
            row.instalment.no,
            row.instalment.due_on,
            str(row.status),
            row.instalment.interest,
            row.instalment.principal,
            row.instalment.total,
            row.paid,
            row.unpaid,
            row.instalment.balance,
        )
        for row in position.instalments
    ]
    return Sheet(f"schedule-{loan.reference}-{position.as_of}", headings, rows)


def _around_now(position: Position) -> tuple[InstalmentPosition, ...]:
    done = sum(1 for row in position.instalments if row.paid_on)
    return position.instalments[max(0, done - BEFORE) : done + AFTER]


def _rounding(position: Position) -> dict[str, object]:
    """How the last instalment differs from the level one."""
    if len(position.instalments) < 2:
        return {}
    level, last = (position.instalments[place].instalment.total for place in (0, -1))
    return {"level_instalment": level, "last_instalment": last, "last_difference": level != last}


def _figures(loan: Loan, position: Position) -> list[Figure]:
    due = position.next_payment
    lent = f"of {money(position.drawn)} lent" if position.drawn else f"{money(position.undrawn)} agreed, not drawn"
    late = f"oldest unpaid for {position.days_past_due} days" if position.days_past_due else "nothing is late"
    figures = [
        Figure("Principal outstanding", money(position.principal_outstanding), lent, "#entries"),
        Figure("In arrears", money(position.arrears), late, "#schedule", "late" if position.arrears else ""),
        Figure(
            "Next instalment", money(due.total) if due else "–", weekday_day(due.due_on) if due else "", "#schedule"
        ),
        Figure("Interest paid", money(position.interest_paid), "since the drawdown", "#schedule"),
        Figure("Kept for later", money(position.in_advance), "received before it was due", "#schedule"),
    ]
    return figures if position.in_advance else figures[:-1]


def _latest_entries(loan: Loan, as_of: date) -> list[EntryShown]:
    """The loan's last entry with its lenders' side."""
    last = entries_of(loan).filter(effective_on__lte=as_of).order_by("-effective_on", "-pk").first()
    if last is None:
        return []
    lenders = ledger.entries_by_source(loan.book, source_of(last.pk))
    return [entry_shown(one) for one in (last, *lenders)]


def _moments(loan: Loan, as_of: date) -> list[Moment]:
    told = [
        Moment(
            event.effective_on,
            f"{event.get_kind_display()}{f' of {money(event.money)}' if event.money else ''}",
            f"recorded by {event.recorded_by}{f': {event.reason}' if event.reason else ''}",
            reverse("desk:entry", args=[loan.book.code, event.entry_id]),
            "late" if event.kind == "reversed" else "done",
        )
        for event in events(loan)
        if event.effective_on <= as_of
    ]
    agreed = loan_terms(loan).first()
    if agreed is not None:
        people = f"prepared by {agreed.approval.made_by}, approved by {agreed.approval.checked_by}"
        told.insert(0, Moment(loan.approved_on, "Approved", people, state="done"))
    return told[::-1][:8]


def _facts(loan: Loan) -> list[Fact]:
    terms = loan_terms(loan).latest("version")
    return [
        Fact("Amount", money(terms.principal)),
        Fact("Nominal rate", f"{percent(terms.annual_rate)} a year, fixed, {terms.day_count}"),
        Fact("Term", f"{terms.months} months, first due {day(terms.first_due_on)}"),
        Fact("Product", str(loan.product)),
        Fact("Payment reference", loan.payment_reference),
        Fact("Approved", f"{day(loan.approved_on)}, by {terms.approval.checked_by}"),
        Fact("Prepared", f"by {terms.approval.made_by}"),
    ]


def _months_before(as_of: date) -> date:
    """The first day of the month three months earlier."""
    month = as_of.year * 12 + as_of.month - 1 - 3
    return date(month // 12, month % 12 + 1, 1)
