"""The books in programs that we did not write: each accepts the export and adds it up to our trial balance."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest
from beancount import loader
from beancount.core.data import Transaction
from pytest_django import DjangoAssertNumQueries

from ledger.exports import (
    beancount_lines,
    hledger_lines,
    read_journal,
)
from ledger.services import close_account
from tests.builders import make_book, make_user, post_entry
from tests.ledger.fund_story import NAMES, NARRATIVES, live_fund_story
from tests.ledger.other_programs import assert_others_agree, run_hledger
from tests.ledger.small_journal import small_journal


@pytest.mark.django_db
@pytest.mark.parametrize("from_on", [None, date(2025, 7, 5), date(2026, 1, 1)])
def test_hledger_and_beancount_come_to_our_trial_balance(hledger: str, from_on: date | None) -> None:
    assert_others_agree(hledger, live_fund_story().book, from_on=from_on, to_on=date(2026, 2, 28))


@pytest.mark.django_db
def test_a_penny_more_is_seen_by_both(hledger: str) -> None:
    """The comparison can fail, and both programs refuse an entry that does not balance."""
    book = live_fund_story().book
    text, other = "".join(hledger_lines(read_journal(book))), "".join(beancount_lines(read_journal(book)))
    pence_more = re.compile(r"  12\.34 GBP")
    assert len(pence_more.findall(text)) == len(pence_more.findall(other)) == 8
    with pytest.raises(AssertionError, match=r"could not balance|unbalanced"):
        run_hledger(hledger, pence_more.sub("  12.35 GBP", text, count=1), "check")
    assert [str(error.message) for error in loader.load_string(pence_more.sub("  12.35 GBP", other, count=1))[1]] == [
        "Transaction does not balance: (0.01 GBP)"
    ]


def test_the_text_for_hledger() -> None:
    assert "".join(hledger_lines(small_journal())) == (
        """\
; Book: Harbour & Hills (harbour-hills)
; Fund: Harbour & Hills Community Fund
; Dates: 2025-01-01 to the last entry, both inclusive
; Signs: debits are positive, credits negative
; Last seal: nothing was sealed yet

decimal-mark .
commodity 1000.00 GBP
commodity 1000. JPY
tag id
tag kind
tag source
tag code
tag type
account assets  ; type:A
account liabilities  ; type:L
account equity  ; type:E
account income  ; type:R
account expenses  ; type:X
account assets:1000 Money:1010 Bank accounts:1010/MAIN  ; code:1010/MAIN, type:C
account assets:1300 Loans:1310 Loan principal:1310/L-0108 Netherby- shop  ; code:1310/L-0108
account assets:1000 Money:1010 Bank accounts:1010/MAIN JPY  ; code:1010/MAIN, type:C

2025-05-01 (E-1) Drawdown, "first" / only  ; id:E-1, kind:drawdown, source:loan:L-0108
    assets:1300 Loans:1310 Loan principal:1310/L-0108 Netherby- shop  35000.00 GBP
    assets:1000 Money:1010 Bank accounts:1010/MAIN  -35000.00 GBP

2025-05-01 (E-2) Reversal of E-1  ; id:E-2, kind:reversal of drawdown, source:loan:L-0108
    assets:1300 Loans:1310 Loan principal:1310/L-0108 Netherby- shop  -35000.00 GBP
    assets:1000 Money:1010 Bank accounts:1010/MAIN  35000.00 GBP
"""
    )


def test_the_text_for_beancount() -> None:
    text = "".join(beancount_lines(small_journal()))
    assert text.partition("\n\n")[2] == (
        """\
option "title" "Harbour & Hills"
option "operating_currency" "GBP"

2025-01-01 commodity GBP
2025-01-01 commodity JPY

2025-01-01 open Assets:1000-Money:1010-Bank-accounts:1010-MAIN GBP
  code: "1010/MAIN"
  name: "Bank accounts, MAIN"

2025-01-01 open Assets:1300-Loans:1310-Loan-principal:1310-L-0108-Netherby-shop GBP
  code: "1310/L-0108"
  name: "Loan principal, Netherby: shop"
2026-01-01 close Assets:1300-Loans:1310-Loan-principal:1310-L-0108-Netherby-shop

2025-01-01 open Assets:1000-Money:1010-Bank-accounts:1010-MAIN-JPY JPY
  code: "1010/MAIN"
  name: "Bank accounts, MAIN"

