"""What is known of many loans at once: what was agreed, what happened and what of it is booked, in one query each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from loans.bank_holidays import calendar_days
from loans.domain.corrections import Step
from loans.domain.event_content import read_event
from loans.domain.events import Event
from loans.domain.movements import Moved
from loans.domain.terms import Terms
from loans.models import Booking, Instalment, LoanEvent, LoanTerms
from loans.queries import agreed_terms


def first_terms_by_loan(keys: Collection[int]) -> Mapping[int, Terms]:
    """What was agreed at first about each loan, by its key."""
    first = LoanTerms.objects.filter(loan__in=keys).order_by("loan_id", "version").distinct("loan_id")
    return {row.loan_id: agreed_terms(row) for row in first}


def events_by_loan(keys: Collection[int]) -> Mapping[int, tuple[Event, ...]]:
    """What happened to each loan, as the engine knows it."""
    found: dict[int, list[Event]] = defaultdict(list)
    for row in LoanEvent.objects.filter(loan__in=keys).order_by("loan_id", "number"):
        found[row.loan_id].append(read_event(row.content, row.number, calendar_days))
    return {key: tuple(found[key]) for key in keys}


def bank_accounts_by_loan(keys: Collection[int]) -> Mapping[int, dict[int, str]]:
    """Through which bank account the money of each loan's events came, by the event's number."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    through = LoanEvent.objects.filter(loan__in=keys).exclude(bank_account="")
    for key, number, bank_account in through.values_list("loan_id", "number", "bank_account"):
        found[key][number] = bank_account
    return {key: found[key] for key in keys}


def booked_by_loan(keys: Collection[int]) -> Mapping[int, tuple[Step, ...]]:
    """What of each loan's life is booked, and on which days."""
    found: dict[int, list[Step]] = defaultdict(list)
    rows = Booking.objects.filter(loan__in=keys).order_by("pk")
    for key, name, booked_on, *moved in rows.values_list("loan_id", "name", "booked_on", *Moved._fields):
        found[key].append(Step(name, booked_on, Moved(*moved)))
    return {key: tuple(found[key]) for key in keys}


def schedules_by_loan(keys: Collection[int]) -> Mapping[int, list[tuple[object, ...]]]:
    """The rows of each loan's schedule as they are kept: number, due, as agreed, principal, interest, balance."""
    found: dict[int, list[tuple[object, ...]]] = defaultdict(list)
    rows = Instalment.objects.filter(loan__in=keys).order_by("loan_id", "no")
    columns = ("no", "due_on", "nominal_due_on", "principal", "interest", "balance")
    for key, *values in rows.values_list("loan_id", *columns).iterator():
        found[key].append(tuple(values))
    return {key: found[key] for key in keys}
