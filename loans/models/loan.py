"""Which loan is it, and what was agreed about it?"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from loans.domain.day_count import DayCount
from loans.models.application import Application
from loans.models.money import is_sane, money_field
from loans.models.product import Product


class Loan(models.Model):
    """An agreed loan. Its row is what services lock; what was agreed and what happened stand in append-only tables.

    It was agreed here, on an application, or `moved_in` from another system with its book.

    Two columns are projections. On `next_action_on` the next instalment falls due that is not posted yet. Through
    `accrued_through` the accruals of every month's end are booked as the loan is known now, FOR_EVER once it earns
    nothing more; what becomes known of an earlier day moves it back.
    """

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=20)
    organisation = models.ForeignKey("borrowers.Organisation", on_delete=models.PROTECT, related_name="loans")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="loans")
    application = models.OneToOneField(Application, on_delete=models.PROTECT, null=True, related_name="loan")
    moved_in = models.ForeignKey("loans.MovingIn", on_delete=models.PROTECT, null=True, related_name="loans")
    payment_reference = models.CharField(max_length=20)
    currency = models.CharField(max_length=3)
    approved_on = models.DateField()
    next_action_on = models.DateField(null=True, blank=True)
    accrued_through = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["reference", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["book", "reference"], name="loans_one_loan_per_reference"),
            models.UniqueConstraint(fields=["book", "payment_reference"], name="loans_one_loan_per_payment_reference"),
            models.CheckConstraint(
                condition=Q(application__isnull=False, moved_in__isnull=True)
                | Q(application__isnull=True, moved_in__isnull=False),
                name="loans_loan_has_one_origin",
            ),
        ]
        indexes = [
            models.Index(
                fields=["book", "next_action_on"],
                condition=Q(next_action_on__isnull=False),
                name="loans_with_something_to_do",
            )
        ]

    def __str__(self) -> str:
        return self.reference


class LoanTerms(models.Model):
    """A version of what was agreed, from a day on, under an approval of exactly these terms. Append-only.

    The database holds `(approval, terms_sha256)` to the approval's own hash, and lets no approval serve twice.
    `content` is the terms, whole; the other columns are what lists show of them.
    """

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="terms")
    version = models.PositiveSmallIntegerField()
    effective_on = models.DateField()
    principal = money_field()
    annual_rate = models.DecimalField(max_digits=9, decimal_places=6)
    months = models.PositiveSmallIntegerField()
    first_due_on = models.DateField()
    day_count = models.CharField(max_length=30, choices=[(item.value, item.value) for item in DayCount])
    calendar = models.CharField(max_length=20, blank=True)
    content = models.JSONField()
    terms_sha256 = models.CharField(max_length=64)
    approval = models.OneToOneField("ledger.Approval", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[models.Manager[LoanTerms]] = models.Manager()

    class Meta:
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["loan", "version"], name="loans_one_terms_per_version"),
            models.UniqueConstraint(fields=["id", "loan"], name="loans_terms_of_their_loan"),
            models.CheckConstraint(condition=is_sane("principal"), name="loans_terms_principal"),
        ]

    def __str__(self) -> str:
        return f"terms {self.version} of {self.loan_id}"
