"""Which accounts does each event of the fund's own borrowing move? To be read by an accountant from top to bottom.

    1020 Payments in transit            2010 Suspense
    2610 Borrowings                     2620 Interest owed on borrowings    2625 Interest accrued on borrowings
    2630 Fees owed on borrowings        2635 Fees accrued on borrowings     2640 Paid in advance on borrowings
    5060 Interest on borrowings         5061 Fees on borrowings

1020 and 26xx are kept per facility, 2010 per bank account. It is a loan seen from the other side: what the engine says
is owed to a lender is a debt here, what it calls received is paid. A line of nought is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from moneyed import Money

from ledger.domain.entry import JournalEntry, Kind, Posting, credit, debit, signed
from ledger.domain.words import date_text
from loans.domain.accruals import Accrued
from loans.domain.calendar import ONE_DAY
from loans.domain.corrections import Step
from loans.domain.entries import AGAIN, suspense
from loans.domain.movements import Happening, Moved
from loans.domain.rounding import Scale

INTEREST, FEES = "5060", "5061"
OWN_NODES = ("1020", "2610", "2620", "2625", "2630", "2635", "2640")
"""The lines of the chart on which a facility has accounts of its own."""


def borrowed(facility: str) -> str:
    """Principal that the fund owes."""
    return f"2610/{facility}"


def interest_owed(facility: str) -> str:
    """Interest that has fallen due and is not paid."""
    return f"2620/{facility}"


def interest_accrued(facility: str) -> str:
    """Interest of the running period at a month's end."""
    return f"2625/{facility}"


def fees_owed(facility: str) -> str:
    """Fees that are due and not paid."""
    return f"2630/{facility}"


def fees_accrued(facility: str) -> str:
    """Fees of the running period at a month's end."""
    return f"2635/{facility}"


def paid_in_advance(facility: str) -> str:
    """Money that was paid before it was due; it stands on the debit side of what the fund owes."""
    return f"2640/{facility}"


def repayment_on_its_way(facility: str) -> str:
    """A repayment that is booked and that the bank has not confirmed yet."""
    return f"1020/{facility}"


OTHER_SIDE = {
    Happening.DRAWN: "2010",
    Happening.FELL_DUE: INTEREST,
    Happening.CAPITALISED: INTEREST,
    Happening.SETTLED: INTEREST,
    Happening.ADVANCE_APPLIED: INTEREST,
    Happening.RESTRUCTURED: INTEREST,
    Happening.FEE: FEES,
    Happening.COMMITMENT_FEE: FEES,
    Happening.REPAID: "1020",
}
"""The account beside the facility's own, by what happens. Money in advance that is applied, and arrears that become
principal, stay among the facility's own accounts."""

TOLD = {
    Happening.DRAWN: (Kind.DRAWDOWN, "Drawn under {facility}"),
    Happening.FELL_DUE: (Kind.INTEREST, "Instalment {no} of {facility} due to its lender: interest"),
    Happening.CAPITALISED: (Kind.INTEREST, "Interest of instalment {no} of {facility} added to what is borrowed"),
    Happening.SETTLED: (Kind.INTEREST, "{facility} repaid early: interest to the day"),
    Happening.ADVANCE_APPLIED: (Kind.REPAYMENT, "Instalment {no} of {facility} paid from money in advance"),
    Happening.RESTRUCTURED: (Kind.INTEREST, "What is overdue of {facility} borrowed anew under new terms"),
    Happening.FEE: (Kind.FEE, "Fee charged by the lender of {facility}"),
    Happening.COMMITMENT_FEE: (Kind.FEE, "Commitment fee of {facility} due with instalment {no}"),
    Happening.REPAID: (Kind.REPAYMENT, "Repayment of {facility}"),
}
"""The kind of each movement's entry, and its narrative."""


def source_of(facility: str) -> str:
    """What a facility's entries give as their source."""
    return f"borrowing:{facility}"


def borrowing_entry(
    facility: str, step: Step, scale: Scale, *, bank_account: str = "", again: bool = False
) -> JournalEntry:
    """The entry of a movement, or of what has changed about it since it was booked."""
    kind, narrative = TOLD[step.kind]
    lines = own_lines(facility, step.moved)
    other = {"2010": suspense(bank_account), "1020": repayment_on_its_way(facility)}
    side = OTHER_SIDE[step.kind]
    lines[other.get(side, side)] = -sum(lines.values())
    return JournalEntry(
        step.on,
        narrative.format(facility=facility, no=step.no) + (AGAIN if again else ""),
        tuple(signed(account, scale.money(units)) for account, units in lines.items() if units),
        kind=kind,
        source=source_of(facility),
    )


def own_lines(facility: str, moved: Moved) -> dict[str, int]:
    """By how much each of the facility's own accounts moves, in units, debits positive: debts grow by credits."""
    return {
        borrowed(facility): -moved.principal,
        interest_owed(facility): -moved.interest,
        fees_owed(facility): -moved.fees,
        paid_in_advance(facility): moved.in_advance,
    }


def moved_on(facility: str, balances: Mapping[str, int]) -> Moved:
    """What the balances of a facility's own accounts mean, debits positive; what is not given is nought."""
    return Moved(
        principal=-balances.get(borrowed(facility), 0),
        interest=-balances.get(interest_owed(facility), 0),
        fees=-balances.get(fees_owed(facility), 0),
        in_advance=balances.get(paid_in_advance(facility), 0),
    )


def repayment_paid_entry(facility: str, on: date, amount: Money, bank_account: str) -> JournalEntry:
    """The bank confirms that the money left: the outgoing line, waiting in suspense, was this repayment."""
    return JournalEntry(
        on,
        f"Repayment of {facility} paid",
        (debit(repayment_on_its_way(facility), amount), credit(suspense(bank_account), amount)),
        kind=Kind.REPAYMENT,
        source=source_of(facility),
    )


def borrowing_accruals(facility: str, on: date, more: Accrued, scale: Scale) -> tuple[JournalEntry, ...]:
    """The entry of a month's last day that books so much more of interest and fees that are not due yet, and the one
    that takes it back the day after, because the instalment brings it."""
    own = ((interest_accrued(facility), -more.interest), (fees_accrued(facility), -more.fees))
    costs = ((INTEREST, more.interest), (FEES, more.fees))
    booked = tuple(signed(account, scale.money(units)) for account, units in (*costs, *own) if units)
    if not booked:
        return ()
    back = tuple(Posting(line.account, -line.minor, line.currency) for line in booked)
    said = f"Cost of {facility} to {date_text(on)} that is not due"
    return (
        JournalEntry(on, said, booked, kind=Kind.ACCRUAL, source=source_of(facility)),
        JournalEntry(on + ONE_DAY, f"{said}: taken back", back, kind=Kind.ACCRUAL, source=source_of(facility)),
    )
