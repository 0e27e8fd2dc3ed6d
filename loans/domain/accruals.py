"""What has a loan earned by the end of a month that is not due yet, and how is it booked? `docs/maths/accruals.md`.

Interest is income when it falls due. So that a month shows all that it earned, its last day books what is earned and
not due, the last day's interest included, and the next day takes it back, because the instalment will bring it:

    1325 Interest accrued            4010 Loan interest
    1335 Fees accrued                4030 Fees
    1345 Default interest accrued    4040 Default interest

The pair is whole in itself: nothing that is booked later needs to know of it, and a closed month keeps what was known
at its close. A loan in non-accrual earns nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from ledger.domain.entry import JournalEntry, Kind, Posting, signed
from ledger.domain.words import date_text
from loans.domain.calendar import ONE_DAY
from loans.domain.entries import (
    DEFAULT_INTEREST,
    FEES,
    LOAN_INTEREST,
    default_interest_accrued,
    fees_accrued,
    interest_accrued,
)
from loans.domain.events import Event
from loans.domain.replay import live
from loans.domain.rounding import Scale
from loans.domain.terms import Terms


class Accrued(NamedTuple):
    """Units that are earned by the end of a day and not due."""

    interest: int = 0
    fees: int = 0
    default_interest: int = 0

    def minus(self, other: Accrued) -> Accrued:
        """What of this is not in the other."""
        return Accrued(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))


NOTHING = Accrued()


def accrued(terms: Terms, events: Iterable[Event], on: date) -> Accrued:
    """What a loan has earned by the end of a day, to the next morning, and is not due, as its events tell.

    Raises UnknownEvent, EventRefused and ImpossibleTerms.
    """
    life = live(terms, events, on)
    if life is None or life.suspended_on is not None:
        return NOTHING
    morning = on + ONE_DAY
    return Accrued(
        life.interest_accrued(morning), life.commitment_accrued(morning), life.default_interest_accrued(morning)
    )


def accrual_accounts(loan: str) -> tuple[str, str, str]:
    """The loan's own accounts for what is accrued, in the order of `Accrued`."""
    return interest_accrued(loan), fees_accrued(loan), default_interest_accrued(loan)


def accrual_entries(loan: str, on: date, more: Accrued, scale: Scale) -> tuple[JournalEntry, ...]:
    """The entry of a month's last day that books so much more, and the one that takes it back the day after."""
    own = zip(accrual_accounts(loan), more, strict=True)
    income = zip((LOAN_INTEREST, FEES, DEFAULT_INTEREST), NOTHING.minus(more), strict=True)
    booked = tuple(signed(account, scale.money(units)) for account, units in (*own, *income) if units)
    if not booked:
        return ()
    back = tuple(Posting(line.account, -line.minor, line.currency) for line in booked)
    earned = f"Earned by {loan} to {date_text(on)} and not due"
    return (
        JournalEntry(on, earned, booked, kind=Kind.ACCRUAL, source=f"loan:{loan}"),
        JournalEntry(on + ONE_DAY, f"{earned}: taken back", back, kind=Kind.ACCRUAL, source=f"loan:{loan}"),
    )
