"""How much does it cost to service a long loan, and to look at many? Each part prints one line of JSON."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonweal.settings.local")

import django

django.setup()

from django.db import connection, connections, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from moneyed import Money  # noqa: E402

from borrowers.domain.places import Region  # noqa: E402
from borrowers.domain.registration import LegalForm  # noqa: E402
from borrowers.models import Organisation  # noqa: E402
from commonweal.access.models import StaffMembership, User  # noqa: E402
from ledger.domain.money import to_minor  # noqa: E402
from ledger.models import Book  # noqa: E402
from ledger.services import move_business_date, open_account, open_book  # noqa: E402
from loans.domain.event_content import content_sha256, event_content  # noqa: E402
from loans.domain.events import Drawn, Event, FeeCharged, Reversed  # noqa: E402
from loans.models import Booking, Loan, LoanEvent, MovingIn, Product  # noqa: E402
from loans.queries import asked_terms_sha256, terms_of  # noqa: E402
from loans.services import Asked, apply, approve, draw_down, offer_product, record_repayment, submit  # noqa: E402
from loans.services.booking import OpenLoan, book_steps, keep_projections, open_loan  # noqa: E402
from tests.benchmarks.engine_bench import DRAWN_ON, YEARS, life  # noqa: E402

EVENTS = 2400
PRINCIPAL = Money("110000.00", "GBP")
"""A tenth more than in the engine's benchmark, so that something is owed to the end."""

ROUNDS = 5
DEPTHS = (0, 1, 6, 12, 24, 48, 96)
"""How many months a repayment is backdated by; 0 is the ordinary one, of the business date."""

LOANS = 100_000
MONTHS = 36
FIRST = date(2021, 1, 1)
PAST, TODAY = date(2023, 1, 1), date(2024, 1, 1)
LOOKS = 7


