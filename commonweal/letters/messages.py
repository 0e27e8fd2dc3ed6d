"""Messages between a business and its fund: written, read, and counted where nobody has read them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery

from borrowers.domain.names import refuse_turning_signs
from commonweal.access.models import User
from commonweal.letters.errors import NothingSaid
from commonweal.letters.kinds import Side
from commonweal.letters.models import Message, MessageRead

if TYPE_CHECKING:
    from borrowers.models import Organisation
    from ledger.models import Book

LONGEST = 4000
"""Letters of a message."""


@transaction.atomic
def write_message(*, book: Book, organisation: Organisation, side: Side, text: str, by: User) -> Message:
    """Write to the other side. Raises NothingSaid, and NameMalformed for a sign that turns the text."""
    said = text.strip()
    refuse_turning_signs(said)
    if not said or len(said) > LONGEST:
        raise NothingSaid(
            f"A message has between 1 and {LONGEST:,} characters; this one has {len(said):,}. "
            "Write what you want to say; nothing was sent."
        )
    return Message.objects.create(book=book, organisation=organisation, side=side, text=said, written_by=by)


def mark_read(*, book: Book, organisation: Organisation, side: Side, by: User) -> None:
    """Note that a side has read everything up to now; again, it changes nothing."""
    last = unread_of(book, side).filter(organisation=organisation).last()
    if last is not None:
        read = {"book": book, "organisation": organisation, "read_by": by}
        MessageRead.objects.get_or_create(through=last, side=side, defaults=read)


def conversation(book: Book, organisation: Organisation) -> QuerySet[Message]:
    """What a business and a fund wrote to each other, in order; `seen_at` says when the other side read each."""
    later = MessageRead.objects.filter(
        book=OuterRef("book"), organisation=OuterRef("organisation"), through__gte=OuterRef("pk")
    ).exclude(side=OuterRef("side"))
    found = Message.objects.filter(book=book, organisation=organisation).select_related("written_by")
    return found.annotate(seen_at=Subquery(later.order_by("pk").values("read_at")[:1])).order_by("pk")


def unread_of(book: Book, side: Side) -> QuerySet[Message]:
    """The messages of a book that the other side wrote and this side has not read, the oldest first."""
    return _unread(side).filter(book=book).select_related("organisation", "written_by").order_by("pk")


def unread_by_business(organisations: Iterable[Organisation]) -> int:
    """How many messages of funds some businesses have not read."""
    return _unread(Side.BUSINESS).filter(organisation__in=list(organisations)).count()


def _unread(side: Side) -> QuerySet[Message]:
    read = MessageRead.objects.filter(
        book=OuterRef("book"), organisation=OuterRef("organisation"), side=side, through__gte=OuterRef("pk")
    )
    return Message.objects.exclude(side=side).filter(~Exists(read))


def conversations(book: Book) -> QuerySet[Message]:
    """The last message of each conversation of a book, with how many the fund has not read; the latest first."""
    newer = Message.objects.filter(book=OuterRef("book"), organisation=OuterRef("organisation"), pk__gt=OuterRef("pk"))
    of_same = _unread(Side.FUND).filter(book=OuterRef("book"), organisation=OuterRef("organisation")).order_by()
    counted = of_same.values("organisation").annotate(n=Count("pk")).values("n")
    found = Message.objects.filter(~Exists(newer), book=book).select_related("organisation", "written_by")
    return found.annotate(unread=Subquery(counted)).order_by("-pk")
