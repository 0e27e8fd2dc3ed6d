"""Which accounts does a social loan fund keep? The chart that a new book is given; accountants extend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AccountKind(StrEnum):
    """The five kinds of account; the first and the last grow by debits, the others by credits."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"

    @property
    def grows_by_debits(self) -> bool:
        """Whether a debit makes an account of this kind larger."""
        return self in (AccountKind.ASSET, AccountKind.EXPENSE)


@dataclass(frozen=True, slots=True)
class Node:
    """A line of the chart: a code, a name, its kind, and the line it stands under."""

    code: str
    name: str
    kind: AccountKind
    parent: str | None = None
    is_leaf: bool = True


_A, _L, _Q, _I, _X = AccountKind

SOCIAL_LOAN_FUND = (
    Node("1000", "Money", _A, None, False),
    Node("1010", "Bank accounts", _A, "1000"),
    Node("1020", "Payments in transit", _A, "1000"),
    Node("1300", "Loans", _A, None, False),
    Node("1310", "Loan principal", _A, "1300"),
    Node("1320", "Interest receivable", _A, "1300"),
    Node("1325", "Interest accrued", _A, "1300"),
    Node("1330", "Fees receivable", _A, "1300"),
    Node("1335", "Fees accrued", _A, "1300"),
    Node("1340", "Default interest receivable", _A, "1300"),
    Node("1345", "Default interest accrued", _A, "1300"),
    Node("1350", "Interest in suspense", _A, "1300"),
    Node("1351", "Default interest in suspense", _A, "1300"),
    Node("1360", "Guarantees received", _A, "1300"),
    Node("1390", "Provision for loan losses", _A, "1300"),
    Node("1410", "Guarantee claims receivable", _A, "1300"),
    Node("2000", "Owed to others", _L, None, False),
    Node("2010", "Suspense", _L, "2000"),
    Node("2110", "Repayments in advance", _L, "2000"),
    Node("2130", "Recoveries owed to guarantors", _L, "2000"),
    Node("2140", "Fees received for later", _L, "2000"),
    Node("2150", "Management fee owed", _L, "2000"),
    Node("2160", "Grants owed to businesses", _L, "2000"),
    Node("2400", "Participations", _L, None, False),
    Node("2410", "Participations in principal", _L, "2400"),
    Node("2420", "Participations in interest", _L, "2400"),
    Node("2425", "Participations in interest accrued", _L, "2400"),
    Node("2510", "Money held for investors", _L, "2400"),
    Node("2520", "Tax withheld, owed to the tax authority", _L, "2000"),
    Node("2600", "Borrowed money", _L, None, False),
    Node("2610", "Borrowings", _L, "2600"),
    Node("2620", "Interest owed on borrowings", _L, "2600"),
    Node("2625", "Interest accrued on borrowings", _L, "2600"),
    Node("2630", "Fees owed on borrowings", _L, "2600"),
    Node("2635", "Fees accrued on borrowings", _L, "2600"),
    Node("2640", "Paid in advance on borrowings", _L, "2600"),
    Node("3000", "Fund", _Q, None, False),
    Node("3010", "Accumulated surplus", _Q, "3000"),
    Node("3020", "Opening balances", _Q, "3000"),
    Node("3100", "Investors' capital", _Q, None, False),
    Node("3110", "Capital of investors", _Q, "3100"),
    Node("3121", "Income shared", _Q, "3000"),
    Node("3122", "Management fee shared", _Q, "3000"),
    Node("3123", "Losses shared", _Q, "3000"),
    Node("3200", "Restricted funds", _Q, None, False),
    Node("3210", "Restricted grants", _Q, "3200"),
    Node("4000", "Income", _I, None, False),
    Node("4010", "Loan interest", _I, "4000"),
    Node("4020", "Bank interest", _I, "4000"),
    Node("4030", "Fees", _I, "4000"),
    Node("4040", "Default interest", _I, "4000"),
    Node("4050", "Recoveries of loans written off", _I, "4000"),
    Node("4060", "Grants applied to operating costs", _I, "4000"),
    Node("4061", "Grants applied to losses", _I, "4000"),
    Node("4062", "Grants applied beside loans", _I, "4000"),
    Node("5000", "Costs", _X, None, False),
    Node("5010", "Interest passed to participants", _X, "5000"),
    Node("5020", "Impairment losses", _X, "5000"),
    Node("5021", "Losses borne by participants", _X, "5000"),
    Node("5030", "Bank charges", _X, "5000"),
    Node("5040", "Amounts waived", _X, "5000"),
    Node("5060", "Interest on borrowings", _X, "5000"),
    Node("5061", "Fees on borrowings", _X, "5000"),
    Node("5065", "Management fee", _X, "5000"),
    Node("5070", "Grants made beside loans", _X, "5000"),
)
"""The chart of a new book. A leaf without a subject of its own (3010, 4010 …) is opened as an account at once."""

WITHOUT_SUBJECT = (
    *("2150", "2520", "3010", "3020", "3121", "3122", "3123"),
    *("4010", "4020", "4030", "4040", "4050", "4060", "4061", "4062"),
    *("5010", "5020", "5021", "5030", "5040", "5060", "5061", "5065", "5070"),
)
"""The leaves that are one account for the whole book."""

SURPLUS = "3010"
"""Where a year's result is carried to."""

OPENING_BALANCES = "3020"
"""The other side of an opening trial balance; it returns to nought when all of it is entered."""
