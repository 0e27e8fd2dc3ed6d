"""Does the database itself refuse what must not stand, whoever writes it and however? As the app role, by every way in.

Each case is an honest entry with one thing wrong, written by INSERT, by COPY and by MERGE; nothing may be left of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import Error as DatabaseError
from django.db import connection, transaction

from ledger.models import Account, JournalEntry, Posting, PostingRequest
from ledger.services import close_period, seal
from tests.ledger import guard_cases as rows_of
from tests.ledger.raw_rows import WAYS, Rows, Statement, fingerprints, refusal, write, write_by_insert
from tests.ledger.small_book import BANK, OPENED, SUSPENSE, TODAY, SmallBook, make_book, simple_entry

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Case:
    """What is wrong, the rows, and the SQLSTATE and a part of the message that they are refused with."""

    name: str
    rows: Callable[[SmallBook], Rows]
    code: str
    says: str


WRONG_ENTRY, WRONG_ACCOUNT, SHUT, UNBALANCED, UNLISTED = "CW004", "CW010", "CW011", "CW012", "CW005"
CHECK, UNIQUE, NULL, UNREADABLE, OUT_OF_RANGE = "23514", "23505", "23502", "22P02", "22003"

AMOUNTS = (
    Case("unbalanced", rows_of.with_amounts(10_000, -9_999), UNBALANCED, "debits less credits are 1 minor units"),
    Case("unbalanced the other way", rows_of.with_amounts(-10_000, 9_999), UNBALANCED, "are -1 minor units"),
    Case("currencies netting to nought", rows_of.mixed_currencies, UNBALANCED, "minor units of EUR and not nought"),
    Case("two currencies, even in sum", rows_of.mixed_but_each_even_in_sum, UNBALANCED, "and not nought"),
    Case("nought", rows_of.with_amounts(10_000, -10_000, 0), CHECK, "ledger_posting_amount_is_sane"),
    Case("nought twice", rows_of.with_amounts(0, 0), CHECK, "ledger_posting_amount_is_sane"),
    Case("not a number", rows_of.with_amounts("NaN", "NaN"), UNREADABLE, "NaN"),
    Case("infinite", rows_of.with_amounts("Infinity", "-Infinity"), UNREADABLE, "Infinity"),
    Case("half a penny", rows_of.with_amounts("0.5", "-0.5"), UNREADABLE, "0.5"),
    Case("10^15", rows_of.with_amounts(10**15, -(10**15)), CHECK, "ledger_posting_amount_is_sane"),
    Case("10^15 on one side", rows_of.with_amounts(10**15, 1 - 10**15, -1), CHECK, "ledger_posting_amount_is_sane"),
    Case("beyond every integer", rows_of.with_amounts(10**19, -(10**19)), OUT_OF_RANGE, "out of range"),
)
WHOLENESS = (
    Case("one posting", rows_of.with_amounts(10_000), CHECK, "ledger_entry_has_two_postings"),
    Case("one posting of two", rows_of.one_posting_of_two, WRONG_ENTRY, "1 postings arrived where 1 to 2 were due"),
    Case("more postings than lines", rows_of.with_head(line_count=3), WRONG_ENTRY, "2 postings arrived where 1 to 3"),
    Case("no postings", rows_of.without("ledger_posting"), WRONG_ENTRY, "which has no postings"),
    Case("lines numbered from 0", rows_of.with_posting(line_no=0), WRONG_ENTRY, "2 postings arrived where 1 to 2"),
    Case("a gap in the lines", rows_of.with_posting(line_no=3), WRONG_ENTRY, "2 postings arrived where 1 to 2"),
    Case("one line twice", rows_of.with_posting(line_no=1), UNIQUE, "ledger_posting_pkey"),
    Case("added to an entry that stands", rows_of.added_to_one_that_stands, WRONG_ENTRY, "arrived where 1 to 2"),
    Case("over an entry that stands", rows_of.over_one_that_stands, UNIQUE, "ledger_posting_pkey"),
    Case("over two statements", rows_of.over_two_statements, WRONG_ENTRY, "1 postings arrived where 1 to 2 were due"),
    Case("pairs over two statements", rows_of.balanced_pairs_over_two_statements, WRONG_ENTRY, "2 postings arrived"),
    Case("postings before their head", rows_of.postings_before_head, WRONG_ENTRY, "it does not exist"),
    Case("postings without a head", rows_of.without("ledger_journalentry"), WRONG_ENTRY, "it does not exist"),
    Case(
        "another date than the entry", rows_of.with_posting(effective_on="2025-03-11"), WRONG_ENTRY, "another effective"
    ),
    Case("no date", rows_of.with_posting(effective_on=None), NULL, "effective_on"),
)
PLACES = (
    Case("in a closed period", rows_of.in_closed_period, "CW007", "the first open date is 2025-02-01"),
    Case("one of two closed", rows_of.one_of_two_in_closed_period, "CW007", "in a closed period"),
    Case("before the book opened", rows_of.before_the_book_opened, "CW006", "before the book was opened on 2025-01-01"),
    Case("before all time", rows_of.with_date("-infinity"), "CW006", "before the book was opened"),
    Case("after all time", rows_of.with_date("infinity"), SHUT, "is not open on its date"),
    Case("unknown account", rows_of.with_posting(account_id=999_999_999), WRONG_ACCOUNT, "no account with the number"),
    Case("no account", rows_of.with_posting(account_id=None), NULL, "account_id"),
    Case("closed account", rows_of.on_closed_account, SHUT, "2010/MAIN is not open on its date"),
    Case("account not yet open", rows_of.on_account_not_yet_open, SHUT, "1310/L-0002 is not open on its date"),
    Case("account of another book", rows_of.on_account_of_another_book, WRONG_ACCOUNT, "belongs to another book"),
)
REQUESTS = (
    Case("no request", rows_of.without("ledger_postingrequest"), UNLISTED, "is not listed by a posting request"),
    Case("request is null", rows_of.with_head(request_id=None), NULL, "request_id"),
    Case("lists what does not exist", rows_of.only_the_request, WRONG_ENTRY, "which has no postings"),
    Case("lists nothing", rows_of.lists("{}"), WRONG_ENTRY, "lists entry E-?"),
    Case("lists null", rows_of.lists("{NULL}"), WRONG_ENTRY, "lists entry E-?"),
    Case("lists null as well", rows_of.lists_as_well("NULL"), WRONG_ENTRY, "lists entry E-?"),
    Case("lists an entry twice", rows_of.lists_twice, WRONG_ENTRY, "twice"),
    Case("lists one that stands", rows_of.lists_one_that_stands, WRONG_ENTRY, "made by another request"),
    Case(
        "lists one that stands as well", rows_of.lists_one_that_stands_as_well, WRONG_ENTRY, "made by another request"
    ),
    Case("lists one of another book", rows_of.lists_one_of_another_book, WRONG_ENTRY, "made by another request"),
    Case("listed by another request", rows_of.listed_by_another_request, UNLISTED, "is not listed"),
    Case("listed by another book", rows_of.listed_by_another_book, UNLISTED, "is not listed"),
)
REVERSALS = (
    Case("same sides", rows_of.reversed_by((BANK, 10_000), (SUSPENSE, -10_000)), "CW013", "does not mirror"),
    Case("half of it", rows_of.reversed_by((BANK, -5_000), (SUSPENSE, 5_000)), "CW013", "does not mirror"),
    Case("other account", rows_of.reversed_by((BANK, -10_000), ("4010", 10_000)), "CW013", "does not mirror"),
    Case(
        "more lines",
        rows_of.reversed_by((BANK, -10_000), (SUSPENSE, 10_000), ("4010", 1), ("4010", -1)),
        "CW013",
        "mirror",
    ),
    Case("lines changed over", rows_of.reversed_by((SUSPENSE, 10_000), (BANK, -10_000)), "CW013", "does not mirror"),
    Case("a second time", rows_of.second_reversal, UNIQUE, "ledger_journalentry_reverses_id_key"),
    Case("of another book", rows_of.reversal_of_another_book, "CW008", "is not an entry of its book"),
    Case("of nothing", rows_of.with_head(reverses_id=999_999_999), "CW008", "is not an entry of its book"),
    Case("of itself", rows_of.reversal_of_itself, "CW008", "is not an entry of its book"),
)
FOUR_EYES = (
    Case("unchecked", rows_of.manual_unchecked, CHECK, "ledger_entry_of_this_kind_is_approved"),
    Case("an unchecked opening", rows_of.with_head(kind="opening"), CHECK, "ledger_entry_of_this_kind_is_approved"),
    Case("an unchecked year-end", rows_of.with_head(kind="year-end"), CHECK, "ledger_entry_of_this_kind_is_approved"),
    Case("unknown approval", rows_of.manual_with_unknown_approval, "CW009", "not posted by the person who checked it"),
    Case("posted by its maker", rows_of.manual_posted_by_its_maker, "CW009", "not posted by the person who checked it"),
    Case(
        "approval of something else",
        rows_of.manual_under_other_approval,
        "CW009",
        "the approval is of application:A-0131",
    ),
    Case("one approval for two", rows_of.approval_used_twice, UNIQUE, "ledger_journalentry_approval_id_key"),
    Case("maker is checker", rows_of.approval_by_its_maker, CHECK, "ledger_approval_four_eyes"),
    Case("made by nobody", rows_of.approval_by_nobody, NULL, "made_by_id"),
)
ALL = {
    f"{group}: {case.name}": case
    for group, cases in {
        "amounts": AMOUNTS,
        "wholeness": WHOLENESS,
        "places": PLACES,
        "requests": REQUESTS,
        "reversals": REVERSALS,
        "four eyes": FOUR_EYES,
    }.items()
    for case in cases
}


@pytest.fixture
def small() -> SmallBook:
    return make_book()


@pytest.mark.parametrize("way", WAYS)
def test_an_honest_entry_stands_by_every_way(small: SmallBook, way: str) -> None:
    write(rows_of.honest(small), way)
    write(rows_of.reversed_by((BANK, -10_000), (SUSPENSE, 10_000))(small), way)
    write(rows_of.manual_well_checked(small), way)
    assert JournalEntry.objects.count() == 4
    assert Posting.objects.count() == 8


@pytest.mark.parametrize("name", ALL)
def test_what_must_not_stand_is_refused_and_leaves_nothing(small: SmallBook, name: str) -> None:
    case = ALL[name]
    rows = case.rows(small)
    before = fingerprints()
    for way in WAYS:
        with pytest.raises(DatabaseError) as refused:
            write(rows, way)
        code, message = refusal(refused.value)
        assert (way, code, case.says in message) == (way, case.code, True), message
        assert fingerprints() == before


class TestInOneTransaction:
    """What each statement by itself would be allowed to do."""

    def test_nothing_is_closed_or_settled_between_a_head_and_its_postings(self, small: SmallBook) -> None:
        """Or the postings would come in behind the closings, and behind the seal."""
        request, head, postings = rows_of.honest(small, on=OPENED).statements
        for meanwhile in ("SELECT ledger_hold_book(%s)", "SELECT ledger_settled_before(%s)"):
            before = fingerprints()
            with pytest.raises(DatabaseError) as refused:
                write_each([request, head], then=meanwhile, book=small.book.pk)
            assert "which has no postings" in refusal(refused.value)[1]
            assert fingerprints() == before
        write_each([request, head, postings], then=meanwhile, book=small.book.pk)
        close_period(book=small.book, through=OPENED, by=small.tom)
        seal(book=small.book)

    def test_an_entry_in_one_statement_of_several_parts_is_judged_as_a_whole(self, small: SmallBook) -> None:
        write_as_one(rows_of.honest(small))
        write_as_one(rows_of.over_two_statements(small))
        assert JournalEntry.objects.count() == 2

    @pytest.mark.parametrize("name", ["amounts: unbalanced", "amounts: currencies netting to nought"])
    def test_a_wrong_one_is_refused_in_one_statement_too(self, small: SmallBook, name: str) -> None:
        request, head, postings = ALL[name].rows(small).statements
        parts = [Statement(postings.table, [row]) for row in postings.rows]
        with pytest.raises(DatabaseError) as refused:
            write_as_one(Rows([request, head, *parts]))
        assert refusal(refused.value)[0] == UNBALANCED
        assert not JournalEntry.objects.exists()


def write_each(statements: list[Statement], *, then: str, book: int) -> None:
    """Statements, and a question about the book, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            write_by_insert(cursor, statement)
        cursor.execute(then, [book])


