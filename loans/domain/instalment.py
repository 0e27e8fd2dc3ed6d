"""What is one row of a schedule?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import NamedTuple

from moneyed import Money

from loans.domain.rounding import Scale


class Instalment(NamedTuple):
    """One row: what falls due on `due_on` (nominally on `nominal_due_on`), and the principal outstanding after it.

    Amounts are whole units of `scale`; the properties give them as money.
    """

    no: int
    due_on: date
    nominal_due_on: date
    principal_units: int
    interest_units: int
    balance_units: int
    capitalised_units: int
    """Interest added to principal on this day; it is not payable, and not in `interest_units`."""
    scale: Scale

    @property
    def principal(self) -> Money:
        """Principal that falls due."""
        return self.scale.money(self.principal_units)

    @property
    def interest(self) -> Money:
        """Interest that falls due."""
        return self.scale.money(self.interest_units)

    @property
    def total_units(self) -> int:
        """Principal and interest together, in units."""
        return self.principal_units + self.interest_units

    @property
    def uncovered_units(self) -> int:
        """Interest that the payment does not cover: a negative part of principal, which adds to what is owed."""
        return max(0, -self.principal_units)

    @property
    def payable_interest_units(self) -> int:
        """The interest that is to be paid on the day: what the payment covers."""
        return self.interest_units - self.uncovered_units

    @property
    def total(self) -> Money:
        """Principal and interest together."""
        return self.scale.money(self.total_units)

    @property
    def balance(self) -> Money:
        """Principal outstanding after the row."""
        return self.scale.money(self.balance_units)


row_of: Callable[[tuple[object, ...]], Instalment] = partial(tuple.__new__, Instalment)
"""A row out of a tuple, without the detour over keyword arguments."""
