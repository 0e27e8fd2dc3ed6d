"""Where does money to a payee go, and did that change lately? It stands wherever money goes out at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.queries import details_in_force, is_recent

if TYPE_CHECKING:
    from ledger.models import Book


def goes_to(book: Book, subject: str) -> dict[str, Any]:
    """What `desk/payees/_goes_to.html` shows: the bank details in force, and whether they replaced others lately."""
    payee = details_in_force(book, subject)
    recent = payee is not None and is_recent(payee, book.business_date)
    return {"goes_out": True, "payee": payee, "payee_is_recent": recent}
