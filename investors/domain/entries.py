"""Which accounts does each event move on the lenders' side? To be read by an accountant from top to bottom.

    2410 Participations in principal    2420 Participations in interest    (per loan and investor)
    2425 Participations in interest accrued
    2510 Money held for investors       (per investor)        1020 Payments in transit (per investor)
    2520 Tax withheld, owed to the tax authority
    5010 Interest passed to participants    5021 Losses borne by participants    3020 Opening balances

The fund's books carry the whole loan; each lender's part is a liability that matches it. What a loan entry changes
(`investors/domain/changes.py`) has one recipe each; a reversed entry changes it back, so it gets the mirror.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from moneyed import Money

from investors.domain.changes import Change
from investors.domain.payout import PayoutParts
from ledger.domain.chart import OPENING_BALANCES
from ledger.domain.entry import JournalEntry, Kind, Posting, credit, debit
from ledger.domain.words import money_text
from loans.domain.entries import interest_receivable, loan_principal, suspense

INTEREST_PASSED_ON = "5010"
"""What of the loan interest is the lenders'."""

LOSSES_BORNE = "5021"
"""What of the losses on loans is the lenders'; credited, because it makes the fund's own loss smaller."""


TAX_WITHHELD = "2520"
"""Income tax that was deducted from interest and is owed to the tax authority."""


def on_its_way_to_investor(investor: str) -> str:
    """Money that was paid out to an investor and that the bank has not paid yet."""
    return f"1020/{investor}"


def participation_in_principal(loan: str, investor: str) -> str:
    """An investor's part of the principal outstanding."""
    return f"2410/{loan}/{investor}"


def participation_in_interest(loan: str, investor: str) -> str:
    """An investor's part of the interest that is due and unpaid."""
    return f"2420/{loan}/{investor}"


def participation_in_accrued(loan: str, investor: str) -> str:
    """An investor's part of the interest that is earned at a month's end and not due."""
    return f"2425/{loan}/{investor}"


def due_to_investor(investor: str) -> str:
    """Money that the fund holds for an investor: paid in and not yet lent, or come back and not yet paid out."""
    return f"2510/{investor}"


LENDER_ACCOUNTS = (participation_in_principal, participation_in_interest)
"""What an investor has in a loan."""


def contribution_entry(investor: str, on: date, amount: Money, bank_account: str) -> JournalEntry:
    """An investor's money has come in: it leaves suspense and is held for the investor."""
    return JournalEntry(
        on,
        f"Contribution of {investor}",
        (debit(suspense(bank_account), amount), credit(due_to_investor(investor), amount)),
        kind=Kind.CONTRIBUTION,
        source=f"investor:{investor}",
    )


def sale_entry(
    number: int, loan: str, *, seller: str, buyer: str, on: date, price: Money, accrued: Money
) -> JournalEntry:
    """A part of a loan is sold: what the fund held for the buyer, it holds for the seller."""
    paid = price + accrued
    return JournalEntry(
        on,
        f"Sale of a part of {loan} (T-{number}): {money_text(price)} and {money_text(accrued)} for interest earned",
        (debit(due_to_investor(buyer), paid), credit(due_to_investor(seller), paid)),
        kind=Kind.SALE,
        source=f"sale:{number}",
    )


def payout_entry(line: int, parts: PayoutParts, on: date, approval: int) -> JournalEntry:
    """An investor is paid out of what is held for it: the net amount is on its way, tax withheld is owed on."""
    withheld = (credit(TAX_WITHHELD, parts.tax),) if parts.tax.amount else ()
    return JournalEntry(
        on,
        f"Paid out to {parts.investor}",
        (
            debit(due_to_investor(parts.investor), parts.amount),
            credit(on_its_way_to_investor(parts.investor), parts.net),
            *withheld,
        ),
        kind=Kind.PAYOUT,
        source=f"payout-line:{line}",
        approval=approval,
    )


