"""Which kinds of tax-relieved investment, movement and certificate are there? Values are stored, people read words."""

from __future__ import annotations

import hashlib
from enum import StrEnum


class InvestmentKind(StrEnum):
    """What an investor has: a loan to the institution, or shares in it."""

    LOAN = "loan"
    SHARES = "shares"


class MovementKind(StrEnum):
    """What happened to an investment."""

    DRAWDOWN = "drawdown"
    REPAYMENT = "repayment"
    VALUE = "value"

    @property
    def words(self) -> str:
        """What it is called in a list."""
        return _WORDS[self]


_WORDS = {
    MovementKind.DRAWDOWN: "Drawn down",
    MovementKind.REPAYMENT: "Repaid or withdrawn",
    MovementKind.VALUE: "Value received otherwise",
}


def certificate_sha256(*facts: object) -> str:
    """The fingerprint of a certificate as the database works it out too: its facts, one on a line."""
    return hashlib.sha256("\n".join(map(str, facts)).encode()).hexdigest()
