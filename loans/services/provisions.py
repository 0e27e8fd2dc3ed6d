"""Setting aside for losses: the fund's rule, the provisions of a day, and what they are used for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import F

from ledger.services import open_accounts, post
from loans.domain.errors import KeyUsedBefore, ProvisionRefused, ReasonMissing
from loans.domain.loss_entries import provision_entry
from loans.domain.provision import Stage, refuse_impossible_rule
from loans.domain.words import date_text
from loans.losses import PROVISION_NODE, ProvisionRow, provision_rows, rule_in_force
from loans.models import EventKind, Loan, LoanEvent, LossProposal, ProvisionLine, ProvisionRule, ProvisionRun
from loans.services.booking import looked_at
from loans.services.cover import book_cover
from loans.services.loss_proposals import approved
from loans.services.own_accounts import open_own_accounts
from loans.services.upkeep_of_many import bring_all_up_to_date

if TYPE_CHECKING:
    from ledger.models import Book

TOGETHER = 100
"""Loans that are brought up to date in one posting request."""

COLUMNS = dict(zip(Stage, ("current", "to_30", "to_60", "to_90", "over_90", "non_accrual"), strict=True))


def set_provision_rule(
    *, book: Book, percentages: Mapping[Stage, Decimal], on: date, reason: str, by: AbstractBaseUser
) -> ProvisionRule:
    """The percentages of a book from a day on, as fractions; earlier rules stay. Raises ProvisionRefused."""
    refuse_impossible_rule(percentages)
    if not reason.strip():
        raise ReasonMissing("Say why these percentages: the auditor reads it. Nothing was changed.")
    last = ProvisionRun.objects.filter(book=book).order_by("-on").first()
    if last is not None and on <= last.on:
        raise ProvisionRefused(
            f"Provisions were made on {date_text(last.on)} already, so a rule cannot begin on {date_text(on)}. Date it "
            "later; nothing was changed."
        )
    columns = {column: percentages[stage] for stage, column in COLUMNS.items()}
    return ProvisionRule.objects.create(
        book=book, effective_on=on, reason=reason.strip(), recorded_by_id=by.pk, **columns
    )


def preview_provisions(*, book: Book, on: date) -> list[ProvisionRow]:
    """What `provide` would post on a day: each loan with its stage, what it should have and has. Nothing is written.

    Raises ProvisionRefused where there is no rule.
    """
    return provision_rows(book, on, _rule(book, on))


@transaction.atomic
def provide(*, book: Book, on: date, by: AbstractBaseUser, key: str) -> ProvisionRun:
    """Set aside on a day what each loan should have, less what it has; one entry for each loan that changes.

    Once a day: asked again it gives the run that stands. What fell due is posted first. Raises ProvisionRefused for a
    day to come, one before the last run, or without a rule; KeyUsedBefore; PeriodClosed.
    """
    rule = _rule(book, on)
    standing = ProvisionRun.objects.filter(book=book, key=key).first()
    if standing is not None and standing.on != on:
        raise KeyUsedBefore(
            f"The key {key!r} was used for the provisions of {date_text(standing.on)}. Use a new key; "
            "nothing was changed."
        )
    run, made = ProvisionRun.objects.get_or_create(
        book=book, on=on, defaults={"rule": rule, "key": key, "recorded_by_id": by.pk}
    )
    if not made:
        return run
    _refuse_day(book, on)
    # Every loan of the book, always in the same order: what is worked out stays true until it is posted.
    loans = list(Loan.objects.select_for_update(of=("self",)).filter(book=book).order_by("pk"))
    for start in range(0, len(loans), TOGETHER):
        bring_all_up_to_date(book=book, loans=loans[start : start + TOGETHER], on=on, by=by)
    rows = provision_rows(book, on, rule)
    ProvisionLine.objects.bulk_create(_line(run, row) for row in rows)
    _post([row for row in rows if row.provided.change], book, on, by)
    return run


def provide_at_month_end(*, book: Book, on: date, by: AbstractBaseUser) -> int:
    """What `provide` does, where the fund has percentages and provisions were not made on that day or later; says how
    many entries it posted."""
    if rule_in_force(book, on) is None or ProvisionRun.objects.filter(book=book, on__gte=on).exists():
        return 0
    run = provide(book=book, on=on, by=by, key=f"month-end:{on}")
    return run.lines.exclude(should=F("had")).count()


def _post(changed: Sequence[ProvisionRow], book: Book, on: date, by: AbstractBaseUser) -> None:
    """What changed, in one request; what is lost later than that day may use more of it, or less."""
    if not changed:
        return
    subjects = [row.loan.reference for row in changed]
    entries = [provision_entry(row.loan.reference, on, row.change) for row in changed]
    for currency in {row.loan.currency for row in changed}:
        own = [row.loan.reference for row in changed if row.loan.currency == currency]
        open_accounts(book=book, node=PROVISION_NODE, subjects=own, on=book.opened_on, currency=currency)
    open_own_accounts(book, zip((row.loan for row in changed), entries, strict=True))
    post(entries, book=book, key=f"provisions:{on}", by=by)
    lost = LoanEvent.objects.filter(kind=EventKind.WRITTEN_OFF, effective_on__gt=on, loan__reference__in=subjects)
    for loan in Loan.objects.filter(book=book, pk__in=lost.values("loan")).select_related("book").order_by("pk"):
        book_cover(looked_at(loan), book.business_date, by=by)


@transaction.atomic
def approve_specific_provision(
    *, proposal: LossProposal, shown_sha256: str, by: AbstractBaseUser, reason: str = ""
) -> LossProposal:
    """Agree to a specific provision; the next provisions of the book use it. Raises what `approved` raises."""
    approved(proposal, shown_sha256, by=by, reason=reason)
    return proposal


def _rule(book: Book, on: date) -> ProvisionRule:
    rule = rule_in_force(book, on)
    if rule is None:
        raise ProvisionRefused(
            f"{book} has no percentages for provisions on {date_text(on)}. Set them first; nothing was changed."
        )
    return rule


def _refuse_day(book: Book, on: date) -> None:
    if on > book.business_date:
        raise ProvisionRefused(
            f"{date_text(on)} is after {date_text(book.business_date)}, the business date of {book}. Choose a day that "
            "has come; nothing was changed."
        )
    later = ProvisionRun.objects.filter(book=book, on__gt=on).order_by("-on").first()
    if later is not None:
        raise ProvisionRefused(
            f"Provisions were made on {date_text(later.on)} already; those of {date_text(on)} would change what they "
            "rest on. Choose a later day; nothing was changed."
        )


def _line(run: ProvisionRun, row: ProvisionRow) -> ProvisionLine:
    exposure = row.provided.exposure
    return ProvisionLine(
        run=run,
        loan=row.loan,
        stage=exposure.stage.value,
        share=row.provided.share,
        principal=exposure.principal,
        guaranteed=exposure.guaranteed,
        should=row.provided.should,
        had=exposure.has,
    )
