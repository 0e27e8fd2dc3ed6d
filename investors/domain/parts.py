"""What did an entry on the lenders' accounts change for one of them? Read back for statements and lists."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from moneyed import Money

from investors.domain.entries import (
    LOSSES_BORNE,
    due_to_investor,
    participation_in_interest,
    participation_in_principal,
    set_source,
)
from ledger.domain.entry import JournalEntry
from ledger.domain.money import from_minor

LOSSES = frozenset({LOSSES_BORNE, "5020", "5040"})
"""Accounts that say that what happened to principal was a loss; the last two where lenders' lines are given by hand."""


@dataclass(frozen=True, slots=True)
class PartMoved:
    """What moved in one lender's part of one loan; opening + funded + added + bought - returned - lost is closing
    principal.

    `bought` is principal that another lender sold to it, less what it sold itself; `added` is principal that no money
    made: capitalised, or brought in from another system. `came_back` is money that came in after a loss.
    """

    funded: Money
    returned: Money
    added: Money
    lost: Money
    interest_earned: Money
    interest_received: Money
    came_back: Money
    bought: Money

    def __add__(self, other: PartMoved) -> PartMoved:
        return PartMoved(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


def nothing_moved(currency: str) -> PartMoved:
    """Nothing yet."""
    return PartMoved(*[from_minor(0, currency)] * len(fields(PartMoved)))


def part_moved(entry: JournalEntry, loan: str, investor: str) -> PartMoved:
    """One lender's part of an entry on the lenders' side of a loan.

    A reversal counts by what it does: principal that a repayment brought is funded again, interest is received less.
    Principal that moves without money was lost, where the entry says so, or added.
    """
    principal, interest = (
        _credited(entry, account(loan, investor)) for account in (participation_in_principal, participation_in_interest)
    )
    cash, nothing = _credited(entry, due_to_investor(investor)), nothing_moved(entry.postings[0].currency)
    accounts = {posting.account for posting in entry.postings}
    on_the_loan = any(code.startswith((f"2410/{loan}/", f"2420/{loan}/")) for code in accounts)
    if not on_the_loan:
        return replace(nothing, came_back=cash)
    if entry.source.startswith(set_source("")):
        return replace(nothing, bought=principal)
    if not any(code.startswith("2510/") for code in accounts):
        if accounts & LOSSES:
            return replace(nothing, lost=-principal, interest_earned=interest)
        made_principal = principal if "5010" in accounts else 0 * principal
        return replace(nothing, added=principal, interest_earned=interest + made_principal)
    is_funding = _credited(entry, participation_in_principal(loan, "")).amount > 0
    received = cash + principal
    moved = {"funded": principal} if is_funding else {"returned": -principal}
    return replace(nothing, **moved, interest_earned=received + interest, interest_received=received)


def _credited(entry: JournalEntry, account: str) -> Money:
    """Credits less debits on an account, or on all accounts under one whose code ends in a slash."""
    every = account.endswith("/")
    minor = sum(p.minor for p in entry.postings if p.account == account or (every and p.account.startswith(account)))
    return from_minor(-minor, entry.postings[0].currency)
