"""What do the accounts stand at, on any date and as known under any seal? What moved, and which entries made it?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import BigIntegerField, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from moneyed import Money

from ledger.domain.chart import AccountKind
from ledger.domain.money import from_minor
from ledger.models import (
    Account,
    Attachment,
    BankAccount,
    BankStatement,
    BankStatementLine,
    Book,
    ChartNode,
    JournalDraft,
    JournalEntry,
    Period,
    PeriodEvent,
    Posting,
    Seal,
)

__all__ = [
    "Account",
    "AccountStatement",
    "Attachment",
    "BankAccount",
    "BankStatement",
    "BankStatementLine",
    "Book",
    "ChartNode",
    "JournalDraft",
    "JournalEntry",
    "Period",
    "PeriodEvent",
    "Posting",
    "Seal",
    "StatementRow",
    "TrialBalanceRow",
    "account",
    "account_statement",
    "accounts",
    "attachment",
    "balance",
    "balances",
    "bank_accounts",
    "bank_line_amount",
    "bank_lines",
    "bank_lines_with_rest",
    "book_by_code",
    "chart",
    "closed_until",
    "drafts",
    "entries",
    "entries_by_source",
    "entry_postings",
    "first_seal_covering",
    "iterate_entries",
    "latest_bank_statement",
    "latest_seal",
    "minor_balances",
    "periods",
    "seals",
    "trial_balance",
    "unmatched_bank_lines",
]
"""Rows of the ledger's tables are read through this module; nobody outside the ledger imports its models."""

BALANCES = """
    WITH nearest AS (
        SELECT event.id, period.ends_on
        FROM ledger_period period
        JOIN LATERAL (
            SELECT id, kind FROM ledger_periodevent WHERE period_id = period.id ORDER BY number DESC LIMIT 1
        ) event ON event.kind = 'closed'
        WHERE period.book_id = %(book)s
        ORDER BY abs(period.ends_on - %(after)s::date) LIMIT 1
    ), asked AS (
        SELECT coalesce(%(accounts)s::bigint[], ARRAY(SELECT id FROM ledger_account WHERE book_id = %(book)s)) AS ids,
               coalesce((SELECT ends_on FROM nearest), '-infinity') AS closed_at
    )
    SELECT account_id, sum(amount)::bigint
    FROM (
        SELECT account_id, balance AS amount FROM ledger_accountclosing
        WHERE event_id = (SELECT id FROM nearest) AND account_id = ANY((SELECT ids FROM asked)::bigint[])
        UNION ALL
        SELECT account_id, sum(amount) * CASE WHEN (SELECT closed_at FROM asked) > %(after)s THEN -1 ELSE 1 END
        FROM ledger_posting
        WHERE account_id = ANY((SELECT ids FROM asked)::bigint[])
          AND effective_on >= least((SELECT closed_at FROM asked), %(after)s)
          AND effective_on < greatest((SELECT closed_at FROM asked), %(after)s)
        GROUP BY account_id
    ) moved
    GROUP BY account_id
"""
"""From the nearest closing, before the day or after it: the postings between are added, or taken off. One statement, so
that the closing and the postings are of one moment."""
BALANCES_AS_KNOWN = """
    SELECT posting.account_id, sum(posting.amount)::bigint
    FROM ledger_posting posting
    JOIN ledger_account account ON account.id = posting.account_id
    JOIN ledger_sealedentry sealed ON sealed.entry_id = posting.entry_id AND sealed.position <= %(position)s
    WHERE account.book_id = %(book)s AND posting.effective_on <= %(as_of)s
      AND (%(accounts)s::bigint[] IS NULL OR account.id = ANY(%(accounts)s::bigint[]))
    GROUP BY posting.account_id
"""


@dataclass(frozen=True, slots=True)
class TrialBalanceRow:
    """An account with what it stands at: debits positive, in minor units and as money."""

    account_id: int
    code: str
    name: str
    kind: AccountKind
    currency: str
    minor: int

    @property
    def balance(self) -> Money:
        """The signed balance; debits are positive."""
        return from_minor(self.minor, self.currency)

    @property
    def debit(self) -> Money | None:
        """The balance where it stands on the left, else None."""
        return from_minor(self.minor, self.currency) if self.minor > 0 else None

    @property
    def credit(self) -> Money | None:
        """The balance where it stands on the right, else None."""
        return from_minor(-self.minor, self.currency) if self.minor < 0 else None


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A posting on an account, with the balance after it."""

    entry_id: int
    effective_on: date
    narrative: str
    kind: str
    source: str
    amount: Money
    balance: Money

    @property
    def debit(self) -> Money | None:
        """The amount where it stands on the left, else None."""
        return self.amount if self.amount.amount > 0 else None

    @property
    def credit(self) -> Money | None:
        """The amount where it stands on the right, else None."""
        return -self.amount if self.amount.amount < 0 else None


@dataclass(frozen=True, slots=True)
class AccountStatement:
    """Opening balance, postings and closing balance of an account over dates, both inclusive."""

    account: Account
    from_on: date
    to_on: date
    opening: Money
    rows: tuple[StatementRow, ...]

    @property
    def closing(self) -> Money:
        """The balance at the end."""
        return self.rows[-1].balance if self.rows else self.opening


def books() -> QuerySet[Book]:
    """Every book, in order of its code; which of them somebody may see is said in `commonweal.access.scope`."""
    return Book.objects.order_by("code")


@contextmanager
def one_snapshot() -> Iterator[None]:
    """Every query sees the books of one moment, and none can write: for a report that takes more than one query.

    Within a transaction of the caller's it is that one's.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def book_by_code(code: str) -> Book | None:
    """The book with this code, if there is one."""
    return Book.objects.filter(code=code).first()


