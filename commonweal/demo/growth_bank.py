"""What moves at the growth fund's bank: its files, and what Amina does with the lines that they leave in suspense."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from commonweal.demo import story
from commonweal.demo.camt import write_camt053
from commonweal.demo.classes import BANK, BANK_ACCOUNT, BOOK, Growth
from commonweal.demo.growth import BUSINESSES, TO_THE_BANK
from commonweal.demo.lives import match_by_hand, transfers_of
from commonweal.demo.story import Transfer
from commonweal.jobs.banking import bring_in_bank_file
from investors.queries.borrowings import facilities, life_of
from investors.services import (
    confirm_facility_repayment,
    draw_facility,
)
from ledger import queries as ledger
from ledger import services as books
from ledger.domain.money import from_minor

if TYPE_CHECKING:
    from ledger.models import Book


def bring_in(fund: Growth, number: int, first: date, last: date) -> None:
    """A file of the bank, and what Amina does with the lines that it leaves in suspense."""
    to_day(fund.book, last + timedelta(days=1))
    agreed = tuple(one for one in BUSINESSES if one.agreed_on <= last)
    known = [*fund.moves, *transfers_of(agreed, fund.told, first, last), *_collected(fund, first, last)]
    moved = sorted((one for one in known if first <= one.on <= last), key=lambda one: one.on)
    fund.moves[:] = [one for one in fund.moves if one.on > last]
    latest = ledger.latest_bank_statement(ledger.bank_accounts(fund.book).get())
    opening = from_minor(latest.closing, "GBP") if latest and latest.closing is not None else story.NOTHING
    statement = story.bank_statement(number, first, last, opening, moved, account=BANK_ACCOUNT)
    fund.files.mkdir(parents=True, exist_ok=True)
    path = fund.files / f"{BOOK}-bank-{last}.xml"
    path.write_bytes(write_camt053(statement))
    bring_in_bank_file(book=fund.book, name=path.name, content=path.read_bytes(), by=fund.amina)
    match_by_hand(agreed, fund.told, first, last)
    _match_the_lender(fund)


def _collected(fund: Growth, first: date, last: date) -> Iterator[Transfer]:
    """What the bank that lends to the fund collects by itself."""
    for facility in facilities(fund.book):
        life = life_of(facility)
        rows = life.at(last).instalments if life.begun else ()
        for row in rows:
            if row.unpaid and first <= row.instalment.due_on <= last:
                yield Transfer(row.instalment.due_on, -row.unpaid, BANK[1], TO_THE_BANK)


def _match_the_lender(fund: Growth) -> None:
    """Amina matches the lines of the lender to the facility: what is drawn, and what it collected."""
    for line in ledger.unmatched_bank_lines(fund.book).filter(counterparty=BANK[1]).order_by("booked_on"):
        facility = facilities(fund.book).get()
        said: dict[str, Any] = {"facility": facility, "line": line, "key": f"demo:{line.pk}", "by": fund.amina}
        if line.amount > 0:
            draw_facility(**said)
        else:
            confirm_facility_repayment(**said, amount=-from_minor(line.amount, "GBP"))


def to_day(book: Book, day: date) -> None:
    """Let the book's days pass, never backwards."""
    if book.business_date < day:
        books.move_business_date(book=book, to=day)
    book.refresh_from_db()
