"""Which kinds of lender are there?"""

from __future__ import annotations

from enum import StrEnum


class InvestorKind(StrEnum):
    """Who puts money in. The value is stored; `words` is what people read."""

    REGIONAL_BANK = "regional-bank"
    SOCIAL_INVESTOR = "social-investor"
    FOUNDATION = "foundation"
    PUBLIC_FUNDER = "public-funder"
    INDIVIDUAL = "individual"
    OWN_FUNDS = "own-funds"

    @property
    def words(self) -> str:
        """The kind in words: `regional bank`."""
        return self.value.replace("-", " ")
