"""Can an entry exist that does not balance? And does a reversal undo exactly what it reverses?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import FrozenInstanceError, replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from ledger.domain.entry import (
    JournalEntry,
    Kind,
    Posting,
    credit,
    debit,
    mirror,
    residuals,
    signed,
    total_debits,
)
from ledger.domain.errors import MalformedEntry, UnbalancedEntry, WrongAmount
from ledger.domain.money import LIMIT, from_minor
from ledger.domain.words import money_text

ON = date(2025, 3, 10)
accounts = st.sampled_from(["1010/MAIN", "1310/L-0001", "2010/MAIN", "4010"])
currencies = st.sampled_from(["GBP", "EUR", "JPY"])
amounts = st.integers(-(10**9), 10**9).filter(bool)
postings = st.builds(Posting, accounts, amounts, currencies)


@st.composite
def balanced(draw: st.DrawFn) -> tuple[Posting, ...]:
    """Postings to which what is missing in each currency was added."""
    drawn = draw(st.lists(postings, min_size=1, max_size=6))
    sums: dict[str, int] = defaultdict(int)
    for posting in drawn:
        sums[posting.currency] += posting.minor
    drawn += [Posting("3010", -minor, currency) for currency, minor in sums.items() if minor]
    return tuple(draw(st.permutations(drawn)))


entries = st.builds(JournalEntry, st.dates(), st.text(max_size=40), balanced().filter(lambda p: len(p) > 1))


@given(entry=entries)
def test_an_entry_that_exists_balances_in_every_currency(entry: JournalEntry) -> None:
    assert set(residuals(entry.postings).values()) == {0}
    for currency in {p.currency for p in entry.postings}:
        on_the_right = -sum(p.amount.amount for p in entry.postings if p.minor < 0 and p.currency == currency)
        assert total_debits(entry, currency) == on_the_right


@given(found=st.lists(postings, min_size=2, max_size=6))
def test_it_exists_only_if_it_balances(found: list[Posting]) -> None:
    off = {currency: minor for currency, minor in residuals(found).items() if minor}
    if not off:
        JournalEntry(ON, "Money in", tuple(found))
        return
    with pytest.raises(UnbalancedEntry) as refused:
        JournalEntry(ON, "Money in", tuple(found))
    currency, minor = next(iter(off.items()))
    assert "Entry 'Money in' on 10 March 2025: " in str(refused.value)
    assert ("debits exceed credits" if minor > 0 else "credits exceed debits") in str(refused.value)
    assert f" by {money_text(abs(from_minor(minor, currency)))}. " in str(refused.value)


def test_the_refusal_says_which_side_and_by_how_much() -> None:
    with pytest.raises(
        UnbalancedEntry,
        match=r"^Entry 'Rent' on 10 March 2025: credits exceed debits by £0\.50\. Correct the amounts; nothing was",
    ):
        JournalEntry(ON, "Rent", (debit("5030", Money("1", "GBP")), credit("1010/MAIN", Money("1.50", "GBP"))))


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_postings_are_refused(count: int) -> None:
    with pytest.raises(MalformedEntry, match="needs at least two"):
        JournalEntry(ON, "Rent", (Posting("4010", 1, "GBP"),) * count)


def test_more_postings_than_there_is_room_for_are_refused() -> None:
    pair = (Posting("4010", 1, "GBP"), Posting("5030", -1, "GBP"))
    JournalEntry(ON, "Rent", pair * 16_383)
    with pytest.raises(MalformedEntry, match=r"has 32768 postings; it has room for 32767\. Make several entries"):
        JournalEntry(ON, "Rent", pair * 16_384)


@pytest.mark.parametrize(("name", "room"), [("narrative", 500), ("source", 100), ("kind", 20)])
def test_texts_longer_than_there_is_room_for_are_refused(name: str, room: int) -> None:
    entry = JournalEntry(ON, "Rent", (Posting("4010", 1, "GBP"), Posting("5030", -1, "GBP")))
    replace(entry, **{name: "é" * room})
    with pytest.raises(MalformedEntry, match=f"The {name} .* has {room + 1} characters; there is room for {room}"):
        replace(entry, **{name: "é" * (room + 1)})


@given(entry=entries, entry_id=st.integers(1))
def test_a_reversal_undoes_and_a_reversal_of_it_restores(entry: JournalEntry, entry_id: int) -> None:
    back = mirror(entry_id, entry, on=ON, reason="twice")
    assert (back.reverses, back.kind, back.effective_on) == (entry_id, Kind.REVERSAL, ON)
    assert [(p.account, p.minor + q.minor) for p, q in zip(entry.postings, back.postings, strict=True)] == [
        (p.account, 0) for p in entry.postings
    ]
    assert mirror(entry_id + 1, back, on=ON, reason="after all").postings == entry.postings


@pytest.mark.parametrize("minor", [0, LIMIT, -LIMIT, 10**30])
def test_a_posting_of_nought_or_beyond_the_limit_is_refused(minor: int) -> None:
    with pytest.raises(WrongAmount, match="A posting to 4010 is"):
        Posting("4010", minor, "GBP")


@pytest.mark.parametrize("side", [debit, credit])
@pytest.mark.parametrize("amount", ["-0.01", "0", "NaN", "0.001"])
def test_sides_take_positive_money_alone(side: type[Posting], amount: str) -> None:
    with pytest.raises(WrongAmount):
        side("4010", Money(Decimal(amount), "GBP"))


def test_a_signed_amount_chooses_its_side() -> None:
    assert signed("4010", Money("1.25", "GBP")) == debit("4010", Money("1.25", "GBP"))
    assert signed("4010", Money("-1.25", "GBP")) == credit("4010", Money("1.25", "GBP"))


def test_values_do_not_change() -> None:
    entry = JournalEntry(ON, "Rent", (Posting("4010", 1, "GBP"), Posting("5030", -1, "GBP")))
    for value, name in ((entry, "narrative"), (entry.postings[0], "minor")):
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, "other")