def closed_until(book: Book) -> date | None:
    """The first date that is not closed, or None while no period is closed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_closed_until(%s)", [book.pk])
        first_open: date | None = cursor.fetchone()[0]
    return first_open


def accounts(book: Book) -> QuerySet[Account]:
    """The accounts of a book in order of code."""
    return Account.objects.filter(book=book).select_related("node").order_by("code", "currency")


def account(book: Book, code: str, currency: str = "") -> Account | None:
    """The account with this code, in the book's currency unless another is named."""
    return Account.objects.filter(book=book, code=code, currency=currency or book.base_currency).first()


def minor_balances(
    book: Book, account_ids: Sequence[int] | None, as_of: date, *, known_under: Seal | None = None
) -> dict[int, int]:
    """Balances in minor units by account, debits positive, of entries effective on or before `as_of`; None means all.

    From the nearest closing of a closed period and the postings between; with `known_under`, from those entries alone
    that the seal covers. Accounts without postings by then are left out, or stand at nought.
    """
    wanted = {"book": book.pk, "accounts": None if account_ids is None else list(account_ids), "as_of": as_of}
    wanted["after"] = as_of + timedelta(days=1)
    with connection.cursor() as cursor:
        if known_under is not None:
            cursor.execute(BALANCES_AS_KNOWN, {**wanted, "position": known_under.position})
        else:
            cursor.execute(BALANCES, wanted)
        return dict(cursor.fetchall())


def balance(account: Account, as_of: date, *, known_under: Seal | None = None) -> Money:
    """What an account stands at on a date, debits positive."""
    minor = minor_balances(account.book, [account.pk], as_of, known_under=known_under)
    return from_minor(minor.get(account.pk, 0), account.currency)


def balances(book: Book, codes: Sequence[str], as_of: date, *, known_under: Seal | None = None) -> dict[str, Money]:
    """Balances of the accounts with these codes in the book's currency, debits positive; nought where none stands."""
    found = {a.pk: a.code for a in Account.objects.filter(book=book, code__in=codes, currency=book.base_currency)}
    minor = minor_balances(book, list(found), as_of, known_under=known_under)
    result = {code: from_minor(0, book.base_currency) for code in codes}
    return result | {code: from_minor(minor.get(pk, 0), book.base_currency) for pk, code in found.items()}


def trial_balance(book: Book, as_of: date, *, known_under: Seal | None = None) -> list[TrialBalanceRow]:
    """Every account of a book that was posted to, in order of code; the balances sum to nought per currency.

    The balances are read first and at one moment: an account that is opened and posted to meanwhile is not among them.
    """
    minor = minor_balances(book, None, as_of, known_under=known_under)
    return [
        TrialBalanceRow(a.pk, a.code, a.name, AccountKind(a.node.kind), a.currency, minor[a.pk])
        for a in accounts(book)
        if a.pk in minor
    ]


def account_statement(
    account: Account, from_on: date, to_on: date, *, known_under: Seal | None = None
) -> AccountStatement:
    """The postings of an account over dates, both inclusive, with a running balance."""
    opening = balance(account, from_on - timedelta(days=1), known_under=known_under)
    postings = (
        Posting.objects.filter(account=account, effective_on__gte=from_on, effective_on__lte=to_on)
        .select_related("entry")
        .order_by("effective_on", "entry_id", "line_no")
    )
    if known_under is not None:
        postings = postings.filter(entry__sealed__position__lte=known_under.position)
    rows, running = [], opening
    for posting in postings:
        amount = from_minor(posting.amount, account.currency)
        running += amount
        entry = posting.entry
        rows.append(
            StatementRow(entry.pk, posting.effective_on, entry.narrative, entry.kind, entry.source, amount, running)
        )
    return AccountStatement(account, from_on, to_on, opening, tuple(rows))


