"""What the ledger says when it refuses: one small story for each refusal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from ledger.domain import errors
from ledger.domain.entry import JournalEntry, credit, debit
from ledger.domain.financial_year import YearEnd
from ledger.domain.seal import parse_seal
from ledger.models import JournalDraft
from ledger.services import (
    book_banks_own,
    close_account,
    close_period,
    draft_sha256,
    match_bank_line,
    open_book,
    post_draft,
    reverse,
    reverse_by_hand,
    set_against,
    withdraw_draft,
)
from tests.builders import (
    let_days_pass,
    make_account,
    make_bank_account,
    make_book,
    make_draft,
    make_user,
    post_entries,
    post_entry,
    pounds,
)
from tests.loans.builders import bank_line, make_fund
from tests.loans.entry_builders import repayment_entry
from tests.refusals.scenes import ends_in

MARCH = date(2025, 3, 14)


@ends_in(errors.UnbalancedEntry)
def a_penny_apart() -> object:
    return JournalEntry(MARCH, "Bank charges", (debit("5030", pounds("9.50")), credit("1010/MAIN", pounds("9.49"))))


@ends_in(errors.MalformedEntry)
def one_posting() -> object:
    return JournalEntry(MARCH, "Bank charges", (debit("5030", pounds("9.50")),))


@ends_in(errors.WrongAmount)
def half_a_penny() -> object:
    return debit("5030", pounds("9.505"))


@ends_in(errors.UnknownAccount)
def no_such_account() -> object:
    return post_entry(book=make_book(), by=make_user(), debited="1310/L-9999")


@ends_in(errors.AccountNotOpen)
def a_closed_account() -> object:
    book = make_book()
    account = make_account(book=book, node="1310", subject="L-0042")
    close_account(account=account, on=date(2025, 3, 1))
    return post_entry(book=book, by=make_user(), debited="1310/L-0042", on=MARCH)


@ends_in(errors.PeriodClosed)
def a_repayment_in_a_closed_period() -> object:
    book, amina = make_book(), make_user()
    make_account(book=book, node="1310", subject="L-0108")
    make_account(book=book, node="1320", subject="L-0108")
    close_period(book=book, through=date(2025, 3, 31), by=amina)
    entry = repayment_entry("L-0108", MARCH, principal="548.77", interest="127.88")
    return post_entries([entry], book=book, by=amina)


@ends_in(errors.PeriodOutOfOrder)
def closed_backwards() -> object:
    book, amina = make_book(), make_user()
    close_period(book=book, through=date(2025, 3, 31), by=amina)
    return close_period(book=book, through=date(2025, 2, 28), by=amina)


@ends_in(errors.BeforeBookOpened)
def too_early() -> object:
    book = make_book()
    return post_entry(book=book, by=make_user(), on=book.opened_on - timedelta(days=1))


@ends_in(errors.ImpossibleYearEnd)
def no_such_day() -> object:
    return YearEnd(6, 31)


@ends_in(errors.KeyUsedForOtherContent)
def other_content() -> object:
    book, amina = make_book(), make_user()
    post_entry(book=book, by=amina, key="fee:2025-03")
    return post_entry(book=book, by=amina, key="fee:2025-03", amount="101.00")


@ends_in(errors.UnknownEntry)
def no_such_entry() -> object:
    return reverse(999_999_999, book=make_book(), on=MARCH, reason="typing error", key="r", by=make_user())


@ends_in(errors.ReasonNeeded)
def reversed_without_a_word() -> object:
    book, amina = make_book(), make_user()
    entry = post_entry(book=book, by=amina)
    return reverse(entry.pk, book=book, on=MARCH, reason=" ", key="r", by=amina)


@ends_in(errors.AlreadyReversed)
def reversed_twice() -> object:
    book, amina = make_book(), make_user()
    entry = post_entry(book=book, by=amina)
    reverse(entry.pk, book=book, on=MARCH, reason="typing error", key="r1", by=amina)
    return reverse(entry.pk, book=book, on=MARCH, reason="typing error", key="r2", by=amina)


@ends_in(errors.NotAMirror)
def half_of_it() -> object:
    book, amina = make_book(), make_user()
    entry = post_entry(book=book, by=amina, amount="100.00")
    half = JournalEntry(MARCH, "Back", (debit("4030", pounds("50.00")), credit("1010/MAIN", pounds("50.00"))))
    return post_entries([replace(half, reverses=entry.pk)], book=book, by=amina)


@ends_in(errors.AlreadyExists)
def a_book_twice() -> object:
    make_book(code="harbour-hills")
    opened_on = date(2026, 1, 1)
    return open_book(
        code="harbour-hills", name="Another", fund_name="Another", base_currency="GBP", opened_on=opened_on
    )


@ends_in(errors.SameTwoEyes)
def ones_own_journal() -> object:
    book, amina = make_book(), make_user()
    draft = make_draft(book=book, by=amina)
    return post_draft(draft=draft, shown_sha256=draft_sha256(draft), by=amina)


@ends_in(errors.NotApproved)
def unchecked() -> object:
    return post_entry(book=make_book(), by=make_user(), kind="manual")


@ends_in(errors.ContentChanged)
def not_what_was_shown() -> object:
    draft = make_draft(book=make_book(), by=make_user())
    return post_draft(draft=draft, shown_sha256="0" * 64, by=make_user(name="Tom Ashworth"))


@ends_in(errors.DraftNotOpen)
def withdrawn_already() -> object:
    draft: JournalDraft = make_draft(book=make_book(), by=make_user())
    withdraw_draft(draft=draft, by=draft.made_by)
    return withdraw_draft(draft=draft, by=draft.made_by)


@ends_in(errors.DatedAhead)
def tomorrow() -> object:
    book = make_book(today=MARCH)
    return reverse_by_hand(entry_id=1, book=book, on=date(2025, 3, 15), reason="typing error", key="r", by=make_user())


@ends_in(errors.BankMovesByStatement)
def charges_straight_from_the_bank() -> object:
    book = make_book()
    make_bank_account(book=book)
    return make_draft(book=book, by=make_user(), credited="1010/MAIN")


@ends_in(errors.NoSuchBankLine)
def charges_that_no_line_brought() -> object:
    book = make_book()
    make_bank_account(book=book)
    return make_draft(book=book, by=make_user(), credited="2010/MAIN")


@ends_in(errors.SealNotRecognised)
def half_a_seal() -> object:
    return parse_seal("harbour-hills:18:90:551f537f")


@ends_in(errors.LineMatchedAlready)
def matched_twice() -> object:
    fund = make_fund()
    line = bank_line(fund, "676.65", "HH-0108", "2026-11-20")
    entry = JournalEntry(
        line.booked_on, "Fee", (debit("2010/MAIN", pounds("700.00")), credit("4030", pounds("700.00")))
    )
    (entry_id,) = post_entries([entry], book=fund.book, by=fund.tom)
    return match_bank_line(line_id=line.pk, entry_id=entry_id)


@ends_in(errors.LinesNotOpposite)
def two_lines_that_came_in() -> object:
    fund = make_fund()
    one, other = (bank_line(fund, amount, "", "2026-11-20") for amount in ("676.65", "676.56"))
    return set_against(line_id=one.pk, other_id=other.pk, key="both", by=fund.tom)


@ends_in(errors.NotTheBanks)
def a_charge_of_thousands() -> object:
    fund = make_fund()
    line = bank_line(fund, "-4800.00", "Charge", "2026-11-20")
    return book_banks_own(line_id=line.pk, purpose="charge", amount=pounds("4800.00"), key="large", by=fund.tom)


@ends_in(errors.CorrectedElsewhere)
def what_a_loan_caused() -> object:
    book, amina = make_book(), make_user()
    let_days_pass(book, to=MARCH)
    entry = post_entry(book=book, by=amina, kind="repayment", source="loan:L-0108")
    return reverse_by_hand(entry_id=entry.pk, book=book, on=MARCH, reason="typing error", key="r", by=amina)
