"""The table of base rates: a rate is added or corrected, and every loan that follows it is told from when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from moneyed import Money

from borrowers.domain.names import refuse_hidden_signs
from ledger.domain.money import to_minor
from loans import queries
from loans.domain.errors import BaseRateRefused
from loans.domain.events import BEGINS, Event, RateChanged, in_force
from loans.domain.linked_changes import rate_borne, rate_changes_due, refuse_gap
from loans.domain.linked_rates import BaseRate as RateInForce
from loans.domain.replay import replay
from loans.domain.terms import Terms
from loans.domain.words import date_text
from loans.lives_queries import events_by_loan, first_terms_by_loan
from loans.models import BaseRate, BaseRateIndex, Loan, LoanEvent, RateNotice
from loans.services.acts import Circumstances, record
from loans.services.some_loans import hold_loans

if TYPE_CHECKING:
    from ledger.models import Book

RATE_PLACES = 6

TOGETHER = 100
"""Loans whose rate is changed in one transaction, and that are locked meanwhile."""


@dataclass(frozen=True, slots=True)
class RateEffect:
    """What a new base rate changes for one loan, from which day, and by when the borrower has to be told.

    The payments are the next instalment before and after; none where no instalment is left.
    """

    loan: Loan
    number: int
    """Which place the event would have on the loan."""
    on: date
    tell_by: date
    old_rate: Decimal
    new_rate: Decimal
    old_payment: Money | None
    new_payment: Money | None


def add_index(*, book: Book, code: str, name: str) -> BaseRateIndex:
    """A published rate that loans may follow. Raises BaseRateRefused for a code in use, and NameMalformed."""
    refuse_hidden_signs(name)
    try:
        with transaction.atomic():
            return BaseRateIndex.objects.create(book=book, code=code, name=name)
    except IntegrityError as error:
        raise BaseRateRefused(
            f"{book} has an index {code!r} already. Choose another code; nothing was changed."
        ) from error


@transaction.atomic
def record_base_rate(
    *,
    index: BaseRateIndex,
    effective_on: date,
    annual_rate: Decimal,
    by: AbstractBaseUser,
    replaces: BaseRate | None = None,
) -> BaseRate:
    """Add a published rate, or correct one; what loans bear from then on is listed and kept as notices.

    Raises BaseRateRefused, and BaseRateGap where a correction would leave a loan's first day without a rate.
    """
    locked = BaseRateIndex.objects.select_for_update().select_related("book").get(pk=index.pk)
    effects = effects_of(index=locked, effective_on=effective_on, annual_rate=annual_rate, replaces=replaces)
    row = BaseRate.objects.create(
        index=locked, effective_on=effective_on, annual_rate=annual_rate, replaces=replaces, recorded_by_id=by.pk
    )
    RateNotice.objects.bulk_create(_notice(row, effect) for effect in effects)
    return row


def effects_of(
    *, index: BaseRateIndex, effective_on: date, annual_rate: Decimal, replaces: BaseRate | None = None
) -> list[RateEffect]:
    """What a rate would change, loan by loan, before it is recorded. Raises BaseRateRefused and BaseRateGap."""
    _refuse(index, effective_on, annual_rate, replaces)
    standing = BaseRate.objects.filter(index=index, replaced_by__isnull=True).exclude(pk=replaces.pk if replaces else 0)
    table = [RateInForce(row.effective_on, row.annual_rate) for row in standing]
    table = sorted([*table, RateInForce(effective_on, annual_rate)], key=lambda base: base.on)
    since = min(effective_on, replaces.effective_on) if replaces else effective_on
    return list(_all_effects(queries.loans_following(index), index, table, since))


def _all_effects(
    loans: Iterable[Loan], index: BaseRateIndex, table: Sequence[RateInForce], since: date
) -> Iterator[RateEffect]:
    """What a table changes from a day on, in as many queries whatever the number of loans."""
    found = list(loans)
    keys = [loan.pk for loan in found]
    terms, events = first_terms_by_loan(keys), events_by_loan(keys)
    for loan in found:
        yield from _effects_on(loan, terms[loan.pk], events[loan.pk], index, table, since)


def _effects_on(
    loan: Loan,
    terms: Terms,
    events: tuple[Event, ...],
    index: BaseRateIndex,
    table: Sequence[RateInForce],
    since: date,
) -> Iterator[RateEffect]:
    link = queries.link_of(loan.application.product_version) if loan.application else None
    if link is None:
        return
    refuse_gap(str(index), table, terms.planned_drawn_on)
    happened = in_force(events, date.max)
    began = min((one.effective_on for one in happened if isinstance(one, BEGINS)), default=terms.planned_drawn_on)
    number = max((event.sequence for event in events), default=0)
    following = link.for_terms(terms.first_due_on)
    for change in rate_changes_due(terms, happened, following, table, since=max(since, began)):
        number += 1
        changed = (*events, RateChanged(change.on, number, change.annual_rate))
        yield RateEffect(
            loan,
            number,
            change.on,
            change.on - timedelta(days=link.notice_days),
            rate_borne(terms, in_force(events, date.max), change.on),
            change.annual_rate,
            _next_payment(terms, events, change.on),
            _next_payment(terms, changed, change.on),
        )
        events = changed


def follow_base_rates(*, book: Book, through: date, by: AbstractBaseUser) -> tuple[LoanEvent, ...]:
    """Change the rate of every loan that follows an index, on each day up to `through` on which it is set anew.

    Safe to repeat: a change that a loan bears already is not recorded again. So many loans at a time are locked.
    """
    changed: list[LoanEvent] = []
    for index in BaseRateIndex.objects.filter(book=book).order_by("pk"):
        table = queries.base_rate_table(index)
        following = sorted(queries.loans_following(index).values_list("pk", flat=True)) if table else []
        for start in range(0, len(following), TOGETHER):
            changed += _follow_together(index, table, following[start : start + TOGETHER], through, by=by)
    return tuple(changed)


@transaction.atomic
def _follow_together(
    index: BaseRateIndex, table: Sequence[RateInForce], keys: Sequence[int], through: date, *, by: AbstractBaseUser
) -> list[LoanEvent]:
    hold_loans(keys)
    effects = list(_all_effects(queries.loans_following(index).filter(pk__in=keys), index, table, date.min))
    return [_change_rate(effect, by=by) for effect in effects if effect.on <= through]


def _change_rate(effect: RateEffect, *, by: AbstractBaseUser) -> LoanEvent:
    """For a loan that is locked: its rate may be set again to what it was, so the key names the event's place."""
    return record(
        loan=effect.loan,
        event=RateChanged(effect.on, 0, effect.new_rate),
        by=by,
        key=f"base-rate:{effect.on}:{effect.number}",
        circumstances=Circumstances(reason="The base rate changed", books_later=True),
    )


