"""Who puts money in?"""

from __future__ import annotations

from django.db import models

from investors.domain.kinds import InvestorKind
from investors.domain.participation import CODE


class Investor(models.Model):
    """A lender, or the fund's own money where it takes a part itself. The code never changes: accounts bear it."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.words.capitalize()) for kind in InvestorKind])
    registered_number = models.CharField(max_length=20, default="", blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(code__regex=f"^{CODE.pattern}$"), name="investors_code_is_plain")
        ]

    def __str__(self) -> str:
        return self.name
