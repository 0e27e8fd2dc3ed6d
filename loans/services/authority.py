"""Up to which cost may somebody approve an act? The limits are data, and nobody sets their own."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from moneyed import Money

from ledger.domain.money import from_minor, to_minor
from loans.domain.errors import AuthorityRefused
from loans.domain.words import money_text
from loans.models import Authority, EventKind

if TYPE_CHECKING:
    from ledger.models import Book

HAVE_A_COST = (EventKind.WAIVED, EventKind.REFUNDED, EventKind.WRITTEN_OFF)
"""The acts of two people whose cost is a figure: what a pause or new terms cost shows only over years."""


def set_authority(
    *, book: Book, kind: EventKind, limit: Money, on: date, by: AbstractBaseUser, person: AbstractBaseUser | None = None
) -> Authority:
    """Up to which cost a person, or whoever has no limit of their own, may approve acts of a kind from a day on.

    Raises AuthorityRefused for a limit below nought or in another currency, an act without a figure, a limit of one's
    own, and one for everybody that would raise one's own.
    """
    _refuse_limit(book, kind, limit)
    _refuse_ones_own(book, kind, limit, on, by, person)
    return Authority.objects.create(
        book=book,
        person_id=person.pk if person else None,
        kind=kind,
        limit=to_minor(limit.amount, book.base_currency),
        effective_on=on,
        set_by_id=by.pk,
    )


def authority_of(book: Book, kind: str, person: AbstractBaseUser, on: date) -> Money | None:
    """Up to which cost a person may approve acts of a kind on a day; None where no limit was ever set."""
    rows = Authority.objects.filter(book=book, kind=kind, effective_on__lte=on).order_by("effective_on", "pk")
    own = rows.filter(person_id=person.pk).last() or rows.filter(person=None).last()
    return from_minor(own.limit, book.base_currency) if own else None


def _refuse_limit(book: Book, kind: EventKind, limit: Money) -> None:
    if limit.currency.code != book.base_currency or limit.amount < 0:
        raise AuthorityRefused(
            f"A limit of {money_text(limit)} is not possible in {book}: give an amount from nought in "
            f"{book.base_currency}. Nothing was changed."
        )
    if kind not in HAVE_A_COST:
        known = ", ".join(one.label.lower() for one in HAVE_A_COST)
        raise AuthorityRefused(
            f"What “{kind.label.lower()}” costs the fund is not one figure, so no limit can bind it; two people always "
            f"decide. Limits are possible for: {known}. Nothing was changed."
        )


def _refuse_ones_own(
    book: Book, kind: EventKind, limit: Money, on: date, by: AbstractBaseUser, person: AbstractBaseUser | None
) -> None:
    if person is not None and person.pk == by.pk:
        raise AuthorityRefused(
            f"A limit of {money_text(limit)} would be your own. Let a colleague who may set limits set it; "
            "nothing was changed."
        )
    own = Authority.objects.filter(book=book, kind=kind, person_id=by.pk, effective_on__lte=on).exists()
    present = authority_of(book, kind, by, on)
    if person is None and not own and present is not None and limit > present:
        raise AuthorityRefused(
            f"{money_text(limit)} for everybody would raise your own limit of {money_text(present)}. Let a colleague "
            "set it, or give you a limit of your own first; nothing was changed."
        )
