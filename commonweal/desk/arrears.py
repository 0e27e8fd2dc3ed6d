"""Which loans are late, how late, and was it better before? The list of arrears as at any date, with its ages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.safestring import SafeString

from commonweal.access.requests import PersonRequest
from commonweal.components import Link
from commonweal.desk.frame import asked_date, book_of, desk_page, sign
from commonweal.desk.loans import SECTION, list_context
from commonweal.desk.portfolio import asked_for, bands, loan_sheet
from commonweal.documents.ageing_chart import Age, ageing_columns
from commonweal.documents.list_files import download_long
from commonweal.templatetags.commonweal import day, money
from ledger.domain.money import from_minor
from loans.domain.calendar import add_months
from loans.loan_list import STATUSES, loan_list
from loans.portfolio import ageing, summary

if TYPE_CHECKING:
    from ledger.models import Book

MONTHS_SHOWN = 7
LATE = ("late", "late-30", "late-60", "late-90")


def arrears(request: PersonRequest, book: str) -> HttpResponseBase:
    """The loans that are late as at a date, the longest late first, and lateness by age at the ends of months."""
    of = book_of(request, book)
    as_of, asked = asked_date(request, of), asked_for(request)
    asked = replace(asked, status=asked.status if asked.status in LATE else "late")
    found = loan_list(of, as_of, asked)
    if file := download_long(request, loan_sheet(f"arrears-{of.code}-{as_of}", found, as_of)):
        return file
    stands = summary(of, as_of)
    context = list_context(request, of, as_of, asked, found, page="arrears") | {
        "statuses": [(word, STATUSES[word]) for word in LATE],
        "bands": bands(stands, of),
        "running": stands.loans,
        "sums": {
            "arrears": from_minor(stands.arrears, of.base_currency),
            "principal": from_minor(stands.principal, of.base_currency),
        },
        "chart": ageing_chart(of, as_of),
    }
    crumbs = [Link("Loans", reverse(SECTION, args=[of.code])), Link("In arrears")]
    return desk_page(request, "desk/loans/arrears.html", of, section=SECTION, crumbs=crumbs, context=context)


def ageing_chart(book: Book, as_of: date) -> SafeString:
    """Principal of loans in arrears by age, at the ends of some months and on the day."""
    first = as_of.replace(day=1)
    ends = [add_months(first, -back) - timedelta(days=1) for back in reversed(range(MONTHS_SHOWN))]
    days = [*(end for end in ends if end >= book.opened_on), as_of]
    found = [
        tuple(Decimal(from_minor(units, book.base_currency).amount) for units in row) for row in ageing(book, days)
    ]
    columns = [
        Age(f"{on:%b}" if on != as_of else f"{on.day} {on:%b}", (row[0], row[1], row[2], row[3]))
        for on, row in zip(days, found, strict=True)
    ]
    whole = sum(found[-1], Decimal(0))
    now = money(whole, book.base_currency)
    before = f", {money(sum(found[-2], Decimal(0)), book.base_currency)} on {day(days[-2])}" if len(days) > 1 else ""
    title = f"Principal of loans with anything late on {day(as_of)}: {now}{before}"
    return ageing_columns("ageing", title=title, columns=columns, sign=sign(book))
