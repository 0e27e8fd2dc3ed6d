"""What do the figures of an impact statement cost? Many borrowers, 8 indicators and 12 monthly readings of each."""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonweal.settings.local")

import django

django.setup()

from django.db import connection, connections  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from borrowers.domain.indicators import Definition  # noqa: E402
from borrowers.domain.outcomes import Measure  # noqa: E402
from borrowers.domain.readings import Direction  # noqa: E402
from borrowers.services import define_indicator  # noqa: E402
from commonweal.access.models import User  # noqa: E402
from investors.impact_sections import fund_picture  # noqa: E402
from ledger.domain.entry import JournalEntry, Kind, credit, debit  # noqa: E402
from ledger.domain.money import from_minor  # noqa: E402
from ledger.models import Book  # noqa: E402
from ledger.services import open_account, post  # noqa: E402
from loans.models import Loan, MovingIn, Product  # noqa: E402
from tests.benchmarks.servicing_bench import _book, _shop  # noqa: E402

START, END = date(2025, 10, 1), date(2026, 10, 1)
INDICATORS = 8
LOOKS = 3
AT_ONCE = 5000


def figures(businesses: str) -> dict[str, Any]:
    """Seconds of the best of some looks at the whole statement's figures, its queries, and the peak memory."""
    book, priya, _ = _book(date(2025, 1, 1), date(2026, 11, 1))
    _fill(book, priya, int(businesses))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    took = [_seconds(book) for _ in range(LOOKS)]
    with CaptureQueriesContext(connection) as asked:
        impact = fund_picture(book, END).impact()
    return {
        "businesses": int(businesses),
        "seconds": min(took),
        "queries": len(asked),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "before_mb": before / 1024,
        "reported": sum(one.reported for one in impact.outcomes),
        "claimed": sum(one.attributed for one in impact.outcomes),
    }


def _seconds(book: Book) -> float:
    start = time.perf_counter()
    fund_picture(book, END).impact()
    return time.perf_counter() - start


def _fill(book: Book, by: User, businesses: int) -> None:
    for number in range(INDICATORS):
        measure = Measure.FLOW if number % 2 else Measure.STOCK
        code = f"bench-{number}"
        define_indicator(Definition(code=code, name=code, unit="hours", direction=Direction.INCREASE, measure=measure))
    product = Product.objects.create(book=book, code="impact", name="Impact", payment_prefix="IM")
    moved = MovingIn.objects.create(book=book, number=1, cut_over_on=START, content_sha256="0" * 64, prepared_by=by)
    given = {
        "book": book.pk,
        "product": product.pk,
        "moved": moved.pk,
        "by": by.pk,
        "shop": _shop().pk,
        "start": START,
        "end": END,
        "businesses": businesses,
    }
    with connections["owner"].cursor() as cursor:
        for statement in Path(__file__).with_name("impact_readings.sql").read_text().split(";\n"):
            cursor.execute(statement, given)
    lend(book, by, list(Loan.objects.filter(book=book).values_list("reference", flat=True)), 100_000, START)


def lend(book: Book, by: User, references: list[str], minor: int, on: date) -> None:
    """Post a drawdown of as many minor units on a new account of each loan, on a day."""
    for reference in references:
        open_account(book=book, node="1310", subject=reference, on=on)
    amount = from_minor(minor, book.base_currency)
    for first in range(0, len(references), AT_ONCE):
        entries = [
            JournalEntry(
                on,
                f"Drawdown of {reference}",
                (debit(f"1310/{reference}", amount), credit("1010/MAIN", amount)),
                kind=Kind.DRAWDOWN,
            )
            for reference in references[first : first + AT_ONCE]
        ]
        post(entries, book=book, key=f"lent:{first}", by=by)


if __name__ == "__main__":
    print(json.dumps(figures(*sys.argv[2:])), flush=True)
