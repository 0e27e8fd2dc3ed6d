"""When is a fee income that is spread over time?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from loans.domain.rounding import divide


@dataclass(frozen=True, slots=True)
class SpreadFee:
    """A fee that is income over time: `units` from `charged_on` until `earned_by`, in equal parts a day."""

    units: int
    charged_on: date
    earned_by: date

    def to_come(self, on: date) -> int:
        """What of it is not income yet on a day, rounded half to even."""
        days, left = (self.earned_by - self.charged_on).days, (self.earned_by - on).days
        return divide(self.units * min(max(left, 0), days), days)


def not_earned(fees: Iterable[SpreadFee], on: date) -> int:
    """What of the fees that are spread over time is not income yet, in units."""
    return sum(fee.to_come(on) for fee in fees)