def entries(book: Book) -> QuerySet[JournalEntry]:
    """The entries of a book, the latest first, with what a list shows of them."""
    return (
        JournalEntry.objects.filter(book=book)
        .select_related("request__posted_by", "sealed", "reverses", "reversed_by", "approval")
        .order_by("-effective_on", "-pk")
    )


def entry_postings(entry: JournalEntry) -> QuerySet[Posting]:
    """The postings of an entry in order, with their accounts."""
    return entry.postings.select_related("account").order_by("line_no")


def entries_by_source(book: Book, source: str) -> QuerySet[JournalEntry]:
    """The entries that one thing caused: `loan:L-0108`, `bank-line:12`."""
    return entries(book).filter(source=source).order_by("effective_on", "pk")


def latest_seal(book: Book, *, at: datetime | None = None) -> Seal | None:
    """The last seal of a book, or the last one before a moment."""
    return (seals(book).filter(sealed_at__lte=at) if at else seals(book)).first()


def first_seal_covering(book: Book, as_of: date) -> Seal | None:
    """The seal that covers every entry effective on or before a date, or None while one of them is unsealed."""
    effective = JournalEntry.objects.filter(book=book, effective_on__lte=as_of)
    if effective.filter(sealed__isnull=True).exists():
        return None
    last = effective.order_by("-sealed__position").values_list("sealed__position", flat=True).first()
    return Seal.objects.filter(book=book, position__gte=last or 0).order_by("number").first()


def iterate_entries(book: Book, from_on: date | None = None, to_on: date | None = None) -> Iterator[JournalEntry]:
    """All entries in order of date and number with their postings at hand, read in pieces."""
    found = JournalEntry.objects.filter(book=book).order_by("effective_on", "pk")
    if from_on:
        found = found.filter(effective_on__gte=from_on)
    if to_on:
        found = found.filter(effective_on__lte=to_on)
    yield from (
        found.select_related("request__posted_by").prefetch_related("postings__account").iterator(chunk_size=2000)
    )


def bank_accounts(book: Book) -> QuerySet[BankAccount]:
    """The bank accounts of a book."""
    return BankAccount.objects.filter(book=book).select_related("account", "suspense", "book").order_by("code")


def bank_lines(book: Book) -> QuerySet[BankStatementLine]:
    """The bank lines of a book, the latest first."""
    found = BankStatementLine.objects.filter(bank_account__book=book)
    return found.select_related("statement", "bank_account").order_by("-booked_on", "-pk")


def bank_lines_with_rest() -> QuerySet[Any]:
    """Bank lines with `rest`: what of each is still in suspense, in minor units with the sign of the line."""
    standing = Q(matches__entry__reversed_by__isnull=True)
    return BankStatementLine.objects.annotate(
        rest=F("amount") - Coalesce(Sum("matches__amount", filter=standing), Value(0), output_field=BigIntegerField())
    )


def unmatched_bank_lines(book: Book) -> QuerySet[Any]:
    """The bank lines of a book that have something left in suspense (`rest`), the latest first."""
    found = bank_lines_with_rest().filter(bank_account__book=book).exclude(rest=0)
    return found.select_related("statement", "bank_account").order_by("-booked_on", "-pk")


def latest_bank_statement(bank_account: BankAccount) -> BankStatement | None:
    """The statement that tells how far a bank account agrees with the bank."""
    return BankStatement.objects.filter(bank_account=bank_account).order_by("-to_on", "-pk").first()


def bank_line_amount(line: BankStatementLine) -> Money:
    """What a bank line brought (positive) or took (negative)."""
    return from_minor(line.amount, line.bank_account.currency)


def chart(book: Book) -> QuerySet[ChartNode]:
    """The lines of a book's chart of accounts in order of code, with their accounts at hand."""
    return ChartNode.objects.filter(book=book).select_related("parent").prefetch_related("accounts").order_by("code")


def seals(book: Book) -> QuerySet[Seal]:
    """The seals of a book, the latest first."""
    return Seal.objects.filter(book=book).select_related("book").order_by("-number")


def periods(book: Book) -> QuerySet[Period]:
    """The periods of a book, the latest first, with what happened to each."""
    return Period.objects.filter(book=book).prefetch_related("events__recorded_by").order_by("-starts_on")


def drafts(book: Book) -> QuerySet[JournalDraft]:
    """The manual journals of a book, the latest first."""
    found = JournalDraft.objects.filter(book=book).select_related("made_by", "attachment", "approval__checked_by")
    return found.order_by("-pk")


def attachment(pk: int) -> Attachment | None:
    """A file that is kept, by its number."""
    return Attachment.objects.filter(pk=pk).first()
