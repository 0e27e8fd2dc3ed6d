"""Which books are there, with which accounts, and at which moment are they read?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import QuerySet

from ledger.models import Account, Book, ChartNode


def books() -> QuerySet[Book]:
    """Every book, in order of its code; which of them somebody may see is said in `commonweal.access.scope`."""
    return Book.objects.order_by("code")


def book_by_code(code: str) -> Book | None:
    """The book with this code, if there is one."""
    return Book.objects.filter(code=code).first()


def accounts(book: Book) -> QuerySet[Account]:
    """The accounts of a book in order of code."""
    return Account.objects.filter(book=book).select_related("node").order_by("code", "currency")


def account(book: Book, code: str, currency: str = "") -> Account | None:
    """The account with this code, in the book's currency unless another is named."""
    return Account.objects.filter(book=book, code=code, currency=currency or book.base_currency).first()


def chart(book: Book) -> QuerySet[ChartNode]:
    """The lines of a book's chart of accounts in order of code, with their accounts at hand."""
    return ChartNode.objects.filter(book=book).select_related("parent").prefetch_related("accounts").order_by("code")


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
