"""Which accounts does each event move? One line for one movement, to be read by an accountant from top to bottom.

    1020 Payments on their way       1310 Loan principal             1320 Interest receivable
    1330 Fees receivable             1340 Default interest           1350 Interest in suspense
    1351 Default interest in suspense
    2010 Suspense                    2110 Repayments in advance      2140 Fees received for later
    3020 Opening balances            4010 Loan interest              4030 Fees
    4040 Default interest            4050 Recoveries                 5020 Impairment losses
    5040 Amounts waived

13xx, 1020 and 21xx are kept per loan, 2010 per bank account. A line of nought is left out.

A movement moves the loan's own accounts by what the engine says; the other side is the account in `OTHER_SIDE`. Two
things come along with it. While a loan is in non-accrual its unpaid interest stands against 1350 instead of income, and
default interest against 1351; what is received of it is income then (4010, 4040). And a fee that is spread over time
waits on 2140 and is earned (4030) with each instalment.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from moneyed import Money

from ledger.domain.entry import JournalEntry, Kind, Posting, credit, debit, signed
from loans.domain.corrections import Step
from loans.domain.movements import Happening, Moved
from loans.domain.rounding import Scale

LOAN_INTEREST, FEES, DEFAULT_INTEREST, RECOVERIES = "4010", "4030", "4040", "4050"
IMPAIRMENT, WAIVED = "5020", "5040"
OPENING = "3020"


def payment_on_its_way(loan: str) -> str:
    """Money sent to the borrower that the bank has not confirmed yet."""
    return f"1020/{loan}"


def loan_principal(loan: str) -> str:
    """Principal outstanding."""
    return f"1310/{loan}"


def interest_receivable(loan: str) -> str:
    """Interest that has fallen due and is unpaid."""
    return f"1320/{loan}"


def interest_accrued(loan: str) -> str:
    """Interest that is earned at a month's end and not due."""
    return f"1325/{loan}"


def fees_accrued(loan: str) -> str:
    """Fees that are earned at a month's end and not due."""
    return f"1335/{loan}"


def default_interest_accrued(loan: str) -> str:
    """Default interest that is earned at a month's end and not charged."""
    return f"1345/{loan}"


def fees_receivable(loan: str) -> str:
    """Fees that are due and unpaid."""
    return f"1330/{loan}"


def default_interest_receivable(loan: str) -> str:
    """Default interest that is charged and unpaid."""
    return f"1340/{loan}"


def interest_in_suspense(loan: str) -> str:
    """What of the interest receivable is no income yet, because the loan is in non-accrual."""
    return f"1350/{loan}"


def default_interest_in_suspense(loan: str) -> str:
    """The same of default interest."""
    return f"1351/{loan}"


def repayments_in_advance(loan: str) -> str:
    """Money received before it was due."""
    return f"2110/{loan}"


def fees_for_later(loan: str) -> str:
    """Fees that are income over the term, as far as they are not earned yet."""
    return f"2140/{loan}"


def suspense(bank_account: str) -> str:
    """Where every line of a bank statement waits until it is matched."""
    return f"2010/{bank_account}"


OTHER_SIDE = {
    Happening.BROUGHT_IN: OPENING,
    Happening.DRAWN: "1020",
    Happening.FELL_DUE: LOAN_INTEREST,
    Happening.CAPITALISED: LOAN_INTEREST,
    Happening.SETTLED: LOAN_INTEREST,
    Happening.DEFAULT_INTEREST: DEFAULT_INTEREST,
    Happening.FEE: FEES,
    Happening.FEE_CAPITALISED: FEES,
    Happening.COMMITMENT_FEE: FEES,
    Happening.LATE_FEE: FEES,
    Happening.FEE_DEDUCTED: "1020",
    Happening.REPAID: "2010",
    Happening.REFUNDED: "1020",
    Happening.ADVANCE_APPLIED: LOAN_INTEREST,
    Happening.RESTRUCTURED: LOAN_INTEREST,
    Happening.SUSPENDED: LOAN_INTEREST,
    Happening.RESUMED: LOAN_INTEREST,
    Happening.WAIVED: WAIVED,
    Happening.WRITTEN_OFF: IMPAIRMENT,
    Happening.RECOVERED: RECOVERIES,
}
"""The account beside the loan's own, by what happens. Money in advance that is applied and arrears that become
principal stay among the loan's own accounts; only interest that leaves non-accrual with them is income."""

RECEIVED = frozenset({Happening.REPAID})
"""What is received in cash, so that interest which leaves non-accrual with it has its own line."""

GIVES_UP = frozenset({Happening.WAIVED, Happening.WRITTEN_OFF})
"""What leaves non-accrual with these is no income: it was never earned, and is no loss."""

CHARGES_A_FEE = frozenset({Happening.FEE, Happening.FEE_CAPITALISED})

