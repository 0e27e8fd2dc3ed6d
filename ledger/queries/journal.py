"""What moved, and which entries made it?"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Prefetch, QuerySet
from moneyed import Money

from ledger.domain.entry import JournalEntry as EntryValue
from ledger.domain.entry import Posting as PostingValue
from ledger.domain.money import from_minor
from ledger.models import Account, Book, JournalEntry, Posting, PostingRequest, Seal
from ledger.queries.account_balances import balance

MOVED_SINCE = """
    SELECT DISTINCT account.code
    FROM ledger_postingrequest request
    CROSS JOIN LATERAL unnest(request.entry_ids) listed(entry_id)
    CROSS JOIN LATERAL (SELECT account_id FROM ledger_posting WHERE entry_id = listed.entry_id OFFSET 0) posting
    JOIN ledger_account account ON account.id = posting.account_id
    WHERE request.book_id = %(book)s AND request.id >= %(request)s
"""
"""Its cost follows what is new: from the requests to their entries by number, and from those to the accounts."""


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


def whole_entries(book: Book) -> QuerySet[JournalEntry]:
    """The same with the postings in order, their accounts, and the two people behind what needed two."""
    lines = Prefetch("postings", Posting.objects.select_related("account").order_by("line_no"))
    return entries(book).select_related("approval__made_by", "approval__checked_by").prefetch_related(lines)


def entry_postings(entry: JournalEntry) -> QuerySet[Posting]:
    """The postings of an entry in order, with their accounts."""
    return entry.postings.select_related("account").order_by("line_no")


def postings(book: Book) -> QuerySet[Posting]:
    """The postings on a book's accounts, to be narrowed and summed."""
    return Posting.objects.filter(account__book=book)


def last_entry(book: Book) -> int:
    """The number of the entry of a book that was posted last; nought before the first."""
    return JournalEntry.objects.filter(book=book).order_by("-pk").values_list("pk", flat=True).first() or 0


def entries_posted_since(book: Book, entry: int, *, by: AbstractBaseUser) -> int:
    """How many entries somebody posted to a book after the one with this number."""
    return JournalEntry.objects.filter(book=book, pk__gt=entry, request__posted_by_id=by.pk).count()


def entries_by_source(book: Book, source: str) -> QuerySet[JournalEntry]:
    """The entries that one thing caused: `loan:L-0108`, `bank-line:12`."""
    return entries(book).filter(source=source).order_by("effective_on", "pk")


def entries_by_sources(book: Book, sources: Collection[str]) -> QuerySet[JournalEntry]:
    """The entries that any of these caused, in the order in which they came, postings at hand."""
    found = JournalEntry.objects.filter(book=book, source__in=sources)
    return found.prefetch_related("postings__account").order_by("pk")


def entries_on(book: Book, codes: Collection[str], *, known_under: Seal | None = None) -> QuerySet[JournalEntry]:
    """The entries that move any of the accounts with these codes, by date and number, postings at hand."""
    moving = postings(book).filter(account__code__in=codes)
    found = JournalEntry.objects.filter(book=book, pk__in=moving.values("entry_id"))
    if known_under is not None:
        found = found.filter(sealed__position__lte=known_under.position)
    return found.prefetch_related("postings__account").order_by("effective_on", "pk")


def entry_values(found: QuerySet[JournalEntry]) -> dict[int, EntryValue]:
    """The immutable values of entries that stand, by number and in their order, in one query."""
    lines = {
        "codes": ArrayAgg("postings__account__code", order_by="postings__line_no"),
        "units": ArrayAgg("postings__amount", order_by="postings__line_no"),
        "currencies": ArrayAgg("postings__account__currency", order_by="postings__line_no"),
    }
    facts = ("pk", "effective_on", "narrative", "kind", "source", "reverses_id", "approval_id")
    rows = found.prefetch_related(None).annotate(**lines).values_list(*facts, *lines)
    return {
        key: EntryValue(on, narrative, tuple(map(PostingValue, *told)), kind, source, reverses, approval)
        for key, on, narrative, kind, source, reverses, approval, *told in rows.iterator(chunk_size=2000)
    }


def entries_known_since(
    book: Book, codes: Collection[str], *, position: int, known_under: Seal, through: date
) -> QuerySet[JournalEntry]:
    """The entries on these accounts, dated up to a day, that a seal covers and that come after a place in the chain."""
    found = entries_on(book, codes, known_under=known_under)
    return found.filter(sealed__position__gt=position, effective_on__lte=through)


def sources_among(book: Book, wanted: Collection[str]) -> set[str]:
    """Which of these sources caused an entry."""
    found = JournalEntry.objects.filter(book=book, source__in=wanted)
    return set(found.values_list("source", flat=True).distinct())


def sources_moving_since(book: Book, code: str, request: int) -> set[str]:
    """What caused the entries on an account by the posting request with this number or a later one."""
    moving = postings(book).filter(account__code=code, entry__request__gte=request)
    return set(moving.values_list("entry__source", flat=True).distinct())


def is_posted(book: Book, key: str) -> bool:
    """Whether a book was posted to under this key."""
    return PostingRequest.objects.filter(book=book, key=key).exists()


def codes_moved_since(book: Book, request: int) -> set[str]:
    """The codes of the accounts that were posted to by the request with this number or a later one."""
    with connection.cursor() as cursor:
        cursor.execute(MOVED_SINCE, {"book": book.pk, "request": request})
        return {code for (code,) in cursor.fetchall()}


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
