"""Which community businesses are there, and what do their readings and their accounts say?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from borrowers.models import Accounts, Indicator, Organisation, Reading


def organisations() -> QuerySet[Organisation]:
    """All community businesses, by name."""
    return Organisation.objects.order_by("name", "pk")


def indicators() -> QuerySet[Indicator]:
    """All indicators, by name."""
    return Indicator.objects.order_by("name")


def indicator_by_code(code: str) -> Indicator | None:
    """The indicator with this code, if there is one."""
    return Indicator.objects.filter(code=code).first()


def current_readings(organisation: Organisation) -> QuerySet[Reading]:
    """The readings of a business that stand, each period once, the oldest first."""
    return _standing().filter(organisation=organisation).order_by("indicator__name", "period_end", "pk")


def current_readings_of(organisations: Iterable[Organisation]) -> QuerySet[Reading]:
    """The readings of many businesses that stand, the oldest period first."""
    return _standing().filter(organisation__in=list(organisations)).order_by("period_end", "pk")


def readings_of(organisation: Organisation, indicator: Indicator) -> QuerySet[Reading]:
    """What was read of one indicator, the oldest period first; only what stands."""
    return _standing().filter(organisation=organisation, indicator=indicator).order_by("period_end", "pk")


def latest_reading(organisation: Organisation, indicator: Indicator, *, as_of: date) -> Reading | None:
    """The standing reading of the latest period that was over on `as_of`."""
    return readings_of(organisation, indicator).filter(period_end__lte=as_of).last()


def history_of(reading: Reading) -> tuple[Reading, ...]:
    """A reading and those that it replaces, the latest first: nothing that was once said is lost."""
    told = [reading]
    while told[-1].replaces is not None:
        told.append(told[-1].replaces)
    return tuple(told)


def current_accounts(organisation: Organisation) -> QuerySet[Accounts]:
    """The accounts of a business that stand, the latest days first."""
    return current_accounts_of([organisation]).order_by("-period_end", "-period_start", "-pk")


def current_accounts_of(organisations: Iterable[Organisation]) -> QuerySet[Accounts]:
    """The accounts of many businesses that stand, the earliest days first."""
    standing = Accounts.objects.filter(replaced_by__isnull=True, organisation__in=list(organisations))
    found = standing.select_related("organisation", "recorded_by", "replaces__recorded_by")
    return found.order_by("period_end", "period_start", "pk")


def accounts_history(accounts: Accounts) -> tuple[Accounts, ...]:
    """Accounts and those that they replace, the latest first: nothing that was once said is lost."""
    told = [accounts]
    while told[-1].replaces is not None:
        told.append(told[-1].replaces)
    return tuple(told)


def _standing() -> QuerySet[Reading]:
    return Reading.objects.filter(replaced_by__isnull=True).select_related("indicator", "organisation", "recorded_by")
