"""Loading the story: each step by the services that a real fund uses, and each harmless when it is done already."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from moneyed import Money

from borrowers.domain.places import Region
from borrowers.domain.readings import Direction, Grade, ReadingPeriod
from borrowers.domain.registration import LegalForm, RegisteredNumbers
from borrowers.domain.sectors import Sector
from borrowers.queries import indicator_by_code, readings_of
from borrowers.services import define_indicator, record_reading, register_organisation
from borrowers.services.organisations import Address
from commonweal.access.models import BorrowerMembership, InvestorMembership, StaffMembership, StaffRole, User
from commonweal.demo import story
from commonweal.demo.camt import write_camt053
from commonweal.jobs.banking import bring_in_bank_file
from commonweal.jobs.close import close_month
from commonweal.jobs.statements import issue_statements, period_of
from investors.domain.participation import Participation
from investors.models import Investor
from investors.services import apportion, register_investor, set_participations
from ledger import queries as ledger
from ledger import services as books
from ledger.domain.bank_statement import ParsedStatement
from loans import services as lending
from loans.domain.schedule import planned_schedule
from loans.models import Application, Loan, Series
from loans.queries import asked_terms_sha256, loan_by_reference, products, terms_of
from loans.services import Asked, Promise

if TYPE_CHECKING:
    from ledger.models import Book

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Cast:
    """The people of the story as they log in."""

    by_email: dict[str, User]

    def __getitem__(self, person: story.Person) -> User:
        return self.by_email[person.email]


def load(*, files: Path, tell: Tell) -> Book:
    """The whole story up to its today; run again it changes nothing. `files` is where the bank's files are written."""
    book, cast = _found_fund()
    tell(f"{book.name}: people, businesses and one agreed loan")
    loan = _lend(book, cast)
    moved = list(story.transfers(_due_dates(loan)[: story.REPAID]))
    statements = list(story.monthly_statements(moved, story.BROUGHT_IN_TO))
    for statement in statements:
        _live_a_month(book, loan, statement, cast, files)
    tell(f"{len(statements)} bank files brought in, months closed through {story.CLOSED_THROUGH}")
    _to(book, story.TODAY)
    _write(files, story.waiting_file(statements[-1].closing, len(statements) + 1))
    _report_impact(loan, cast)
    for text in story.STATEMENTS:
        issue_statements(book=book, period=period_of(text, book), by=cast[story.AMINA])
    tell(f"Statements issued for {', '.join(story.STATEMENTS)}")
    return book


@transaction.atomic
def _found_fund() -> tuple[Book, Cast]:
    people = {p.email: _person(p) for p in vars(story).values() if isinstance(p, story.Person)}
    cast = Cast(people)
    book = ledger.book_by_code(story.BOOK)
    if book is None:
        book = _open_book()
        _take_on_staff(book, cast)
        _agree_loan(book, cast)
        _receive_application(book, cast)
    return book, cast


def _person(person: story.Person) -> User:
    found = User.objects.filter(email=person.email).first()
    return found or User.objects.create_user(email=person.email, name=person.name, password=story.PASSWORD)


def _open_book() -> Book:
    book = books.open_book(
        code=story.BOOK,
        name=story.FUND,
        fund_name=story.FUND,
        base_currency="GBP",
        opened_on=story.OPENED_ON,
        imprint=books.Imprint(
            registration="Registered charity 9900123, company 99001234",
            address="The Old Custom House\n4 Quay Street\nMaryport\nCA15 8XX",
            contact_name="Priya Nair",
            contact_phone="01632 960 417",
            contact_email="priya@harbour-hills.example",
        ),
    )
    books.open_bank_account(
        book=book,
        code="MAIN",
        name="Collections account",
        identification=story.BANK_ACCOUNT,
        on=story.OPENED_ON,
    )
    return book


def _take_on_staff(book: Book, cast: Cast) -> None:
    roles = {
        story.TOM: StaffRole.MANAGER,
        story.PRIYA: StaffRole.OFFICER,
        story.AMINA: StaffRole.FINANCE,
        story.RUTH: StaffRole.AUDITOR,
    }
    for person, role in roles.items():
        StaffMembership.objects.create(user=cast[person], book=book, role=role)


def _agree_loan(book: Book, cast: Cast) -> None:
    """Priya prepares, Tom approves; three lenders share it."""
    lending.continue_numbering(book=book, series=Series.LOAN, after=107)
    lending.continue_numbering(book=book, series=Series.APPLICATION, after=120)
    product = lending.offer_product(
        book=book,
        code="community",
        name="Community business loan",
        amounts=(Money("5000.00", "GBP"), Money("150000.00", "GBP")),
        months=(12, 120),
        annual_rate=story.RATE,
        payment_prefix="HH",
    )
    shop = register_organisation(
        name=story.NETHERBY,
        legal_form=LegalForm.COMMUNITY_BENEFIT_SOCIETY,
        numbers=RegisteredNumbers(society="8123"),
        address=Address("Netherby", Region.NORTH_WEST, "1 Chapel Row", "", "CA6 5XX"),
        sector=Sector.SHOP,
    )
    BorrowerMembership.objects.create(user=cast[story.JO], organisation=shop)
    asked = Asked(story.LENT, story.RATE, story.MONTHS, story.FIRST_DUE_ON)
    on = date(2025, 4, 10)
    purpose = "Refrigeration, a post office counter and stock"
    application = lending.apply(
        product=product, organisation=shop, asked=asked, purpose=purpose, on=on, by=cast[story.PRIYA]
    )
    loan = _approve(book, application, cast, on)
    for part in story.PARTS:
        register_investor(code=part.code, name=part.name, kind=part.kind)
    for person, code in ((story.OWEN, "NRB"), (story.HANA, "TST")):
        InvestorMembership.objects.create(user=cast[person], investor=Investor.objects.get(code=code))
    parts = [Participation(part.code, part.rank, part.amount) for part in story.PARTS]
    set_participations(loan=loan, effective_on=on, participations=parts, by=cast[story.AMINA])