def write_as_one(rows: Rows) -> None:
    """All inserts as parts of one statement; the head finds its request in the part that made it."""
    parts, values = [], []
    for number, statement in enumerate(rows.statements):
        columns = [column for column in statement.rows[0] if column != "request_id"]
        asked = number if statement.table == "ledger_journalentry" else 0
        one = "(" + ", ".join(["%s"] * len(columns)) + (", (SELECT id FROM part0)" if asked else "") + ")"
        names = ", ".join(columns + ["request_id"] * bool(asked))
        insert = f"INSERT INTO {statement.table} ({names}) VALUES {', '.join([one] * len(statement.rows))}"
        parts.append(f"part{number} AS ({insert} RETURNING {'id' if number == 0 else '1'})")
        values += [row[column] for row in statement.rows for column in columns]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"WITH {', '.join(parts)} SELECT 1", values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.parametrize("way", WAYS)
def test_the_database_numbers_and_dates_a_request_whatever_it_says_of_itself(small: SmallBook, way: str) -> None:
    said = {"id": 1, "xact": 1, "recorded_at": "2020-01-01T00:00:00Z"}
    before = small.post(simple_entry()).entry_ids
    first = PostingRequest.objects.get(entry_ids=list(before))
    rows = rows_of.honest(small)
    rows.request.update(said)
    write(rows, way)
    second = PostingRequest.objects.get(key=rows.request["key"])
    assert second.pk > first.pk
    assert second.recorded_at > first.recorded_at
    assert second.xact == first.xact  # both of this test's one transaction


def test_an_account_with_later_postings_is_not_closed_by_hand_either(small: SmallBook) -> None:
    small.post(simple_entry(on=TODAY))
    before = fingerprints()
    for on in (TODAY, OPENED):
        with pytest.raises(DatabaseError) as refused, transaction.atomic():
            Account.objects.filter(code=BANK).update(closed_on=on)
        code, message = refusal(refused.value)
        assert (code, f"1010/MAIN has postings on or after {on}" in message) == (SHUT, True), message
        assert fingerprints() == before
