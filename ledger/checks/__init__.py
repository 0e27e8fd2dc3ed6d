"""Are the books in order? A list of small rules, each looked at in the database; the command, tests and desk use it.

What the guards in `ledger/sql/` hold when something is written, these find again in what stands, whoever wrote it.
"""

from __future__ import annotations

from collections.abc import Sequence

from ledger.checks.bank import (
    bank_accounts_agree_with_the_bank,
    bank_lines_are_posted_once,
    suspense_holds_what_is_unmatched,
)
from ledger.checks.closings import closings_match_postings, closings_match_their_hash, year_ends_carry_the_result
from ledger.checks.entries import (
    entries_are_sealed,
    entries_are_whole,
    entries_balance,
    postings_are_on_open_accounts,
    postings_belong_to_entries,
    postings_carry_the_date_of_their_entry,
    reversals_mirror,
    trial_balance_is_zero,
)
from ledger.checks.finding import Check, Finding
from ledger.checks.requests import (
    approvals_cover_their_entries,
    attachments_are_what_was_kept,
    entries_have_one_request,
    requests_match_their_content,
)
from ledger.models import Book

CHECKS: tuple[Check, ...] = (
    entries_balance,
    trial_balance_is_zero,
    entries_are_whole,
    postings_belong_to_entries,
    postings_carry_the_date_of_their_entry,
    postings_are_on_open_accounts,
    entries_have_one_request,
    requests_match_their_content,
    approvals_cover_their_entries,
    attachments_are_what_was_kept,
    reversals_mirror,
    closings_match_postings,
    closings_match_their_hash,
    year_ends_carry_the_result,
    bank_accounts_agree_with_the_bank,
    bank_lines_are_posted_once,
    suspense_holds_what_is_unmatched,
    entries_are_sealed,
)
"""The ledger's rules; other apps keep lists of their own in the same form."""


def examine(book: Book, checks: Sequence[Check] = CHECKS) -> list[Finding]:
    """Everything that the checks find wrong with a book, in their order; an empty list when it is in order."""
    return [finding for check in checks for finding in check(book)]


def rule(check: Check) -> str:
    """What a check looks at, in one sentence."""
    return (check.__doc__ or check.__name__).partition("\n")[0]


__all__ = ["CHECKS", "Check", "Finding", "examine", "rule"]
