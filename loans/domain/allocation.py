"""What does a repayment pay? An order over claims, kept as data; what is left over is held in advance.

`docs/maths/allocation.md` works one example.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from moneyed import Money

from ledger.domain.money import from_minor


class Component(StrEnum):
    """What a claim is for."""

    INTEREST = "interest"
    PRINCIPAL = "principal"


class Instalments(StrEnum):
    """Whether each instalment is paid whole before the next, or each component across all instalments first."""

    WITHIN = "within"
    ACROSS = "across"


@dataclass(frozen=True, slots=True)
class AllocationRule:
    """The order in which claims are paid; instalments always oldest first."""

    components: tuple[Component, ...]
    instalments: Instalments

    def rank(self, claim: Claim) -> tuple[int, int]:
        """The place of a claim in the order, smallest first."""
        component = self.components.index(claim.component)
        match self.instalments:
            case Instalments.WITHIN:
                return (claim.instalment_no, component)
            case Instalments.ACROSS:
                return (component, claim.instalment_no)


OLDEST_INSTALMENT_FIRST = AllocationRule((Component.INTEREST, Component.PRINCIPAL), Instalments.WITHIN)
"""Interest, then principal, of the oldest unpaid instalment; then the next one."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A positive amount of one component of one instalment: owed in a list of claims, paid in an allocation."""

    instalment_no: int
    component: Component
    amount: Money


@dataclass(frozen=True, slots=True)
class Allocation:
    """Where one sum of money went: the claims it paid, in order, and what is held in advance."""

    paid: tuple[Claim, ...]
    in_advance: Money

    @property
    def interest(self) -> Money:
        """What paid interest."""
        return self._sum(Component.INTEREST)

    @property
    def principal(self) -> Money:
        """What paid principal."""
        return self._sum(Component.PRINCIPAL)

    def _sum(self, component: Component) -> Money:
        amounts = (claim.amount for claim in self.paid if claim.component == component)
        return sum(amounts, from_minor(0, self.in_advance.currency.code))


def allocate(amount: Money, claims: Iterable[Claim], rule: AllocationRule = OLDEST_INSTALMENT_FIRST) -> Allocation:
    """Pay the claims in the order of the rule as far as the money goes; the rest is held in advance.

    Everything is of one currency. What is paid and what is held in advance always sum to `amount`.
    """
    left = amount
    paid = []
    for claim in sorted(claims, key=rule.rank):
        part = min(left, claim.amount)
        if part.amount > 0:
            paid.append(Claim(claim.instalment_no, claim.component, part))
            left -= part
    return Allocation(tuple(paid), left)
