"""How long does it take to split cash lines over twelve lenders each, beside posting the split entries alone?"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonweal.settings.local")

import django

django.setup()

from django.db import connections  # noqa: E402
from moneyed import Money  # noqa: E402

from investors.domain.kinds import InvestorKind  # noqa: E402
from investors.domain.participation import Participation  # noqa: E402
from investors.queries import lenders_side  # noqa: E402
from investors.services import apportion_book, register_investor, set_participations  # noqa: E402
from ledger.domain.entry import JournalEntry, Kind, Posting, credit, debit  # noqa: E402
from ledger.models import Account, Book  # noqa: E402
from ledger.queries import entries_by_sources, entry_values  # noqa: E402
from ledger.services import open_account, open_book, post  # noqa: E402
from loans.models import Loan  # noqa: E402
from tests.benchmarks.bank_bench import AGREED_ON, _book, _loans  # noqa: E402

LINES = int(os.environ.get("BENCH_LINES", "100000"))
LOANS = 100

LENDERS = 12
PAID = Money("1.03", "GBP")


def splitting() -> dict[str, object]:
    """Seconds for splitting the lines, and for posting the entries that this made, in requests of the same size."""
    book, priya, tom = _book()
    loans = _loans(book, priya, tom)[:LOANS]
    lenders = [
        register_investor(code=f"L{no}", name=f"Lender {no}", kind=InvestorKind.SOCIAL_INVESTOR)
        for no in range(LENDERS)
    ]
    for loan in loans:
        parts = [Participation(one.code, 1 + no % 3, Money("1000.00", "GBP")) for no, one in enumerate(lenders)]
        set_participations(loan=loan, effective_on=AGREED_ON, participations=parts, by=tom)
    apportion_book(book=book, by=tom)
    for loan in loans:
        post(_lines(loan), book=book, key=f"lines:{loan.reference}", by=tom)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    split = _seconds(lambda: apportion_book(book=book, by=tom))
    again, made = _again(book, loans)
    alone = _seconds(lambda: [post(_entries(lines), book=again, key=key, by=tom) for key, lines in made.items()])
    return {"lines": LINES, "lenders": LENDERS, "split": split, "alone": alone}


def _lines(loan: Loan) -> list[JournalEntry]:
    """A repayment of principal a day, as many as the loan has of all lines."""
    return [
        JournalEntry(
            AGREED_ON + timedelta(days=30 + number % 200),
            f"Repayment {number}",
            (debit("2010/MAIN", PAID), credit(f"1310/{loan.reference}", PAID)),
            kind=Kind.REPAYMENT,
            source=f"loan:{loan.reference}",
        )
        for number in range(LINES // LOANS)
    ]


Made = tuple[date, str, str, dict[str, int]]
"""Of an entry the day, narrative and source, and its lines in minor units by account."""


def _again(book: Book, loans: list[Loan]) -> tuple[Book, dict[str, list[Made]]]:
    """Another book with the same accounts, and what the lenders' side of each loan was, by the loan's reference."""
    name = uuid4().hex[:12]
    again = open_book(code=name, name=name, fund_name=name, base_currency="GBP", opened_on=AGREED_ON)
    for account in Account.objects.filter(book=book, node__code__in=("2410", "2420", "2425", "2510")):
        open_account(book=again, node=account.node.code, subject=account.subject, on=AGREED_ON)
    made: dict[str, list[Made]] = {}
    for loan in loans:
        posted = entry_values(entries_by_sources(book, [one.source for one in lenders_side(loan).sides])).values()
        made[loan.reference] = [
            (one.effective_on, one.narrative, one.source, {line.account: line.minor for line in one.postings})
            for one in posted
            if ": Repayment " in one.narrative
        ]
    assert sum(map(len, made.values())) == LINES
    return again, made


def _entries(made: list[Made]) -> list[JournalEntry]:
    """What was made, as entries that can be posted."""
    return [
        JournalEntry(
            on,
            narrative,
            tuple(Posting(account, units, "GBP") for account, units in lines.items()),
            kind=Kind.APPORTIONMENT,
            source=source,
        )
        for on, narrative, source, lines in made
    ]


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


PARTS = {"splitting": splitting}

if __name__ == "__main__":
    print(json.dumps({"part": sys.argv[1], **PARTS[sys.argv[1]]()}), flush=True)
