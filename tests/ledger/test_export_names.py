"""Which names do accounts get in other programs? Whatever ours are called, these accept them and tell them apart."""

from __future__ import annotations

from beancount import loader
from beancount.core.data import Transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.domain.chart import AccountKind
from ledger.exports import ExportedAccount, ExportedEntry, ExportedPosting, Journal, beancount_lines, hledger_lines
from ledger.exports.names import beancount_names, hledger_names
from tests.ledger.other_programs import run_hledger
from tests.ledger.small_journal import OPENED


def account(number: int, code: str, name: str, currency: str = "GBP") -> ExportedAccount:
    node, _, subject = code.partition("/")
    return ExportedAccount(
        number, code, subject, f"Loans, {name}", AccountKind.ASSET, currency, ((node, "Loans"),), OPENED
    )


def test_names_that_come_to_the_same_are_told_apart() -> None:
    alike = [account(1, "1310/L-1", "A;B"), account(2, "1310/L-1", "A,B"), account(3, "1310/L-1", "A, B")]
    assert hledger_names(alike, "GBP") == {
        1: "assets:1310 Loans:1310/L-1 A,B",
        2: "assets:1310 Loans:1310/L-1 A,B-2",
        3: "assets:1310 Loans:1310/L-1 A, B",
    }
    assert beancount_names(alike, "GBP") == {
        1: "Assets:1310-Loans:1310-L-1-A-B",
        2: "Assets:1310-Loans:1310-L-1-A-B-2",
        3: "Assets:1310-Loans:1310-L-1-A-B-3",
    }
    assert hledger_names([account(4, "x/1", "Café", "EUR")], "GBP") == {4: "assets:x Loans:x/1 EUR Café"}
    assert beancount_names([account(4, "x/1", "Café", "EUR")], "GBP") == {4: "Assets:X-Loans:X-1-EUR-Cafe"}
    assert beancount_names([account(5, "…/村", "の店")], "GBP") == {5: "Assets:Loans:X"}


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


def journal_of(names: list[str], narrative: str, source: str) -> Journal:
    """Accounts with these codes and names, in two currencies each, and one entry over all of them."""
    accounts = [
        account(2 * place + number, f"{name or 'x'}/{name}", name, currency)
        for place, name in enumerate(names)
        for number, currency in ((1, "GBP"), (2, "BHD"))
    ]
    postings = [ExportedPosting(each, amount) for each in accounts for amount in (1, -1)]
    entry = ExportedEntry(1, OPENED, "manual", narrative, tuple(postings), source=source)
    return Journal("any", narrative, narrative, "GBP", OPENED, tuple(accounts), (entry,), seal=source)


@given(st.lists(ANY_TEXT, min_size=1, max_size=4, unique=True), ANY_TEXT, ANY_TEXT)
def test_beancount_accepts_any_text(names: list[str], narrative: str, source: str) -> None:
    journal = journal_of(names, narrative, source)
    text = "".join(beancount_lines(journal))
    entries, errors, _ = loader.load_string(text)
    assert errors == []
    (transaction,) = [entry for entry in entries if isinstance(entry, Transaction)]
    assert (transaction.narration, transaction.meta.get("source", "")) == (narrative, source)
    assert len({posting.account for posting in transaction.postings}) == len(journal.accounts)


@settings(max_examples=25)
@given(st.lists(ANY_TEXT, min_size=1, max_size=4, unique=True), ANY_TEXT, ANY_TEXT)
def test_hledger_accepts_any_text(hledger: str, names: list[str], narrative: str, source: str) -> None:
    journal = journal_of(names, narrative, source)
    text = "".join(hledger_lines(journal))
    assert run_hledger(hledger, text, "check", "--strict") == ""
    found = run_hledger(hledger, text, "accounts", "--used").splitlines()
    assert set(found) == set(hledger_names(journal.accounts, "GBP").values())
