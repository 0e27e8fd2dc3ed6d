"""Which loans does a list show, and where did each stand? One query for any number of loans, narrowed by what is asked.

Loans of which nothing was lent by the day stand in the list too. Amounts are in minor units of the loan's currency.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import (
    BigIntegerField,
    Case,
    DateField,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest
from moneyed import Money

from ledger.domain.money import from_minor, minor_digits
from loans.models import Loan, PlannedInstalment
from loans.portfolio import NOUGHT, arrears_on, later_than

if TYPE_CHECKING:
    from ledger.models import Book


class NextPayment(NamedTuple):
    """What is to be paid next, after the money held in advance is taken off; in minor units."""

    due_on: date
    units: int


STATUSES = {
    "running": "Running",
    "late": "In arrears",
    "late-30": "Over 30 days late",
    "late-60": "Over 60 days late",
    "late-90": "Over 90 days late",
    "restructured": "Under new terms",
    "undrawn": "Not drawn in full",
    "repaid": "Repaid",
    "written-off": "Written off",
}
"""The lists that a count or a key figure opens: by the word in the address."""

SORTS = {
    "late": "Longest late first",
    "arrears": "Most arrears first",
    "principal": "Most principal first",
    "borrower": "By borrower",
    "reference": "By reference",
    "rate": "Highest rate first",
    "maturity": "Ending soonest first",
}
"""The orders of a list, by the word in the address; the first is the usual one."""

ORDERS: Mapping[str, Sequence[Any]] = {
    "late": (F("late_since").asc(nulls_last=True), "reference"),
    "arrears": ("-arrears", "reference"),
    "principal": ("-principal", "reference"),
    "borrower": ("organisation__name", "reference"),
    "reference": ("reference",),
    "rate": ("-rate", "reference"),
    "maturity": (F("matures_on").asc(nulls_last=True), "reference"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list is narrowed by, and its order; "" is for all."""

    status: str = ""
    sector: str = ""
    region: str = ""
    product: str = ""
    words: str = ""
    """A part of a borrower's name, of a place or of a reference."""
    sort: str = "late"


def loan_list(book: Book, as_of: date, asked: Asked | None = None) -> QuerySet[Loan]:
    """The loans approved by a day, each with where it stood on its evening.

    Each loan has `principal`, `arrears`, `unpaid`, `due_today`, `in_advance`, `drawn`, `undrawn`, `written_off`,
    `late_since`, `rate`, `restructured_on` and `matures_on` besides its own fields.
    """
    asked, minor = asked or Asked(), 10 ** minor_digits(book.base_currency)
    by_then = Q(standings__effective_on__lte=as_of, standings__until__gt=as_of)
    found: QuerySet[Loan] = (
        Loan.objects.filter(book=book, approved_on__lte=as_of)
        .select_related("organisation", "product", "book", "application")
        .annotate(now=FilteredRelation("standings", condition=by_then))
        .annotate(
            principal=_or_nought("now__principal"),
            unpaid=_or_nought("now__unpaid_due"),
            due_today=Case(
                When(now__effective_on=as_of, then=F("now__due_that_day")),
                default=NOUGHT,
                output_field=BigIntegerField(),
            ),
            arrears=Coalesce(arrears_on(as_of, "now__"), NOUGHT, output_field=BigIntegerField()),
            in_advance=_or_nought("now__in_advance"),
            drawn=_or_nought("now__drawn"),
            undrawn=Case(
                When(Q(application=None) | Q(now__restructured_on__isnull=False), then=NOUGHT),
                default=Cast(F("application__amount") * minor, BigIntegerField()) - _or_nought("now__drawn"),
                output_field=BigIntegerField(),
            ),
            written_off=_or_nought("now__written_off"),
            late_since=Case(When(later_than(0, as_of, "now__"), then=F("now__oldest_unpaid_due_on"))),
            rate=Coalesce("now__annual_rate", "application__annual_rate"),
            restructured_on=F("now__restructured_on"),
            matures_on=F("now__matures_on"),
        )
    )
    return found.filter(_asked_for(asked, as_of)).order_by(*ORDERS.get(asked.sort, ORDERS["late"]))


def totals(found: QuerySet[Loan]) -> dict[str, int]:
    """Principal and arrears of all loans of such a list together."""
    sums = found.order_by().aggregate(sum_of_principal=Sum("principal"), sum_of_arrears=Sum("arrears"))
    return {"principal": int(sums["sum_of_principal"] or 0), "arrears": int(sums["sum_of_arrears"] or 0)}


