"""Which accounts does each event move on the lenders' side? To be read by an accountant from top to bottom.

    2410 Participations in principal    2420 Participations in interest    (per loan and investor)
    2425 Participations in interest accrued
    2510 Money held for investors       (per investor)
    5010 Interest passed to participants    5021 Losses borne by participants    3020 Opening balances

The fund's books carry the whole loan; each lender's part is a liability that matches it. What a loan entry changes
(`investors/domain/changes.py`) has one recipe each; a reversed entry changes it back, so it gets the mirror.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from moneyed import Money

from investors.domain.changes import Change
from investors.domain.participation import Participation, apportion, shares_of
from ledger.domain.chart import OPENING_BALANCES
from ledger.domain.entry import JournalEntry, Kind, credit, debit, signed
from loans.domain.entries import interest_receivable, loan_principal, suspense

INTEREST_PASSED_ON = "5010"
"""What of the loan interest is the lenders'."""

LOSSES_BORNE = "5021"
"""What of the losses on loans is the lenders'; credited, because it makes the fund's own loss smaller."""

Lines = tuple[tuple[str, Money], ...]
"""Account codes with signed amounts, debits positive."""


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


def in_principal(loan: str, investor: str, part: Money) -> Lines:
    """Principal outstanding grew by this for the investor, or fell."""
    return ((participation_in_principal(loan, investor), -part),)


def lent(loan: str, investor: str, part: Money) -> Lines:
    """Drawdown: the investor's money becomes a part of the loan. A negative part is principal that comes back."""
    return ((due_to_investor(investor), part),)


def interest_credited(loan: str, investor: str, part: Money) -> Lines:
    """Interest fell due: a part of it is the investor's. A negative part is interest given up."""
    return ((participation_in_interest(loan, investor), -part),)


def interest_settled(loan: str, investor: str, part: Money) -> Lines:
    """Interest is due no more: the borrower paid it, or it was made principal."""
    return ((participation_in_interest(loan, investor), part),)


def accrued(loan: str, investor: str, part: Money) -> Lines:
    """Interest is earned at a month's end and not due; taken back the day after, the part is negative."""
    return ((participation_in_accrued(loan, investor), -part),)


def came_in(loan: str, investor: str, part: Money) -> Lines:
    """The borrower paid interest, or something of a loss came back: the part is now held for the investor."""
    return ((due_to_investor(investor), -part),)


def fund_side(before: Change, after: Change) -> Lines:
    """What the change is to the fund: interest passed on, losses passed on, and the other side of what was brought in.

    One account each for the whole book, so no share of it is rounded.
    """

    def grew(name: str) -> Money:
        grown: Money = getattr(after, name) - getattr(before, name)
        return grown

    return (
        (INTEREST_PASSED_ON, grew("interest_earned") + grew("accrued")),
        (LOSSES_BORNE, grew("came_back") - grew("lost")),
        (OPENING_BALANCES, grew("brought_in") + grew("interest_brought_in")),
    )


RECIPES = (
    ("outstanding", in_principal),
    ("principal", lent),
    ("interest_credited", interest_credited),
    ("accrued", accrued),
    ("interest_settled", interest_settled),
    ("interest_received", came_in),
    ("came_back", came_in),
)
"""Which cumulative total of a loan is cut into the lenders' parts, and what each part moves."""


def moves_something(before: Change, change: Change) -> bool:
    """Whether a change, after these totals, moves the lenders' side: a recovery does only where lenders lost."""
    after = before + change
    lender_side = any(getattr(after, name) != getattr(before, name) for name, _ in RECIPES)
    return lender_side or any(amount for _, amount in fund_side(before, after))


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
    loan: str,
    entry_id: int,
    entry: JournalEntry,
    *,
    on: date,
    before: Change,
    change: Change,
    participations: Sequence[Participation],
) -> JournalEntry:
    """The lenders' side of a loan entry: each one's part of the change, cut from the cumulative totals `before`."""
    after = before + change
    lines: list[tuple[str, Money]] = list(fund_side(before, after))
    for name, recipe in RECIPES:
        total: Money = getattr(before, name)
        parts = apportion(total, getattr(after, name) - total, participations)
        for participation, part in zip(participations, parts, strict=True):
            lines += recipe(loan, participation.investor, part)
    return JournalEntry(
        on,
        f"Lenders' parts of E-{entry_id}: {entry.narrative}"[:500],
        tuple(signed(account, amount) for account, amount in _netted(lines)),
        kind=Kind.APPORTIONMENT,
        source=source_of(entry_id),
    )


def exact_balances(loan: str, total: Change, participations: Sequence[Participation]) -> dict[str, Money]:
    """What the participation accounts stand at, debits positive, when `total` has been apportioned and nothing else."""
    found: dict[str, Money] = {}
    for participation, principal, credited, settled, waiting in zip(
        participations,
        shares_of(total.outstanding, participations),
        shares_of(total.interest_credited, participations),
        shares_of(total.interest_settled, participations),
        shares_of(total.accrued, participations),
        strict=True,
    ):
        found[participation_in_principal(loan, participation.investor)] = -principal
        found[participation_in_interest(loan, participation.investor)] = settled - credited
        found[participation_in_accrued(loan, participation.investor)] = -waiting
    return found


def source_of(entry_id: int) -> str:
    """What the lenders' side of a loan entry gives as its source; also its posting key."""
    return f"apportion:E{entry_id}"


def _netted(lines: Iterable[tuple[str, Money]]) -> list[tuple[str, Money]]:
    """One line per account, in order of code, without those of nought."""
    sums: dict[str, Money] = {}
    for account, amount in lines:
        sums[account] = sums[account] + amount if account in sums else amount
    return [(account, sums[account]) for account in sorted(sums) if sums[account]]
