"""One loan at the desk: where it stands, with every figure led back to the entries that make it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import reverse

from borrowers.queries import readings_of
from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.components import EntryShown, Figure, Moment
from commonweal.desk.acts import acts_beside
from commonweal.desk.business import business_behind, losses_beside
from commonweal.desk.contacts import contacts_shown
from commonweal.desk.entries import account_name, entry_shown
from commonweal.desk.files import files_beside
from commonweal.desk.frame import asked_date, book_of, desk_page, sign
from commonweal.desk.loans import SECTION, agreed_facts, loan_crumbs, loan_of
from commonweal.desk.mandates import debit_beside
from commonweal.desk.payee_shown import goes_to
from commonweal.desk.shares import share_bar, shares_of
from commonweal.documents.list_files import Sheet, download
from commonweal.payees import of_organisation
from commonweal.templatetags.commonweal import day, money, weekday_day
from investors.domain.entries import source_of
from investors.domain.participation import SharingRule
from investors.queries import participations
from ledger import queries as ledger
from loans.domain.calendar import add_months
from loans.domain.entries import (
    default_interest_receivable,
    fees_receivable,
    interest_receivable,
    loan_principal,
    repayments_in_advance,
)
from loans.domain.position import InstalmentPosition, Position
from loans.domain.terms import Terms
from loans.models import EventKind, Loan, LoanEvent
from loans.moving_in_queries import history_of
from loans.queries import agreed_terms, entries_of, events, impact_targets, loan_terms, position_of
from loans.rate_words import kept_to_in_words, repaid_in_words
from loans.servicing_queries import in_transit

if TYPE_CHECKING:
    from ledger.models import Account

BEFORE, AFTER = 4, 6
"""Instalments shown before and after today, until all are asked for."""

OWN_ACCOUNTS = (
    loan_principal,
    interest_receivable,
    fees_receivable,
    default_interest_receivable,
    repayments_in_advance,
)

LATEST, FIRST = 4, 2
"""Events told on the timeline; those between the latest and the first are counted."""


def loan(request: PersonRequest, book: str, loan: int) -> HttpResponse:
    """Position, schedule, what makes the principal, who funds it, what happened, and what was promised."""
    of = book_of(request, book)
    found = loan_of(request, of, loan)
    as_of = asked_date(request, of)
    position = position_of(found, as_of)
    if file := download(request, _schedule_sheet(found, position)):
        return file
    on_its_way = _in_transit(found, position)
    shows_all = bool(request.GET.get("all"))
    accounts = _accounts(found)
    shares = shares_of(found, as_of, is_drawn=bool(position.drawn))
    context = {
        "loan": found,
        "as_of": as_of,
        "sign": sign(of),
        "position": position,
        "terms": loan_terms(found).latest("version"),
        "rows": position.instalments if shows_all else _around_now(position),
        "all": shows_all,
        **_rounding(position),
        **_repaid(agreed_terms(loan_terms(found).latest("version"))),
        **_principal(accounts.get(loan_principal(found.reference)), position, as_of),
        "figures": _figures(found, position, accounts, as_of),
        "entries": _latest_entries(found, as_of),
        "shares": shares,
        "sharing": getattr(participations(found, as_of), "rule", SharingRule.ALIKE).words,
        "share_bar": share_bar(shares, f"funders-{found.pk}"),
        "moments": _moments(found, as_of),
        **acts_beside(request, found),
        "facts": agreed_facts(found, position),
        "history": history_of(found) if found.moved_in_id else (),
        "files": files_beside(request, found),
        "promises": [
            {"target": target, "readings": readings_of(found.organisation, target.indicator)}
            for target in impact_targets(found)
        ],
        **contacts_shown(request, found),
        "drawn_in_transit": on_its_way,
        **business_behind(request, found, as_of),
        **losses_beside(found, as_of),
        **debit_beside(request, found),
        **(goes_to(of, of_organisation(found.organisation)) if position.undrawn or on_its_way else {}),
        "why_not_draw": why_not(request.user, "desk:draw-down", "POST", book=of.pk),
        "why_not_share": why_not(request.user, "desk:participations", "POST", book=of.pk),
    }
    return desk_page(request, "desk/loans/loan.html", of, section=SECTION, crumbs=loan_crumbs(found), context=context)


def _schedule_sheet(loan: Loan, position: Position) -> Sheet:
    agreed = ("No.", "Due", "Status", "Interest", "Principal", "Instalment")
    headings = (*agreed, "Received", "In advance", "Given up", "Still owed", "Balance")
    rows = [
        (
            row.instalment.no,
            row.instalment.due_on,
            str(row.status),
            row.instalment.interest,
            row.instalment.principal,
            row.instalment.total,
            row.paid,
            row.covered,
            row.given_up,
            row.to_come,
            row.instalment.balance,
        )
        for row in position.instalments
    ]
    return Sheet(f"schedule-{loan.reference}-{position.as_of}", headings, rows)


def _around_now(position: Position) -> tuple[InstalmentPosition, ...]:
    done = sum(1 for row in position.instalments if row.paid_on)
    now = position.next_payment.no - 1 if position.next_payment else done
    return position.instalments[max(0, done - BEFORE) : max(done, now) + AFTER]


def _rounding(position: Position) -> dict[str, object]:
    """How the last instalment differs from the one before it, where rounding alone makes the difference."""
    if len(position.instalments) < 2:
        return {}
    level, last = (position.instalments[place].instalment.total for place in (-2, -1))
    by_rounding = 0 < abs(last - level).amount < len(position.instalments)
    return {"level_instalment": level, "last_instalment": last, "last_difference": by_rounding}


def _repaid(terms: Terms) -> dict[str, str]:
    """How the loan is repaid, and what money that comes in pays."""
    return {"repaid": repaid_in_words(terms), "kept_to": kept_to_in_words(terms)}


def _accounts(loan: Loan) -> dict[str, Account]:
    """The loan's own accounts by code."""
    codes = [code(loan.reference) for code in OWN_ACCOUNTS]
    found = ledger.accounts(loan.book).filter(code__in=codes, currency=loan.currency).select_related("book")
    return {account.code: account for account in found}


