"""What do a business's accounts say, for which days, and who said so?"""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from moneyed import Money

from borrowers.domain.accounts import MAX_AMOUNT, PLACES, AccountsKind, AccountsSpan, Line, surplus
from borrowers.models.organisation import Organisation


def _figure() -> models.DecimalField[Decimal | None, Decimal | None]:
    """A figure that may be unknown; nought is another thing."""
    return models.DecimalField(max_digits=14, decimal_places=PLACES, null=True, blank=True)


def _in_bounds() -> Q:
    """Every figure below a million million, and none but the net assets below nought; a NaN is neither."""
    bounds = Q()
    for line in Line:
        least = -MAX_AMOUNT if line is Line.NET_ASSETS else Decimal(0)
        inside = Q(**{f"{line.value}__gte": least, f"{line.value}__lt": MAX_AMOUNT})
        bounds &= Q(**{f"{line.value}__isnull": True}) | inside
    return bounds


class Accounts(models.Model):
    """The figures of a period that is over, in one currency. Append-only: a restatement replaces them and says why."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="accounts")
    period_start = models.DateField()
    period_end = models.DateField(help_text="The first day that no longer belongs to the period.")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.words) for kind in AccountsKind])
    currency = models.CharField(max_length=3)
    income = _figure()
    costs = _figure()
    depreciation = _figure()
    interest = _figure()
    loan_repayments = _figure()
    cash = _figure()
    current_assets = _figure()
    current_liabilities = _figure()
    total_debt = _figure()
    net_assets = _figure()
    grants_ahead = _figure()
    overdue = _figure()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    reason = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        ordering = ["period_end", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "period_start", "period_end", "kind"],
                condition=Q(replaces__isnull=True),
                name="borrowers_one_first_accounts",
            ),
            models.CheckConstraint(condition=Q(period_start__lt=F("period_end")), name="borrowers_accounts_period"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in AccountsKind]), name="borrowers_accounts_kind"
            ),
            models.CheckConstraint(condition=_in_bounds(), name="borrowers_accounts_are_amounts"),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(reason=""), name="borrowers_restatement_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.organisation_id} to {self.period_end}"

    @property
    def span(self) -> AccountsSpan:
        """The days that they cover."""
        return AccountsSpan(self.period_start, self.period_end)

    @property
    def figures(self) -> dict[Line, Decimal]:
        """The figures that are known."""
        given = ((line, getattr(self, line.value)) for line in Line)
        return {line: amount for line, amount in given if amount is not None}

    @property
    def surplus(self) -> Money | None:
        """What is left of the income; None where a figure for it is not known."""
        left = surplus(self.figures)
        return None if left is None else Money(left, self.currency)

    def money(self, line: Line) -> Money | None:
        """One figure as money; None where it is not known."""
        amount = getattr(self, line.value)
        return None if amount is None else Money(amount, self.currency)

    @property
    def lines(self) -> list[tuple[Line, Money]]:
        """The figures that are known as money, in their order."""
        return [(line, Money(amount, self.currency)) for line, amount in self.figures.items()]
