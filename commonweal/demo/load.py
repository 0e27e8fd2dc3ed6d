"""Loading the story: each step by the services that a real fund uses, and each harmless when it is done already."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from moneyed import Money

from borrowers.domain.places import Region
from borrowers.domain.registration import LegalForm, RegisteredNumbers
from borrowers.domain.sectors import Sector
from borrowers.services import register_organisation
from borrowers.services.organisations import Address
from commonweal.access.models import BorrowerMembership, InvestorMembership, StaffMembership, StaffRole, User
from commonweal.demo import story
from commonweal.demo.camt import write_camt053
from commonweal.demo.capital import raise_growth_fund
from commonweal.demo.classes import FUND
from commonweal.demo.impact import report_impact
from commonweal.demo.lives import Cast, Life, Told, acts_of, agree, approved, match_by_hand, transfers_of
from commonweal.demo.neighbours import LIVES, PROVIDED_ON
from commonweal.demo.neighbours_impact import BAKERY, SHOP, SOLAR, report_neighbours
from commonweal.demo.published import grant_beside, publish_open_data, say_worth
from commonweal.demo.today import come_to_today
from commonweal.documents.models import StatementRun
from commonweal.documents.runs import publish_run, run_by_key, run_sha256, state_of
from commonweal.jobs.banking import bring_in_bank_file
from commonweal.jobs.close import bring_book_up_to_date, close_month
from commonweal.jobs.statements import period_of, prepare_statements
from commonweal.jobs.year_end_journal import prepare_year_end
from investors.domain.participation import Participation
from investors.models import Investor
from investors.services import apportion, register_investor, set_participations
from ledger import queries as ledger
from ledger import services as books
from ledger.domain.bank_statement import ParsedStatement
from ledger.domain.money import from_minor
from loans import services as lending
from loans.domain.schedule import planned_schedule
from loans.models import Loan, Series
from loans.queries import loan_by_reference, products, terms_of
from loans.services import Asked

if TYPE_CHECKING:
    from ledger.models import Book

Tell = Callable[[str], None]


def load(
    *, files: Path, tell: Tell, lives: tuple[Life, ...] = LIVES, periods: tuple[str, ...] = story.STATEMENTS
) -> Book:
    """The whole story up to its today; run again it changes nothing. `files` is where the bank's files are written.

    `lives` are the businesses beside the corner shop; without them it is one loan's life. `periods` have statements.
    """
    told = _found_fund(lives)
    book = told.book
    tell(f"{book.name}: people, businesses and agreed loans")
    months = list(story.months(story.BROUGHT_IN_TO))
    for number, (first, last) in enumerate(months, start=1):
        if not _is_lived(book, last):
            _live_a_month(told, lives, number, (first, last), files)
    tell(f"{len(months)} bank files brought in, months closed through {story.CLOSED_THROUGH}")
    _to(book, story.TODAY)
    _write(files, story.waiting_file(_bank_closes(book, story.BROUGHT_IN_TO), len(months) + 1))
    report_impact(told, _shop_s_loan(book))
    if lives:
        come_to_today(told)
        report_neighbours(told)
        say_worth(told)
        grant_beside(told, _loan(book, SOLAR))
        raise_growth_fund(told.cast, files)
        tell(f"{FUND}: capital in three classes, a bank's loan, tax relief, and money paid out")
    for text in periods:
        run = prepare_statements(book=book, period=period_of(text, book), by=told.cast[story.AMINA])
        if state_of(run_by_key(run.pk)) == StatementRun.State.WAITING:
            publish_run(run=run, shown_sha256=run_sha256(run), by=told.cast[story.TOM])
    tell(f"Statements issued for {', '.join(periods)}")
    if lives:
        publish_open_data(told, _loan(book, BAKERY))
        tell("Open data published in SEDL and 360Giving, at /open-data/")
    return book


@transaction.atomic
def _found_fund(lives: tuple[Life, ...]) -> Told:
    people = {p.email: _person(p) for p in vars(story).values() if isinstance(p, story.Person)}
    found = ledger.book_by_code(story.BOOK)
    told = Told(found or _open_book(), Cast(people))
    if found is None:
        _take_on_staff(told)
        _agree_with(lives, told)
        _agree_loan(told)
        _receive_application(told)
    return told


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
        imprint=story.IMPRINT,
    )
    books.open_bank_account(
        book=book,
        code="MAIN",
        name="Collections account",
        identification=story.BANK_ACCOUNT,
        on=story.OPENED_ON,
    )
    return book


def _take_on_staff(told: Told) -> None:
    roles = {
        story.TOM: StaffRole.MANAGER,
        story.PRIYA: StaffRole.OFFICER,
        story.AMINA: StaffRole.FINANCE,
        story.RUTH: StaffRole.AUDITOR,
    }
    for person, role in roles.items():
        StaffMembership.objects.create(user=told.cast[person], book=told.book, role=role)


def _agree_with(lives: tuple[Life, ...], told: Told) -> None:
    """The loans of the neighbours, numbered up to the one before the corner shop's, and whose money it is."""
    lending.continue_numbering(book=told.book, series=Series.LOAN, after=107 - len(lives))
    lending.continue_numbering(book=told.book, series=Series.APPLICATION, after=120 - len(lives))
    if lives:
        for one in story.NEIGHBOURS:
            register_investor(code=one.code, name=one.name, kind=one.kind)
    for life in lives:
        agree(life, told)


