"""The bank: its accounts in the books, and its statements brought in once however often a file comes.

Every bank line goes through suspense: in on the bank account, out on 2010. So the bank account always agrees with the
bank's file, and what suspense holds is exactly what nobody has matched yet.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import Sum
from moneyed import Money

from ledger import queries
from ledger.bank_formats import content_type_of, format_of
from ledger.domain.bank_errors import StatementAhead, TooLarge, WrongAccount, WrongCurrency
from ledger.domain.bank_statement import ParsedLine, ParsedStatement, is_same_account, normalise_account, plain
from ledger.domain.entry import JournalEntry, Kind, signed
from ledger.domain.errors import AlreadyExists, LineMatchedAlready, MalformedEntry
from ledger.domain.money import from_minor, to_minor
from ledger.domain.words import date_text
from ledger.models import Attachment, BankAccount, BankLineMatch, BankStatement, BankStatementLine, Book, Posting
from ledger.services.bank_balances import agree_on_closing, agree_on_opening, agree_with_known
from ledger.services.bank_mappings import mapped_account
from ledger.services.books import open_account
from ledger.services.posting import post

MAX_BANK_FILE_BYTES = 20 * 1024 * 1024
"""A larger bank file is refused before it is read: a year of a small fund's statements is well below it."""

SUSPENSE = "2010"
ONE_MATCHER = "SELECT pg_advisory_xact_lock(7413, %s)"
MANY_MATCHERS = "SELECT pg_advisory_xact_lock(7413, line) FROM unnest(%s::int[]) AS line"


@dataclass(frozen=True, slots=True)
class ImportedStatement:
    """What one statement of a file brought: the lines that were new, and how many the books had already."""

    statement: BankStatement
    new_lines: tuple[BankStatementLine, ...]
    known_lines: int


@transaction.atomic
def open_bank_account(
    *, book: Book, code: str, name: str, identification: str, on: date, currency: str = ""
) -> BankAccount:
    """A bank account of the fund, with its ledger account and its suspense account.

    `identification` is an IBAN, or sort code and account number. Raises AlreadyExists.
    """
    number = normalise_account(identification)
    if BankAccount.objects.filter(book=book, code=code).exists():
        raise AlreadyExists(f"{book} has a bank account {code!r} already. Choose another code; nothing was opened.")
    return BankAccount.objects.create(
        book=book,
        code=code,
        name=name,
        identification=number,
        currency=currency or book.base_currency,
        account=open_account(book=book, node="1010", subject=code, name=name, on=on, currency=currency),
        suspense=open_account(book=book, node="2010", subject=code, name=name, on=on, currency=currency),
    )


def keep_bank_file(*, name: str, content: bytes, by: AbstractBaseUser) -> Attachment:
    """Keep a bank file as it came, so that a worker can read it and an auditor can see it. Raises TooLarge."""
    if len(content) > MAX_BANK_FILE_BYTES:
        raise TooLarge(
            f"{name} has {len(content):,} bytes; a bank file may have {MAX_BANK_FILE_BYTES:,}. "
            "Ask the bank for shorter periods."
        )
    attachment, _ = Attachment.objects.get_or_create(
        sha256=hashlib.sha256(content).hexdigest(),
        defaults={
            "name": name[-200:],
            "content_type": content_type_of(content),
            "content": content,
            "added_by_id": by.pk,
        },
    )
    return attachment


@transaction.atomic
def import_bank_file(
    *,
    book: Book,
    name: str,
    content: bytes,
    by: AbstractBaseUser,
    bank_account: str = "",
    max_bytes: int = MAX_BANK_FILE_BYTES,
) -> list[ImportedStatement]:
    """Bring a bank's file into a book, whole or not at all; the same file again changes nothing.

    `bank_account` is the code of the account that a CSV is of, which needs none where the book has only one.

    Raises a BankFileError that says what is wrong with the file, StatementAhead, WrongAccount, WrongCurrency,
    BalanceMismatch where the books and the bank disagree about the opening or closing balance, and PeriodClosed.
    """
    found = format_of(content)
    mapped = mapped_account(book=book, bank_account=bank_account) if found.is_mapped else None
    file = _File(name[-200:], hashlib.sha256(content).hexdigest(), found.code)
    statements = found.read(content, max_bytes=max_bytes, mapped=mapped)
    in_order = sorted(statements, key=lambda parsed: (parsed.from_on, parsed.to_on))
    return [_import_statement(book, parsed, file=file, by=by) for parsed in in_order]


