"""Which number comes next? Applications and loans are numbered per book, without gaps."""

from __future__ import annotations

from django.db import models


class Series(models.TextChoices):
    """What is numbered."""

    APPLICATION = "A", "Applications"
    LOAN = "L", "Loans"
    MOVING_IN = "M", "Books of loans moved in"


class NumberSeries(models.Model):
    """The last number given out in a book; its row is locked while the next one is taken."""

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    series = models.CharField(max_length=1, choices=Series.choices)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "series"], name="loans_one_number_series")]

    def __str__(self) -> str:
        return f"{self.series}-{self.last:04d}"