def backdated() -> dict[str, object]:
    """Milliseconds of the processor for a repayment on the last day and for earlier ones, and the entries of each.

    Each is recorded and rolled back, so that all of them meet the same loan; the depths take turns.
    """
    loan, by = _long_loan()
    took: dict[int, list[float]] = {months: [] for months in DEPTHS}
    entries: dict[int, int] = {}
    for _ in range(ROUNDS):
        for months in DEPTHS:
            seconds, entries[months] = _repaid(loan, loan.book.business_date - timedelta(days=months * 365 // 12), by)
            took[months].append(seconds * 1000)
    return {"depths": [[months, min(took[months]), entries[months]] for months in DEPTHS]}


def _repaid(loan: Loan, on: date, by: User) -> tuple[float, int]:
    booked = Booking.objects.filter(loan=loan)
    before = booked.count()
    with transaction.atomic():
        pounds, key = Money("10.00", "GBP"), uuid4().hex
        start = _processor_seconds()
        record_repayment(loan=loan, amount=pounds, on=on, bank_account="MAIN", by=by, key=key)
        seconds = _processor_seconds() - start
        posted = booked.count() - before
        transaction.set_rollback(True)
    return seconds, posted


def _processor_seconds() -> float:
    """What this process and the one that serves it in PostgreSQL have used of the processor until now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (served_by,) = cursor.fetchone()
    fields = Path(f"/proc/{served_by}/stat").read_text().rpartition(")")[2].split()
    return time.process_time() + sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def _long_loan() -> tuple[Loan, User]:
    """A loan of twenty years with 2,400 events, booked in one go; one event in a hundred is a reversal."""
    book, priya, tom = _book(DRAWN_ON, DRAWN_ON + timedelta(days=365 * YEARS - 30))
    product = offer_product(
        book=book,
        code="long",
        name="Long",
        amounts=(Money("1000.00", "GBP"), Money("250000.00", "GBP")),
        months=(1, 12 * YEARS),
        annual_rate=Decimal("0.06"),
        payment_prefix="LO",
    )
    asked = Asked(PRINCIPAL, Decimal("0.06"), 12 * YEARS, DRAWN_ON + timedelta(days=28))
    application = apply(product=product, organisation=_shop(), asked=asked, purpose="x", on=DRAWN_ON, by=priya)
    submit(application=application, on=DRAWN_ON, by=priya)
    loan = approve(application=application, shown_sha256=asked_terms_sha256(application), on=DRAWN_ON, by=tom)
    draw_down(loan=loan, amount=terms_of(loan).principal, on=DRAWN_ON, by=priya, key="drawn")
    with transaction.atomic():
        _live(open_loan(loan), list(_events()), priya)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    return Loan.objects.select_related("book").get(pk=loan.pk), priya


def _events() -> Iterator[Event]:
    """The life of the engine's benchmark, where four reversals of five are fees instead."""
    for event in life(EVENTS):
        if isinstance(event, Drawn):
            yield replace(event, amount=PRINCIPAL)
        elif isinstance(event, Reversed) and event.sequence % 100 != 7:
            yield FeeCharged(event.effective_on, event.sequence, Money("1.00", "GBP"))
        else:
            yield event


def _live(opened: OpenLoan, events: list[Event], by: User) -> None:
    """Book a whole life at once: what the books should hold at its end, and a row for each event."""
    today = opened.loan.book.business_date
    entries = book_steps(opened, "life", opened.steps(events, today), by=by, bank_account="MAIN")
    own = {name.rpartition(":")[2]: entry for name, entry in entries.items() if name.startswith(("repaid", "fee"))}
    kept = {1: LoanEvent.objects.get(loan=opened.loan)}
    for event in events[1:]:
        kept[event.sequence] = _row(opened.loan, event, own.get(str(event.sequence)), kept, by)
    rows = [row for row in kept.values() if row.pk is None]
    LoanEvent.objects.bulk_create(row for row in rows if row.kind != "reversed")
    LoanEvent.objects.bulk_create(row for row in rows if row.kind == "reversed")
    opened.events = tuple(events)
    keep_projections(opened, since=DRAWN_ON, posted_until=today)


def _row(loan: Loan, event: Event, entry: int | None, kept: dict[int, LoanEvent], by: User) -> LoanEvent:
    content, amount = event_content(event, loan.currency), getattr(event, "amount", None)
    return LoanEvent(
        loan=loan,
        number=event.sequence,
        kind=content["event"],
        effective_on=event.effective_on,
        amount=None if amount is None else to_minor(amount.amount, loan.currency),
        currency=loan.currency,
        content=content,
        content_sha256=content_sha256(content),
        reverses=kept[event.of] if isinstance(event, Reversed) else None,
        entry_id=entry,
        key=f"life:{event.sequence}",
        recorded_by=by,
    )


def portfolio() -> dict[str, object]:
    """Milliseconds for the portfolio page of 100,000 loans as at today and as at a year before; the two take turns."""
    book, priya, tom = _book(FIRST, TODAY)
    StaffMembership.objects.create(user=tom, book=book, role="manager")
    rows = _many_loans(book, priya)
    client = Client(HTTP_HOST="localhost")
    client.force_login(tom)
    took: dict[date, list[float]] = {TODAY: [], PAST: []}
    for _ in range(LOOKS):
        for day, times in took.items():
            times.append(_seconds(lambda on=day: _look(client, book, on)) * 1000)
    return {"today_ms": min(took[TODAY]), "past_ms": min(took[PAST]), **rows}


def _look(client: Client, book: Book, on: date) -> None:
    answer = client.get(f"/desk/{book.code}/loans/portfolio/", {"as_of": on.isoformat()})
    assert answer.status_code == 200
    assert f"{LOANS:,} loans" in answer.content.decode()


def _many_loans(book: Book, by: User) -> dict[str, object]:
    """Loans drawn over two years, for three: for every month of each where it stood, and what was planned."""
    product = Product.objects.create(book=book, code="many", name="Many", payment_prefix="MA")
    moved = MovingIn.objects.create(book=book, number=1, cut_over_on=FIRST, content_sha256="0" * 64, prepared_by=by)
    given = {
        "book": book.pk,
        "product": product.pk,
        "moved": moved.pk,
        "loans": LOANS,
        "first": FIRST,
        "months": MONTHS,
        "today": TODAY,
        "shop": _shop().pk,
    }
    with connections["owner"].cursor() as cursor:
        for statement in (Path(__file__).parent / "many_loans.sql").read_text().split(";\n"):
            cursor.execute(statement, given)
        cursor.execute("VACUUM (ANALYZE) loans_standing, loans_plannedinstalment, loans_loan")
        cursor.execute("SELECT count(*) FROM loans_standing")
        (standings,) = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM loans_plannedinstalment")
        (planned,) = cursor.fetchone()
    return {"standings": standings, "planned": planned}


def _book(opened_on: date, today: date) -> tuple[Book, User, User]:
    name = uuid4().hex[:12]
    priya, tom = (User.objects.create_user(email=f"{who}-{name}@example.org", name=who) for who in ("Priya", "Tom"))
    book = open_book(code=name, name=name, fund_name=name, base_currency="GBP", opened_on=opened_on)
    for node in ("1010", "2010"):
        open_account(book=book, node=node, subject="MAIN", on=opened_on)
    return move_business_date(book=book, to=today), priya, tom


def _shop() -> Organisation:
    form, region = LegalForm.COMMUNITY_BENEFIT_SOCIETY, Region.WALES
    return Organisation.objects.create(name="Shop", legal_form=form, place="Netherby", region=region)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


PARTS = {"backdated": backdated, "portfolio": portfolio}

if __name__ == "__main__":
    print(json.dumps({"part": sys.argv[1], **PARTS[sys.argv[1]]()}), flush=True)
