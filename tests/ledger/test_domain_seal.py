"""Does the seal cover everything about an entry, and can it be computed by anybody from its description?"""

from __future__ import annotations

import hashlib
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from ledger.domain.errors import SealNotRecognised
from ledger.domain.seal import GENESIS, SealedContent, SealedPosting, SealText, chain, parse_seal

POSTINGS = (SealedPosting(1, 11, "1010/MAIN", "GBP", 67665), SealedPosting(2, 12, "2010/MAIN", "GBP", -67665))
CONTENT = SealedContent(
    entry_id=7,
    book="harbour-hills",
    effective_on=date(2026, 11, 2),
    recorded_at=datetime(2026, 11, 3, 9, 30, 0, 125, tzinfo=UTC),
    kind="bank",
    narrative='Repayment “HH-0108”, said "Jo", é',
    source="bank-line:12",
    posted_by=3,
    reverses=None,
    approval=None,
    postings=POSTINGS,
)
TEXT = (
    '[7,"harbour-hills","2026-11-02","2026-11-03T09:30:00.000125+00:00","bank",'
    '"Repayment “HH-0108”, said \\"Jo\\", é","bank-line:12",3,null,null,'
    '[[1,11,"1010/MAIN","GBP",67665],[2,12,"2010/MAIN","GBP",-67665]]]'
)
CHANGED = {
    "entry_id": 8,
    "book": "harbour",
    "effective_on": date(2026, 11, 1),
    "recorded_at": CONTENT.recorded_at + timedelta(microseconds=1),
    "kind": "general",
    "narrative": "Repayment",
    "source": "bank-line:13",
    "posted_by": 4,
    "reverses": 6,
    "approval": 1,
    "postings": POSTINGS[::-1],
}
CHANGED_POSTING = {"line_no": 3, "account_id": 13, "account_code": "1010/OTHER", "currency": "EUR", "minor": 67664}


def test_the_canonical_text_is_written_as_documented() -> None:
    assert CONTENT.canonical().decode() == TEXT


def test_a_hash_covers_the_one_before_it_and_the_text() -> None:
    before = chain(GENESIS, CONTENT)
    assert before == hashlib.sha256(bytes(32) + TEXT.encode()).digest()
    assert chain(before, CONTENT) == hashlib.sha256(before + TEXT.encode()).digest()


def test_every_field_is_covered() -> None:
    assert CHANGED.keys() == {field.name for field in fields(SealedContent)}
    hashes = {chain(GENESIS, replace(CONTENT, **{name: value})) for name, value in CHANGED.items()}
    assert len(hashes | {chain(GENESIS, CONTENT)}) == len(CHANGED) + 1


def test_every_field_of_a_posting_is_covered() -> None:
    assert CHANGED_POSTING.keys() == {field.name for field in fields(SealedPosting)}
    for name, value in CHANGED_POSTING.items():
        other = replace(CONTENT, postings=(POSTINGS[0], replace(POSTINGS[1], **{name: value})))
        assert chain(GENESIS, other) != chain(GENESIS, CONTENT)


def test_fields_cannot_run_into_one_another() -> None:
    one, other = replace(CONTENT, narrative='a","b', source="c"), replace(CONTENT, narrative="a", source='b","c')
    assert chain(GENESIS, one) != chain(GENESIS, other)


def test_the_same_moment_in_another_zone_is_the_same_text() -> None:
    elsewhere = CONTENT.recorded_at.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert replace(CONTENT, recorded_at=elsewhere).canonical() == CONTENT.canonical()


def test_a_seal_is_read_back_as_it_is_printed() -> None:
    seal = SealText("harbour-hills", 12, 3401, "9f2c" * 16)
    assert str(seal) == f"harbour-hills:12:3401:{'9f2c' * 16}"
    assert parse_seal(f"  {str(seal).replace('9f2c', '9F2C')}\n") == seal
    assert seal.short == "9f2c 9f2c 9f2c … 9f2c"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "harbour-hills",
        f"harbour-hills:1:{'a' * 64}",
        f"harbour-hills:1:2:{'a' * 63}",
        f"harbour-hills:1:2:{'g' * 64}",
        f"harbour-hills:-1:2:{'a' * 64}",
        f"harbour-hills:1:two:{'a' * 64}",
        f"harbour-hills:1:2:{'a' * 64}:3",
        f":1:2:{'a' * 64}",
        f"harbour-hills:²:2:{'a' * 64}",
        f"harbour-hills:1:{'9' * 5000}:{'a' * 64}",
    ],
)
def test_what_is_no_seal_is_refused(text: str) -> None:
    with pytest.raises(SealNotRecognised, match=r"is not a seal\. A seal is written BOOK:NUMBER:POSITION:HASH"):
        parse_seal(text)
