"""What do the classes of a fund's capital agree: who earns what first, up to which cap, and who bears losses first?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from borrowers.domain.names import hidden_sign
from investors.domain.errors import ImpossibleClass
from investors.domain.participation import CODE
from investors.domain.waterfall import Unpaid
from loans.domain.rates import rate_text


@dataclass(frozen=True, slots=True)
class FundClass:
    """One class, such as senior, mezzanine or first loss.

    Rank 1 earns and is repaid first, and bears losses last. `target_return` and `return_cap` are fractions a year of
    what is invested, Actual/365; None where there is none. What a class is short of its target stays owed or lapses.
    With `takes_rest` it shares in what is left when all targets and caps are met. Raises ImpossibleClass.
    """

    code: str
    name: str
    rank: int
    target_return: Decimal | None = None
    return_cap: Decimal | None = None
    unpaid: Unpaid = Unpaid.ACCRUES
    takes_rest: bool = False

    def __post_init__(self) -> None:
        if not CODE.fullmatch(self.code) or not self.name.strip() or self.rank < 1:
            raise ImpossibleClass(
                f"A class {self.code!r} with the name {self.name!r} and rank {self.rank} is not possible. Use up to 20 "
                "capital letters, digits and dashes such as SENIOR, a name, and a rank from 1; nothing was changed."
            )
        if sign := hidden_sign(self.name):
            raise ImpossibleClass(
                f"The name of the class {self.code} holds {sign}, which nobody sees and which can change how the text "
                "beside it reads. Type the name anew in one line; nothing was changed."
            )
        for what, rate in (("target return", self.target_return), ("cap", self.return_cap)):
            if rate is not None and not 0 <= rate < 1:
                raise ImpossibleClass(
                    f"The {what} of {self.code} is {rate_text(rate)} a year. Give one from 0% to below 100%; "
                    "nothing was changed."
                )
        if self.return_cap is not None and (self.takes_rest or self.return_cap < (self.target_return or 0)):
            raise ImpossibleClass(
                f"{self.code} is capped at {rate_text(self.return_cap)} a year, so its target cannot be above "
                "that, and it cannot take all the rest as well. Correct one of them; nothing was changed."
            )

    @property
    def terms(self) -> str:
        """Its returns in a sentence's end: `4.00% a year, capped at 6.00%`."""
        parts = []
        if self.target_return is not None:
            parts.append(f"{rate_text(self.target_return)} a year")
        if self.return_cap is not None:
            parts.append(f"capped at {rate_text(self.return_cap)}")
        if self.takes_rest:
            parts.append("shares in what is left")
        return ", ".join(parts) or "no return"

    @property
    def in_words(self) -> str:
        """All that it agrees, in a sentence's end: `rank 2, 6.00% a year, a target that is not earned stays owed`."""
        return f"rank {self.rank}, {self.terms}, a target that is not earned {self.unpaid.words}"

    def asked(self) -> dict[str, Any]:
        """The class as an act asks for it, in values of JSON; rates are text, None where there is none."""
        return {
            "code": self.code,
            "name": self.name,
            "rank": self.rank,
            "target_return": plain_rate(self.target_return),
            "return_cap": plain_rate(self.return_cap),
            "unpaid": self.unpaid.value,
            "takes_rest": self.takes_rest,
        }


def plain_rate(rate: Decimal | None) -> str | None:
    """A rate as text without trailing noughts; None where there is none.

    >>> plain_rate(Decimal("0.0400"))
    '0.04'
    """
    return None if rate is None else f"{rate.normalize():f}"


def class_asked(asked: Mapping[str, Any]) -> FundClass:
    """The class that an act asks for, as `FundClass.asked` says it. Raises ImpossibleClass."""
    target, cap = (None if asked[name] is None else Decimal(asked[name]) for name in ("target_return", "return_cap"))
    return FundClass(
        asked["code"], asked["name"], asked["rank"], target, cap, Unpaid(asked["unpaid"]), asked["takes_rest"]
    )
