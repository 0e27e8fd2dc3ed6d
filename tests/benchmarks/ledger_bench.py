"""How fast does the ledger post and read? Each part prints one line of JSON; `run.py` puts them beside the peers."""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from multiprocessing import get_context
from uuid import uuid4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonweal.settings.local")

import django

django.setup()

from django.db import connection, connections  # noqa: E402

from commonweal.access.models import User  # noqa: E402
from ledger import queries  # noqa: E402
from ledger.domain.entry import JournalEntry, Posting  # noqa: E402
from ledger.models import Account, Book  # noqa: E402
from ledger.services import close_period, open_account, open_book, post, seal  # noqa: E402

OPENED = date(2021, 1, 1)
DAYS = 5 * 365
BATCH = 5_000
BATCHES = 6
SINGLES = 1_500
WRITERS = 8
MILLION = 1_000_000
TEN_THOUSAND = 10_000


def main(part: str) -> None:
    """Run one part and print what it measured."""
    print(json.dumps({"part": part, **PARTS[part]()}), flush=True)


def batch() -> dict[str, object]:
    """Entries of two postings a second, by `post`, 5,000 at a time; the values are made before the clock starts."""
    book, by = _book()
    rates = []
    for number in range(BATCHES):
        entries = list(islice(_entries(), BATCH))
        rates.append(BATCH / _seconds(lambda e=entries, n=number: post(e, book=book, key=f"b{n}", by=by)))
    return {"rates": rates[1:]}


def single() -> dict[str, object]:
    """The same, one entry a call, each committed by itself."""
    book, by = _book()
    post(list(islice(_entries(), 1)), book=book, key="warm", by=by)
    return {"rates": [SINGLES / _seconds(lambda: _post_singly(book, by, SINGLES))]}


def raw_copy() -> dict[str, object]:
    """COPY of the same headers and lines into tables with the same columns and indexes, and no guards."""
    book, _ = _book()
    owner = connections["owner"]
    accounts = {a.code: a.pk for a in queries.accounts(book)}
    rates = []
    with owner.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS raw_entry, raw_posting")
        cursor.execute("CREATE TABLE raw_entry (LIKE ledger_journalentry INCLUDING ALL)")
        cursor.execute("CREATE TABLE raw_posting (LIKE ledger_posting INCLUDING ALL)")
        for number in range(BATCHES):
            heads, lines = _raw_rows(number * BATCH, book, accounts)
            rates.append(BATCH / _seconds(lambda h=heads, ls=lines: _copy_raw(cursor, h, ls)))
        cursor.execute("DROP TABLE raw_entry, raw_posting")
    return {"rates": rates[1:]}


def hot_account() -> dict[str, object]:
    """Single posts that all touch one account: one writer, then eight at once; entries a second in total."""
    result: dict[str, object] = {}
    for writers in (1, WRITERS):
        book, by = _book()
        connections.close_all()
        each = SINGLES // writers
        context = get_context("spawn")
        with context.Pool(writers, initializer=_warm_up, initargs=(book.pk, by.pk)) as pool:
            pool.starmap(_write_some, [(book.pk, by.pk, 1)] * writers, chunksize=1)
            seconds = _seconds(
                lambda p=pool, b=book.pk, u=by.pk, e=each, w=writers: p.starmap(
                    _write_some, [(b, u, e)] * w, chunksize=1
                )
            )
        result[f"writers_{writers}"] = each * writers / seconds
    return result


def million() -> dict[str, object]:
    """A million entries in batches, months closed: peak memory, and a balance as of a date beside a small account's."""
    book, by = _book()
    small_codes = ("1010/SMALL", "2010/SMALL")
    for code in small_codes:
        open_account(book=book, node=code[:4], subject="SMALL", on=OPENED)
    seconds = _seconds(lambda: _post_many(book, by, MILLION, ("1010/MAIN", "2010/MAIN"), "large"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    _post_many(book, by, TEN_THOUSAND, small_codes, "small")
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) ledger_posting, ledger_journalentry")
    for month_end in _month_ends():
        close_period(book=book, through=month_end, by=by)
    large, small = (queries.account(book, code) for code in ("1010/MAIN", "1010/SMALL"))
    seal_seconds = _seconds(lambda: seal(book=book))
    return {
        "rate": MILLION / seconds,
        "peak_mb": peak,
        "large_ms": _balance_ms(large),
        "small_ms": _balance_ms(small),
        "sealed_per_second": (MILLION + TEN_THOUSAND) / seal_seconds,
    }


def _book() -> tuple[Book, User]:
    name = uuid4().hex[:12]
    by = User.objects.create_user(email=f"{name}@example.org", name="Bench")
    book = open_book(code=name, name=name, fund_name=name, base_currency="GBP", opened_on=OPENED)
    for node in ("1010", "2010"):
        open_account(book=book, node=node, subject="MAIN", on=OPENED)
    return book, by


def _entries(codes: tuple[str, str] = ("1010/MAIN", "2010/MAIN")) -> Iterator[JournalEntry]:
    number = 0
    while True:
        minor = number % 99_991 + 1
        yield JournalEntry(
            OPENED + timedelta(days=number * 7 % DAYS),
            f"Repayment {number}",
            (Posting(codes[0], minor, "GBP"), Posting(codes[1], -minor, "GBP")),
        )
        number += 1


def _post_singly(book: Book, by: User, count: int) -> None:
    run = uuid4().hex
    for number, entry in enumerate(islice(_entries(), count)):
        post([entry], book=book, key=f"{run}-{number}", by=by)


def _post_many(book: Book, by: User, count: int, codes: tuple[str, str], name: str) -> None:
    entries = _entries(codes)
    for number in range(count // BATCH):
        post(list(islice(entries, BATCH)), book=book, key=f"{name}-{number}", by=by)


def _warm_up(book: int, by: int) -> None:
    connection.ensure_connection()


def _write_some(book: int, by: int, count: int) -> None:
    _post_singly(Book.objects.get(pk=book), User.objects.get(pk=by), count)


def _raw_rows(
    start: int, book: Book, accounts: dict[str, int]
) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    heads, lines = [], []
    for number, entry in enumerate(islice(_entries(), BATCH), start=start + 1):
        heads.append((number, 1, book.pk, entry.effective_on, "general", entry.narrative, "", 2, None, None))
        for line_no, posting in enumerate(entry.postings, start=1):
            lines.append((number, line_no, accounts[posting.account], entry.effective_on, posting.minor))
    return heads, lines


def _copy_raw(cursor: object, heads: list[tuple[object, ...]], lines: list[tuple[object, ...]]) -> None:
    from ledger.services import posting as p

    for statement, types, rows in (
        (p.COPY_ENTRIES.replace("ledger_journalentry", "raw_entry"), p.ENTRY_TYPES, heads),
        (p.COPY_POSTINGS.replace("ledger_posting", "raw_posting"), p.POSTING_TYPES, lines),
    ):
        with cursor.copy(statement) as stream:
            stream.set_types(types)
            for row in rows:
                stream.write_row(row)


def _month_ends() -> Iterator[date]:
    for month in range(1, 61):
        yield date(OPENED.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _balance_ms(account: Account | None) -> float:
    assert account is not None
    times = []
    for number in range(300):
        as_of = OPENED + timedelta(days=40 + number * 6)
        times.append(_seconds(lambda on=as_of: queries.balance(account, on)) * 1000)
    return statistics.median(times)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


PARTS = {"batch": batch, "single": single, "raw_copy": raw_copy, "hot_account": hot_account, "million": million}

if __name__ == "__main__":
    main(sys.argv[1])
