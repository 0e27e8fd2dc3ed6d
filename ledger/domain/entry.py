"""What is a journal entry? A dated set of postings that balances in every currency; another cannot be made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from moneyed import Money

from ledger.domain.errors import MalformedEntry, UnbalancedEntry, WrongAmount
from ledger.domain.money import LIMIT, from_minor, to_minor
from ledger.domain.words import date_text, money_text


class Kind(StrEnum):
    """Why an entry was made."""

    GENERAL = "general"
    OPENING = "opening"
    BANK = "bank"
    DRAWDOWN = "drawdown"
    INTEREST = "interest"
    ACCRUAL = "accrual"
    REPAYMENT = "repayment"
    FEE = "fee"
    WAIVER = "waiver"
    SUSPENSION = "suspension"
    PROVISION = "provision"
    GUARANTEE = "guarantee"
    WRITE_OFF = "write-off"
    RECOVERY = "recovery"
    REFUND = "refund"
    MOVED_IN = "moved-in"
    APPORTIONMENT = "apportionment"
    CONTRIBUTION = "contribution"
    SALE = "sale"
    PAYOUT = "payout"
    CAPITAL = "capital"
    RESULT = "result"
    DISTRIBUTION = "distribution"
    MANAGEMENT_FEE = "management-fee"
    GRANT = "grant"
    MANUAL = "manual"
    REVERSAL = "reversal"
    YEAR_END = "year-end"


PREPARED = frozenset({Kind.OPENING, Kind.MANUAL, Kind.YEAR_END})
"""Kinds of entry that a person prepares line by line, as a draft."""

FOUR_EYES = PREPARED | {Kind.PAYOUT}
"""Kinds of entry that stand only with an approval of two people; the database holds it too."""

REVERSIBLE = frozenset({Kind.GENERAL, Kind.OPENING, Kind.MANUAL, Kind.YEAR_END})
"""Kinds of entry that an accountant reverses in the ledger; the others are corrected where they come from."""

BROUGHT_IN = frozenset({Kind.OPENING, Kind.MOVED_IN})
"""Kinds of entry that bring in what other books stood at: nothing was earned, paid or lent by them."""


LONGEST = {"narrative": 500, "source": 100, "kind": 20}
"""Characters that the texts of an entry have room for."""

MOST_POSTINGS = 32_767


@dataclass(frozen=True, slots=True)
class Posting:
    """A signed amount in whole minor units on one account, named by its code; debits are positive."""

    account: str
    minor: int
    currency: str

    def __post_init__(self) -> None:
        if not self.minor:
            raise WrongAmount(f"A posting to {self.account} is nought. Leave it out; nothing was posted.")
        if not -LIMIT < self.minor < LIMIT:
            raise WrongAmount(
                f"A posting to {self.account} is too large: it has to stay below 10^15 "
                "minor units. Correct it; nothing was posted."
            )

    @property
    def amount(self) -> Money:
        """The signed amount; debits are positive."""
        return from_minor(self.minor, self.currency)


def debit(account: str, amount: Money) -> Posting:
    """A posting to the left side of an account. Raises WrongAmount unless the amount is positive money."""
    return Posting(account, _positive(account, amount), amount.currency.code)


def credit(account: str, amount: Money) -> Posting:
    """A posting to the right side of an account. Raises WrongAmount unless the amount is positive money."""
    return Posting(account, -_positive(account, amount), amount.currency.code)


def signed(account: str, amount: Money) -> Posting:
    """A debit if the amount is positive, a credit if it is negative. Raises WrongAmount for nought."""
    return Posting(account, to_minor(amount.amount, amount.currency.code), amount.currency.code)


def _positive(account: str, amount: Money) -> int:
    minor = to_minor(amount.amount, amount.currency.code)
    if minor < 0:
        raise WrongAmount(
            f"{money_text(amount)} on {account} is negative: debit and credit take positive amounts. "
            "Give it on the other side; nothing was posted."
        )
    return minor


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """An entry that exists is balanced: it has two postings or more, and per currency they sum to nought.

    `kind` is one of `Kind`; `source` names what caused it (`loan:L-0108`, `bank-line:12`); `reverses` is the number of
    the entry that this one mirrors; `approval` the number of the approval that an entry of a kind in FOUR_EYES needs.
    Raises MalformedEntry and UnbalancedEntry.
    """

    effective_on: date
    narrative: str
    postings: tuple[Posting, ...]
    kind: str = Kind.GENERAL
    source: str = ""
    reverses: int | None = None
    approval: int | None = None

    def __post_init__(self) -> None:
        if len(self.postings) < 2:
            raise MalformedEntry(
                f"Entry {self.narrative!r} on {date_text(self.effective_on)} has {len(self.postings)} posting(s); "
                "it needs at least two. Add the other side; nothing was posted."
            )
        if len(self.postings) > MOST_POSTINGS:
            raise MalformedEntry(
                f"Entry {self.narrative!r} on {date_text(self.effective_on)} has {len(self.postings)} "
                "postings; it has room for "
                f"{MOST_POSTINGS}. Make several entries of it; nothing was posted."
            )
        for name, room in LONGEST.items():
            if len(getattr(self, name)) > room:
                raise MalformedEntry(
                    f"The {name} {getattr(self, name)[:40]!r}… of an entry has {len(getattr(self, name))} characters; "
                    f"there is room for {room}. Shorten it; nothing was posted."
                )
        if self._is_balanced_pair():
            return
        for currency, minor in residuals(self.postings).items():
            if minor:
                more, less = ("debits", "credits") if minor > 0 else ("credits", "debits")
                raise UnbalancedEntry(
                    f"Entry {self.narrative!r} on {date_text(self.effective_on)}: {more} exceed {less} by "
                    f"{money_text(from_minor(abs(minor), currency))}. Correct the amounts; nothing was posted."
                )

    def _is_balanced_pair(self) -> bool:
        if len(self.postings) != 2:
            return False
        one, other = self.postings
        return one.minor == -other.minor and one.currency == other.currency


def residuals(postings: Iterable[Posting]) -> dict[str, int]:
    """Debits less credits in minor units, per currency."""
    sums: dict[str, int] = defaultdict(int)
    for posting in postings:
        sums[posting.currency] += posting.minor
    return dict(sums)


def mirror(entry_id: int, entry: JournalEntry, *, on: date, reason: str) -> JournalEntry:
    """The reversal of an entry that stands: the same accounts and amounts, with the sides changed over."""
    return JournalEntry(
        effective_on=on,
        narrative=f"Reversal of E-{entry_id}: {reason}",
        postings=tuple(Posting(p.account, -p.minor, p.currency) for p in entry.postings),
        kind=Kind.REVERSAL,
        source=entry.source,
        reverses=entry_id,
    )


def total_debits(entry: JournalEntry, currency: str) -> Decimal:
    """The sum of an entry's debits in one currency, as a plain decimal."""
    return from_minor(sum(p.minor for p in entry.postings if p.minor > 0 and p.currency == currency), currency).amount
