"""What the checks find: nothing in honest books, and each thing that somebody could do to them past the guards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from django.db import connections

from commonweal.access.models import User
from ledger.checks import CHECKS, Finding, examine, rule
from ledger.checks.finding import amount
from ledger.models import BankStatementLine, Book
from ledger.services import (
    close_period,
    draft_sha256,
    draft_year_end,
    import_bank_file,
    match_bank_line,
    post_draft,
    reopen_period,
    seal,
)
from tests.builders import (
    bank_file,
    check_draft,
    make_bank_account,
    make_book,
    make_draft,
    make_entry,
    make_user,
    post_entries,
    post_entry,
    reverse_entry,
)
from tests.ledger.fund_story import live_fund_story

JANUARY = date(2025, 1, 31)
EVERY_SIGN = "".join(map(chr, range(1, 0x180))) + '"\\/ \u2028\u2029\ufeff\uffff😀村'


@dataclass(frozen=True, slots=True)
class OrderlyBook:
    """One of everything: bank lines, one matched; a fee, reversed; a manual journal; January closed and sealed."""

    book: Book
    maker: User
    checker: User


def keep_orderly_book() -> OrderlyBook:
    book, maker, checker = make_book(today=date(2025, 2, 1)), make_user(), make_user(name="Tom Ashworth")
    make_bank_account(book=book)
    file = bank_file((date(2025, 1, 9), "676.65", "HH-0108"), (date(2025, 1, 14), "-20.00", "CHARGES"))
    import_bank_file(book=book, name="january.xml", content=file, by=maker)
    line = BankStatementLine.objects.get(reference="HH-0108")
    matched = post_entry(book=book, by=maker, on=line.booked_on, amount="676.65", debited="2010/MAIN")
    match_bank_line(line_id=line.pk, entry_id=matched.pk)
    fee = post_entry(book=book, by=maker, on=date(2025, 1, 20), debited="5030", narrative="The fee")
    reverse_entry(fee, by=maker, on=date(2025, 2, 3))
    check_draft(make_draft(book=book, by=maker, on=date(2025, 1, 31), credited="3010"), by=checker)
    close_period(book=book, through=JANUARY, by=maker)
    seal(book=book)
    return OrderlyBook(book, maker, checker)


def tamper(*statements: str) -> None:
    """What the owner of the tables can do, and no trigger is asked."""
    tables = ("posting", "journalentry", "postingrequest", "approval", "attachment", "accountclosing", "periodevent")
    with connections["owner"].cursor() as cursor:
        for table in (*tables, "banklinematch", "bankstatementline", "bankstatement", "sealedentry", "account", "book"):
            cursor.execute(f"ALTER TABLE ledger_{table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)
            assert cursor.rowcount, statement


@pytest.mark.django_db
def test_books_of_every_kind_are_in_order() -> None:
    assert examine(live_fund_story().book) == []


@pytest.mark.django_db
def test_orderly_books_are_in_order_and_so_are_new_ones() -> None:
    assert examine(keep_orderly_book().book) == []
    assert examine(make_book(code="new", bank="")) == []


@pytest.mark.django_db
def test_every_sign_has_the_same_canonical_text_in_sql_as_in_python() -> None:
    """The database hashes what stands, Python hashed what was asked for."""
    book, by, other = make_book(), make_user(), make_user()
    entry = make_entry(narrative=EVERY_SIGN, source=EVERY_SIGN[:95])
    post_entries([entry, make_entry()], book=book, by=by)
    check_draft(make_draft(book=book, by=by, narrative=EVERY_SIGN[-50:]), by=other)
    close_period(book=book, through=date(2025, 12, 31), by=by)
    assert [finding for check in CHECKS for finding in check(book)] == []


def test_every_rule_is_a_sentence_of_its_own() -> None:
    rules = [rule(check) for check in CHECKS]
    assert all(text.endswith(".") and len(text) < 120 for text in rules)
    assert len(set(rules)) == len(CHECKS) == 18


def test_amounts_in_findings_are_read_as_money() -> None:
    assert [amount(-123450, "GBP"), amount(5, "JPY"), amount(None, "GBP")] == ["-£1,234.50", "JP¥5", "nothing"]


FEE = "(SELECT id FROM ledger_journalentry WHERE narrative = 'The fee')"
REVERSAL = f"(SELECT id FROM ledger_journalentry WHERE reverses_id = {FEE})"
MANUAL = "(SELECT id FROM ledger_journalentry WHERE kind = 'manual')"
REQUEST_OF_FEE = f"(SELECT request_id FROM ledger_journalentry WHERE id = {FEE})"
TAMPERINGS = {
    "an amount changed": (
        [f"UPDATE ledger_posting SET amount = amount + 1 WHERE entry_id = {FEE} AND line_no = 1"],
        ["entry-unbalanced", "trial-balance", "request-content", "reversal-not-mirror", "closing"],
    ),
    "an amount moved to another account": (
        [
            f"""UPDATE ledger_posting SET account_id = (SELECT id FROM ledger_account WHERE code = '5020')
            WHERE entry_id = {FEE} AND line_no = 1"""
        ],
        ["request-content", "reversal-not-mirror", "closing", "closing"],
    ),
    "a balanced pair of postings added": (
        [
            f"""INSERT INTO ledger_posting (entry_id, line_no, account_id, effective_on, amount)
            SELECT {REVERSAL}, line_no + 2, account_id, '2025-02-03', amount
            FROM ledger_posting WHERE entry_id = {FEE}"""
        ],
        ["entry-not-whole", "request-content", "reversal-not-mirror"],
    ),
    "all postings of an entry deleted": (
        [f"DELETE FROM ledger_posting WHERE entry_id = {REVERSAL}"],
        ["entry-not-whole", "request-content", "reversal-not-mirror"],
    ),
    "the head of an entry deleted": (
        [f"DELETE FROM ledger_journalentry WHERE id = {REVERSAL}"],
        ["posting-strayed", "posting-strayed", "entry-request", "request-content"],
    ),
    "an entry moved to another book": (
        [f"UPDATE ledger_journalentry SET book_id = book_id + 1 WHERE id = {REVERSAL}"],
        ["posting-strayed", "posting-strayed", "entry-request", "request-content"],
    ),
    "a posting dated otherwise than its entry": (
        [f"UPDATE ledger_posting SET effective_on = '2025-02-04' WHERE entry_id = {REVERSAL} AND line_no = 1"],
        ["posting-date"],
    ),
    "an entry dated before the book was opened": (
        [
            f"UPDATE ledger_journalentry SET effective_on = '2024-12-31' WHERE id = {FEE}",
            f"UPDATE ledger_posting SET effective_on = '2024-12-31' WHERE entry_id = {FEE}",
        ],
        ["posting-not-open", "posting-not-open", "request-content", "closing", "closing"],
    ),
    "an account closed on a day before its last posting": (
        ["UPDATE ledger_account SET closed_on = '2025-01-01' WHERE code = '5030'"],
        ["posting-not-open"] * 3,
    ),
    "a narrative rewritten": (
        [f"UPDATE ledger_journalentry SET narrative = 'Fees' WHERE id = {FEE}"],
        ["request-content"],
    ),
    "a request that lists an entry of another": (
        [
            f"""INSERT INTO ledger_postingrequest
              (book_id, key, fingerprint, entry_ids, posted_by_id, recorded_at, xact)
            SELECT book_id, 'again', fingerprint, entry_ids, posted_by_id, recorded_at, xact
            FROM ledger_postingrequest WHERE id = {REQUEST_OF_FEE}"""
        ],
        ["entry-request"],
    ),
    "a request deleted": (
        [f"DELETE FROM ledger_postingrequest WHERE id = {REQUEST_OF_FEE}"],
        ["entry-request"],
    ),
    "an approval taken away": (
        [
            "ALTER TABLE ledger_journalentry DROP CONSTRAINT ledger_entry_of_this_kind_is_approved",
            f"UPDATE ledger_journalentry SET approval_id = NULL WHERE id = {MANUAL}",
        ],
        ["request-content", "approval"],
    ),
    "an approval by one person": (
        [
            "ALTER TABLE ledger_approval DROP CONSTRAINT ledger_approval_four_eyes",
            "UPDATE ledger_approval SET made_by_id = checked_by_id",
        ],
        ["approval"],
    ),
    "an approval of something else": (
        ["UPDATE ledger_approval SET subject = 'application:A-0131'"],
        ["approval"],
    ),
    "an approval of other content": (
        [f"UPDATE ledger_approval SET content_sha256 = '{'0' * 64}'"],
        ["approval"],
    ),
    "an attachment exchanged": (
        ["UPDATE ledger_attachment SET content = 'something else'::bytea WHERE name = 'note.txt'"],
        ["attachment"],
    ),
    "a closing balance changed": (
        [
            "UPDATE ledger_accountclosing SET balance = balance + 100 WHERE account_id = "
            "(SELECT id FROM ledger_account WHERE code = '5030')"
        ],
        ["closing", "closing-hash"],
    ),
    "a closing balance removed": (
        ["DELETE FROM ledger_accountclosing WHERE account_id = (SELECT id FROM ledger_account WHERE code = '5030')"],
        ["closing", "closing-hash"],
    ),
    "the hash of a close rewritten": (
        [f"UPDATE ledger_periodevent SET trial_balance_sha256 = '{'f' * 64}'"],
        ["closing-hash"],
    ),
    "a bank statement's closing balance changed": (
        ["UPDATE ledger_bankstatement SET closing = closing - 1"],
        ["bank-balance"],
    ),
    "a bank line changed": (
        ["UPDATE ledger_bankstatementline SET amount = amount - 1 WHERE reference = 'CHARGES'"],
        ["bank-line", "suspense"],
    ),
    "a match removed": (["DELETE FROM ledger_banklinematch"], ["suspense"]),
    "an entry that waits for its seal since the week before": (
        [
            f"""UPDATE ledger_postingrequest SET recorded_at = recorded_at - interval '7 days'
            WHERE id = {REQUEST_OF_FEE}""",
            f"DELETE FROM ledger_sealedentry WHERE entry_id = {FEE}",
        ],
        ["entries-unsealed"],
    ),
}


@pytest.mark.committing
@pytest.mark.parametrize("what", TAMPERINGS)
def test_what_was_done_past_the_guards_is_found(what: str) -> None:
    statements, expected = TAMPERINGS[what]
    book = keep_orderly_book().book
    assert examine(book) == []
    tamper(*statements)
    assert [finding.code for finding in examine(book)] == expected


def test_every_check_is_shown_to_find_something() -> None:
    found = {code for _, codes in TAMPERINGS.values() for code in codes} | {"year-end"}
    assert len(found) == len(CHECKS)


@pytest.mark.committing
def test_findings_say_which_by_how_much_and_what_to_do() -> None:
    orderly = keep_orderly_book()
    tamper(f"UPDATE ledger_posting SET amount = amount + 1 WHERE entry_id = {FEE} AND line_no = 1")
    fee = orderly.book.entries.get(narrative="The fee")
    assert examine(orderly.book)[0] == Finding(
        "entry-unbalanced",
        f"E-{fee.pk}",
        "debits exceed credits by £0.01. No service does this: somebody changed the tables themselves. "
        "Run `manage.py verify_seals`.",
    )
    tamper("UPDATE ledger_bankstatement SET closing = 70000")
    assert str(examine(orderly.book)[-1]) == (
        "bank-balance: 1010/MAIN: the bank's statement 1 closes on 2025-01-14 with £700.00; the books say "
        "£656.65, a difference of £43.35. Look for entries on this account that no bank line made, and reverse "
        "them."
    )


@pytest.mark.django_db
def test_a_year_whose_result_changed_after_it_was_carried_forward() -> None:
    book, maker, checker = make_book(today=date(2026, 1, 2)), make_user(), make_user()
    post_entry(book=book, by=maker, on=date(2025, 5, 1))

    def carry() -> None:
        draft = draft_year_end(book=book, year_end=date(2025, 12, 31), by=maker)
        post_draft(draft=draft, shown_sha256=draft_sha256(draft), by=checker)

    carry()
    assert examine(book) == []
    late = post_entry(book=book, by=maker, on=date(2025, 6, 1), amount="7.50")
    assert [(finding.code, finding.subject) for finding in examine(book)] == [("year-end", "4030")]
    assert "-£7.50 stands on this account" in examine(book)[0].message
    carry()
    assert examine(book) == []
    reverse_entry(late, by=maker, on=date(2026, 1, 2))
    assert examine(book) == [], "what happens in the next year is the next year's"


@pytest.mark.committing
def test_a_close_that_was_superseded_is_judged_by_what_was_known_then() -> None:
    orderly = keep_orderly_book()
    book, maker = orderly.book, orderly.maker
    reopen_period(book=book, reason="An invoice of January came", by=maker)
    post_entry(book=book, by=maker, on=date(2025, 1, 30), amount="9.99")
    close_period(book=book, through=JANUARY, by=maker)
    close_period(book=book, through=date(2025, 2, 28), by=maker)
    assert examine(book) == []
    tamper(
        "UPDATE ledger_accountclosing SET balance = balance + 1 "
        "WHERE event_id = (SELECT min(id) FROM ledger_periodevent)"
    )
    assert {finding.code for finding in examine(book)} == {"closing", "closing-hash"}


@pytest.mark.django_db
def test_money_on_the_bank_account_and_in_suspense_that_no_bank_line_brought() -> None:
    book, by = make_book(today=date(2025, 2, 1)), make_user()
    make_bank_account(book=book)
    file = bank_file((date(2025, 1, 9), "676.65", "HH-0108"), (date(2025, 1, 14), "-20.00", "CHARGES"))
    import_bank_file(book=book, name="january.xml", content=file, by=by)
    post_entry(book=book, by=by, on=date(2025, 1, 15))
    assert examine(book) == [], "after the bank's last statement nobody can tell yet"
    post_entry(book=book, by=by, on=date(2025, 1, 14))
    post_entry(book=book, by=by, on=date(2025, 1, 14), debited="2010/MAIN")
    assert [(finding.code, finding.subject) for finding in examine(book)] == [
        ("bank-balance", "1010/MAIN"),
        ("suspense", "2010/MAIN"),
    ]