def _agree_loan(told: Told) -> None:
    """Priya prepares, Tom approves; three lenders share it."""
    book, cast = told.book, told.cast
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
    because = "A steady shop with a members' vote behind it; the fridge saves what the loan costs."
    loan = approved(application, told, on, because)
    for part in story.PARTS:
        register_investor(code=part.code, name=part.name, kind=part.kind)
    for person, code in ((story.OWEN, "NRB"), (story.HANA, "TST")):
        InvestorMembership.objects.create(user=cast[person], investor=Investor.objects.get(code=code))
    parts = [Participation(part.code, part.rank, part.amount) for part in story.PARTS]
    set_participations(loan=loan, effective_on=on, participations=parts, by=cast[story.AMINA])


def _receive_application(told: Told) -> None:
    """One more waits for Tom's decision."""
    book, cast = told.book, told.cast
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


def _shop_s_loan(book: Book) -> Loan:
    return _loan(book, SHOP)


def _loan(book: Book, reference: str) -> Loan:
    loan = loan_by_reference(book, reference)
    if loan is None:
        raise LookupError(f"the story's loan {reference} is missing; start again with an empty database")
    return loan


def _is_lived(book: Book, last: date) -> bool:
    """Whether the bank's file of a month is in, and with it everything that people did in that month."""
    latest = ledger.latest_bank_statement(ledger.bank_accounts(book).get())
    return latest is not None and latest.to_on >= last


@transaction.atomic
def _live_a_month(told: Told, lives: tuple[Life, ...], number: int, month: tuple[date, date], files: Path) -> None:
    """What people do comes first, then the month's bank file, and the month is closed when it is over."""
    book, amina, (first, last) = told.book, told.cast[story.AMINA], month
    done = [*_shop_draws(told, first, last), *acts_of(lives, told, first, last)]
    for on, act in sorted(done, key=lambda one: one[0]):
        _to(book, on)
        act()
    _to(book, last + timedelta(days=1))
    moved = [one for one in _transfers(told, lives, first, last) if first <= one.on <= last]
    opening = _bank_closes(book, first - timedelta(days=1))
    path = _write(files, story.bank_statement(number, first, last, opening, sorted(moved, key=lambda one: one.on)))
    bring_in_bank_file(book=book, name=path.name, content=path.read_bytes(), by=amina)
    match_by_hand(lives, told, first, last)
    if last in PROVIDED_ON and lives:
        lending.provide(book=book, on=last, by=amina, key=f"demo:{last}")
    if lives and last == book.year_end.on_or_after(last) and last <= story.CLOSED_THROUGH:
        _carry_the_result(told, last)
    if last <= story.CLOSED_THROUGH:
        close_month(book=book, through=last, by=amina, reasons=story.LEFT_OPEN)


def _carry_the_result(told: Told, year_end: date) -> None:
    """Once all of the year is posted, Amina prepares its journal and Tom posts it."""
    book, amina = told.book, told.cast[story.AMINA]
    bring_book_up_to_date(book=book, through=year_end, by=amina, month_ends=[year_end])
    draft = prepare_year_end(book=book, year_end=year_end, by=amina)
    books.post_draft(draft=draft, shown_sha256=books.draft_sha256(draft), by=told.cast[story.TOM])


def _shop_draws(told: Told, first: date, last: date) -> Iterator[tuple[date, Callable[[], object]]]:
    """The corner shop's loan is drawn."""
    loan, amina = _shop_s_loan(told.book), told.cast[story.AMINA]

    def draw() -> None:
        lending.draw_down(loan=loan, amount=story.LENT, on=story.DRAWN_ON, by=amina, key="demo:drawn")
        apportion(loan=loan, by=amina)

    if first <= story.DRAWN_ON <= last:
        yield story.DRAWN_ON, draw


def _transfers(told: Told, lives: tuple[Life, ...], first: date, last: date) -> Iterator[story.Transfer]:
    due_on = [row.due_on for row in planned_schedule(terms_of(_shop_s_loan(told.book)))]
    yield from story.transfers(due_on[: story.REPAID])
    lent = sum((life.asked.amount for life in lives), story.NOTHING)
    if lent:
        yield from story.paid_in(lent)
    yield from transfers_of(lives, told, first, last)


def _bank_closes(book: Book, on: date) -> Money:
    """What the bank's own files say the account closed with on a day."""
    latest = ledger.latest_bank_statement(ledger.bank_accounts(book).get(), through=on)
    return from_minor(latest.closing, book.base_currency) if latest and latest.closing is not None else story.NOTHING


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