def _principal(account: Account | None, position: Position, as_of: date) -> dict[str, Any]:
    """The last months of the account whose balance is the principal outstanding; nothing before the drawdown."""
    if account is None or not position.drawn:
        return {"statement": None}
    statement = ledger.account_statement(account, add_months(as_of.replace(day=1), -3), as_of)
    return {"statement": statement, "principal_account": account_name(account), "principal_url": _url(account, as_of)}


def _figures(loan: Loan, position: Position, accounts: Mapping[str, Account], as_of: date) -> list[Figure]:
    due = position.next_payment
    lent = f"of {money(position.drawn)} lent" if position.drawn else "nothing is drawn yet"
    late = f"oldest unpaid for {position.days_past_due} days" if position.days_past_due else "nothing is late"
    interest = _url(accounts.get(interest_receivable(loan.reference)), as_of)
    figures = [
        Figure("Principal outstanding", money(position.principal_outstanding), lent, "#entries"),
        Figure("In arrears", money(position.arrears), late, "#schedule", "late" if position.arrears else ""),
        Figure(
            "Next instalment",
            money(due.total) if due else "–",
            weekday_day(due.due_on) if due else "none to come",
            "#schedule" if due else "",
        ),
        Figure("Interest paid", money(position.interest_paid), "since the drawdown", interest),
    ]
    figures += _charges(loan, position, accounts, as_of)
    if position.in_advance:
        advance = _url(accounts.get(repayments_in_advance(loan.reference)), as_of)
        figures.append(Figure("In advance", money(position.in_advance), "received before it was due", advance))
    if position.written_off:
        back = f"{money(position.recovered)} has come back" if position.recovered else "nothing has come back"
        figures.append(Figure("Written off", money(position.written_off), back, "#story"))
    if position.undrawn:
        figures.append(Figure("Agreed, not drawn", money(position.undrawn), "waiting for drawdown"))
    return figures


def _charges(loan: Loan, position: Position, accounts: Mapping[str, Account], as_of: date) -> list[Figure]:
    """What is due besides the instalments."""
    accrued = position.default_interest_accrued
    due = {
        fees_receivable: (position.fees_due, "Fees due", "charged and unpaid"),
        default_interest_receivable: (
            position.default_interest_due + accrued,
            "Default interest",
            f"{money(accrued)} of it not charged yet" if accrued else "charged and unpaid",
        ),
    }
    return [
        Figure(label, money(amount), words, _url(accounts.get(code(loan.reference)), as_of))
        for code, (amount, label, words) in due.items()
        if amount
    ]


def _url(account: Account | None, as_of: date) -> str:
    """The way to the entries of an account; nowhere while there is none."""
    return f"{reverse('desk:account', args=[account.book.code, account.pk])}?to={as_of}" if account else ""


def _latest_entries(loan: Loan, as_of: date) -> list[EntryShown]:
    """The loan's last entry with its lenders' side."""
    last = entries_of(loan).filter(effective_on__lte=as_of).order_by("-effective_on", "-pk").first()
    if last is None:
        return []
    lenders = ledger.entries_by_source(loan.book, source_of(last.pk))
    return [entry_shown(one) for one in (last, *lenders)]


def _in_transit(loan: Loan, position: Position) -> LoanEvent | None:
    """The last drawdown, while the bank has not paid it and nothing was received: it can be taken back."""
    if position.received or not position.drawn or position.as_of != loan.book.business_date:
        return None
    drawn = events(loan).filter(kind=EventKind.DRAWN, reversed_by=None).last()
    return drawn if drawn and drawn.money and in_transit(loan, position.as_of) >= drawn.money else None


def _moments(loan: Loan, as_of: date) -> list[Moment]:
    """The latest events first and the beginning last; what lies between is counted, not told."""
    told = [_moment(loan, event) for event in events(loan) if event.effective_on <= as_of]
    agreed = loan_terms(loan).first()
    if agreed is not None:
        people = f"prepared by {agreed.approval.made_by}, approved by {agreed.approval.checked_by}"
        told.insert(0, Moment(loan.approved_on, "Approved", people, state="done"))
    between = told[FIRST:-LATEST]
    if len(between) > 1:
        words = f"{day(between[0].on)} to {day(between[-1].on)}"
        told[FIRST:-LATEST] = [Moment(between[0].on, f"{len(between)} more events", state="done", when=words)]
    return told[::-1]


def _moment(loan: Loan, event: LoanEvent) -> Moment:
    amount = f" of {money(event.money)}" if event.money else ""
    undone = event.reverses
    of = f" of {money(undone.money)}" if undone and undone.money else ""
    label = f"{undone.get_kind_display()}{of} taken back" if undone else ""
    return Moment(
        event.effective_on,
        label or f"{event.get_kind_display()}{amount}",
        f"recorded by {event.recorded_by}{f': {event.reason}' if event.reason else ''}",
        reverse("desk:loan-event", args=[loan.book.code, loan.pk, event.pk]),
        "late" if event.reverses else "done",
    )
