"""What does a loan's journal entry change for those who share the loan? Read from its postings alone.

    1310 Loan principal            1320 Interest receivable        1350 Interest in suspense (a contra account)
    1325 Interest accrued
    4010 Loan interest             5020 Impairment losses          5040 Amounts waived
    4050 Recoveries                1360 Guarantees received        1410 Guarantee claims receivable

Interest counts as the lenders' when it is income (4010): what stands in suspense is nobody's yet. Fees and default
interest are the fund's own, and so is what is lost of them. A reversal changes back what the reversed entry changed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields

from investors.domain.errors import NotApportionable
from ledger.domain.chart import OPENING_BALANCES
from ledger.domain.entry import JournalEntry
from ledger.domain.split import split_minor
from ledger.domain.words import date_text
from loans.domain.entries import (
    LOAN_INTEREST,
    interest_accrued,
    interest_in_suspense,
    interest_receivable,
    loan_principal,
)

CASH_SIDE = frozenset({"1010", "1020", "2010", "2110"})
"""Chart lines against which a loan is lent and repaid: the bank, money on its way, suspense, repayments in advance."""

OWN_SIDE = frozenset({"1330", "1335", "1340", "1345", "1351", "2140", "4030", "4040"})
"""Fees and default interest, accrued, receivable, received for later or earned: the fund's own in every case."""

IMPAIRMENT, WAIVED, RECOVERIES = "5020", "5040", "4050"


@dataclass(frozen=True, slots=True)
class Change:
    """What a loan entry, or all of them so far, changes for those who share the loan; each in minor units of the loan's
    currency, and each may be negative.

    Principal by why it moved: `principal` in money (lent, less returned), `capitalised` interest, `brought_in` from
    another system, `lost` by a write-off or waiver. `interest_earned` has fallen due, less what was given up;
    `accrued` is earned at a month's end and not due; `suspended` is due and not earned. Of all that was
    `written_off`, fees too, a part was the lenders' own, principal and interest.
    """

    principal: int = 0
    capitalised: int = 0
    brought_in: int = 0
    lost: int = 0
    interest_earned: int = 0
    interest_received: int = 0
    interest_brought_in: int = 0
    accrued: int = 0
    suspended: int = 0
    lenders_written_off: int = 0
    written_off: int = 0
    recovered: int = 0

    @property
    def outstanding(self) -> int:
        """Principal outstanding."""
        return self.principal + self.capitalised + self.brought_in - self.lost

    @property
    def interest_credited(self) -> int:
        """Interest that was due to the lenders at some time: earned, or brought in."""
        return self.interest_earned + self.interest_brought_in

    @property
    def interest_settled(self) -> int:
        """Interest that is due no more: received, or made principal."""
        return self.interest_received + self.capitalised

    @property
    def came_back(self) -> int:
        """The lenders' part of what came in after a write-off: in proportion to what they and the fund lost by it."""
        if not self.recovered:
            return 0
        lost = [max(part, 0) for part in (self.lenders_written_off, self.written_off - self.lenders_written_off)]
        return split_minor(self.recovered, lost)[0] if any(lost) else 0

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in _NAMES if name != "suspended")

    def __add__(self, other: Change) -> Change:
        return Change(*(getattr(self, name) + getattr(other, name) for name in _NAMES))

    def __neg__(self) -> Change:
        return Change(*(-getattr(self, name) for name in _NAMES))


_NAMES = tuple(each.name for each in fields(Change))

NO_CHANGE = Change()
"""Nothing yet."""


def change_by(entry: JournalEntry, loan: str) -> Change:
    """What a journal entry changes for the lenders of a loan; nothing where it does not concern them.

    Raises NotApportionable where the other side of an entry on principal or interest has no rule, such as another
    loan, or a loss and money in one entry.
    """
    moved = _Moved(entry, loan)
    if moved.principal or moved.receivable or moved.suspense or moved.accrued:
        return moved.on_the_loan()
    return moved.after_a_loss()


class _Moved:
    """The postings of an entry by account, as they are taken out one after the other; debits positive, minor units."""

    def __init__(self, entry: JournalEntry, loan: str) -> None:
        self.entry, self.loan = entry, loan
        self.rest: dict[str, int] = defaultdict(int)
        for posting in entry.postings:
            self.rest[posting.account] += posting.minor
        self.principal = self.rest.pop(loan_principal(loan), 0)
        self.receivable = self.rest.pop(interest_receivable(loan), 0)
        self.accrued = self.rest.pop(interest_accrued(loan), 0)
        self.suspense = self.rest.pop(interest_in_suspense(loan), 0)

    def after_a_loss(self) -> Change:
        """A recovery, or guarantee money used against a loss: what of it is the lenders' depends on what was lost."""
        if any(f"{node}/{self.loan}" in self.rest for node in ("1360", "1410")):
            return Change(recovered=-self.rest[IMPAIRMENT])
        if self.entry.source == f"loan:{self.loan}":
            return Change(recovered=-self.rest[RECOVERIES])
        return NO_CHANGE

    def on_the_loan(self) -> Change:
        """An entry on principal, or on interest receivable, accrued or in suspense."""
        written_off, waived = self.rest.pop(IMPAIRMENT, 0), self.rest.pop(WAIVED, 0)
        if written_off or waived:
            return self._given_up(written_off)
        earned, opening = -self.rest.pop(LOAN_INTEREST, 0) - self.accrued, self.rest.pop(OPENING_BALANCES, 0)
        due = self.receivable + self.suspense
        if opening:
            self._refuse_other_accounts(CASH_SIDE | OWN_SIDE)
            brought = {"brought_in": self.principal, "interest_brought_in": due}
            return Change(**brought, suspended=-self.suspense)
        self._refuse_other_accounts(CASH_SIDE | OWN_SIDE)
        capitalised = 0 if self._is_by_money() else _within(earned - due, self.principal)
        return Change(
            principal=self.principal - capitalised,
            capitalised=capitalised,
            interest_earned=earned,
            interest_received=earned - due - capitalised,
            accrued=self.accrued,
            suspended=-self.suspense,
        )

    def _is_by_money(self) -> bool:
        return any(amount and account.partition("/")[0] in CASH_SIDE for account, amount in self.rest.items())

    def _given_up(self, written_off: int) -> Change:
        """A write-off or a waiver: principal is lost, and interest that was earned is earned no more."""
        interest = self.receivable + self.suspense
        self._refuse_other_accounts(frozenset({"1330", "1340", "1351"}))
        return Change(
            lost=-self.principal,
            interest_earned=interest,
            suspended=-self.suspense,
            lenders_written_off=-self.principal - interest if written_off else 0,
            written_off=written_off,
        )

    def _refuse_other_accounts(self, allowed: frozenset[str]) -> None:
        for account, amount in self.rest.items():
            node, _, subject = account.partition("/")
            elsewhere = node in OWN_SIDE and subject not in ("", self.loan)
            if amount and (node not in allowed or elsewhere):
                raise NotApportionable(
                    f"{self.entry.narrative!r} on {date_text(self.entry.effective_on)} moves {self.loan} against "
                    f"account {account}; there is no rule "
                    "for what of that is whose. Reverse it, and post it anew with the lenders' lines (2410, 2420) in "
                    "the same entry; nothing was posted."
                )


def _within(part: int, whole: int) -> int:
    """As much of a part as lies between nought and the whole, which may be negative."""
    return min(max(part, min(whole, 0)), max(whole, 0))