2025-05-01 * "Drawdown; \\"first\\" | only"
  id: "E-1"
  kind: "drawdown"
  source: "loan:L-0108"
  Assets:1300-Loans:1310-Loan-principal:1310-L-0108-Netherby-shop  35000.00 GBP
  Assets:1000-Money:1010-Bank-accounts:1010-MAIN  -35000.00 GBP

2025-05-01 * "Reversal of E-1"
  id: "E-2"
  kind: "reversal"
  source: "loan:L-0108"
  reverses: "E-1"
  Assets:1300-Loans:1310-Loan-principal:1310-L-0108-Netherby-shop  -35000.00 GBP
  Assets:1000-Money:1010-Bank-accounts:1010-MAIN  35000.00 GBP
"""
    )


@pytest.mark.django_db
def test_beancount_reads_every_narrative_and_name_as_it_was_written() -> None:
    book = live_fund_story().book
    entries, errors, _ = loader.load_string("".join(beancount_lines(read_journal(book))))
    transactions = [entry for entry in entries if isinstance(entry, Transaction)]
    read = {(entry.meta["id"], entry.narration, entry.meta.get("source", "")) for entry in transactions}
    assert errors == []
    assert read == {(str(entry), entry.narrative, entry.source) for entry in book.entries.all()}
    assert {entry.narration for entry in transactions} > set(NARRATIVES)
    opened = {entry.meta["name"] for entry in entries if type(entry).__name__ == "Open"}
    assert {f"Loan principal, {name}" for name in NAMES.values()} < opened


@pytest.mark.django_db
def test_hledger_knows_the_kinds_the_entries_and_their_sources(hledger: str) -> None:
    book = live_fund_story().book
    text = "".join(hledger_lines(read_journal(book)))
    entries = book.entries.all()
    printed = run_hledger(hledger, text, "print", "tag:kind=^reversal of ", "-O", "csv")
    codes = {row["code"] for row in csv.DictReader(io.StringIO(printed))}
    assert codes == {str(entry) for entry in entries.filter(kind="reversal")}
    printed = run_hledger(hledger, text, "print", "tag:source=^loan:l 0109$", "-O", "csv")
    assert (
        len({row["code"] for row in csv.DictReader(io.StringIO(printed))})
        == entries.filter(source="loan:l 0109").count()
    )
    sheet = run_hledger(hledger, text, "balancesheet", "-O", "csv")
    assert "1010/MAIN" in sheet
    assert "4010 Loan interest" not in sheet


@pytest.mark.django_db
def test_part_of_the_dates_begins_with_the_balances_and_ends_where_asked() -> None:
    book = live_fund_story().book
    journal = read_journal(book, from_on=date(2025, 7, 5), to_on=date(2025, 7, 31))
    first, *rest = journal.entries
    assert (first.number, first.kind, first.effective_on) == (None, "brought-forward", date(2025, 7, 4))
    assert sum(1 for posting in first.postings if posting.account.currency == "GBP") > 3
    assert rest == [
        entry for entry in read_journal(book).entries if date(2025, 7, 5) <= entry.effective_on <= journal.to_on
    ]
    whole = read_journal(book, from_on=date(2024, 1, 1))
    assert whole.from_on is None
    assert [entry.number for entry in whole.entries] == list(
        book.entries.order_by("effective_on", "pk").values_list("pk", flat=True)
    )
    assert list(read_journal(book, to_on=date(2024, 12, 31)).entries) == []


@pytest.mark.django_db
def test_an_account_that_was_closed_before_is_not_closed_again_with_its_balance_brought_forward() -> None:
    book, by = make_book(), make_user()
    post_entry(book=book, by=by, on=date(2025, 3, 1))
    close_account(account=book.accounts.get(code="4030"), on=date(2025, 4, 1))
    for from_on, closes in ((None, 1), (date(2025, 4, 1), 1), (date(2025, 5, 1), 0)):
        text = "".join(beancount_lines(read_journal(book, from_on=from_on)))
        assert loader.load_string(text)[1] == []
        assert text.count(" close Income") == closes


@pytest.mark.django_db
@pytest.mark.parametrize("entries", [1, 3])
def test_the_queries_do_not_grow_with_the_books(
    entries: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    book, by = make_book(), make_user()
    for day in range(1, entries + 1):
        post_entry(book=book, by=by, on=date(2025, 3, day))
    with django_assert_num_queries(6):
        assert len(list(read_journal(book, from_on=date(2025, 2, 1)).entries)) == entries
