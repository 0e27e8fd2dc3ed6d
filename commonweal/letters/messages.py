"""Messages between a business or an investor and a fund: written, read, and counted where nobody has read them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from borrowers.domain.names import refuse_turning_signs
from borrowers.models import Organisation
from commonweal.access.models import User
from commonweal.letters.errors import NothingSaid
from commonweal.letters.kinds import Side, Topic
from commonweal.letters.models import Message, MessageRead
from investors.models import Investor

if TYPE_CHECKING:
    from ledger.models import Book

LONGEST = 4000
"""Letters of a message."""

Party = Organisation | Investor
"""Whom a fund talks with."""

SAME_PARTY = Q(organisation=OuterRef("organisation")) | Q(investor=OuterRef("investor"))


def side_of(party: Party) -> Side:
    """On which side of a conversation a party is."""
    return Side.INVESTOR if isinstance(party, Investor) else Side.BUSINESS


@transaction.atomic
def write_message(*, book: Book, party: Party, side: Side, text: str, by: User, topic: Topic | None = None) -> Message:
    """Write to the other side. Raises NothingSaid, and NameMalformed for a sign that turns the text."""
    said = text.strip()
    refuse_turning_signs(said)
    if not said or len(said) > LONGEST:
        raise NothingSaid(
            f"A message has between 1 and {LONGEST:,} characters; this one has {len(said):,}. "
            "Write what you want to say; nothing was sent."
        )
    return Message.objects.create(book=book, **_with(party), side=side, topic=topic or "", text=said, written_by=by)


def mark_read(*, book: Book, party: Party, side: Side, by: User) -> None:
    """Note that a side has read everything up to now; again, it changes nothing."""
    last = unread_with(book, party, side).last()
    if last is not None:
        read = {"book": book, **_with(party), "read_by": by}
        MessageRead.objects.get_or_create(through=last, side=side, defaults=read)


def conversation(book: Book, party: Party) -> QuerySet[Message]:
    """What a party and a fund wrote to each other, in order; `seen_at` says when the other side read each."""
    later = MessageRead.objects.filter(SAME_PARTY, book=OuterRef("book"), through__gte=OuterRef("pk"))
    later = later.exclude(side=OuterRef("side"))
    found = Message.objects.filter(book=book, **_with(party)).select_related("written_by")
    return found.annotate(seen_at=Subquery(later.order_by("pk").values("read_at")[:1])).order_by("pk")


def unread_of(book: Book, side: Side) -> QuerySet[Message]:
    """The messages of a book that the other side wrote and this side has not read, the oldest first."""
    found = _unread(side).filter(book=book).select_related("organisation", "investor", "written_by")
    return found.order_by("pk")


def unread_with(book: Book, party: Party, side: Side) -> QuerySet[Message]:
    """Those of one conversation."""
    return unread_of(book, side).filter(**_with(party))


def unread_by_business(organisations: Iterable[Organisation]) -> int:
    """How many messages of funds some businesses have not read."""
    return _unread(Side.BUSINESS).filter(organisation__in=list(organisations)).count()


def unread_by_investor(investor: Investor, book: Book) -> int:
    """How many messages of a fund an investor has not read."""
    return _unread(Side.INVESTOR).filter(investor=investor, book=book).count()


def _with(party: Party) -> dict[str, Party]:
    return {"investor" if isinstance(party, Investor) else "organisation": party}


def _unread(side: Side) -> QuerySet[Message]:
    read = MessageRead.objects.filter(SAME_PARTY, book=OuterRef("book"), side=side, through__gte=OuterRef("pk"))
    return Message.objects.exclude(side=side).filter(~Exists(read))


def conversations(book: Book) -> QuerySet[Message]:
    """The last message of each conversation of a book, with how many the fund has not read; the latest first."""
    newer = Message.objects.filter(SAME_PARTY, book=OuterRef("book"), pk__gt=OuterRef("pk"))
    of_same = _unread(Side.FUND).filter(SAME_PARTY, book=OuterRef("book")).order_by()
    counted = of_same.values("book").annotate(n=Count("pk")).values("n")
    found = Message.objects.filter(~Exists(newer), book=book)
    found = found.select_related("organisation", "investor", "written_by")
    return found.annotate(unread=Subquery(counted)).order_by("-pk")
