"""What does a repayment pay? An order over claims, kept as data; what is left over is held in advance.

`docs/maths/allocation.md` works one example.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class Component(StrEnum):
    """What a claim is for."""

    FEE = "fee"
    DEFAULT_INTEREST = "default interest"
    INTEREST = "interest"
    PRINCIPAL = "principal"


class Instalments(StrEnum):
    """Whether each instalment is paid whole before the next, or each component across all instalments first."""

    WITHIN = "within"
    ACROSS = "across"


class Claim(NamedTuple):
    """A positive amount, in units, of one component of one instalment: owed in a list of claims, paid in an allocation.

    A fee and default interest carry the number of the last instalment that had fallen due (0 before the first).
    """

    instalment_no: int
    component: Component
    units: int
    due_on: date = date.min


@dataclass(frozen=True, slots=True)
class AllocationRule:
    """The order in which claims are paid; instalments always oldest first."""

    components: tuple[Component, ...]
    instalments: Instalments

    def rank(self, claim: Claim) -> tuple[int, int, date]:
        """The place of a claim in the order, smallest first. A component that the rule does not name comes last."""
        named = claim.component in self.components
        component = self.components.index(claim.component) if named else len(self.components)
        match self.instalments:
            case Instalments.WITHIN:
                return (claim.instalment_no, component, claim.due_on)
            case Instalments.ACROSS:
                return (component, claim.instalment_no, claim.due_on)


OLDEST_INSTALMENT_FIRST = AllocationRule(tuple(Component), Instalments.WITHIN)
"""Fees, default interest, interest, then principal, of the oldest unpaid instalment; then the next one."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """Where one sum of money went: the claims it paid, in order, and the units that are held in advance."""

    paid: tuple[Claim, ...]
    in_advance: int

    def of(self, component: Component) -> int:
        """What paid a component."""
        return sum(claim.units for claim in self.paid if claim.component is component)


def allocate(units: int, claims: Iterable[Claim], rule: AllocationRule = OLDEST_INSTALMENT_FIRST) -> Allocation:
    """Pay the claims in the order of the rule as far as the money goes; the rest is held in advance.

    What is paid and what is held in advance always sum to `units`.
    """
    return pay(units, sorted(claims, key=rule.rank))[0]


def pay(units: int, ranked: Sequence[Claim]) -> tuple[Allocation, list[Claim]]:
    """Pay claims that stand in order, from the first on; gives what was paid, and the claims that are left."""
    paid: list[Claim] = []
    for place, claim in enumerate(ranked):
        if units < claim.units:
            part = [claim._replace(units=units)] if units else []
            return Allocation((*paid, *part), 0), [claim._replace(units=claim.units - units), *ranked[place + 1 :]]
        paid.append(claim)
        units -= claim.units
    return Allocation(tuple(paid), units), []
