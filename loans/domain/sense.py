"""Do these terms make sense? Every refusal names the field, what is wrong and what would do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from ledger.domain.errors import WrongAmount
from ledger.domain.money import minor_digits
from loans.domain.conventions import Amortisation, InterestMethod
from loans.domain.due_dates import INTEREST, LATEST, MAX_DATES, PRINCIPAL, due_dates, principal_dates
from loans.domain.errors import ImpossibleTerms
from loans.domain.fees import one_of_each
from loans.domain.words import date_text

if TYPE_CHECKING:
    from loans.domain.terms import Terms

T = TypeVar("T")

LOWEST_RATE, HIGHEST_RATE = Decimal(-1), Decimal(5)
"""Nominal annual rates lie between these; beyond them is a slip of the keyboard (6% is 0.06)."""

LARGEST = Decimal(10) ** 15
EARLIEST_YEAR = 1900
OF_INTEREST = ("interest_free_periods", "deferred_interest_periods")
"""Numbers of periods that are counted in interest dates."""
ONE_IS_LEFT = "the last one pays principal"


def refuse_nonsense(terms: Terms) -> None:
    """Raise ImpossibleTerms for the first thing that makes no sense."""
    for rule in RULES:
        rule(terms)


def _principal_is_sane(terms: Terms) -> None:
    amount = terms.principal.amount
    try:
        minor_digits(terms.currency)
    except WrongAmount as error:
        raise ImpossibleTerms("currency", str(error)) from error
    if not amount.is_finite() or not 0 < amount < LARGEST:
        raise ImpossibleTerms(
            "principal", f"A principal of {amount} is not possible: lend more than nought, and less than 10^15."
        )
    terms.rounded.units(amount, "principal")


def _rates_are_sane(terms: Terms) -> None:
    changes = (("rate_changes", change.annual_rate) for change in terms.rate_changes)
    for field, rate in (("annual_rate", terms.annual_rate), *changes):
        if not rate.is_finite() or not LOWEST_RATE < rate < HIGHEST_RATE:
            raise ImpossibleTerms(
                field,
                f"A nominal rate of {rate} a year is not possible: write 6% as 0.06; above -1 and below 5 (500%).",
            )


def _fees_are_one_of_each(terms: Terms) -> None:
    one_of_each(terms.fees)


def _counts_are_sane(terms: Terms) -> None:
    if terms.instalments is not None and not 1 <= terms.instalments <= MAX_DATES:
        raise ImpossibleTerms(
            "instalments", f"{terms.instalments} instalments are not possible: there are from 1 to {MAX_DATES}."
        )
    for field in (*OF_INTEREST, "interest_only_periods"):
        if (periods := getattr(terms, field)) < 0:
            raise ImpossibleTerms(field, f"{periods} periods are not possible: give nought or more.")


def _there_are_so_many_periods(terms: Terms) -> None:
    asked = {field: getattr(terms, field) for field in (*OF_INTEREST, "interest_only_periods")}
    if terms.endless or not any(asked.values()):
        return
    dues = due_dates(terms, terms.planned_drawn_on)
    interest = sum(bool(due.pays & INTEREST) for due in dues)
    principal = interest if terms.amortisation is Amortisation.BULLET else sum(due.pays & PRINCIPAL for due in dues)
    for field, periods in asked.items():
        among = interest if field in OF_INTEREST else principal
        most, why = (among, "there are no more") if field in OF_INTEREST else (among - 1, ONE_IS_LEFT)
        if periods > most:
            raise ImpossibleTerms(field, f"{periods} periods of {among} are not possible: {why}. Give at most {most}.")


def _dates_are_in_order(terms: Terms) -> None:
    start, first, end = terms.planned_drawn_on, terms.first_due_on, terms.maturity
    if start.year < EARLIEST_YEAR:
        raise ImpossibleTerms("drawn_on", "Dates before 1900 are not possible. Correct the year.")
    if (last := terms.nominal_maturity) and last > LATEST:
        raise ImpossibleTerms(
            "maturity" if end else "instalments",
            f"The loan would end on {date_text(last)}. Dates after 2999 are not possible: end it earlier.",
        )
    if end is None:
        return
    if end <= start:
        raise ImpossibleTerms(
            "maturity", f"The maturity {date_text(end)} is not after the first day, {date_text(start)}. Move it later."
        )
    if terms.principal_due and end < first and terms.amortisation is not Amortisation.BULLET:
        raise ImpossibleTerms(
            "maturity",
            f"The maturity {date_text(end)} is before the first due date, {date_text(first)}. Move one of them.",
        )


def _end_is_known(terms: Terms) -> None:
    if terms.endless and terms.amortisation is Amortisation.BULLET:
        raise ImpossibleTerms("maturity", "A bullet loan ends: give its maturity, or how many interest dates it has.")
    if terms.endless and terms.payment is None and terms.amortised_to is None:
        raise ImpossibleTerms(
            "instalments", "Nothing says when the loan ends: give instalments, a maturity, or the payment."
        )
    if terms.endless and terms.interest_method is InterestMethod.FLAT:
        raise ImpossibleTerms("instalments", "Flat interest is for the whole term: give instalments or a maturity.")


def _other_dates_are_inside(terms: Terms) -> None:
    """What is paid off before its maturity has another maturity; interest is not added to principal that is repaid."""
    until = terms.capitalise_interest_until
    if terms.amortised_to is None and until is None:
        return
    end = terms.nominal_maturity
    if terms.amortised_to and terms.amortised_to < (end or terms.first_due_on):
        raise ImpossibleTerms(
            "amortised_to",
            f"A loan that is paid off by {date_text(terms.amortised_to)} does not end on "
            f"{date_text(end or terms.first_due_on)}. Give the maturity, or a later date.",
        )
    if until and end and until >= end:
        raise ImpossibleTerms(
            "capitalise_interest_until",
            f"Interest cannot be added to principal on {date_text(until)}: the loan ends on {date_text(end)}. "
            "Give an earlier date.",
        )


def _instalments_reach_maturity(terms: Terms) -> None:
    """Both given, the maturity is the last of so many due dates: the one before it has to be earlier."""
    if terms.instalments is None or terms.maturity is None or terms.instalments == 1:
        return
    before = terms.cycle.nth(terms.first_no + terms.instalments - 2)
    if terms.maturity <= before:
        raise ImpossibleTerms(
            "maturity",
            f"{terms.instalments} instalments do not end on {date_text(terms.maturity)}: the last but one is due on "
            f"{date_text(before)}. Give fewer instalments, or a later maturity.",
        )


def _smoothing_fits(terms: Terms) -> None:
    if terms.rounded.smooth and terms.pattern:
        raise ImpossibleTerms("rounding", "Only level payments can be smoothed: leave out smooth, or months and steps.")


def _payment_is_sane(terms: Terms) -> None:
    if terms.payment is None:
        if terms.amortisation is Amortisation.GIVEN_PAYMENT:
            raise ImpossibleTerms("payment", "The payment of this kind of loan is given: say how much it is.")
        return
    if terms.amortisation is Amortisation.BULLET:
        raise ImpossibleTerms("payment", "A bullet loan has no level payment: leave it out.")
    if not terms.payment.is_finite() or not 0 < terms.payment < LARGEST:
        raise ImpossibleTerms("payment", f"A payment of {terms.payment} is not possible: give more than nought.")


def _amounts_are_sane(terms: Terms) -> None:
    for field in ("accrued_interest", "discount"):
        amount = getattr(terms, field)
        if not amount.is_finite() or abs(amount) >= LARGEST:
            raise ImpossibleTerms(field, f"{field} of {amount} is not possible: give an amount below 10^15.")
    if terms.accrued_interest < 0:
        raise ImpossibleTerms("accrued_interest", "Accrued interest below nought is not possible: give nought or more.")
    tranches = sorted(terms.drawdowns, key=lambda tranche: tranche.on)
    first = tranches[0].amount.amount if tranches else terms.principal.amount
    if terms.discount >= first:
        raise ImpossibleTerms("discount", f"A discount of {terms.discount} leaves nothing of the first {first} drawn.")


def _drawdowns_make_the_principal(terms: Terms) -> None:
    if not terms.drawdowns:
        return
    days = [tranche.on for tranche in terms.drawdowns]
    drawn = sum(Fraction(tranche.amount.amount) for tranche in terms.drawdowns)
    if any(tranche.amount.amount <= 0 for tranche in terms.drawdowns):
        raise ImpossibleTerms("drawdowns", "A drawdown of nothing or less is not possible: leave it out.")
    if drawn != Fraction(terms.principal.amount):
        made = terms.scale.decimal(int(drawn * 10**terms.scale.places))
        raise ImpossibleTerms(
            "drawdowns", f"The drawdowns make {made:f}, the principal is {terms.principal.amount}. Make them equal."
        )
    if min(days) != terms.planned_drawn_on:
        raise ImpossibleTerms(
            "drawdowns", f"The first drawdown is on drawn_on, {date_text(terms.planned_drawn_on)}. Correct one of them."
        )
    if (end := terms.nominal_maturity) and max(days) >= end:
        raise ImpossibleTerms(
            "drawdowns",
            f"A drawdown on {date_text(max(days))} is not before the end, {date_text(end)}. Draw it earlier.",
        )


def _rate_changes_do_not_overlap(terms: Terms) -> None:
    days = [change.on for change in terms.rate_changes]
    if double := _first_double(days):
        raise ImpossibleTerms(
            "rate_changes", f"Two rates are in force from {date_text(double)}. Keep one of them for that day."
        )
    if days and min(days) < terms.planned_drawn_on:
        raise ImpossibleTerms(
            "rate_changes",
            f"The rate changes on {date_text(min(days))}, before the first day, {date_text(terms.planned_drawn_on)}. "
            "Give the rate of the first day as annual_rate.",
        )


def _pattern_is_sane(terms: Terms) -> None:
    if not terms.pattern:
        return
    for field, weights in (("months", terms.pattern.by_month), ("steps", terms.pattern.steps)):
        if any(not weight.is_finite() or not 0 <= weight <= 100 for _, weight in weights):
            raise ImpossibleTerms(field, "A payment's weight is from 0 (none) to 100 times the level payment.")
        if (double := _first_double([place for place, _ in weights])) is not None:
            raise ImpossibleTerms(field, f"{double} has two weights. Keep one of them.")
    if any(not 1 <= month <= 12 for month, _ in terms.pattern.by_month):
        raise ImpossibleTerms("months", "Months are numbered from 1 (January) to 12.")


def _some_payment_is_asked_for(terms: Terms) -> None:
    if not terms.pattern or terms.endless or terms.amortisation is Amortisation.BULLET:
        return
    days = principal_dates(terms, terms.planned_drawn_on)[terms.interest_only_periods :]
    if not any(terms.pattern.weights(1, days)):
        raise ImpossibleTerms(
            "months" if terms.pattern.by_month else "steps",
            "Every payment has the weight nought, so that nothing is asked for before the end. "
            "Give one of them a weight, or choose a bullet loan.",
        )


def _first_double(items: Sequence[T]) -> T | None:
    return next((item for place, item in enumerate(items) if item in items[:place]), None)


RULES: tuple[Callable[[Terms], None], ...] = (
    _principal_is_sane,
    _rates_are_sane,
    _fees_are_one_of_each,
    _counts_are_sane,
    _end_is_known,
    _dates_are_in_order,
    _other_dates_are_inside,
    _instalments_reach_maturity,
    _payment_is_sane,
    _smoothing_fits,
    _amounts_are_sane,
    _drawdowns_make_the_principal,
    _rate_changes_do_not_overlap,
    _pattern_is_sane,
    _there_are_so_many_periods,
    _some_payment_is_asked_for,
)
