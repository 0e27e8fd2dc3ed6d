"""Applications: prepared by one person, submitted, and moved from state to state by the table in the domain."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models.functions import Now

from loans.domain.application import ApplicationStatus, Move, moved
from loans.domain.errors import (
    ApprovalByMaker,
    ImpossibleTerms,
    NotPreparedYet,
    OutsideProduct,
    ReasonMissing,
    TermsChanged,
)
from loans.domain.offer import Asked, read_brings
from loans.domain.terms import Terms
from loans.domain.terms_content import terms_content
from loans.domain.terms_summary import summary_of
from loans.domain.words import date_text, money_text
from loans.models import Application, ApplicationStep, Product, ProductVersion, Series
from loans.models.money import PLACES, plain
from loans.queries import asked_terms_sha256, terms_for_product, version_in_force
from loans.services.numbering import next_number

if TYPE_CHECKING:
    from borrowers.models import Organisation

RATE_PLACES = 6

REVISED = (
    *("amount", "annual_rate", "months", "first_due_on", "content", "purpose"),
    *("prepared_by", "prepared_at", "status"),
)
"""What a revision may write anew; the database lets nothing else of an application change."""


@transaction.atomic
def apply(
    *, product: Product, organisation: Organisation, asked: Asked, purpose: str, on: date, by: AbstractBaseUser
) -> Application:
    """Prepare an application as a draft. Raises ImpossibleTerms and OutsideProduct, each naming the field."""
    application = Application(
        book_id=product.book_id,
        organisation=organisation,
        product=product,
        product_version=version_in_force(product, on),
        purpose=purpose.strip(),
        applied_on=on,
        prepared_by_id=by.pk,
    )
    _ask(application, asked)
    application.reference = f"A-{next_number(product.book, Series.APPLICATION):04d}"
    application.save(force_insert=True)
    return application


@transaction.atomic
def revise(
    *, application: Application, asked: Asked, purpose: str | None = None, on: date, by: AbstractBaseUser
) -> Application:
    """Write other terms; whoever does so has prepared them and cannot approve them.

    Raises MoveNotAllowed, ImpossibleTerms and OutsideProduct.
    """
    locked = lock_application(application)
    status = moved(locked.reference, ApplicationStatus(locked.status), Move.REVISE)
    _ask(locked, asked)
    locked.purpose = locked.purpose if purpose is None else purpose.strip()
    locked.prepared_by_id = by.pk
    locked.prepared_at = Now()
    take_step(locked, Move.REVISE, status, on=on, by=by)
    locked.refresh_from_db()
    return locked


@transaction.atomic
def submit(*, application: Application, on: date, by: AbstractBaseUser) -> Application:
    """Put an application before somebody who may decide. Raises MoveNotAllowed, NotPreparedYet."""
    locked = lock_application(application)
    status = moved(locked.reference, ApplicationStatus(locked.status), Move.SUBMIT)
    if not locked.purpose:
        raise NotPreparedYet(f"{locked.reference} does not say what the money is for. Add it; nothing was changed.")
    return take_step(locked, Move.SUBMIT, status, on=on, by=by)


@transaction.atomic
def send_back(
    *, application: Application, shown_sha256: str, reason: str, on: date, by: AbstractBaseUser
) -> Application:
    """Ask whoever prepared an application to amend it.

    Raises MoveNotAllowed, ApprovalByMaker, TermsChanged, ReasonMissing.
    """
    return _decide(application, Move.SEND_BACK, shown_sha256, reason=reason, on=on, by=by)


@transaction.atomic
def decline(*, application: Application, shown_sha256: str, reason: str, on: date, by: AbstractBaseUser) -> Application:
    """Decide against an application.

    Raises MoveNotAllowed, ApprovalByMaker, TermsChanged, ReasonMissing.
    """
    return _decide(application, Move.DECLINE, shown_sha256, reason=reason, on=on, by=by)


def _decide(
    application: Application, move: Move, shown_sha256: str, *, reason: str, on: date, by: AbstractBaseUser
) -> Application:
    locked = lock_application(application)
    status = refuse_decision(locked, move, shown_sha256, by=by)
    if not reason.strip():
        raise ReasonMissing(f"Say why you {move} {locked.reference}: its maker will read it. Nothing was changed.")
    return take_step(locked, move, status, on=on, by=by, reason=reason.strip())


def lock_application(application: Application) -> Application:
    """The application as it stands now; who else wants to move it waits for this transaction."""
    found = Application.objects.select_for_update(of=("self",))
    return found.select_related(
        "book", "organisation", "product", "product_version__product", "product_version__index", "prepared_by"
    ).get(pk=application.pk)


def refuse_decision(
    application: Application, move: Move, shown_sha256: str, *, by: AbstractBaseUser
) -> ApplicationStatus:
    """The state that a decision leads to. Raises MoveNotAllowed, ApprovalByMaker, TermsChanged."""
    status = moved(application.reference, ApplicationStatus(application.status), move)
    if application.prepared_by_id == by.pk:
        raise ApprovalByMaker(
            f"You prepared {application.reference} yourself, so somebody else has to decide. "
            "Ask a colleague who may approve; nothing was changed."
        )
    if asked_terms_sha256(application) != shown_sha256:
        raise TermsChanged(
            f"The terms of {application.reference} are no longer those that you were shown: "
            f"{application.prepared_by} changed them. Read them again and decide; nothing was changed."
        )
    return status


def take_step(
    application: Application, move: Move, status: ApplicationStatus, *, on: date, by: AbstractBaseUser, reason: str = ""
) -> Application:
    """Keep the move for ever, and the application in its new state; the database takes no change without its step."""
    application.status = status.value
    ApplicationStep.objects.create(
        application=application,
        move=move,
        status=status,
        effective_on=on,
        terms_sha256=asked_terms_sha256(application),
        reason=reason,
        recorded_by_id=by.pk,
    )
    application.save(update_fields=REVISED if move is Move.REVISE else ["status"])
    return application


def _ask(application: Application, asked: Asked) -> None:
    terms = terms_for_product(application.product_version, asked)
    _write(application, terms)
    if round(terms.annual_rate, RATE_PLACES) != terms.annual_rate:
        raise ImpossibleTerms(
            "annual_rate",
            f"A rate of {terms.annual_rate} has more than {RATE_PLACES} decimals. Round it; nothing was changed.",
        )
    if round(asked.amount.amount, PLACES) != asked.amount.amount:
        raise ImpossibleTerms(
            "amount", f"{asked.amount.amount} has more than {PLACES} decimals. Round it; nothing was changed."
        )
    if terms.first_due_on <= application.applied_on:
        raise ImpossibleTerms(
            "first_due_on",
            f"The first instalment on {date_text(terms.first_due_on)} would be due before there is a loan. "
            f"Choose a day after {date_text(application.applied_on)}; nothing was changed.",
        )
    refuse_outside_product(application.product_version, terms)


def _write(application: Application, terms: Terms) -> None:
    """Keep the terms whole, and what lists show of them."""
    shown = summary_of(terms)
    application.content = terms_content(terms)
    application.amount, application.annual_rate = terms.principal, terms.annual_rate
    application.months, application.first_due_on = shown.months, shown.first_due_on
    application.day_count, application.calendar = shown.day_count, shown.calendar


def refuse_outside_product(version: ProductVersion, terms: Terms) -> None:
    """Raise OutsideProduct where terms lie outside what the product allows, naming the field and the limits."""
    product, least, most = version.product, plain(version.min_amount), plain(version.max_amount)
    if terms.currency != least.currency.code:
        raise OutsideProduct(
            "amount",
            f"{product} is lent in {least.currency}, not in {terms.currency}. "
            "Give the amount in that currency; nothing was changed.",
        )
    if not least <= terms.principal <= most:
        raise OutsideProduct(
            "amount",
            f"{product} is from {money_text(least)} to {money_text(most)}; {money_text(terms.principal)} is outside. "
            "Ask for less or more, or choose another product; nothing was changed.",
        )
    months, allowed = summary_of(terms).months, read_brings(version.brings).interest_only_periods
    if not version.min_months <= months <= version.max_months:
        raise OutsideProduct(
            "months",
            f"{product} runs from {version.min_months} to {version.max_months} months; {months} is outside. "
            "Choose another term or product; nothing was changed.",
        )
    if terms.interest_only_periods > allowed:
        raise OutsideProduct(
            "interest_only_periods",
            f"{product} allows {allowed} interest-only periods at most; {terms.interest_only_periods} are asked for. "
            "Ask for fewer, or choose another product; nothing was changed.",
        )