def in_principal(loan: str, investor: str) -> tuple[str, int]:
    """Principal outstanding grew for the investor, or fell."""
    return participation_in_principal(loan, investor), -1


def lent(loan: str, investor: str) -> tuple[str, int]:
    """Drawdown: the investor's money becomes a part of the loan. A negative part is principal that comes back."""
    return due_to_investor(investor), 1


def interest_credited(loan: str, investor: str) -> tuple[str, int]:
    """Interest fell due: a part of it is the investor's. A negative part is interest given up."""
    return participation_in_interest(loan, investor), -1


def interest_settled(loan: str, investor: str) -> tuple[str, int]:
    """Interest is due no more: the borrower paid it, or it was made principal."""
    return participation_in_interest(loan, investor), 1


def accrued(loan: str, investor: str) -> tuple[str, int]:
    """Interest is earned at a month's end and not due; taken back the day after, the part is negative."""
    return participation_in_accrued(loan, investor), -1


def came_in(loan: str, investor: str) -> tuple[str, int]:
    """The borrower paid interest, or something of a loss came back: the part is now held for the investor."""
    return due_to_investor(investor), -1


RECIPES = (
    ("outstanding", in_principal),
    ("principal", lent),
    ("interest_credited", interest_credited),
    ("accrued", accrued),
    ("interest_settled", interest_settled),
    ("interest_received", came_in),
    ("came_back", came_in),
)
"""Which total of a loan is cut into the lenders' parts, and which account each part moves: debits are positive."""


def lenders_lines(loan: str, parts: Mapping[str, Mapping[str, int]], change: Change | None = None) -> dict[str, int]:
    """The lenders' side of a loan entry by account code, in minor units, debits positive, those of nought left out.

    `parts` are each holder's, by what is cut; `change` is what the entry changes, None where only hands change. What is
    the fund's own of the interest stays with its income, losses passed on are one account for the whole book, so no
    share of either is rounded.
    """
    lines: dict[str, int] = defaultdict(int)
    for name, recipe in RECIPES:
        for holder, units in parts.get(name, {}).items():
            account, sign = recipe(loan, holder) if holder else (INTEREST_PASSED_ON, recipe(loan, "")[1])
            lines[account] += sign * units
    if change is not None:
        lines[INTEREST_PASSED_ON] += change.interest_earned + change.accrued
        lines[LOSSES_BORNE] += sum(parts.get("came_back", {}).values()) - change.lost
        lines[OPENING_BALANCES] += change.brought_in + change.interest_brought_in
    return {account: lines[account] for account in sorted(lines) if lines[account]}


def is_shared_by_hand(entry: JournalEntry, loan: str) -> bool:
    """Whether an entry moves a loan and, with it, its lenders' parts by as much: a loss, an opening balance."""
    sides = (
        (loan_principal(loan), participation_in_principal(loan, "")),
        (interest_receivable(loan), participation_in_interest(loan, "")),
    )
    lines = [(posting.account, posting.minor) for posting in entry.postings]
    is_matched = all(
        sum(minor for code, minor in lines if code == own or code.startswith(parts)) == 0 for own, parts in sides
    )
    return is_matched and any(code.startswith(parts) for code, _ in lines for _, parts in sides)


def apportionment_entry(
    source: str, narrative: str, lines: Mapping[str, int], *, on: date, currency: str
) -> JournalEntry:
    """The entry that books the lenders' side, or what it differs by from what is booked."""
    return JournalEntry(
        on,
        narrative[:500],
        tuple(Posting(account, units, currency) for account, units in lines.items()),
        kind=Kind.APPORTIONMENT,
        source=source,
    )


def source_of(entry_id: int) -> str:
    """What the lenders' side of a loan entry gives as its source."""
    return f"apportion:E{entry_id}"


def set_source(number: int | str) -> str:
    """What a change of hands gives as its source: the set of participations that it began, by number."""
    return f"participations:{number}"
