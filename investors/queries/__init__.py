"""Who shares which loan, what has each lender in it, and which loan entries still wait for their lenders' side?"""

from investors.queries.holdings import (
    Holding,
    Movements,
    cash_due,
    holdings,
    holdings_in,
    holdings_of_book,
    money_to_lend,
    movements,
)
from investors.queries.shares import (
    as_value,
    books_of,
    investor_by_code,
    investors,
    investors_in,
    lender_accounts,
    participations,
    sets_in_force,
    shared_loans,
)
from investors.queries.sides import (
    LendersSide,
    WaitingEntry,
    entry_value,
    is_apportioned,
    lenders_side,
    loan_entries,
    moved_since,
)

__all__ = [
    "Holding",
    "LendersSide",
    "Movements",
    "WaitingEntry",
    "as_value",
    "books_of",
    "cash_due",
    "entry_value",
    "holdings",
    "holdings_in",
    "holdings_of_book",
    "investor_by_code",
    "investors",
    "investors_in",
    "is_apportioned",
    "lender_accounts",
    "lenders_side",
    "loan_entries",
    "money_to_lend",
    "moved_since",
    "movements",
    "participations",
    "sets_in_force",
    "shared_loans",
]
