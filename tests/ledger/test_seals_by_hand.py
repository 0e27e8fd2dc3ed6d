"""Can the app role spoil a chain, or seal an entry out of sight? A chain grows at its end alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import Error as DatabaseError

from ledger.models import Seal
from ledger.services import seal, seal_text, verify
from tests.ledger.raw_rows import WAYS, Rows, Statement, fingerprints, refusal, write
from tests.ledger.small_book import SmallBook, make_book, simple_entry

pytestmark = pytest.mark.django_db

HASH = "\\x" + "ab" * 32


@pytest.fixture
def small() -> SmallBook:
    """Three sealed entries and three that are not."""
    made = make_book()
    made.post(*[simple_entry(n) for n in (1, 2, 3)])
    seal(book=made.book)
    return made


def places(small: SmallBook, *rows: tuple[int, int], book_id: int | None = None) -> Rows:
    """Entries and the places that they are put in."""
    book = small.book.pk if book_id is None else book_id
    made = [{"entry_id": e, "book_id": book, "position": position, "sha256": HASH} for e, position in rows]
    return Rows([Statement("ledger_sealedentry", made)])


def seal_row(small: SmallBook, **changed: Any) -> Rows:
    """A second seal, over an end of the chain that was put there by hand."""
    last = Seal.objects.get(book=small.book)
    row = {"book_id": small.book.pk, "number": 2, "position": 4, "head": "ab" * 32}
    return Rows([Statement("ledger_seal", [row | {"settled_before": last.settled_before + 1} | changed])])


def refused(rows: Rows, way: str, says: str) -> None:
    before = fingerprints()
    with pytest.raises(DatabaseError) as caught:
        write(rows, way)
    code, message = refusal(caught.value)
    assert (code, says in message) == ("CW015", True), message
    assert fingerprints() == before


@pytest.mark.parametrize("way", WAYS)
class TestByHand:
    """By every way in."""

    @pytest.mark.parametrize("taken", [(5,), (0,), (-1,), (4, 6), (5, 6), (-1, 0)])
    def test_a_place_that_does_not_follow_is_refused(self, small: SmallBook, way: str, taken: tuple[int, ...]) -> None:
        entries = small.post(*[simple_entry(n) for n in range(4, 4 + len(taken))]).entry_ids
        rows = places(small, *zip(entries, taken, strict=True))
        refused(rows, way, f"places {min(taken)} to {max(taken)} do not follow what is there")

    def test_an_entry_has_its_place_in_the_chain_of_its_own_book(self, small: SmallBook, way: str) -> None:
        other = make_book("another", (small.tom, small.amina))
        (entry_id,) = small.post(simple_entry(4)).entry_ids
        for book_id in (other.book.pk, 999_999):
            refused(places(small, (entry_id, 1), book_id=book_id), way, f"E-{entry_id} is no entry of the book")
        refused(places(small, (999_999, 4)), way, "E-999999 is no entry of the book")

    def test_a_seal_names_the_end_of_the_chain(self, small: SmallBook, way: str) -> None:
        (entry_id,) = small.post(simple_entry(4)).entry_ids
        write(places(small, (entry_id, 4)), way)
        last = Seal.objects.get(book=small.book)
        wrong: list[dict[str, Any]] = [
            {"number": 3},
            {"number": 1},
            {"position": 5},
            {"position": 3, "head": last.head},
            {"head": "cd" * 32},
            {"settled_before": last.settled_before},
            {"settled_before": 10**15},
        ]
        for changed in wrong:
            refused(seal_row(small, **changed), way, "does not name the end of the chain, place 4")
        write(seal_row(small), way)
        (found,) = verify(small.book, seal_text(last))
        assert (found.position, found.entry_id) == (4, entry_id)


def test_a_seal_is_dated_by_the_database(small: SmallBook) -> None:
    (entry_id,) = small.post(simple_entry(4)).entry_ids
    write(places(small, (entry_id, 4)))
    write(seal_row(small, sealed_at="2020-01-01T00:00:00Z"))
    first, second = Seal.objects.order_by("number")
    assert second.sealed_at > first.sealed_at
