"""Which terms does a restructured loan go on under? New dates (re-age), or new amounts on the same dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from moneyed import Money

from loans.domain.calendar import Recurrence
from loans.domain.conventions import Amortisation
from loans.domain.errors import ImpossibleTerms
from loans.domain.position import Position
from loans.domain.terms import Terms
from loans.domain.words import date_text


def rescheduled(
    terms: Terms,
    at: Position,
    *,
    capitalises: bool = False,
    instalments: int | None = None,
    first_due_on: date | None = None,
    annual_rate: Decimal | None = None,
) -> Terms:
    """The terms on which all principal owed on `at.as_of` continues from that day.

    Re-amortised where no first date is given: the dates stay, and the payment is solved anew. Re-aged where one is: as
    many instalments as are given, or as are left, from there. With `capitalises` the arrears of interest and fees are
    principal too. Raises ImpossibleTerms, naming the field.
    """
    left = [row.instalment.due_on for row in at.instalments if row.instalment.due_on > at.as_of]
    first = first_due_on or min((row for row in left), default=None)
    if first is None or first <= at.as_of:
        raise ImpossibleTerms(
            "first_due_on",
            f"The next instalment has to fall due after {date_text(at.as_of)}. Choose a later first date; "
            "nothing was changed.",
        )
    nominal = first_due_on or next(
        row.instalment.nominal_due_on for row in at.instalments if row.instalment.due_on == first
    )
    number = instalments or len(left)
    if number < 1:
        raise ImpossibleTerms("instalments", "Say over how many instalments it goes on. Nothing was changed.")
    principal = at.principal_outstanding + (arrears_but_principal(at) if capitalises else at.principal_outstanding * 0)
    cycle = terms.cycle
    given = terms.amortisation is Amortisation.GIVEN_PAYMENT
    return replace(
        terms,
        principal=principal,
        annual_rate=at.annual_rate if annual_rate is None else annual_rate,
        principal_due=Recurrence(nominal, cycle.every, month_end=cycle.month_end),
        interest_due=None,
        instalments=number,
        maturity=None,
        amortised_to=None,
        drawn_on=at.as_of,
        drawdowns=(),
        payment=terms.payment if given else None,
        capitalise_interest_until=None,
        accrued_interest=Decimal(0),
        rate_changes=(),
        interest_only_periods=0,
        deferred_interest_periods=0,
        interest_free_periods=0,
        discount=Decimal(0),
    )


def arrears_but_principal(at: Position) -> Money:
    """Interest, fees and default interest that are due and unpaid, with the default interest that has accrued."""
    return at.interest_due + at.fees_due + at.default_interest_due + at.default_interest_accrued