def _approve(book: Book, application: Application, cast: Cast, on: date) -> Loan:
    submitted = lending.submit(application=application, on=on, by=cast[story.PRIYA])
    return lending.approve(
        application=submitted,
        shown_sha256=asked_terms_sha256(submitted),
        on=on,
        by=cast[story.TOM],
        reason="A steady shop with a members' vote behind it; the fridge saves what the loan costs.",
    )


def _receive_application(book: Book, cast: Cast) -> None:
    """One more waits for Tom's decision."""
    lending.continue_numbering(book=book, series=Series.APPLICATION, after=131)
    makers = register_organisation(
        name="Millrace Makers Co-operative",
        legal_form=LegalForm.CO_OPERATIVE_SOCIETY,
        numbers=RegisteredNumbers(society="8456"),
        address=Address("Hebden Bridge", Region.YORKSHIRE_AND_THE_HUMBER, "Weir Mill", "", "HX7 8XX"),
        sector=Sector.WORK,
    )
    BorrowerMembership.objects.create(user=cast[story.SAM], organisation=makers)
    application = lending.apply(
        product=products(book).get(code="community"),
        organisation=makers,
        asked=Asked(Money("20000.00", "GBP"), Decimal("0.0625"), 48, date(2027, 1, 14)),
        purpose="A laser cutter and an apprentice's first year",
        on=date(2026, 11, 19),
        by=cast[story.PRIYA],
    )
    lending.submit(application=application, on=date(2026, 11, 19), by=cast[story.PRIYA])


def _lend(book: Book, cast: Cast) -> Loan:
    loan = loan_by_reference(book, "L-0108")
    if loan is None:
        raise LookupError("the story's loan is missing; start again with an empty database")
    return loan


def _live_a_month(book: Book, loan: Loan, statement: ParsedStatement, cast: Cast, files: Path) -> None:
    """The month's bank file comes in; what was lent is recorded first, and the month is closed when it is over."""
    path = _write(files, statement)
    if statement.from_on <= story.DRAWN_ON <= statement.to_on:
        _to(book, story.DRAWN_ON)
        lending.draw_down(loan=loan, amount=story.LENT, on=story.DRAWN_ON, by=cast[story.AMINA], key="demo:drawn")
        apportion(loan=loan, by=cast[story.AMINA])
    _to(book, statement.to_on + timedelta(days=1))
    bring_in_bank_file(book=book, name=path.name, content=path.read_bytes(), by=cast[story.AMINA])
    if statement.to_on <= story.CLOSED_THROUGH and (ledger.closed_until(book) or date.min) <= statement.to_on:
        close_month(book=book, through=statement.to_on, by=cast[story.AMINA])


def _report_impact(loan: Loan, cast: Cast) -> None:
    shop = loan.organisation
    indicator = indicator_by_code("people-in-work") or define_indicator(
        code="people-in-work",
        name="People in work",
        unit="people",
        direction=Direction.INCREASE,
        iris_id="PI4874",
        sdg_target="8.5",
    )
    if readings_of(shop, indicator).exists():
        return
    promise = Promise(Decimal(3), date(2025, 4, 1), Decimal(6), date(2028, 3, 31))
    lending.promise_impact(loan=loan, indicator=indicator, promise=promise, by=cast[story.TOM])
    for start, end, value in _readings():
        record_reading(
            organisation=shop,
            indicator=indicator,
            period=ReadingPeriod(start, end),
            value=value,
            grade=Grade.THIRD_PARTY,
            evidence="Payroll summary",
            on=story.TODAY,
            by=cast[story.JO],
        )


def _readings() -> Iterator[tuple[date, date, Decimal]]:
    yield date(2024, 10, 1), date(2025, 10, 1), Decimal(4)
    yield date(2025, 10, 1), date(2026, 10, 1), Decimal(5)


def _due_dates(loan: Loan) -> list[date]:
    """When the instalments fall due, by the engine, drawn as planned."""
    return [row.due_on for row in planned_schedule(terms_of(loan))]


def _to(book: Book, day: date) -> None:
    """Let the book's days pass, never backwards."""
    current = ledger.book_by_code(book.code)
    if current is not None and current.business_date < day:
        books.move_business_date(book=book, to=day)
    book.refresh_from_db()


def _write(files: Path, statement: ParsedStatement) -> Path:
    files.mkdir(parents=True, exist_ok=True)
    path = files / f"bank-{statement.to_on}.xml"
    path.write_bytes(write_camt053(statement))
    return path
