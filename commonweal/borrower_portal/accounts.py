"""Your figures: what was agreed about them, how they stand, and giving the next ones in a few questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from borrowers.domain.accounts import AccountsKind
from borrowers.domain.errors import BorrowerError
from borrowers.models import Accounts, Organisation
from borrowers.queries import current_accounts, current_accounts_of
from borrowers.services import give_accounts
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import organisations_for
from commonweal.accounts_form import AccountsForm, initial_of, next_days
from commonweal.borrower_portal.frame import own_loans, portal_page
from commonweal.covenant_words import CovenantTold, covenant_told
from commonweal.templatetags.commonweal import span
from loans.covenants import covenants_of, needed_figures
from loans.models import Loan

SECTION = "borrower:accounts"


@dataclass(frozen=True, slots=True)
class BusinessShown:
    """A business with what it agreed to keep to, and the figures that it gave, the latest first."""

    organisation: Organisation
    covenants: Sequence[CovenantTold]
    given: Sequence[Accounts]


def accounts(request: PersonRequest) -> HttpResponse:
    """What was agreed, how it stands, and what was given, for each of the person's businesses."""
    loans = own_loans(request)
    businesses = list(organisations_for(request.user).order_by("name", "pk"))
    given: dict[int, list[Accounts]] = {one.pk: [] for one in businesses}
    for one in current_accounts_of(businesses):
        given[one.organisation_id].insert(0, one)
    kept = covenants_of(loans, _today(loans))
    shown = [
        BusinessShown(
            one,
            [
                covenant_told(covenant)
                for loan in loans
                if loan.organisation_id == one.pk
                for covenant in kept[loan.pk]
                if covenant.covenant.ends_on is None
            ],
            given[one.pk],
        )
        for one in businesses
    ]
    context = {"shown": shown}
    book = loans[0].book if loans else None
    return portal_page(request, "borrower_portal/accounts.html", section=SECTION, book=book, context=context)


def accounts_new(request: PersonRequest, organisation: int) -> HttpResponse:
    """Ask for figures, show them to be checked, and keep them once they are confirmed."""
    found = get_object_or_404(organisations_for(request.user), pk=organisation)
    loans = [loan for loan in own_loans(request) if loan.organisation_id == found.pk]
    today = _today(loans)
    standing = current_accounts(found)
    last, replaced = standing.first(), _replaced(request, found)
    form = AccountsForm(
        request.POST or None,
        currency=replaced.currency if replaced else (loans[0].currency if loans else "GBP"),
        needed=needed_figures(found),
        last=last,
        replaces=replaced,
        initial=initial_of(replaced) if replaced else next_days(last, today),
    )
    asks = request.method != "POST" or "change" in request.POST or not form.is_valid()
    if not asks and _is_right(form, today):
        if "confirm" in request.POST and _keep(request, form, found, today):
            return redirect("borrower:accounts")
        asks = bool(form.errors)
    elif "change" in request.POST:
        form.errors.clear()
    context = {"organisation": found, "form": form, "replaced": replaced, "checks": not asks and not form.errors}
    book = loans[0].book if loans else None
    return portal_page(request, "borrower_portal/accounts_new.html", section=SECTION, book=book, context=context)


def _is_right(form: AccountsForm, on: date) -> bool:
    """Whether the figures can be right, told before they are shown to be checked."""
    return _tried(form, lambda: form.refuse(on))


def _keep(request: PersonRequest, form: AccountsForm, organisation: Organisation, on: date) -> bool:
    def keep() -> Any:
        return give_accounts(
            organisation=organisation,
            span=form.span,
            kind=AccountsKind(form.cleaned_data["kind"]),
            currency=form.currency,
            figures=form.figures,
            on=on,
            by=request.user,
            replaces=form.replaces,
            reason=form.cleaned_data.get("reason", ""),
        )

    if not _tried(form, keep):
        return False
    messages.success(request, f"Thank you. We have your figures for {span(form.span.start, form.span.last_day)}.")
    return True


def _tried(form: AccountsForm, act: Any) -> bool:
    """Whether nothing was refused; a refusal stands by its field."""
    try:
        act()
    except BorrowerError as refusal:
        field = getattr(refusal, "field", "")
        form.add_error(field if field in form.fields else None, str(refusal))
        return False
    return True


def _replaced(request: PersonRequest, organisation: Organisation) -> Accounts | None:
    """The standing accounts that are to be corrected, if the query string names any of the business's."""
    key = request.GET.get("replaces", "")
    return current_accounts(organisation).filter(pk=int(key)).first() if key.isdecimal() and len(key) < 15 else None


def _today(loans: Sequence[Loan]) -> date:
    """The latest business date of the funds that lend to it; without a loan, the day itself."""
    return max((loan.book.business_date for loan in loans), default=timezone.localdate())