@transaction.atomic
def match_bank_line(*, line_id: int, entry_id: int) -> BankLineMatch:
    """Record that an entry takes a bank line, or a part of it, out of suspense; call it where the entry is posted.

    The amount is what the entry moves on the line's suspense account. Raises LineMatchedAlready where that is more than
    the line has left, and MalformedEntry where the entry does not touch the suspense account.
    """
    line = line_held(line_id)
    suspense = line.bank_account.suspense
    moved = Posting.objects.filter(entry_id=entry_id, account=suspense).aggregate(sum=Sum("amount"))["sum"]
    if not moved:
        raise MalformedEntry(
            f"E-{entry_id} does not move anything on {suspense.code}: it cannot match a bank line. "
            "Choose an entry that does; nothing was changed."
        )
    rest: int = vars(line)["rest"]
    if moved * rest <= 0 or abs(moved) > abs(rest):
        currency = line.bank_account.currency
        raise LineMatchedAlready(
            f"The bank line of {date_text(line.booked_on)} ({line.reference or line.counterparty}) has "
            f"{plain(from_minor(rest, currency))} left to match, not {plain(from_minor(moved, currency))}. "
            "Match no more than that; nothing was changed."
        )
    return BankLineMatch.objects.create(line=line, entry_id=entry_id, amount=moved)


@transaction.atomic
def match_bank_lines_whole(*, entry_by_line: Mapping[int, int]) -> None:
    """The same for many lines, each of which an entry of its own takes out of suspense whole.

    Raises LineMatchedAlready where one of them does not: then none is matched.
    """
    with connection.cursor() as cursor:
        cursor.execute(MANY_MATCHERS, [sorted(entry_by_line)])
    lines = queries.bank_lines_with_rest().select_related("bank_account").filter(pk__in=entry_by_line)
    moved: dict[tuple[int, int], int] = defaultdict(int)
    postings = Posting.objects.filter(entry_id__in=entry_by_line.values(), account__node__code=SUSPENSE)
    for entry_id, account_id, minor in postings.values_list("entry_id", "account_id", "amount"):
        moved[entry_id, account_id] += minor
    matches = []
    for line in lines:
        entry_id, rest = entry_by_line[line.pk], vars(line)["rest"]
        if not rest or moved[entry_id, line.bank_account.suspense_id] != rest:
            raise LineMatchedAlready(
                f"The bank line of {date_text(line.booked_on)} ({line.reference or line.counterparty}) has "
                f"{plain(from_minor(rest, line.bank_account.currency))} left to match. "
                "Match exactly that; nothing was changed."
            )
        matches.append(BankLineMatch(line=line, entry_id=entry_id, amount=rest))
    BankLineMatch.objects.bulk_create(matches)


