"""Rows of entries with one thing wrong, for the tests of the guards in the database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.utils import timezone

from ledger.domain.entry import Kind
from ledger.models import Approval
from ledger.services import close_account, close_period, open_account
from tests.ledger.raw_rows import Rows, Statement, entry_rows
from tests.ledger.small_book import BANK, INCOME, LOAN, OPENED, SUSPENSE, TODAY, SmallBook, make_book, simple_entry

CLOSED_THROUGH = date(2025, 1, 31)


def honest(small: SmallBook, *, on: date = TODAY, **head: object) -> Rows:
    """An entry that may stand."""
    return entry_rows(small, [(small.id_of(BANK), 10_000), (small.id_of(SUSPENSE), -10_000)], on=on, **head)


def with_amounts(*amounts: object) -> Callable[[SmallBook], Rows]:
    """An entry of these amounts, on accounts in turn."""
    codes = (BANK, SUSPENSE, LOAN, INCOME)
    return lambda small: entry_rows(small, [(small.id_of(c), a) for c, a in zip(codes, amounts, strict=False)])


def with_posting(**changed: object) -> Callable[[SmallBook], Rows]:
    """An honest entry but for these columns of its second posting."""

    def rows(small: SmallBook) -> Rows:
        made = honest(small)
        made.postings[1].update(changed)
        return made

    return rows


def with_request(**changed: object) -> Callable[[SmallBook], Rows]:
    """An honest entry but for these columns of its request."""

    def rows(small: SmallBook) -> Rows:
        made = honest(small)
        made.request.update(changed)
        return made

    return rows


def with_head(**changed: object) -> Callable[[SmallBook], Rows]:
    """An honest entry but for these columns of its head."""
    return lambda small: honest(small, **changed)


def mixed_currencies(small: SmallBook) -> Rows:
    return entry_rows(small, [(small.id_of(BANK), 10_000), (small.id_of(SUSPENSE, "EUR"), -10_000)])


def mixed_but_each_even_in_sum(small: SmallBook) -> Rows:
    pounds, euros = small.id_of(BANK), small.id_of(BANK, "EUR")
    return entry_rows(small, [(pounds, 5), (euros, -5), (small.id_of(SUSPENSE), -3), (small.id_of(SUSPENSE, "EUR"), 3)])


def in_closed_period(small: SmallBook) -> Rows:
    close_period(book=small.book, through=CLOSED_THROUGH, by=small.tom)
    return honest(small, on=CLOSED_THROUGH)


def one_of_two_in_closed_period(small: SmallBook) -> Rows:
    made, late = in_closed_period(small), honest(small)
    return Rows([Statement(a.table, a.rows + b.rows) for a, b in zip(late.statements, made.statements, strict=True)])


def with_date(on: str) -> Callable[[SmallBook], Rows]:
    """An honest entry but for its date, which may be none of a calendar."""

    def rows(small: SmallBook) -> Rows:
        made = honest(small)
        for row in (made.head, *made.postings):
            row["effective_on"] = on
        return made

    return rows


def before_the_book_opened(small: SmallBook) -> Rows:
    return honest(small, on=OPENED - timedelta(days=1))


def on_closed_account(small: SmallBook) -> Rows:
    close_account(account=small.account(SUSPENSE), on=TODAY)
    return honest(small)


def on_account_not_yet_open(small: SmallBook) -> Rows:
    later = open_account(book=small.book, node="1310", subject="L-0002", on=TODAY + timedelta(days=1))
    return entry_rows(small, [(later.pk, 10_000), (small.id_of(BANK), -10_000)])


def on_account_of_another_book(small: SmallBook) -> Rows:
    other = make_book("another", (small.tom, small.amina))
    return entry_rows(small, [(small.id_of(BANK), 10_000), (other.id_of(SUSPENSE), -10_000)])


def added_to_one_that_stands(small: SmallBook) -> Rows:
    return _added(small, first_line=3)


def over_one_that_stands(small: SmallBook) -> Rows:
    return _added(small, first_line=1)


def _added(small: SmallBook, first_line: int) -> Rows:
    (entry_id,) = small.post(simple_entry()).entry_ids
    made = honest(small)
    for number, row in enumerate(made.postings, start=first_line):
        row.update(entry_id=entry_id, line_no=number)
    return Rows(made.statements[2:])


def one_posting_of_two(small: SmallBook) -> Rows:
    made = honest(small)
    made.postings.pop()
    return made


def over_two_statements(small: SmallBook) -> Rows:
    made = honest(small)
    request, head, postings = made.statements
    return Rows([request, head, *[Statement(postings.table, [row]) for row in postings.rows]])


def balanced_pairs_over_two_statements(small: SmallBook) -> Rows:
    made = with_amounts(5, -5, 7, -7)(small)
    request, head, postings = made.statements
    return Rows([request, head, *[Statement(postings.table, rows) for rows in (postings.rows[:2], postings.rows[2:])]])


def postings_before_head(small: SmallBook) -> Rows:
    request, head, postings = honest(small).statements
    return Rows([request, postings, head])


def without(table: str) -> Callable[[SmallBook], Rows]:
    """An honest entry whose rows of one table are not written."""
    return lambda small: honest(small).without(table)


def listed_by_another_book(small: SmallBook) -> Rows:
    other = make_book("another", (small.tom, small.amina))
    return with_request(book_id=other.book.pk)(small)


def listed_by_another_request(small: SmallBook) -> Rows:
    mine, yours = honest(small), honest(small)
    mine.head["request_id"] = yours.head["request_id"]
    return Rows([*yours.statements, mine.statements[1], mine.statements[2]])


def lists_one_that_stands(small: SmallBook) -> Rows:
    (entry_id,) = small.post(simple_entry()).entry_ids
    made = honest(small)
    made.request["entry_ids"] = f"{{{entry_id}}}"
    return Rows(made.statements[:1])


def lists_one_that_stands_as_well(small: SmallBook) -> Rows:
    (entry_id,) = small.post(simple_entry()).entry_ids
    made = honest(small)
    made.request["entry_ids"] = f"{{{made.head['id']},{entry_id}}}"
    return made


def lists_one_of_another_book(small: SmallBook) -> Rows:
    other = make_book("another", (small.tom, small.amina))
    (entry_id,) = other.post(simple_entry()).entry_ids
    made = honest(small)
    made.request["entry_ids"] = f"{{{entry_id}}}"
    return Rows(made.statements[:1])


def lists_twice(small: SmallBook) -> Rows:
    made = honest(small)
    made.request["entry_ids"] = f"{{{made.head['id']},{made.head['id']}}}"
    return made


def lists(entry_ids: str) -> Callable[[SmallBook], Rows]:
    """A request that lists these entries, and nothing else."""
    return lambda small: Rows(with_request(entry_ids=entry_ids)(small).statements[:1])


def lists_as_well(entry_id: str) -> Callable[[SmallBook], Rows]:
    """An honest entry whose request lists another as well."""

    def rows(small: SmallBook) -> Rows:
        made = honest(small)
        made.request["entry_ids"] = f"{{{made.head['id']},{entry_id}}}"
        return made

    return rows


def only_the_request(small: SmallBook) -> Rows:
    return Rows(honest(small).statements[:1])


def reversal(small: SmallBook, lines: list[tuple[str, int]]) -> Rows:
    """A reversal of a standing entry (10,000 to the bank, from suspense) with these lines."""
    (entry_id,) = small.post(simple_entry()).entry_ids
    return entry_rows(small, [(small.id_of(c), a) for c, a in lines], reverses_id=entry_id, kind=Kind.REVERSAL.value)


def reversed_by(*lines: tuple[str, int]) -> Callable[[SmallBook], Rows]:
    """A reversal with these lines."""
    return lambda small: reversal(small, list(lines))


def second_reversal(small: SmallBook) -> Rows:
    first = reversal(small, [(BANK, -10_000), (SUSPENSE, 10_000)])
    second = entry_rows(
        small, [(small.id_of(BANK), -10_000), (small.id_of(SUSPENSE), 10_000)], reverses_id=first.head["reverses_id"]
    )
    return first + second


def reversal_of_another_book(small: SmallBook) -> Rows:
    other = make_book("another", (small.tom, small.amina))
    (entry_id,) = other.post(simple_entry()).entry_ids
    return entry_rows(small, [(small.id_of(BANK), -10_000), (small.id_of(SUSPENSE), 10_000)], reverses_id=entry_id)


def reversal_of_itself(small: SmallBook) -> Rows:
    made = honest(small)
    made.head["reverses_id"] = made.head["id"]
    return made


def manual(small: SmallBook, *, approval: object, source: str = "journal:1") -> Rows:
    """A manual entry, posted by Tom."""
    return honest(small, kind="manual", source=source, approval_id=approval)


def manual_well_checked(small: SmallBook) -> Rows:
    return manual(small, approval=approval(small, made_by=small.amina, checked_by=small.tom, subject="journal:1"))


def manual_unchecked(small: SmallBook) -> Rows:
    return manual(small, approval=None)


def manual_with_unknown_approval(small: SmallBook) -> Rows:
    return manual(small, approval=999_999_999)


def manual_posted_by_its_maker(small: SmallBook) -> Rows:
    return manual(small, approval=approval(small, made_by=small.tom, checked_by=small.amina, subject="journal:1"))


def manual_under_other_approval(small: SmallBook) -> Rows:
    return manual(
        small, approval=approval(small, made_by=small.amina, checked_by=small.tom, subject="application:A-0131")
    )


def approval_used_twice(small: SmallBook) -> Rows:
    number = approval(small, made_by=small.amina, checked_by=small.tom, subject="journal:1")
    return manual(small, approval=number) + manual(small, approval=number)


def approval(small: SmallBook, *, made_by: object, checked_by: object, subject: str) -> int:
    """The number of an approval that stands."""
    made = Approval.objects.create(
        subject=subject, content_sha256="0" * 64, made_by=made_by, checked_by=checked_by, made_at=timezone.now()
    )
    return int(made.pk)


def approval_by_its_maker(small: SmallBook) -> Rows:
    row = {
        "subject": "journal:1",
        "content_sha256": "0" * 64,
        "made_by_id": small.tom.pk,
        "made_at": "2025-03-10T09:00:00Z",
        "checked_by_id": small.tom.pk,
        "reason": "",
    }
    return Rows([Statement("ledger_approval", [row])])


def approval_by_nobody(small: SmallBook) -> Rows:
    made = approval_by_its_maker(small)
    made.statements[0].rows[0].update(made_by_id=None)
    return made
