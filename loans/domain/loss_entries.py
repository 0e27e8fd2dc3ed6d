"""Which accounts move when a loss is provided for, guaranteed, claimed and recovered? To be read from top to bottom.

    1360 Guarantees received (contra)    1390 Provision for loan losses (contra)    1410 Guarantee claims receivable
    2130 Recoveries owed to guarantors   4050 Recoveries of loans written off       5020 Impairment losses

1360, 1390, 1410 and 2130 are kept per loan. The loan itself (1310) is not touched: the borrower owes what it owed.
"""

from __future__ import annotations

from datetime import date

from moneyed import Money

from ledger.domain.entry import JournalEntry, Kind, credit, debit, signed
from loans.domain.entries import suspense

IMPAIRMENT = "5020"
RECOVERIES = "4050"


def guarantee_received(loan: str) -> str:
    """What a guarantor has been asked for, set against the loan until it is written off."""
    return f"1360/{loan}"


def provision(loan: str) -> str:
    """What is set aside for a loan."""
    return f"1390/{loan}"


def claim_receivable(loan: str) -> str:
    """What a guarantor has been asked for and has not paid."""
    return f"1410/{loan}"


def owed_to_guarantor(loan: str) -> str:
    """The guarantor's share of what came in after a claim, until it is paid over."""
    return f"2130/{loan}"


def provision_entry(loan: str, on: date, change: Money) -> JournalEntry:
    """More is set aside for a loan (a charge), or less (a release, a negative change)."""
    words = "Provision for" if change.amount > 0 else "Provision released for"
    lines = (signed(IMPAIRMENT, change), signed(provision(loan), -change))
    return JournalEntry(on, f"{words} {loan}", lines, kind=Kind.PROVISION, source=f"loan:{loan}")


def provision_used_entry(loan: str, on: date, amount: Money) -> JournalEntry:
    """A loss happened: what was set aside for it bears it first. Negative where the loss has become less."""
    lines = (signed(provision(loan), amount), signed(IMPAIRMENT, -amount))
    return JournalEntry(on, _words("Provision used for", loan, amount), lines, Kind.WRITE_OFF, f"loan:{loan}")


def claim_entry(loan: str, on: date, amount: Money, *, lost_before: Money) -> JournalEntry:
    """A guarantor is asked to pay: against the loan, but for what is written off already, which it makes good."""
    lost = min(amount, lost_before)
    against = ((guarantee_received(loan), amount - lost), (IMPAIRMENT, lost))
    lines = (debit(claim_receivable(loan), amount), *(credit(code, part) for code, part in against if part))
    return JournalEntry(on, f"Guarantee claim for {loan}", lines, kind=Kind.GUARANTEE, source=f"loan:{loan}")


def claim_paid_entry(loan: str, on: date, amount: Money, bank_account: str) -> JournalEntry:
    """The guarantor paid: the line in suspense was its money."""
    lines = (debit(suspense(bank_account), amount), credit(claim_receivable(loan), amount))
    return JournalEntry(on, f"Guarantee claim for {loan} paid", lines, kind=Kind.GUARANTEE, source=f"loan:{loan}")


def guarantee_used_entry(loan: str, on: date, amount: Money) -> JournalEntry:
    """A loss happened: what the guarantor was asked for bears it before anything that was set aside.

    Negative where the loss has become less, or where so much is repaid that the guarantor bears less of it.
    """
    lines = (signed(guarantee_received(loan), amount), signed(IMPAIRMENT, -amount))
    return JournalEntry(on, _words("Guarantee used for", loan, amount), lines, Kind.GUARANTEE, f"loan:{loan}")


def repaid_shared_entry(loan: str, on: date, amount: Money) -> JournalEntry:
    """A share of principal that was repaid after a claim is the guarantor's; negative where less was repaid."""
    return _shared_entry(loan, on, amount, guarantee_received(loan))


def recovery_shared_entry(loan: str, on: date, amount: Money) -> JournalEntry:
    """A share of what was recovered after a claim is the guarantor's; negative where less was recovered."""
    return _shared_entry(loan, on, amount, RECOVERIES)


def _shared_entry(loan: str, on: date, amount: Money, taken_from: str) -> JournalEntry:
    lines = (signed(taken_from, amount), signed(owed_to_guarantor(loan), -amount))
    words = _words("Guarantor's share of what came in for", loan, amount)
    return JournalEntry(on, words, lines, kind=Kind.GUARANTEE, source=f"loan:{loan}")


def _words(what: str, loan: str, amount: Money) -> str:
    return f"{what} {loan}" if amount.amount > 0 else f"{what} {loan}, worked out again"


def paid_over_entry(loan: str, on: date, amount: Money, bank_account: str) -> JournalEntry:
    """The guarantor's share was paid over: the outgoing line in suspense was it."""
    lines = (debit(owed_to_guarantor(loan), amount), credit(suspense(bank_account), amount))
    return JournalEntry(
        on, f"Guarantor's share for {loan} paid over", lines, kind=Kind.GUARANTEE, source=f"loan:{loan}"
    )