def line_held(line_id: int) -> BankStatementLine:
    """A bank line with its `rest`, held until the transaction ends, so that nobody else matches it meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_MATCHER, [line_id])
    held: BankStatementLine = queries.bank_lines_with_rest().select_related("bank_account__suspense").get(pk=line_id)
    return held


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    sha256: str
    format: str


def _import_statement(book: Book, parsed: ParsedStatement, *, file: _File, by: AbstractBaseUser) -> ImportedStatement:
    bank_account = _bank_account(book, parsed)
    _refuse_ahead(bank_account, parsed)
    statement, made = BankStatement.objects.get_or_create(
        bank_account=bank_account,
        statement_id=parsed.statement_id,
        file_sha256=file.sha256,
        defaults={
            "file_name": file.name,
            "format": file.format,
            "notes": "\n".join(parsed.notes),
            "from_on": parsed.from_on,
            "to_on": parsed.to_on,
            "opening": _minor(parsed.opening, bank_account),
            "closing": _minor(parsed.closing, bank_account),
            "imported_by_id": by.pk,
        },
    )
    if not made:
        return ImportedStatement(statement, (), len(parsed.lines))
    lines = _keep_new_lines(statement, parsed.lines)
    agree_on_opening(bank_account, parsed)
    if lines:
        entries = [_entry(bank_account, line) for line in lines]
        post(entries, book=book, key=f"bank-statement:{statement.pk}", by=by)
    agree_on_closing(bank_account, parsed, statement, lines)
    agree_with_known(bank_account, parsed, statement, lines)
    return ImportedStatement(statement, tuple(lines), len(parsed.lines) - len(lines))


def _bank_account(book: Book, parsed: ParsedStatement) -> BankAccount:
    """The bank account that a statement is of, locked: two files of one account come in one after the other."""
    candidates = BankAccount.objects.select_for_update(of=("self",)).filter(book=book).order_by("pk")
    for bank_account in candidates.select_related("account__book", "suspense"):
        if not is_same_account(bank_account.identification, parsed.account_identification):
            continue
        if bank_account.currency != parsed.currency:
            raise WrongCurrency(
                f"{parsed.label} is in {parsed.currency}; the bank account {bank_account.name} is in "
                f"{bank_account.currency}. Check which account the file is of."
            )
        return bank_account
    raise WrongAccount(
        f"{parsed.label} is of no bank account of {book}. Choose the book that has this account, or add the account."
    )


def _refuse_ahead(bank_account: BankAccount, parsed: ParsedStatement) -> None:
    """A statement's last day bounds its lines; on that day its balance has to agree, which no day to come can."""
    book = Book.objects.get(pk=bank_account.book_id)
    if parsed.to_on > book.business_date:
        raise StatementAhead(
            f"{parsed.label} ends on {date_text(parsed.to_on)}, after {date_text(book.business_date)}, the "
            f"business date of {book}. "
            "Check the dates in the file, or bring it in when that day has come."
        )


def _keep_new_lines(statement: BankStatement, parsed: Sequence[ParsedLine]) -> list[BankStatementLine]:
    bank_account = statement.bank_account
    known = set(
        BankStatementLine.objects.filter(
            bank_account=bank_account, fingerprint__in=[line.fingerprint for line in parsed]
        ).values_list("fingerprint", "occurrence")
    )
    return BankStatementLine.objects.bulk_create(
        [
            BankStatementLine(
                statement=statement,
                bank_account=bank_account,
                fingerprint=line.fingerprint,
                occurrence=line.occurrence,
                bank_reference=line.bank_reference[:200],
                booked_on=line.booked_on,
                amount=to_minor(line.amount.amount, bank_account.currency),
                counterparty=line.counterparty[:200],
                reference=line.reference[:200],
                description=line.description[:500],
            )
            for line in parsed
            if (line.fingerprint, line.occurrence) not in known
        ]
    )


def _entry(bank_account: BankAccount, line: BankStatementLine) -> JournalEntry:
    """Money in: debit bank, credit suspense; money out the other way round."""
    amount = from_minor(line.amount, bank_account.currency)
    who = " ".join(text for text in (line.counterparty, line.reference) if text) or "no name, no reference"
    return JournalEntry(
        effective_on=line.booked_on,
        narrative=f"{'Received from' if line.amount > 0 else 'Paid to'} {who}",
        postings=(signed(bank_account.account.code, amount), signed(bank_account.suspense.code, -amount)),
        kind=Kind.BANK,
        source=f"bank-line:{line.pk}",
    )


def _minor(balance: Money | None, bank_account: BankAccount) -> int | None:
    return None if balance is None else to_minor(balance.amount, bank_account.currency)
