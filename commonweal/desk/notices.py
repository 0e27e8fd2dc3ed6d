"""The notices of an act or a payout on its page: which were issued, and who was told of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from commonweal.documents.models import Document
from commonweal.letters.writing import letters_about

if TYPE_CHECKING:
    from ledger.models import Book


def notices_shown(book: Book, issued: Sequence[Document]) -> dict[str, Any]:
    """What `desk/_notices.html` shows of them; the page says how many are missing, and whether one may issue them."""
    told = defaultdict(list)
    for letter in letters_about(book, [one.number for one in issued]):
        told[letter.about].append(letter)
    return {"has_notices": True, "notices": [(one, told[one.number]) for one in issued]}
