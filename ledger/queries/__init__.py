"""What the books say, by question; rows are given to others as QuerySets, and their models stay in the ledger."""

from ledger.queries.account_balances import TrialBalanceRow, balance, balances, minor_balances, trial_balance
from ledger.queries.bank import (
    bank_accounts,
    bank_line_amount,
    bank_lines,
    bank_lines_with_rest,
    latest_bank_statement,
    latest_bank_statements,
    unmatched_bank_lines,
)
from ledger.queries.chart_of_accounts import account, accounts, book_by_code, books, chart, one_snapshot
from ledger.queries.closed_periods import closed_until, periods
from ledger.queries.journal import (
    AccountStatement,
    StatementRow,
    account_statement,
    codes_moved_since,
    entries,
    entries_by_source,
    entries_on,
    entry_postings,
    is_posted,
    iterate_entries,
    postings,
    sources_on,
    whole_entries,
)
from ledger.queries.manual_journals import DRAFT_STATES, attachment, drafts, open_drafts
from ledger.queries.sealed import first_seal_covering, latest_seal, seals

__all__ = [
    "DRAFT_STATES",
    "AccountStatement",
    "StatementRow",
    "TrialBalanceRow",
    "account",
    "account_statement",
    "accounts",
    "attachment",
    "balance",
    "balances",
    "bank_accounts",
    "bank_line_amount",
    "bank_lines",
    "bank_lines_with_rest",
    "book_by_code",
    "books",
    "chart",
    "closed_until",
    "codes_moved_since",
    "drafts",
    "entries",
    "entries_by_source",
    "entries_on",
    "entry_postings",
    "first_seal_covering",
    "is_posted",
    "iterate_entries",
    "latest_bank_statement",
    "latest_bank_statements",
    "latest_seal",
    "minor_balances",
    "one_snapshot",
    "open_drafts",
    "periods",
    "postings",
    "seals",
    "sources_on",
    "trial_balance",
    "unmatched_bank_lines",
    "whole_entries",
]
