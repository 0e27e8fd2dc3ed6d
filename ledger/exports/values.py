"""What does an export hold? A journal as plain values, whichever format it is written in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from ledger.domain.chart import AccountKind
from ledger.domain.money import from_minor, minor_digits

BROUGHT_FORWARD = "brought-forward"
"""The kind of the entry that opens an export of a part of the dates; no entry of the books has it."""


@dataclass(frozen=True, slots=True)
class ExportedAccount:
    """An account with the lines of the chart that it stands under, each as code and name, the uppermost first."""

    number: int
    code: str
    subject: str
    name: str
    kind: AccountKind
    currency: str
    lines_of_chart: tuple[tuple[str, str], ...]
    opened_on: date
    closed_on: date | None = None

    @property
    def name_of_subject(self) -> str:
        """What the name adds to chart and subject: `Corner Shop` of `Loan principal, Corner Shop`; often nothing."""
        name = self.name.removeprefix(f"{self.lines_of_chart[-1][1]}, ")
        return "" if not self.subject or name == self.subject else name


@dataclass(frozen=True, slots=True)
class ExportedPosting:
    """A signed amount in minor units on an account; debits are positive."""

    account: ExportedAccount
    minor: int

    @property
    def amount(self) -> Decimal:
        """The signed amount as a plain decimal."""
        return from_minor(self.minor, self.account.currency).amount

    @property
    def text(self) -> str:
        """The amount with all decimals of its currency: `-676.65 GBP`, `5000 JPY`."""
        return f"{self.amount:.{minor_digits(self.account.currency)}f} {self.account.currency}"


@dataclass(frozen=True, slots=True)
class ExportedEntry:
    """An entry of the books; or, without a number, the balances brought forward."""

    number: int | None
    effective_on: date
    kind: str
    narrative: str
    postings: tuple[ExportedPosting, ...]
    source: str = ""
    reverses: int | None = None
    reverses_kind: str = ""
    approval: int | None = None
    posted_by: str = ""
    recorded_at: datetime | None = None

    @property
    def reference(self) -> str:
        """How the entry is named: `E-123`."""
        return "" if self.number is None else f"E-{self.number}"


@dataclass(frozen=True, slots=True)
class Journal:
    """A book's entries from one date to another, both inclusive, and the accounts that they can be on.

    The entries come once, in order of date and number, so that a journal of any length passes through. Where it does
    not begin with the book, the first entry brings the balances forward, dated the day before.
    """

    code: str
    name: str
    fund_name: str
    base_currency: str
    opened_on: date
    accounts: tuple[ExportedAccount, ...]
    entries: Iterable[ExportedEntry]
    from_on: date | None = None
    to_on: date | None = None
    seal: str = ""
    state: str = ""
    """What a reader has to know before relying on it, such as that its days are not closed."""

    @property
    def currencies(self) -> list[str]:
        """The currencies that its accounts are in."""
        return sorted({account.currency for account in self.accounts} | {self.base_currency})

    @property
    def about(self) -> list[tuple[str, str]]:
        """What a reader has to know of it, as pairs of label and text."""
        dates = f"{self.from_on or self.opened_on} to {self.to_on or 'the last entry'}"
        brought = "the first entry brings the balances forward, dated the day before" if self.from_on else ""
        facts = [
            ("Book", f"{self.name} ({self.code})"),
            ("Fund", self.fund_name),
            ("State", self.state),
            ("Dates", f"{dates}, both inclusive"),
            ("Before", brought),
            ("Signs", "debits are positive, credits negative"),
            ("Last seal", self.seal or "nothing was sealed yet"),
        ]
        return [(label, text) for label, text in facts if text]
