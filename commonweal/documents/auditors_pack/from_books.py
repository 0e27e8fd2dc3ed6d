"""What the pack takes from the ledger: trial balance, journals, account movements, closes and seals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING

from commonweal.documents.auditors_pack.about import PackAbout
from commonweal.documents.auditors_pack.tables import Row, Table
from commonweal.documents.auditors_pack.zip_file import PackFile
from ledger import queries
from ledger.exports import MOVEMENT_COLUMNS, TEXT_FORMATS, Journal, movement_rows, read_journal, write_xlsx

if TYPE_CHECKING:
    from ledger.queries import PeriodMovement

TRIAL_BALANCE = (
    "account",
    "account_name",
    "account_kind",
    "currency",
    "opening",
    "debits",
    "credits",
    "before_year_end",
    "year_end",
    "closing",
)
CLOSES = ("first_day", "last_day", "number", "what", "by", "recorded_at", "reason", "left_open", "trial_balance_sha256")
SEALS = ("seal", "number", "position", "head", "sealed_at", "entries_of_these_days")


def trial_balance(moved: Sequence[PeriodMovement]) -> Table:
    """Each account at the beginning, its movements, and at the end; debits positive."""
    return Table("01-trial-balance", TRIAL_BALANCE, lambda: map(_movement_row, moved))


def account_movements(about: PackAbout, moved: Sequence[PeriodMovement]) -> Table:
    """Every posting, account by account."""
    return Table(
        "03-account-movements",
        MOVEMENT_COLUMNS,
        lambda: movement_rows(about.book, moved, about.starts_on, about.last_day),
        as_workbook=False,
    )


def add_journals(pack: PackFile, about: PackAbout) -> None:
    """Every entry with every line: for hledger, for beancount, as CSV and as a workbook."""
    endings = {"hledger": "journal", "beancount": "beancount", "csv": "csv"}
    for form, ending in endings.items():
        with pack.written(about.named("02-journal", ending)) as out:
            if form == "csv" and about.state:
                out.write(f'"{about.state}"\r\n'.encode())
            for line in TEXT_FORMATS[form](_journal(about)):
                out.write(line.encode())
    pack.add_made_aside(about.named("02-journal", "xlsx"), lambda file: write_xlsx(_journal(about), file))


def closes(about: PackAbout) -> Table:
    """When the periods of these days were closed and opened again, by whom and why."""
    return Table("09-closes-and-reopenings", CLOSES, lambda: _close_rows(about))


def seals(about: PackAbout) -> Table:
    """The seals under which the entries of these days came; the last covers all of them."""
    return Table("10-seals", SEALS, lambda: _seal_rows(about))


def _journal(about: PackAbout) -> Journal:
    """A journal is gone through once, so each format reads its own."""
    journal = read_journal(about.book, from_on=about.starts_on, to_on=about.last_day)
    return replace(journal, seal=about.seal_text, state=about.state)


def _movement_row(one: PeriodMovement) -> Row:
    account = one.account
    figures = (one.opening, one.debits, one.credits, one.before_year_end, one.year_end, one.closing)
    return (account.code, account.name, one.kind.value, account.currency, *map(one.amount, figures))


def _close_rows(about: PackAbout) -> Iterator[Row]:
    found = queries.periods(about.book).filter(starts_on__lt=about.ends_on, ends_on__gt=about.starts_on)
    for period in found.order_by("starts_on"):
        for event in period.events.all():
            at = event.recorded_at.astimezone(UTC).isoformat()
            said = (
                event.number,
                str(event.kind),
                str(event.recorded_by),
                at,
                event.reason,
                "; ".join(map(str, event.left)),
            )
            yield (period.starts_on, period.last_day, *said, event.trial_balance_sha256)


def _seal_rows(about: PackAbout) -> Iterator[Row]:
    for seal, entries in queries.seals_of_entries(about.book, about.starts_on, about.last_day):
        text = f"{about.book.code}:{seal.number}:{seal.position}:{seal.head}"
        yield (text, seal.number, seal.position, seal.head, seal.sealed_at.astimezone(UTC).isoformat(), entries)
