"""How long do 5,000 bank lines take to come in and find their loans, beside as many entries posted one by one?"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonweal.settings.local")

import django

django.setup()

from django.db import connections  # noqa: E402
from moneyed import Money  # noqa: E402

from borrowers.domain.places import Region  # noqa: E402
from borrowers.domain.registration import LegalForm  # noqa: E402
from borrowers.models import Organisation  # noqa: E402
from commonweal.access.models import User  # noqa: E402
from commonweal.demo.camt import write_camt053  # noqa: E402
from commonweal.jobs.banking import bring_in_bank_file  # noqa: E402
from ledger.domain.bank_statement import ParsedLine, ParsedStatement, number_occurrences  # noqa: E402
from ledger.domain.entry import JournalEntry, Posting  # noqa: E402
from ledger.models import Book  # noqa: E402
from ledger.queries import unmatched_bank_lines  # noqa: E402
from ledger.services import move_business_date, open_bank_account, open_book, post  # noqa: E402
from loans.models import Loan, Product  # noqa: E402
from loans.queries import asked_terms_sha256, terms_of  # noqa: E402
from loans.services import (  # noqa: E402
    Asked,
    apply,
    approve,
    bring_all_up_to_date,
    draw_down,
    offer_product,
    submit,
)

LOANS = int(os.environ.get("BENCH_LOANS", "1000"))
MONTHS = 5
LINES = LOANS * MONTHS
AGREED_ON, DRAWN_ON = date(2025, 1, 6), date(2025, 1, 20)
ACCOUNT = "60161331926819"


def matching() -> dict[str, object]:
    """Seconds for the entries one by one, and for a file of as many lines, each naming its loan, until all are matched.

    The loans have 24 instalments, of which five are paid by as many lines each.
    """
    book, priya, tom = _book()
    loans = _loans(book, priya, tom)
    days = [date(2025, month, 3) for month in range(3, 3 + MONTHS)]
    move_business_date(book=book, to=days[-1])
    for start in range(0, LOANS, 200):
        bring_all_up_to_date(book=book, loans=loans[start : start + 200], on=days[-1], by=priya)
    file = _file(loans, days)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    singly = _seconds(lambda: _post_singly(book, tom))
    brought = _seconds(lambda: bring_in_bank_file(book=book, name="bank.xml", content=file, by=tom))
    assert not unmatched_bank_lines(book).exists()
    return {"lines": LINES, "singly": singly, "brought": brought}


def _book() -> tuple[Book, User, User]:
    name = uuid4().hex[:12]
    priya, tom = (User.objects.create_user(email=f"{who}-{name}@example.org", name=who) for who in ("Priya", "Tom"))
    book = open_book(code=name, name=name, fund_name=name, base_currency="GBP", opened_on=AGREED_ON)
    book = move_business_date(book=book, to=DRAWN_ON)
    open_bank_account(book=book, code="MAIN", name="Collections", identification=ACCOUNT, on=AGREED_ON)
    return book, priya, tom


def _loans(book: Book, priya: User, tom: User) -> list[Loan]:
    product = offer_product(
        book=book,
        code="bench",
        name="Bench",
        amounts=(Money("1000.00", "GBP"), Money("250000.00", "GBP")),
        months=(1, 120),
        annual_rate=Decimal("0.06"),
        payment_prefix="BE",
    )
    shop = Organisation.objects.create(
        name="Shop", legal_form=LegalForm.COMMUNITY_BENEFIT_SOCIETY, place="Netherby", region=Region.WALES
    )
    return [_loan(product, shop, priya, tom) for _ in range(LOANS)]


def _loan(product: Product, shop: Organisation, priya: User, tom: User) -> Loan:
    asked = Asked(Money("12000.00", "GBP"), Decimal("0.06"), 24, date(2025, 3, 3))
    application = apply(product=product, organisation=shop, asked=asked, purpose="x", on=AGREED_ON, by=priya)
    submit(application=application, on=AGREED_ON, by=priya)
    loan = approve(application=application, shown_sha256=asked_terms_sha256(application), on=AGREED_ON, by=tom)
    draw_down(loan=loan, amount=terms_of(loan).principal, on=DRAWN_ON, by=priya, key="drawn")
    return Loan.objects.select_related("book").get(pk=loan.pk)


def _file(loans: list[Loan], days: list[date]) -> bytes:
    """A statement over all days, on each of which every loan pays an instalment."""
    paid = Money("531.85", "GBP")
    lines = tuple(ParsedLine("", on, on, paid, reference=loan.payment_reference) for on in days for loan in loans)
    statement = ParsedStatement(
        statement_id="1",
        account_identification=ACCOUNT,
        currency="GBP",
        from_on=days[0] - timedelta(days=1),
        to_on=days[-1],
        opening=0 * paid,
        closing=len(lines) * paid,
        lines=lines,
    )
    return write_camt053(number_occurrences([statement])[0])


def _post_singly(book: Book, by: User) -> None:
    for number in range(LINES):
        minor = number % 99_991 + 1
        entry = JournalEntry(
            DRAWN_ON + timedelta(days=number % 150),
            f"Repayment {number}",
            (Posting("5030", minor, "GBP"), Posting("4020", -minor, "GBP")),
        )
        post([entry], book=book, key=f"single-{number}", by=by)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


PARTS = {"matching": matching}

if __name__ == "__main__":
    print(json.dumps({"part": sys.argv[1], **PARTS[sys.argv[1]]()}), flush=True)