def undrawn(book: Book, as_of: date) -> int:
    """What is agreed by a day and not lent by then, in minor units."""
    return int(loan_list(book, as_of).order_by().aggregate(sum=Sum("undrawn"))["sum"] or 0)


def loans_due(book: Book, as_of: date, through: date) -> QuerySet[Loan]:
    """The loans of which something falls due from a day to another one, that is not paid in advance; soonest first."""
    to_come = PlannedInstalment.objects.filter(
        loan=OuterRef("pk"), since__lte=as_of, until__gt=as_of, due_on__gt=as_of, due_on__lte=through
    )
    found = loan_list(book, as_of).annotate(
        due_in_all=Subquery(
            to_come.order_by().values("loan").values(sum=Sum(F("principal") + F("interest"))),
            output_field=BigIntegerField(),
        ),
        due_first=Case(
            When(due_today__gt=0, then=Value(as_of)),
            default=Subquery(to_come.order_by("due_on").values("due_on")[:1]),
            output_field=DateField(),
        ),
    )
    return found.filter(Q(due_today__gt=0) | Q(due_in_all__gt=F("in_advance"))).order_by("due_first", "reference")


def expected(book: Book, as_of: date, through: date) -> Money:
    """What all of them will pay by then, if they pay as planned: money held in advance is taken off."""
    left = Greatest(_or_nought("due_in_all") - F("in_advance"), NOUGHT, output_field=BigIntegerField())
    sums = loans_due(book, as_of, through).order_by().annotate(left=left)
    found = sums.aggregate(coming=Sum("left"), today=Sum("due_today"))
    return from_minor(int(found["coming"] or 0) + int(found["today"] or 0), book.base_currency)


def next_payments(loans: Iterable[Loan], as_of: date) -> dict[int, NextPayment]:
    """What each of these loans (of a loan list) pays next, by its key; in two queries whatever their number."""
    found = {loan.pk: loan for loan in loans}
    covered = [key for key, loan in found.items() if _number(loan, "in_advance")]
    planned = PlannedInstalment.objects.filter(since__lte=as_of, until__gt=as_of, due_on__gt=as_of)
    usual = planned.filter(loan__in=[key for key in found if key not in set(covered)])
    coming: dict[int, list[NextPayment]] = defaultdict(list)
    columns = ("loan_id", "due_on", "principal", "interest")
    for rows in (
        usual.order_by("loan_id", "due_on").distinct("loan_id").values_list(*columns),
        planned.filter(loan__in=covered).order_by("loan_id", "due_on").values_list(*columns),
    ):
        for key, due_on, principal, interest in rows:
            coming[key].append(NextPayment(due_on, principal + interest))
    answers: dict[int, NextPayment] = {}
    for key, loan in found.items():
        today = _number(loan, "due_today")
        ahead = [NextPayment(as_of, today)] if today > 0 else _after_advance(coming[key], _number(loan, "in_advance"))
        if ahead:
            answers[key] = ahead[0]
    return answers


def _after_advance(coming: Iterable[NextPayment], held: int) -> list[NextPayment]:
    """What money held in advance does not cover."""
    left = []
    for one in coming:
        used = min(held, one.units)
        held -= used
        if one.units > used:
            left.append(one._replace(units=one.units - used))
    return left


def _asked_for(asked: Asked, as_of: date) -> Q:
    wanted = _of_status(asked.status, as_of)
    for field, value in (
        ("organisation__sector", asked.sector),
        ("organisation__region", asked.region),
        ("product__code", asked.product),
    ):
        if value:
            wanted &= Q(**{field: value})
    if asked.words:
        words = asked.words
        wanted &= (
            Q(organisation__name__icontains=words)
            | Q(organisation__place__icontains=words)
            | Q(reference__icontains=words)
            | Q(payment_reference__icontains=words)
        )
    return wanted


def _of_status(status: str, as_of: date) -> Q:
    is_running = Q(principal__gt=0) | Q(unpaid__gt=0)
    match status:
        case "running":
            return is_running
        case "late":
            return Q(late_since__isnull=False)
        case "late-30" | "late-60" | "late-90":
            return later_than(int(status.removeprefix("late-")), as_of, "now__")
        case "restructured":
            return is_running & Q(restructured_on__isnull=False)
        case "undrawn":
            return Q(undrawn__gt=0)
        case "repaid":
            return Q(drawn__gt=0, principal=0, unpaid=0, written_off=0)
        case "written-off":
            return Q(written_off__gt=0)
        case _:
            return Q()


def _or_nought(field: str) -> Coalesce:
    return Coalesce(field, NOUGHT, output_field=BigIntegerField())


def _number(loan: Loan, name: str) -> int:
    number: int = getattr(loan, name)
    return number
