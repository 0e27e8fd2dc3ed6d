"""Which accounts does each event move on the lenders' side? To be read by an accountant from top to bottom.

    2410 Participations in principal    2420 Participations in interest    (per loan and investor)
    2510 Money held for investors       (per investor)                      5010 Interest passed to participants

The fund's books carry the whole loan; each lender's part is a liability that matches it. A loan entry changes three
things for the lenders, and each change has one recipe; a reversed entry changes them back, so it gets the mirror.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from moneyed import Money

from investors.domain.errors import NotApportionable
from investors.domain.participation import Participation, apportion, shares_of
from ledger.domain.entry import JournalEntry, Kind, credit, debit, signed
from ledger.domain.money import from_minor
from ledger.domain.words import date_text
from loans.domain.entries import LOAN_INTEREST, interest_receivable, loan_principal, suspense

INTEREST_PASSED_ON = "5010"
"""What of the loan interest is the lenders'."""

CASH_SIDE = frozenset({"1010", "1020", "2010", "2110"})
"""Chart lines against which a loan is lent and repaid: the bank, money on its way, suspense, repayments in advance."""

Lines = tuple[tuple[str, Money], ...]
"""Account codes with signed amounts, debits positive."""


def participation_in_principal(loan: str, investor: str) -> str:
    """An investor's part of the principal outstanding."""
    return f"2410/{loan}/{investor}"


def participation_in_interest(loan: str, investor: str) -> str:
    """An investor's part of the interest that is due and unpaid."""
    return f"2420/{loan}/{investor}"


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


def principal_lent(loan: str, investor: str, part: Money) -> Lines:
    """Drawdown: the investor's money becomes a part of the loan. A negative part is principal that comes back."""
    return (due_to_investor(investor), part), (participation_in_principal(loan, investor), -part)


def interest_earned(loan: str, investor: str, part: Money) -> Lines:
    """Interest fell due: a part of it is the investor's."""
    return (INTEREST_PASSED_ON, part), (participation_in_interest(loan, investor), -part)


def interest_received(loan: str, investor: str, part: Money) -> Lines:
    """The borrower paid interest: the investor's part is now money held for the investor."""
    return (participation_in_interest(loan, investor), part), (due_to_investor(investor), -part)


@dataclass(frozen=True, slots=True)
class Change:
    """What a loan entry, or all of them so far, changes for those who share the loan; each may be negative."""

    principal: Money
    interest_earned: Money
    interest_received: Money

    def __bool__(self) -> bool:
        return bool(self.principal or self.interest_earned or self.interest_received)

    def __add__(self, other: Change) -> Change:
        return Change(
            self.principal + other.principal,
            self.interest_earned + other.interest_earned,
            self.interest_received + other.interest_received,
        )


def no_change(currency: str) -> Change:
    """Nothing yet."""
    nought = from_minor(0, currency)
    return Change(nought, nought, nought)


def change_by(entry: JournalEntry, loan: str, currency: str) -> Change:
    """What a journal entry changes for the lenders of a loan; nothing where it does not move the loan.

    Interest is earned where 4010 is credited and received where 1320 falls for another reason. Raises NotApportionable
    where the other side of the entry is neither interest nor cash, such as a write-off, or is another loan.
    """
    minor: dict[str, int] = defaultdict(int)
    for posting in entry.postings:
        minor[posting.account] += posting.minor
    principal, receivable = minor.pop(loan_principal(loan), 0), minor.pop(interest_receivable(loan), 0)
    if not (principal or receivable):
        return no_change(currency)
    earned = -minor.pop(LOAN_INTEREST, 0)
    _refuse_other_accounts(entry, loan, [account for account, amount in minor.items() if amount])
    return Change(
        from_minor(principal, currency), from_minor(earned, currency), from_minor(earned - receivable, currency)
    )


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


def _refuse_other_accounts(entry: JournalEntry, loan: str, accounts: Iterable[str]) -> None:
    for account in accounts:
        if account.partition("/")[0] not in CASH_SIDE:
            raise NotApportionable(
                f"{entry.narrative!r} on {date_text(entry.effective_on)} moves {loan} against account "
                f"{account}; there is no rule "
                "for what of that is whose. Reverse it, and post it anew with the lenders' lines (2410, 2420) in the "
                "same entry; nothing was posted."
            )


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
    lines: list[tuple[str, Money]] = []
    for recipe, total, delta in (
        (principal_lent, before.principal, change.principal),
        (interest_earned, before.interest_earned, change.interest_earned),
        (interest_received, before.interest_received, change.interest_received),
    ):
        for participation, part in zip(participations, apportion(total, delta, participations), strict=True):
            lines += recipe(loan, participation.investor, part)
    return JournalEntry(
        on,
        f"Lenders' parts of E-{entry_id}: {entry.narrative}"[:500],
        tuple(signed(account, amount) for account, amount in _netted(lines)),
        kind=Kind.APPORTIONMENT,
        source=source_of(entry_id),
    )


def parts_in(entry: JournalEntry, loan: str, investor: str) -> tuple[Change, Change]:
    """What an entry on the lenders' accounts changed for one investor, and for all who share the loan.

    Its sums tell what it was for: interest is earned where 5010 moves, else received. An entry that does both, which no
    recipe makes, counts as interest earned.
    """
    earned = any(posting.account == INTEREST_PASSED_ON for posting in entry.postings)
    own = [_credited(entry, account(loan, investor)) for account in LENDER_ACCOUNTS]
    whole = [_credited(entry, account(loan, "")) for account in LENDER_ACCOUNTS]
    return _as_change(*own, earned=earned), _as_change(*whole, earned=earned)


def _credited(entry: JournalEntry, account: str) -> Money:
    """Credits less debits on an account, or on all accounts under one whose code ends in a slash."""
    every = account.endswith("/")
    minor = sum(p.minor for p in entry.postings if p.account == account or (every and p.account.startswith(account)))
    return from_minor(-minor, entry.postings[0].currency)


def _as_change(principal: Money, interest: Money, *, earned: bool) -> Change:
    nought = 0 * principal
    return Change(principal, interest, nought) if earned else Change(principal, nought, -interest)


def exact_balances(loan: str, total: Change, participations: Sequence[Participation]) -> dict[str, Money]:
    """What the participation accounts stand at, debits positive, when `total` has been apportioned and nothing else."""
    found: dict[str, Money] = {}
    for participation, principal, earned, received in zip(
        participations,
        shares_of(total.principal, participations),
        shares_of(total.interest_earned, participations),
        shares_of(total.interest_received, participations),
        strict=True,
    ):
        found[participation_in_principal(loan, participation.investor)] = -principal
        found[participation_in_interest(loan, participation.investor)] = received - earned
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
