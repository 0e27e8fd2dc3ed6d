"""`manage.py move_in_investors --book B --investors FILE …`: try lists of another system, or bring them in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from commonweal.jobs.bringing_in_investors import bring_in_investors, in_words, read_sent, try_investors
from commonweal.jobs.moving_in import E, SentSheet, sent_sheets
from commonweal.jobs.refusals import REFUSALS
from commonweal.management.arguments import day, find_book
from commonweal.management.people import person_called
from investors.domain.brought_investors import InvestorSheet
from investors.domain.capital_act import ActKind
from investors.domain.moved_in import Sheet
from investors.domain.moved_in_rows import read_moved_in
from investors.services import propose_act
from ledger.domain.money import from_minor
from ledger.domain.words import money_text
from ledger.files import MAX_FILE_BYTES

if TYPE_CHECKING:
    from commonweal.access.models import User
    from ledger.models import Book


class Command(BaseCommand):
    """Tries lists of investors and holdings and says what would come of them; with `--apply` it does that."""

    help = (
        "Try the sheets of investors and of their holdings from another system, CSV or one XLSX workbook; with --apply "
        "bring the investors in, and propose the holdings for a second person."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--book", required=True, help="the code of the book")
        parser.add_argument("--workbook", type=Path, help="one XLSX file with all the sheets")
        parser.add_argument("--investors", type=Path, help="CSV of the investors")
        parser.add_argument("--holdings", type=Path, help="CSV of the holdings")
        parser.add_argument("--history", type=Path, help="CSV of the dated flows before the first day here")
        parser.add_argument("--totals", type=Path, help="CSV of the control totals")
        parser.add_argument("--on", type=day, help="the first day here, for holdings")
        parser.add_argument("--only", choices=["investors", "holdings"], help="take only these of a workbook")
        parser.add_argument("--apply", action="store_true", help="do it; without this nothing is changed")
        parser.add_argument("--by", help="the e-mail address of the person who does it; by default a member of staff")

    def handle(self, *args: Any, **options: Any) -> None:
        book = find_book(options["book"])
        by, apply = person_called(options["by"], book), options["apply"]
        investors, holdings = _wanted(options)
        try:
            with transaction.atomic():
                if investors:
                    self._investors(book, _files(InvestorSheet, options), by)
                if holdings:
                    self._holdings(book, _files(Sheet, options), options["on"], by)
                transaction.set_rollback(not apply)
        except REFUSALS as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write("" if apply else "This was a dry run and nothing was changed. Do it with --apply.")

    def _investors(self, book: Book, files: dict[InvestorSheet, SentSheet], by: User) -> None:
        listed = read_sent(files)
        for fault in try_investors(book=book, listed=listed, by=by).faults:
            self.stderr.write(in_words(fault))
        told = bring_in_investors(book=book, listed=listed, by=by)
        for name, _, made in told.totals:
            self.stdout.write(f"{name}: {made}, ties")
        for one in told.rows:
            self.stdout.write(f"{one.listed.code}: {', '.join(one.does) or 'stands here already'}")

    def _holdings(self, book: Book, files: dict[Sheet, SentSheet], on: date | None, by: User) -> None:
        if on is None:
            raise CommandError("Say with --on which day is the first day here, such as 2026-11-01.")
        asked = read_moved_in(sent_sheets(Sheet, files), book.base_currency).asked()
        act = propose_act(
            book=book, kind=ActKind.MOVED_IN, on=on, asked=asked, words="Moved in from another system", by=by
        )
        for name, made in act.figures["made"].items():
            self.stdout.write(
                f"{name}: {made if name == 'holders' else money_text(from_minor(made, book.base_currency))}, ties"
            )
        self.stdout.write(f"The holdings are {act}, which a second person approves at the desk.")


def _wanted(options: dict[str, Any]) -> tuple[bool, bool]:
    """Whether investors are asked for, and whether holdings are. Raises CommandError where neither is."""
    given = {name for name in ("investors", "holdings") if options["workbook"] or options[name]}
    given &= {options["only"] or name for name in given}
    if not given:
        raise CommandError("Name the files: --workbook, or --investors and --holdings.")
    return "investors" in given, "holdings" in given


def _files(sheets: type[E], options: dict[str, Any]) -> dict[E, SentSheet]:
    """What was named of some sheets. Raises CommandError for a file that cannot be read."""
    if options["workbook"]:
        return {next(iter(sheets)): _read(options["workbook"])}
    named = {one: options[one.name.lower()] for one in sheets}
    return {one: _read(file) for one, file in named.items() if file}


def _read(file: Path) -> SentSheet:
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise CommandError(f"{file} is larger than {MAX_FILE_BYTES:,} bytes. Nothing was changed.")
        return file.name, file.read_bytes()
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