TOLD = {
    Happening.BROUGHT_IN: (Kind.MOVED_IN, "{loan} brought in from another system"),
    Happening.DRAWN: (Kind.DRAWDOWN, "Drawdown of {loan}"),
    Happening.FELL_DUE: (Kind.INTEREST, "Instalment {no} of {loan} due: interest"),
    Happening.CAPITALISED: (Kind.INTEREST, "Interest of instalment {no} of {loan} added to principal"),
    Happening.SETTLED: (Kind.INTEREST, "Settlement of {loan}: interest to the day"),
    Happening.DEFAULT_INTEREST: (Kind.INTEREST, "Default interest of {loan}"),
    Happening.FEE: (Kind.FEE, "Fee charged on {loan}"),
    Happening.FEE_CAPITALISED: (Kind.FEE, "Fee of {loan} added to principal"),
    Happening.COMMITMENT_FEE: (Kind.FEE, "Commitment fee of {loan} due with instalment {no}"),
    Happening.LATE_FEE: (Kind.FEE, "Late fee on instalment {no} of {loan}"),
    Happening.FEE_DEDUCTED: (Kind.FEE, "Fee of {loan} kept back from the drawdown"),
    Happening.REPAID: (Kind.REPAYMENT, "Repayment of {loan}"),
    Happening.REFUNDED: (Kind.REFUND, "Money held for {loan} given back"),
    Happening.ADVANCE_APPLIED: (Kind.REPAYMENT, "Instalment {no} of {loan} paid from money in advance"),
    Happening.RESTRUCTURED: (Kind.INTEREST, "Arrears of {loan} added to principal under new terms"),
    Happening.SUSPENDED: (Kind.SUSPENSION, "{loan} goes into non-accrual"),
    Happening.RESUMED: (Kind.SUSPENSION, "{loan} accrues again"),
    Happening.WAIVED: (Kind.WAIVER, "Waiver on {loan}"),
    Happening.WRITTEN_OFF: (Kind.WRITE_OFF, "Write-off of {loan}"),
    Happening.RECOVERED: (Kind.RECOVERY, "Recovery of {loan} after its write-off"),
}
"""The kind of each movement's entry, and its narrative."""

AGAIN = ", worked out again"
"""What a narrative adds where an event that became known later, or was taken back, changes what was booked."""


def movement_entry(loan: str, step: Step, scale: Scale, *, bank_account: str = "", again: bool = False) -> JournalEntry:
    """The entry of a movement, or of what has changed about it since it was booked."""
    kind, narrative = TOLD[step.kind]
    return JournalEntry(
        step.on,
        narrative.format(loan=loan, no=step.no) + (AGAIN if again else ""),
        _postings(loan, step, scale, bank_account),
        kind=kind,
        source=f"loan:{loan}",
    )


def drawdown_paid_entry(loan: str, on: date, amount: Money, bank_account: str) -> JournalEntry:
    """The bank confirms that the money left: the outgoing line, waiting in suspense, was this drawdown."""
    return JournalEntry(
        on,
        f"Drawdown of {loan} paid",
        (debit(payment_on_its_way(loan), amount), credit(suspense(bank_account), amount)),
        kind=Kind.DRAWDOWN,
        source=f"loan:{loan}",
    )


def payment_returned_entry(loan: str, on: date, amount: Money, bank_account: str) -> JournalEntry:
    """What the bank had paid came back: it leaves suspense and is on its way again."""
    return JournalEntry(
        on,
        f"Payment to the borrower of {loan} came back",
        (debit(suspense(bank_account), amount), credit(payment_on_its_way(loan), amount)),
        kind=Kind.DRAWDOWN,
        source=f"loan:{loan}",
    )


def own_lines(loan: str, moved: Moved) -> tuple[tuple[str, int], ...]:
    """By how much each of the loan's own accounts moves, in units, debits positive."""
    return (
        (interest_receivable(loan), moved.interest),
        (fees_receivable(loan), moved.fees),
        (default_interest_receivable(loan), moved.default_interest),
        (loan_principal(loan), moved.principal),
        (repayments_in_advance(loan), -moved.in_advance),
        (interest_in_suspense(loan), -moved.suspended),
        (default_interest_in_suspense(loan), -moved.default_suspended),
        (fees_for_later(loan), -moved.not_earned),
    )


def moved_on(loan: str, balances: Mapping[str, int]) -> Moved:
    """What the balances of a loan's own accounts mean, debits positive; what is not given is nought."""
    return Moved(
        principal=balances.get(loan_principal(loan), 0),
        interest=balances.get(interest_receivable(loan), 0),
        fees=balances.get(fees_receivable(loan), 0),
        default_interest=balances.get(default_interest_receivable(loan), 0),
        in_advance=-balances.get(repayments_in_advance(loan), 0),
        suspended=-balances.get(interest_in_suspense(loan), 0),
        default_suspended=-balances.get(default_interest_in_suspense(loan), 0),
        not_earned=-balances.get(fees_for_later(loan), 0),
    )


def _postings(loan: str, step: Step, scale: Scale, bank_account: str) -> tuple[Posting, ...]:
    lines = dict(own_lines(loan, step.moved))
    if step.kind is Happening.RECOVERED:
        lines[suspense(bank_account)] = step.moved.recovered
    if step.kind in RECEIVED and step.moved.suspended:
        lines[LOAN_INTEREST] = step.moved.suspended
    if step.kind not in GIVES_UP and step.moved.default_suspended:
        lines[DEFAULT_INTEREST] = step.moved.default_suspended
    if step.kind not in CHARGES_A_FEE and step.moved.not_earned:
        lines[FEES] = step.moved.not_earned
    other = _other_side(step.kind, loan, bank_account)
    lines[other] = lines.get(other, 0) - sum(lines.values())
    ordered = sorted(lines.items(), key=lambda line: line[1] < 0)
    return tuple(signed(account, scale.money(units)) for account, units in ordered if units)


def _other_side(kind: Happening, loan: str, bank_account: str) -> str:
    match OTHER_SIDE[kind]:
        case "1020":
            return payment_on_its_way(loan)
        case "2010":
            return suspense(bank_account)
        case account:
            return account
