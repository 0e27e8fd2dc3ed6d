"""What may happen to the capital of a fund? Acts: one person proposes the whole, another approves exactly that.

An act has a line for each holder whom it changes: a class and an investor. All that is known of commitments and capital
accounts is told from the lines of acts that stand, and the ledger has the same by account.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any


class ActKind(StrEnum):
    """What is done. The value is stored; `words` is what people read."""

    COMMITMENT = "commitment"
    CANCELLATION = "cancellation"
    CALL = "call"
    WITHDRAWAL = "call-withdrawal"
    PAYMENT = "payment"
    FEE_TERMS = "fee-terms"
    FEE = "management-fee"
    RESULT = "result"
    DISTRIBUTION = "distribution"
    TRANSFER = "transfer"
    EQUALISATION = "equalisation"
    DEED = "deed"
    CLASS = "class"
    TERMS = "class-terms"
    GRANT = "grant"
    GRANT_RECEIVED = "grant-received"
    GRANT_APPLIED = "grant-applied"
    MOVED_IN = "moved-in"
    REVERSAL = "reversal"

    @property
    def words(self) -> str:
        """The kind as a heading: `Capital call`."""
        return _WORDS[self]

    @property
    def needs_two(self) -> bool:
        """Whether a second person has to approve; money that was called and has come may be put to its call by one."""
        return self is not ActKind.PAYMENT


_WORDS = {
    ActKind.COMMITMENT: "Commitment",
    ActKind.CANCELLATION: "Cancelled commitment",
    ActKind.CALL: "Capital call",
    ActKind.WITHDRAWAL: "Call withdrawn",
    ActKind.PAYMENT: "Paid in on a call",
    ActKind.FEE_TERMS: "Terms of the management fee",
    ActKind.FEE: "Management fee",
    ActKind.RESULT: "Result shared",
    ActKind.DISTRIBUTION: "Distribution",
    ActKind.TRANSFER: "Holding transferred",
    ActKind.EQUALISATION: "Equalisation at a later close",
    ActKind.DEED: "Order of payment",
    ActKind.CLASS: "Class of capital",
    ActKind.TERMS: "Terms of a class",
    ActKind.GRANT: "Restricted grant",
    ActKind.GRANT_RECEIVED: "Grant received",
    ActKind.GRANT_APPLIED: "Grant applied",
    ActKind.MOVED_IN: "Holdings moved in",
    ActKind.REVERSAL: "Reversal",
}


class Effect(StrEnum):
    """What a line does to its holder. The value is stored."""

    SIGNED = "signed"
    CANCELLED = "cancelled"
    CALLED = "called"
    CALL_WITHDRAWN = "call-withdrawn"
    PAID_IN = "paid-in"
    INCOME = "income"
    FEE = "fee"
    IMPAIRMENT = "impairment"
    INCOME_DISTRIBUTED = "income-distributed"
    CAPITAL_RETURNED = "capital-returned"
    RECALLABLE = "recallable"
    EQUALISED_IN = "equalised-in"
    EQUALISED_OUT = "equalised-out"
    CATCH_UP_PAID = "catch-up-paid"
    CATCH_UP_RECEIVED = "catch-up-received"
    MOVED_DRAWN = "moved-drawn"
    MOVED_UNDRAWN = "moved-undrawn"
    MOVED_CANCELLED = "moved-cancelled"
    MOVED_RECALLABLE = "moved-recallable"
    MOVED_PAID_IN = "moved-paid-in"
    MOVED_EQUALISED = "moved-equalised"
    MOVED_INCOME = "moved-income"
    MOVED_FEE = "moved-fee"
    MOVED_LOST = "moved-impairment"
    MOVED_INCOME_PAID = "moved-income-paid"
    MOVED_CAPITAL_BACK = "moved-capital-back"

    @property
    def words(self) -> str:
        """The effect in a sentence."""
        return _EFFECTS[self]


_EFFECTS = {
    Effect.SIGNED: "committed",
    Effect.CANCELLED: "cancelled",
    Effect.CALLED: "called",
    Effect.CALL_WITHDRAWN: "call withdrawn",
    Effect.PAID_IN: "paid in",
    Effect.INCOME: "income",
    Effect.FEE: "management fee",
    Effect.IMPAIRMENT: "losses",
    Effect.INCOME_DISTRIBUTED: "income distributed",
    Effect.CAPITAL_RETURNED: "capital returned",
    Effect.RECALLABLE: "capital returned, may be called again",
    Effect.EQUALISED_IN: "capital paid in at a later close",
    Effect.EQUALISED_OUT: "capital given back at a later close, may be called again",
    Effect.CATCH_UP_PAID: "interest paid to earlier investors",
    Effect.CATCH_UP_RECEIVED: "interest from later investors",
    Effect.MOVED_DRAWN: "transferred, drawn",
    Effect.MOVED_UNDRAWN: "transferred, undrawn",
    Effect.MOVED_CANCELLED: "transferred, cancelled",
    Effect.MOVED_RECALLABLE: "transferred, may be called again",
    Effect.MOVED_PAID_IN: "transferred, paid in",
    Effect.MOVED_EQUALISED: "transferred, equalised",
    Effect.MOVED_INCOME: "transferred, income",
    Effect.MOVED_FEE: "transferred, management fee",
    Effect.MOVED_LOST: "transferred, losses",
    Effect.MOVED_INCOME_PAID: "transferred, income distributed",
    Effect.MOVED_CAPITAL_BACK: "transferred, capital returned",
}


@dataclass(frozen=True, slots=True)
class ActLine:
    """What an act does to one holder, in minor units. Income, fees, losses and what is transferred are signed as they
    change the holder, all else is positive. `residue` is what rounding still owes it, in billionths of a unit."""

    fund_class: str
    investor: str
    effect: Effect
    minor: int
    residue: int = 0
    why: str = ""

    @property
    def holder(self) -> Holder:
        """Whose line it is."""
        return self.fund_class, self.investor


Holder = tuple[str, str]
"""The codes of a class and an investor."""


@dataclass(frozen=True, slots=True)
class ActContent:
    """A whole act: what was asked for, and what comes of it. `figures` explain it; all values are those of JSON."""

    kind: ActKind
    effective_on: date
    asked: Mapping[str, Any]
    lines: tuple[ActLine, ...]
    figures: Mapping[str, Any]

    @property
    def text(self) -> str:
        """The content as one canonical text, which an approval is bound to."""
        lines = [
            [one.fund_class, one.investor, one.effect.value, one.minor, one.residue, one.why] for one in self.lines
        ]
        whole = {
            "kind": self.kind.value,
            "effective_on": self.effective_on.isoformat(),
            "asked": self.asked,
            "lines": lines,
            "figures": self.figures,
        }
        return json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    @property
    def sha256(self) -> str:
        """The fingerprint of the text, as the database works it out too."""
        return text_sha256(self.text)


def text_sha256(text: str) -> str:
    """The fingerprint of a content's text."""
    return hashlib.sha256(text.encode()).hexdigest()
