"""Bringing in a bank file: the ledger takes its lines, then loans and investors match what is theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from commonweal.access.models import User
from commonweal.jobs.models import PATIENCE, Job
from commonweal.jobs.paying import note_what_was_matched, settle_payments
from commonweal.jobs.services import enqueue
from investors.services import apportion_book, match_contributions
from ledger import queries
from ledger.bank_csv import MappedAccount, PreviewLine, parse_csv, preview_csv, propose_mapping
from ledger.domain.bank_errors import BankFileError, MappingDoesNotFit, WrongEncoding
from ledger.domain.bank_statement import ParsedStatement
from ledger.domain.csv_mapping import CsvMapping
from ledger.services import MAX_BANK_FILE_BYTES, ImportedStatement, import_bank_file, seal
from loans.services import MatchedLine, MatchedRun, match_bank_lines, match_debit_returns, match_debit_runs

if TYPE_CHECKING:
    from ledger.models import BankAccount, BankStatement, Book


@dataclass(frozen=True, slots=True)
class BankImport:
    """What a bank file brought, and what became of every line that waited."""

    statements: Sequence[ImportedStatement]
    repayments: Sequence[MatchedLine]
    """The lines that were left once investors' money had found its owners."""
    contributions: int
    apportioned: int
    collected: Sequence[MatchedRun]
    paid: int = 0

    @property
    def new_lines(self) -> int:
        """Lines that the books did not have."""
        return sum(len(one.new_lines) for one in self.statements)

    @property
    def known_lines(self) -> int:
        """Lines that the books had already."""
        return sum(one.known_lines for one in self.statements)

    @property
    def matched(self) -> int:
        """Lines that found their loan."""
        return sum(1 for one in self.repayments if one.loan is not None)

    @property
    def left(self) -> int:
        """Lines that stay in suspense for a person to look at."""
        return len(self.repayments) - self.matched

    def in_words(self) -> str:
        """One sentence for the person who asked."""
        lines = "bank line" if self.new_lines == 1 else "bank lines"
        known = f", {self.known_lines} the books had already" if self.known_lines else ""
        paid = f"{self.paid} payments out told of, " if self.paid else ""
        runs = f"{len(self.collected)} to Direct Debit runs, " if self.collected else ""
        return (
            f"{self.new_lines} new {lines}{known}; {self.matched} matched to loans, {runs}{paid}"
            f"{self.contributions} to investors, {self.left} left in suspense."
        )


def ask_to_bring_in(
    *, book: Book, attachment: int, name: str, by: User, bank_account: str = "", key: str | None = None
) -> Job:
    """Ask for `bring_in_bank_file` of a file that is kept, as long work; the same key again is the same job."""
    arguments = {"book": book.code, "attachment": attachment, "name": name}
    if bank_account:
        arguments["bank_account"] = bank_account
    return enqueue(kind="import_bank", arguments=arguments, by=by, book=book, key=key, attempts=PATIENCE)


def bring_in_bank_file(*, book: Book, name: str, content: bytes, by: User, bank_account: str = "") -> BankImport:
    """Import a bank file and match its lines. Each step is safe to repeat, so that a run that was cut off goes on.

    `bank_account` is the code of the account that a CSV is of; a book with only one needs none. Raises what
    `ledger.services.import_bank_file` raises; then nothing was changed.
    """
    statements = import_bank_file(book=book, name=name, content=content, by=by, bank_account=bank_account)
    return BankImport(statements, *match_and_share(book=book, by=by, new=[one.statement for one in statements]))


def match_and_share(
    *, book: Book, by: User, new: Sequence[BankStatement] | None = None
) -> tuple[Sequence[MatchedLine], int, int, Sequence[MatchedRun], int]:
    """Match what waits in suspense, share the loan entries among the lenders, and seal.

    What pays a payment out, or brings one back, comes first: it names the payment, and its loan as well.
    """
    paid = settle_payments(book=book, by=by)
    contributions = len(match_contributions(book=book, by=by))
    collected = match_debit_runs(book=book, by=by)
    match_debit_returns(book=book, by=by)
    repayments = match_bank_lines(book=book, by=by, new=new)
    paid += note_what_was_matched(book=book, by=by)
    apportioned = apportion_book(book=book, by=by)
    seal(book=book)
    return repayments, contributions, apportioned, collected, paid


@dataclass(frozen=True, slots=True)
class CsvPreview:
    """How a CSV would be read: its first rows, what all of it comes to, or why it cannot be read."""

    rows: Sequence[PreviewLine]
    statement: ParsedStatement | None
    refusal: str = ""


def proposed_mapping(bank_account: BankAccount, content: bytes) -> CsvMapping:
    """The mapping in force where it fits the file, or else what the file suggests. Raises BankFileError."""
    kept = queries.csv_mapping(bank_account)
    if kept is not None and preview_of_csv(bank_account, kept.mapping, content).statement is not None:
        return kept.mapping
    return propose_mapping(content, currency=bank_account.currency, max_bytes=MAX_BANK_FILE_BYTES)


def preview_of_csv(bank_account: BankAccount, mapping: CsvMapping, content: bytes) -> CsvPreview:
    """The first ten rows of a CSV as they would be read, and the whole of it. Nothing is kept."""
    mapped = MappedAccount(bank_account.identification, bank_account.currency, mapping)
    rows: Sequence[PreviewLine] = ()
    try:
        rows = preview_csv(content, mapped)
        (statement,) = parse_csv(content, max_bytes=MAX_BANK_FILE_BYTES, mapped=mapped)
    except BankFileError as refusal:
        return CsvPreview(rows, None, str(refusal).removesuffix(" Nothing was imported."))
    return CsvPreview(rows, statement)


def csv_is_mapped(bank_account: BankAccount, content: bytes) -> bool:
    """Whether the mapping in force reads a file. Raises BankFileError for what no other mapping would mend."""
    kept = queries.csv_mapping(bank_account)
    if kept is None:
        return False
    mapped = MappedAccount(bank_account.identification, bank_account.currency, kept.mapping)
    try:
        parse_csv(content, max_bytes=MAX_BANK_FILE_BYTES, mapped=mapped)
    except (MappingDoesNotFit, WrongEncoding):
        return False
    return True
