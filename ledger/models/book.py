"""Whose accounts are these, and which accounts are there?"""

from __future__ import annotations

from django.db import models

from ledger.domain.chart import AccountKind
from ledger.domain.financial_year import END_OF_MARCH, YearEnd


class Book(models.Model):
    """A fund's set of accounts, with its own business date; one currency on the screens."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    fund_name = models.CharField(max_length=200)
    base_currency = models.CharField(max_length=3)
    opened_on = models.DateField()
    business_date = models.DateField()
    year_end_month = models.PositiveSmallIntegerField(default=END_OF_MARCH.month)
    year_end_day = models.PositiveSmallIntegerField(default=END_OF_MARCH.day)
    registration = models.CharField(max_length=200, default="", blank=True)
    address = models.TextField(default="", blank=True)
    contact_name = models.CharField(max_length=200, default="", blank=True)
    contact_phone = models.CharField(max_length=50, default="", blank=True)
    contact_email = models.EmailField(default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(year_end_month__range=(1, 12), year_end_day__range=(1, 31)),
                name="ledger_year_end_is_a_day",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def year_end(self) -> YearEnd:
        """The last day of each of its financial years."""
        return YearEnd(self.year_end_month, self.year_end_day)


class ChartNode(models.Model):
    """A line of the chart of accounts: the small tree that accountants edit."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="chart")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value.title()) for kind in AccountKind])
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")

    class Meta:
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["book", "code"], name="ledger_one_chart_node_per_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Account(models.Model):
    """A leaf that postings are made to: one per chart node, subject and currency.

    The subject is a loan (`L-0108`), an investor (`NRB`), both (`L-0108/NRB`), a bank account (`MAIN`) or nothing.
    Only `closed_on` ever changes: code and currency are under the seal.
    """

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="accounts")
    node = models.ForeignKey(ChartNode, on_delete=models.PROTECT, related_name="accounts")
    subject = models.CharField(max_length=80, default="", blank=True)
    code = models.CharField(max_length=101)
    name = models.CharField(max_length=300)
    currency = models.CharField(max_length=3)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        ordering = ["code", "currency"]
        constraints = [
            models.UniqueConstraint(fields=["book", "node", "subject", "currency"], name="ledger_one_account"),
            models.UniqueConstraint(fields=["book", "code", "currency"], name="ledger_one_account_per_code"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
