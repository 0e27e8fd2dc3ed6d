"""What does a guarantor stand for, when may it be asked to pay, and what of later money is its own?

A scheme's parameters are dated rows that the fund enters; none is shipped. The borrower stays liable for everything: a
claim changes who the fund waits for, never what the borrower owes. `docs/maths/guarantee.md` works one example.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from moneyed import Money

from ledger.domain.money import from_minor, to_minor
from loans.domain.errors import GuaranteeRefused
from loans.domain.provision import part_of
from loans.domain.words import date_text, money_text


@dataclass(frozen=True, slots=True)
class SchemeTerms:
    """A scheme's parameters from a day on, up to and excluding `ends_on` where it has one.

    `share` of the principal outstanding is guaranteed, to the lender; `recovery_share` of what comes in after a claim
    is the scheme's. Amounts in the currency of the book. Raises GuaranteeRefused where they make no sense.
    """

    effective_on: date
    ends_on: date | None
    share: Decimal
    recovery_share: Decimal
    least: Money
    most: Money
    max_months: int
    claim_after_days: int

    def __post_init__(self) -> None:
        if not (0 < self.share <= 1 and 0 <= self.recovery_share <= 1):
            raise GuaranteeRefused(
                f"A scheme guarantees more than 0% and at most 100%, and takes from 0% to 100% of recoveries; these "
                f"are {self.share * 100:f}% and {self.recovery_share * 100:f}%. Correct them; nothing was changed."
            )
        if not (0 <= self.least.amount <= self.most.amount and self.max_months > 0 and self.claim_after_days >= 0):
            raise GuaranteeRefused(
                f"A scheme covers loans from {money_text(self.least)} to {money_text(self.most)} over "
                f"{self.max_months} months, claimed after {self.claim_after_days} days. Give the least amount first, "
                "and counts that are not negative; nothing was changed."
            )
        if self.ends_on is not None and self.ends_on <= self.effective_on:
            raise GuaranteeRefused(
                f"A scheme that begins on {date_text(self.effective_on)} cannot end on {date_text(self.ends_on)}. "
                "Correct the dates; nothing was changed."
            )

    def refuse_loan(self, loan: str, amount: Money, months: int, on: date) -> None:
        """Raise GuaranteeRefused for a loan that the scheme does not cover on a day."""
        if on < self.effective_on or (self.ends_on is not None and on >= self.ends_on):
            end = f" to before {date_text(self.ends_on)}" if self.ends_on else ""
            raise GuaranteeRefused(
                f"These parameters are in force from {date_text(self.effective_on)}{end}, not on {date_text(on)}. "
                "Choose the version of that day; nothing was changed."
            )
        if not self.least <= amount <= self.most:
            raise GuaranteeRefused(
                f"{loan} is for {money_text(amount)}; the scheme covers {money_text(self.least)} to "
                f"{money_text(self.most)}. Look at the scheme; nothing was changed."
            )
        if months > self.max_months:
            raise GuaranteeRefused(
                f"{loan} runs over {months} months; the scheme covers {self.max_months} at most. Look at the scheme; "
                "nothing was changed."
            )


def guaranteed(principal: Money, share: Decimal) -> Money:
    """What a guarantor stands for of a principal: the amount of a claim, rounded half up."""
    currency = principal.currency.code
    return from_minor(part_of(to_minor(principal.amount, currency), share), currency)
