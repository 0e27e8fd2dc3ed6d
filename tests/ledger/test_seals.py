"""Is every alteration found, even a superuser's? With a seal from outside, all; without one, all but a rewritten end.

Each tampering is done by a superuser with no trigger firing, in a transaction that is rolled back after `verify`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from pytest_django.plugin import DjangoDbBlocker

from ledger.domain.seal import SealText
from ledger.models import Seal, SealedEntry
from ledger.services import seal, seal_text, verify
from tests.databases import TestDatabases, connected_to
from tests.ledger import tampering as by
from tests.ledger.small_book import SmallBook, make_book
from tests.ledger.tampering import COUNT, SealedBook, Tampering, on_book, on_entry
from tests.tools import refuse_or_skip


@dataclass(frozen=True)
class Case:
    """What was done, the place at which it is found, the place whose entry is named, and a part of the sentence."""

    tamper: Tampering
    place: int
    names: int | None
    says: str


def changed(tamper: Tampering, place: int = 7) -> Case:
    """Something that `verify` finds as a change of the entry at a place."""
    return Case(tamper, place, place, f"at place {place}, is not what was sealed: it or its postings changed")


OF_A_POSTING = {
    "an amount": on_entry(7, "UPDATE ledger_posting SET amount = amount + 1 WHERE entry_id = %s AND line_no = 1"),
    "both amounts": on_entry(7, "UPDATE ledger_posting SET amount = amount * 2 WHERE entry_id = %s"),
    "sides": on_entry(7, "UPDATE ledger_posting SET amount = -amount WHERE entry_id = %s"),
    "a posting's date": on_entry(7, "UPDATE ledger_posting SET effective_on = effective_on + 1 WHERE entry_id = %s"),
    "a posting's account": on_entry(7, "UPDATE ledger_posting SET account_id = account_id + 1 WHERE entry_id = %s"),
    "a posting taken away": on_entry(7, "DELETE FROM ledger_posting WHERE entry_id = %s AND line_no = 2"),
    "postings added": on_entry(
        7,
        "INSERT INTO ledger_posting (entry_id, line_no, account_id, effective_on, amount) "
        "SELECT entry_id, line_no + 2, account_id, effective_on, amount FROM ledger_posting WHERE entry_id = %s",
    ),
    "its postings gone": on_entry(7, "DELETE FROM ledger_posting WHERE entry_id = %s"),
}
OF_A_HEAD = {
    "narrative": on_entry(7, "UPDATE ledger_journalentry SET narrative = 'Money out' WHERE id = %s"),
    "date": on_entry(7, "UPDATE ledger_journalentry SET effective_on = effective_on - 1 WHERE id = %s"),
    "date, everywhere": on_entry(
        7,
        "UPDATE ledger_journalentry SET effective_on = effective_on - 1 WHERE id = %s",
        "UPDATE ledger_posting SET effective_on = effective_on - 1 WHERE entry_id = %s",
    ),
    "kind": on_entry(7, "UPDATE ledger_journalentry SET kind = 'bank' WHERE id = %s"),
    "source": on_entry(7, "UPDATE ledger_journalentry SET source = 'loan:L-0001' WHERE id = %s"),
    "what it reverses": on_entry(7, "UPDATE ledger_journalentry SET reverses_id = 1 WHERE id = %s"),
    "its approval": on_entry(7, "UPDATE ledger_journalentry SET approval_id = 1 WHERE id = %s"),
    "its book": on_entry(
        7, "UPDATE ledger_journalentry SET book_id = (SELECT id FROM ledger_book WHERE code = 'another') WHERE id = %s"
    ),
}
OF_WHAT_IT_REFERS_TO = {
    "who posted": (12, "UPDATE ledger_postingrequest SET posted_by_id = posted_by_id + 1 WHERE %s = ANY(entry_ids)"),
    "when": (
        12,
        "UPDATE ledger_postingrequest SET recorded_at = recorded_at - interval '1 s' WHERE %s = ANY(entry_ids)",
    ),
    "request gone": (12, "DELETE FROM ledger_postingrequest WHERE %s = ANY(entry_ids)"),
    "an account's code": (1, "UPDATE ledger_account SET code = '1010/OTHER' WHERE code = '1010/MAIN' AND %s > 0"),
    "an account's currency": (1, "UPDATE ledger_account SET currency = 'USD' WHERE currency = 'GBP' AND %s > 0"),
    "an account's book": (1, "UPDATE ledger_account SET book_id = -id WHERE code = '1010/MAIN' AND %s > 0"),
    "an account gone": (1, "DELETE FROM ledger_account WHERE code = '1010/MAIN' AND %s > 0"),
    "the book's code": (1, "UPDATE ledger_book SET code = 'large' WHERE code = 'small' AND %s > 0"),
}
GONE = "was sealed at place 7 and is gone"
OF_THE_CHAIN = {
    "an entry gone": Case(on_entry(7, "DELETE FROM ledger_journalentry WHERE id = %s"), 7, 7, GONE),
    "an entry and its postings gone": Case(
        on_entry(7, "DELETE FROM ledger_posting WHERE entry_id = %s", "DELETE FROM ledger_journalentry WHERE id = %s"),
        7,
        7,
        GONE,
    ),
    "a place gone": Case(
        on_entry(7, "DELETE FROM ledger_sealedentry WHERE entry_id = %s"),
        7,
        None,
        "no entry at place 7; the next is at 8",
    ),
    "an entry and its place gone": Case(by.cut_the_middle, 12, 13, "is not what was sealed"),
    "a hash": changed(on_entry(7, "UPDATE ledger_sealedentry SET sha256 = sha256('') WHERE entry_id = %s")),
    "places swapped": Case(by.swap_places, 4, 9, "is not what was sealed"),
    "postings swapped": Case(by.swap_postings, 4, 4, "is not what was sealed"),
    "a forged entry in the chain": Case(by.insert_into_the_chain, 11, COUNT + 1, "is not what was sealed"),
    "a forged entry beside it": Case(
        by.insert, COUNT, COUNT + 1, "claims to be older than seal 2 but is under no seal"
    ),
    "a forged entry out of sight": Case(by.insert_out_of_sight, COUNT, COUNT + 1, "is under no seal"),
    "postings of nothing": Case(by.postings_of_nothing, COUNT, None, "is a posting of an entry that is not there"),
    "a seal's head": Case(
        on_book("UPDATE ledger_seal SET head = repeat('0', 64) WHERE number = 1"), 20, None, "seal 1 names another head"
    ),
    "a seal gone": Case(on_book("DELETE FROM ledger_seal WHERE number = 1"), COUNT, None, "seal 1 is missing"),
    "the end of the chain gone": Case(
        on_book("DELETE FROM ledger_sealedentry WHERE position > 25"),
        25,
        None,
        "seal 2 covers 30 entries; the chain ends at 25",
    ),
}
FOUND_BY_ITSELF = {
    **{what: changed(tamper) for what, tamper in (OF_A_POSTING | OF_A_HEAD).items()},
    **{what: changed(on_entry(place, statement), place) for what, (place, statement) in OF_WHAT_IT_REFERS_TO.items()},
    **OF_THE_CHAIN,
}
REWRITTEN = "leads to another head at place 30 than the seal from outside"
FOUND_WITH_A_SEAL_FROM_OUTSIDE = {
    "an amount, rewritten with fresh hashes": Case(by.alter_with_fresh_hashes, COUNT, None, REWRITTEN),
    "a forged entry, with fresh hashes": Case(by.insert_with_fresh_hashes, COUNT, None, REWRITTEN),
    "an entry cut out, with fresh hashes": Case(
        by.cut_with_fresh_hashes, COUNT - 1, None, "1 were cut off, the first at place 30"
    ),
    "the tail cut off": Case(by.cut_the_tail, COUNT - 10, None, "10 were cut off, the first at place 21"),
}


@pytest.fixture(scope="module")
def books(test_databases: TestDatabases, django_db_blocker: DjangoDbBlocker) -> Iterator[SealedBook]:
    """Sealed books, and from then on Django's connection is a superuser's."""
    with django_db_blocker.unblock():
        clone = test_databases.clone()
        if clone.superuser_url is None:
            refuse_or_skip("set DATABASE_SUPERUSER_URL to try what a superuser can do")
        with connected_to(clone.name):
            made = by.make_sealed_book()
            with by.logged_in(clone.superuser_url):
                yield made
        test_databases.drop(clone.name)


def test_untouched_books_verify(books: SealedBook) -> None:
    for against in (None, books.outside, seal_text(Seal.objects.get(number=1))):
        assert list(verify(books.small.book, against)) == []
    places = SealedEntry.objects.order_by("position").values_list("position", "entry_id")
    assert list(places) == list(enumerate(books.entry_ids, start=1))


@pytest.mark.parametrize("anchored", [True, False], ids=["anchored", "by itself"])
@pytest.mark.parametrize("what", FOUND_BY_ITSELF)
def test_what_was_tampered_with_is_found_and_named(books: SealedBook, what: str, anchored: bool) -> None:
    case = FOUND_BY_ITSELF[what]
    found = by.findings(books, case.tamper, books.outside if anchored else None)[0]
    assert (found.position, case.says in found.message) == (case.place, True), found
    if case.names == COUNT + 1:
        assert found.entry_id not in books.entry_ids
    elif case.names is not None:
        assert found.entry_id == books.at(case.names)
    if found.entry_id is not None:
        assert f"E-{found.entry_id}" in found.message


@pytest.mark.parametrize("what", FOUND_WITH_A_SEAL_FROM_OUTSIDE)
def test_a_rewritten_or_shortened_chain_is_found_with_a_seal_from_outside_alone(books: SealedBook, what: str) -> None:
    case = FOUND_WITH_A_SEAL_FROM_OUTSIDE[what]
    (found,) = by.findings(books, case.tamper, books.outside)
    assert (found.position, case.says in found.message) == (case.place, True), found
    assert by.findings(books, case.tamper, None) == []


def test_without_a_seal_from_outside_four_of_six_are_found(books: SealedBook) -> None:
    assert [what for what, tamper in by.SIX.items() if by.findings(books, tamper, books.outside)] == list(by.SIX)
    assert [what for what, tamper in by.SIX.items() if by.findings(books, tamper, None)] == list(by.SIX)[:4]


def test_a_seal_from_outside_that_is_not_of_this_chain_is_told(books: SealedBook) -> None:
    book, outside = books.small.book, books.outside
    wrong = {
        SealText("another", outside.number, outside.position, outside.head): "is of the book another and not of small",
        SealText("small", 1, 0, outside.head): "leads to another head at place 0",
        SealText("small", 9, 99, outside.head): "covers 99 entries, the chain has 30",
        SealText("small", 2, 30, "0" * 64): "leads to another head at place 30",
    }
    for against, says in wrong.items():
        (found,) = verify(book, against)
        assert says in found.message
    assert list(verify(book, SealText("small", 1, 0, "0" * 64))) == []


@pytest.mark.django_db
class TestSealing:
    """Seals follow one another; each covers what the one before did, and more."""

    @pytest.fixture
    def small(self) -> SmallBook:
        return make_book()

    def test_a_book_without_entries_has_no_seal(self, small: SmallBook) -> None:
        assert seal(book=small.book) is None
        assert list(verify(small.book)) == []

    def test_sealing_again_without_new_entries_gives_the_seal_that_stands(self, small: SmallBook) -> None:
        by.make_entries(small, 1, 4)
        assert seal(book=small.book) == seal(book=small.book)
        assert Seal.objects.count() == 1

    def test_each_seal_takes_what_came_since(self, small: SmallBook) -> None:
        positions, numbers = [], []
        for n in range(1, 4):
            by.make_entries(small, n * 10, n * 10 + n)
            made = seal(book=small.book)
            assert made is not None
            positions.append(made.position)
            numbers.append(made.number)
        assert (positions, numbers) == ([2, 5, 9], [1, 2, 3])
        assert list(verify(small.book, seal_text(made))) == []

    def test_each_book_has_its_own_chain(self, small: SmallBook) -> None:
        other = make_book("another", (small.tom, small.amina))
        for book, count in ((small, 3), (other, 5), (small, 4)):
            by.make_entries(book, 1, count)
        seals = {made.book: made for made in (seal(book=small.book), seal(book=other.book)) if made}
        assert {book.code: made.position for book, made in seals.items()} == {"small": 7, "another": 5}
        assert seals[small.book].head != seals[other.book].head

    def test_more_than_one_piece_at_a_time(self, small: SmallBook, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("ledger.services.sealing.PIECE", 3)
        by.make_entries(small, 1, 23)
        made = seal(book=small.book)
        assert made is not None
        assert made.position == 23
        assert list(verify(small.book, seal_text(made))) == []
