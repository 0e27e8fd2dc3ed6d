"""The table of base rates: a rate is added or corrected, and every loan that follows it is told from when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from moneyed import Money

from ledger.domain.money import to_minor
from loans import queries
from loans.domain.conventions import RateChange
from loans.domain.errors import BaseRateRefused
from loans.domain.events import BEGINS, Event, RateChanged, in_force
from loans.domain.linked_changes import rate_changes_due, refuse_gap
from loans.domain.linked_rates import BaseRate as RateInForce
from loans.domain.replay import replay
from loans.domain.terms import Terms
from loans.domain.words import date_text
from loans.models import BaseRate, BaseRateIndex, Loan, LoanEvent, RateNotice
from loans.services.acts import Circumstances, record

if TYPE_CHECKING:
    from ledger.models import Book

RATE_PLACES = 6


@dataclass(frozen=True, slots=True)
class RateEffect:
    """What a new base rate changes for one loan, from which day, and by when the borrower has to be told.

    The payments are the next instalment before and after; none where no instalment is left.
    """

    loan: Loan
    on: date
    tell_by: date
    old_rate: Decimal
    new_rate: Decimal
    old_payment: Money | None
    new_payment: Money | None


def add_index(*, book: Book, code: str, name: str) -> BaseRateIndex:
    """A published rate that loans may follow. Raises BaseRateRefused for a code in use."""
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
    return [effect for loan in queries.loans_following(index) for effect in _effects_on(loan, index, table, since)]


def _effects_on(loan: Loan, index: BaseRateIndex, table: Sequence[RateInForce], since: date) -> Iterator[RateEffect]:
    terms, events = queries.first_terms_of(loan), queries.events_of(loan)
    link = queries.link_of(loan.application.product_version) if loan.application else None
    if link is None:
        return
    refuse_gap(str(index), table, terms.planned_drawn_on)
    happened = in_force(events, date.max)
    borne = [RateChange(each.effective_on, each.annual_rate) for each in happened if isinstance(each, RateChanged)]
    following = link.for_terms(terms.first_due_on)
    number = max((event.sequence for event in events), default=0)
    for change in rate_changes_due(terms, borne, following, table, since=since):
        number += 1
        changed = (*events, RateChanged(change.on, number, change.annual_rate))
        yield RateEffect(
            loan,
            change.on,
            change.on - timedelta(days=link.notice_days),
            _rate_before(terms, borne, change.on),
            change.annual_rate,
            _next_payment(terms, events, change.on),
            _next_payment(terms, changed, change.on),
        )
        events, borne = changed, [*borne, change]


@transaction.atomic
def follow_base_rates(*, book: Book, through: date, by: AbstractBaseUser) -> tuple[LoanEvent, ...]:
    """Change the rate of every loan that follows an index, on each day up to `through` on which it is set anew.

    Safe to repeat: a change that a loan bears already is not recorded again.
    """
    changed: list[LoanEvent] = []
    for index in BaseRateIndex.objects.filter(book=book).order_by("pk"):
        rates = BaseRate.objects.filter(index=index, replaced_by__isnull=True).order_by("effective_on")
        table = [RateInForce(row.effective_on, row.annual_rate) for row in rates]
        for loan in queries.loans_following(index) if table else ():
            effects = list(_effects_on(loan, index, table, date.min))
            changed += [_change_rate(effect, by=by) for effect in effects if effect.on <= through]
    return tuple(changed)


def _change_rate(effect: RateEffect, *, by: AbstractBaseUser) -> LoanEvent:
    """From the first drawdown on, where the rate changed between what was planned and that day."""
    began = min(one.effective_on for one in queries.events_of(effect.loan) if isinstance(one, BEGINS))
    on = max(effect.on, began)
    return record(
        loan=effect.loan,
        event=RateChanged(on, 0, effect.new_rate),
        by=by,
        key=f"base-rate:{on}:{effect.new_rate.normalize():f}",
        circumstances=Circumstances(reason="The base rate changed", books_later=True),
    )


def _rate_before(terms: Terms, borne: Sequence[RateChange], on: date) -> Decimal:
    """What the loan bore until a change."""
    steps = sorted((*terms.rate_changes, *borne), key=lambda step: step.on)
    return next((step.annual_rate for step in reversed(steps) if step.on <= on), terms.annual_rate)


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
