"""What does the fund collect from us, when, from which account, and how do we stop it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from commonweal.access.requests import PersonRequest
from commonweal.access.scope import loans_for
from commonweal.borrower_portal.frame import own_loans, portal_page
from commonweal.form_fields import PlainForm
from commonweal.jobs.debits import stop_mandate
from loans.debits import Standing, mandates_of, standings, upcoming
from loans.domain.direct_debit.mandate import MandateState
from loans.domain.direct_debit.working_days import on_working_day
from loans.domain.position import Position
from loans.models import Loan, Mandate
from loans.queries import positions_of

if TYPE_CHECKING:
    from moneyed import Money

PAGE = "borrower:debit"
STATES = {
    MandateState.SIGNED: ("watch", "Not with your bank yet"),
    MandateState.LODGED: ("due", "Your bank is being told"),
    MandateState.LIVE: ("good", "In force"),
    MandateState.CANCELLED: ("closed", "Stopped"),
    MandateState.LAPSED: ("closed", "Lapsed"),
}
"""What can be said of a mandate, as a shape and in words."""


class StopForm(PlainForm):
    """That somebody wants to stop, and why if they like to say."""

    words = forms.CharField(
        label="Why, and how will you pay instead?", help_text="Only if you like.", required=False, max_length=250
    )


@dataclass(frozen=True, slots=True)
class DebitShown:
    """A mandate as its business sees it, with what will be collected."""

    standing: Standing
    days: Sequence[tuple[date, Money]]

    @property
    def tag(self) -> str:
        """Its state as a shape."""
        return STATES[self.standing.state][0]

    @property
    def said(self) -> str:
        """Its state as words."""
        return STATES[self.standing.state][1]

    @property
    def next(self) -> tuple[date, Money] | None:
        """What is collected next."""
        return self.days[0] if self.days else None

    def can_collect(self, due_on: date) -> bool:
        """Whether a payment can still be told of in time to be collected when it falls due."""
        rules = self.standing.rules
        told_in_time = rules.period.first_day(self.standing.on, rules.holidays)
        return self.standing.state is MandateState.LIVE and told_in_time <= on_working_day(due_on, rules.holidays)

    @property
    def in_flight(self) -> bool:
        """Whether something was asked of the bank already that a stop may come too late for."""
        return any(line.run.state == "approved" for line in self.standing.unsettled)


def debit(request: PersonRequest) -> HttpResponse:
    """The mandates of the business, with what is collected when."""
    loans = own_loans(request)
    found = debits_of(loans, _positions(loans))
    context = {"shown": [found[loan.pk] for loan in loans if loan.pk in found], "form": StopForm()}
    book = loans[0].book if loans else None
    return portal_page(request, "borrower_portal/debit.html", section="borrower:home", book=book, context=context)


def debit_stop(request: PersonRequest, mandate: int) -> HttpResponse:
    """Stop a Direct Debit at once; the fund is told."""
    mine = Mandate.objects.filter(loan__in=loans_for(request.user)).select_related("book", "loan__organisation")
    found = get_object_or_404(mine, pk=mandate)
    form = StopForm(request.POST)
    if form.is_valid():
        stop_mandate(mandate=found, words=form.cleaned_data["words"], by=request.user)
        messages.success(request, "Your Direct Debit is stopped. We will talk with you about how to pay instead.")
    return redirect(PAGE)


def debits_of(loans: Sequence[Loan], positions: Mapping[int, Position]) -> dict[int, DebitShown]:
    """The latest mandate of each loan that has one, on the business date of its fund."""
    found = list(mandates_of(loans))
    shown: dict[int, DebitShown] = {}
    for mandate in found:
        if mandate.loan_id not in shown:
            (one,) = standings([mandate], mandate.book.business_date)
            days = upcoming(one, positions[mandate.loan_id]) if one.state.stands else []
            shown[mandate.loan_id] = DebitShown(one, days)
    return shown


def _positions(loans: Sequence[Loan]) -> dict[int, Position]:
    positions: dict[int, Position] = {}
    for on in {loan.book.business_date for loan in loans}:
        positions |= positions_of([loan for loan in loans if loan.book.business_date == on], on)
    return positions
