"""Which accounts does a restricted grant move? To be read by an accountant from top to bottom.

    2510 Money held for investors   (the funder’s, as its money came by the bank)
    3210 Restricted grants          (per grant)
    4060 Grants applied to operating costs    4061 Grants applied to losses    4062 Grants applied beside loans
    5070 Grants made beside loans             2160 Grants owed to businesses   (per loan)

What is received is no income before it is applied; what is applied is income of the day, beside the cost or the loss
that it pays for.
"""

from __future__ import annotations

from datetime import date

from moneyed import Money

from investors.domain.entries import due_to_investor
from investors.domain.restricted_grant import Purpose
from ledger.domain.entry import JournalEntry, Kind, Posting, credit, debit

GRANTS = "3210"
APPLIED = {Purpose.OPERATING: "4060", Purpose.FIRST_LOSS: "4061", Purpose.BESIDE_THE_LOAN: "4062"}
MADE, OWED = "5070", "2160"


def grant_account(code: str) -> str:
    """What is left of a grant."""
    return f"{GRANTS}/{code}"


def received_entry(code: str, funder: str, amount: Money, on: date, narrative: str, source: str) -> JournalEntry:
    """Money that is held for a funder becomes a restricted grant."""
    lines = debit(due_to_investor(funder), amount), credit(grant_account(code), amount)
    return JournalEntry(on, narrative[:500], lines, kind=Kind.GRANT, source=source)


def applied_entry(
    code: str, purpose: Purpose, amount: Money, on: date, narrative: str, source: str, loan: str = ""
) -> JournalEntry:
    """A grant is used for its purpose; one beside a loan is owed to the business from then on."""
    owed: tuple[Posting, ...] = (debit(MADE, amount), credit(f"{OWED}/{loan}", amount)) if loan else ()
    lines = debit(grant_account(code), amount), credit(APPLIED[purpose], amount), *owed
    return JournalEntry(on, narrative[:500], lines, kind=Kind.GRANT, source=source)
