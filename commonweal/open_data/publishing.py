"""Publishing a data set: kept as it is, under the next version, for anybody to read and check."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import QuerySet

from commonweal.open_data.errors import SameRelease
from commonweal.open_data.exporting import data_set
from commonweal.open_data.models import Release
from commonweal.open_data.shapes import Standard

if TYPE_CHECKING:
    from ledger.models import Book


@transaction.atomic
def publish(*, book: Book, standard: Standard, as_of: date, by: AbstractBaseUser) -> Release:
    """Publish what a book may say as of a day.

    Raises NothingToPublish, NotFitToPublish, and SameRelease where the last release says exactly the same.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('open_data.publish'), %s)", [book.pk])
    made = data_set(book=book, standard=standard, as_of=as_of)
    last = releases(book).filter(standard=standard).first()
    if last is not None and last.sha256 == made.sha256:
        raise SameRelease(f"{last} says exactly this. Publish again once something has changed; nothing was published.")
    return Release.objects.create(
        book=book,
        standard=standard.value,
        version=last.version + 1 if last else 1,
        as_of=as_of,
        content=made.content,
        sha256=made.sha256,
        note=made.note,
        published_by_id=by.pk,
    )


def releases(book: Book | None = None) -> QuerySet[Release]:
    """What was published, the latest first; of all books without one."""
    found = Release.objects.select_related("book").order_by("-published_at", "-pk").defer("content")
    return found.filter(book=book) if book else found
