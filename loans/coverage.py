"""How much of the portfolio is provided for on a day, stage by stage? Two queries and the ledger's balances.

The stages are those of `loans.domain.provision`. Amounts are in minor units of the book's currency; what is set aside
is what stands in the ledger, not what the rule would ask for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Case, CharField, Count, Sum, Value, When

from loans.domain.provision import Stage
from loans.losses import set_aside
from loans.portfolio import running, standings

if TYPE_CHECKING:
    from ledger.models import Book

DAYS = ((90, Stage.OVER_90), (60, Stage.TO_90), (30, Stage.TO_60), (0, Stage.TO_30))


@dataclass(frozen=True, slots=True)
class Covered:
    """The running loans of a stage (None: of all of them), and what is set aside for them."""

    stage: Stage | None
    loans: int
    principal: int
    provision: int

    @property
    def net(self) -> int:
        """Principal less what is set aside."""
        return self.principal - self.provision

    @property
    def share(self) -> Decimal | None:
        """What is set aside as a fraction of principal; none without principal."""
        return Decimal(self.provision) / self.principal if self.principal else None


def coverage(book: Book, as_of: date) -> tuple[Covered, ...]:
    """The stages in their order, those without loans too."""
    stage = _stage(as_of)
    sums = running(book, as_of).order_by().values(stage=stage).annotate(loans=Count("pk"), sum=Sum("principal"))
    lent = {row["stage"]: (row["loans"], row["sum"]) for row in sums}
    aside = {reference: minor for reference, minor in set_aside(book, as_of).items() if minor}
    provided: dict[str, int] = {}
    of_those = standings(book, as_of).filter(loan__reference__in=aside).annotate(stage=stage)
    for name, reference in of_those.values_list("stage", "loan__reference"):
        provided[name] = provided.get(name, 0) + aside[reference]
    return tuple(Covered(one, *lent.get(one, (0, 0)), provided.get(one, 0)) for one in Stage)


def in_all(found: tuple[Covered, ...]) -> Covered:
    """All stages together."""
    return Covered(
        None, sum(one.loans for one in found), sum(one.principal for one in found), sum(one.provision for one in found)
    )


def _stage(as_of: date) -> Case:
    """How late each loan is: non-accrual first, then the longest late."""
    late = (
        When(oldest_unpaid_due_on__lt=as_of - timedelta(days=days), then=Value(stage.value)) for days, stage in DAYS
    )
    suspended = When(is_suspended=True, then=Value(Stage.NON_ACCRUAL.value))
    return Case(suspended, *late, default=Value(Stage.CURRENT.value), output_field=CharField())
