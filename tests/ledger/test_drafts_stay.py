"""Can what one person prepared be changed behind the second one's back? As the app role, by SQL, on each column."""

from __future__ import annotations

import pytest
from django.db import Error as DatabaseError
from django.db import connection, transaction

from ledger.models import JournalDraft
from ledger.services import withdraw_draft
from tests.builders import check_draft, make_bank_account, make_book, make_draft, make_user
from tests.ledger.guard_cases import approval
from tests.ledger.raw_rows import refusal
from tests.ledger.small_book import make_book as make_small_book

DENIED, NOT_THAT, NOT_SO = "42501", "CW001", "CW016"


def answer(statement: str, *values: object) -> str:
    """The SQLSTATE of the refusal, or 'done'."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except DatabaseError as error:
        return refusal(error)[0]
    return "done"


@pytest.fixture
def draft(db: None) -> JournalDraft:
    return make_draft(book=make_book(), by=make_user())


@pytest.mark.parametrize("field", [field.column for field in JournalDraft._meta.concrete_fields])
def test_of_a_journal_that_waits_only_what_becomes_of_it_can_be_written(draft: JournalDraft, field: str) -> None:
    expected = "done" if field in ("state", "approval_id", "withdrawn_by_id") else DENIED
    assert answer(f"UPDATE ledger_journaldraft SET {field} = {field}") == expected


def test_its_maker_stays(draft: JournalDraft) -> None:
    assert answer("UPDATE ledger_journaldraft SET made_by_id = %s", make_user().pk) == DENIED


def test_its_lines_are_neither_changed_nor_removed_nor_added_to(draft: JournalDraft) -> None:
    assert answer("UPDATE ledger_draftposting SET amount = amount * 2") == DENIED
    assert answer("DELETE FROM ledger_draftposting") == DENIED
    assert answer("DELETE FROM ledger_journaldraft") == DENIED
    more = "INSERT INTO ledger_draftposting (draft_id, line_no, account_id, amount) "
    line = more + "SELECT draft_id, line_no + 5, account_id, amount FROM ledger_draftposting"
    assert answer(line) == NOT_SO


def test_what_was_posted_or_withdrawn_is_not_opened_again(draft: JournalDraft) -> None:
    check_draft(draft, by=make_user())
    taken_back = make_draft(book=draft.book, by=draft.made_by, narrative="Another")
    withdraw_draft(draft=taken_back, by=draft.made_by)
    for pk in (draft.pk, taken_back.pk):
        for state in ("open", "posted", "withdrawn"):
            assert answer("UPDATE ledger_journaldraft SET state = %s WHERE id = %s", state, pk) == NOT_SO
    assert answer("UPDATE ledger_journaldraft SET state = 'open', approval_id = NULL") == NOT_SO


def test_it_is_not_called_posted_without_its_entry_and_approval(draft: JournalDraft) -> None:
    small = make_small_book()
    others = approval(small, made_by=small.amina, checked_by=small.tom, subject=f"journal:{draft.pk}")
    for given in (None, others):
        assert answer("UPDATE ledger_journaldraft SET state = 'posted', approval_id = %s", given) == NOT_SO
    assert answer("UPDATE ledger_journaldraft SET state = 'withdrawn', approval_id = %s", others) == NOT_SO
    assert answer("UPDATE ledger_journaldraft SET state = 'lost'") == NOT_SO


def test_it_is_withdrawn_by_somebody(draft: JournalDraft) -> None:
    assert answer("UPDATE ledger_journaldraft SET state = 'withdrawn'") == NOT_SO
    assert answer("UPDATE ledger_journaldraft SET withdrawn_by_id = made_by_id") == NOT_SO
    amina = make_user()
    withdraw_draft(draft=draft, by=amina)
    draft.refresh_from_db()
    assert (draft.state, draft.withdrawn_by) == ("withdrawn", amina)


def test_a_journal_does_not_arrive_posted(draft: JournalDraft) -> None:
    columns = "book_id, kind, effective_on, narrative, attachment_id, made_by_id"
    copy = f"INSERT INTO ledger_journaldraft ({columns}, state) SELECT {columns}, %s FROM ledger_journaldraft"
    assert answer(copy, "posted") == NOT_SO
    assert answer(copy, "open") == "done"


@pytest.mark.django_db
def test_the_business_date_does_not_go_back() -> None:
    make_book()
    assert answer("UPDATE ledger_book SET business_date = business_date + 1") == "done"
    assert answer("UPDATE ledger_book SET business_date = business_date - 1") == "CW014"


@pytest.mark.django_db
def test_of_a_bank_account_only_the_name_changes() -> None:
    make_bank_account(book=make_book(bank=""))
    assert answer("UPDATE ledger_bankaccount SET name = 'Savings'") == "done"
    for column in ("identification", "account_id", "suspense_id", "book_id", "currency"):
        assert answer(f"UPDATE ledger_bankaccount SET {column} = {column}") == DENIED
