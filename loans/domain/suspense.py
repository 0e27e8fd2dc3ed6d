"""What is owed by a loan in non-accrual and no income yet? Interest and default interest, received, waived or neither.

What is due and unpaid stands in suspense while the loan does not accrue. It is income when it is received, or when the
loan accrues again. Interest that is added to principal meanwhile is not received by that: it stays in suspense until
the loan accrues again, or so much principal is repaid that less is outstanding than was added.
"""

from __future__ import annotations

from dataclasses import dataclass

from loans.domain.movements import Happening, Moved

ADDS_TO_PRINCIPAL = frozenset({Happening.CAPITALISED, Happening.RESTRUCTURED})


@dataclass(slots=True)
class Suspense:
    """What stands in suspense, in units: of interest and of default interest; kept up to date movement by movement."""

    interest: int = 0
    default_interest: int = 0
    added_interest: int = 0
    """What of it was added to principal while the loan was in non-accrual."""
    added_default: int = 0
    owed_interest: int = 0
    """Interest that is due and unpaid, in suspense or not."""
    owed_default: int = 0
    principal: int = 0

    def moved(self, kind: Happening, moved: Moved, *, is_suspended: bool) -> Moved:
        """A movement with what it changes in suspense."""
        self.owed_interest += moved.interest
        self.owed_default += moved.default_interest
        self.principal += moved.principal
        if is_suspended and kind in ADDS_TO_PRINCIPAL:
            self.added_default -= moved.default_interest
            self.added_interest += moved.principal + moved.default_interest + moved.fees
        before = (self.interest, self.default_interest)
        self._stand(is_suspended=is_suspended)
        return moved._replace(suspended=self.interest - before[0], default_suspended=self.default_interest - before[1])

    def _stand(self, *, is_suspended: bool) -> None:
        self.added_interest = min(self.added_interest, max(self.principal, 0))
        self.added_default = min(self.added_default, max(self.principal - self.added_interest, 0))
        self.interest = self.owed_interest + self.added_interest if is_suspended else 0
        self.default_interest = self.owed_default + self.added_default if is_suspended else 0