def _next_payment(terms: Terms, events: Sequence[Event], on: date) -> Money | None:
    rows = replay(terms, events, on).instalments
    return next((row.total for row in rows if row.due_on > on), None)


def _notice(row: BaseRate, effect: RateEffect) -> RateNotice:
    return RateNotice(
        loan=effect.loan,
        base_rate=row,
        takes_effect_on=effect.on,
        tell_by=effect.tell_by,
        old_rate=effect.old_rate,
        new_rate=effect.new_rate,
        old_payment=_minor(effect.old_payment),
        new_payment=_minor(effect.new_payment),
    )


def _minor(amount: Money | None) -> int | None:
    return None if amount is None else to_minor(amount.amount, amount.currency.code)


def _refuse(index: BaseRateIndex, effective_on: date, annual_rate: Decimal, replaces: BaseRate | None) -> None:
    if not -1 < annual_rate < 1 or round(annual_rate, RATE_PLACES) != annual_rate:
        raise BaseRateRefused(
            f"A base rate of {annual_rate} is not possible: write 3.75% as 0.0375, with at most {RATE_PLACES} "
            "decimals. Nothing was changed."
        )
    if replaces and (replaces.index_id != index.pk or BaseRate.objects.filter(replaces=replaces).exists()):
        raise BaseRateRefused(
            f"The rate of {index} from {date_text(replaces.effective_on)} was corrected already. "
            "Look at the table and correct the rate that stands; nothing was changed."
        )
    standing = BaseRate.objects.filter(index=index, effective_on=effective_on, replaced_by__isnull=True)
    if standing.exclude(pk=replaces.pk if replaces else 0).exists():
        raise BaseRateRefused(
            f"{index} has a rate from {date_text(effective_on)} already. Correct that one, or choose another day; "
            "nothing was changed."
        )
