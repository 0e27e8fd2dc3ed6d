"""What came from another system, who prepared and who confirmed it, and what its dry run found."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from moneyed import Money

from ledger.domain.money import from_minor
from loans.models.loan import Loan

LONGEST_MESSAGE = 700


class MovingIn(models.Model):
    """A book of loans and its opening trial balance: prepared by one person, confirmed by another, then brought in.

    `content_sha256` is the fingerprint of its files and its day; the database holds the approval to it. `found` is the
    dry run's answer as JSON, `brought` what stands in the books when all is in.
    """

    class State(models.TextChoices):
        PREPARED = "prepared", "Being tried"
        REFUSED = "refused", "Would fail"
        READY = "ready", "Waiting for a second person"
        CONFIRMED = "confirmed", "Moving in"
        DONE = "done", "Moved in"
        WITHDRAWN = "withdrawn", "Withdrawn"

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    cut_over_on = models.DateField()
    content_sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PREPARED)
    found = models.JSONField(null=True)
    brought = models.JSONField(null=True)
    approval = models.OneToOneField("ledger.Approval", on_delete=models.PROTECT, null=True, related_name="+")
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(db_default=Now())
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["book", "number"], name="loans_one_moving_in_per_number"),
            models.CheckConstraint(
                condition=Q(state__in=["confirmed", "done"], approval__isnull=False)
                | Q(state__in=["prepared", "refused", "ready", "withdrawn"], approval__isnull=True),
                name="loans_moving_in_is_confirmed_by_approval",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_by__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_by__isnull=True)),
                name="loans_moving_in_names_who_withdrew",
            ),
        ]

    def __str__(self) -> str:
        return f"M-{self.number}"

    @property
    def source(self) -> str:
        """What its approvals are of, and where its entries come from."""
        return f"moving-in:{self.pk}"


class MovingInFile(models.Model):
    """A file of a moving in, kept as it came: one workbook, or a CSV file for each sheet. Append-only."""

    moving_in = models.ForeignKey(MovingIn, on_delete=models.PROTECT, related_name="files")
    part = models.CharField(max_length=30)
    name = models.CharField(max_length=200)
    attachment = models.ForeignKey("ledger.Attachment", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["moving_in", "part"], name="loans_one_file_per_part")]

    def __str__(self) -> str:
        return self.name


class MovingInFinding(models.Model):
    """One thing that the dry run found wrong: where, and what to do. Append-only; `row` 0 is no single row."""

    moving_in = models.ForeignKey(MovingIn, on_delete=models.PROTECT, related_name="findings")
    place = models.PositiveIntegerField()
    part = models.CharField(max_length=30)
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=60, blank=True)
    message = models.CharField(max_length=LONGEST_MESSAGE)

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["moving_in", "place"], name="loans_findings_in_order")]

    def __str__(self) -> str:
        return self.message


class HistoryLine(models.Model):
    """What another system told of a loan, as a dated line to be read; the engine does not know it. Append-only.

    `amount` is in minor units of the loan's currency; `row` is where it stood in the file, 0 where it is ours.
    """

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="history")
    row = models.PositiveIntegerField()
    on = models.DateField()
    what = models.CharField(max_length=300)
    amount = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["on", "row", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["loan", "row", "on", "what"], name="loans_history_is_told_once"),
        ]

    def __str__(self) -> str:
        return f"{self.on}: {self.what}"

    @property
    def money(self) -> Money | None:
        """The amount that the line names, if any."""
        return None if self.amount is None else from_minor(self.amount, self.loan.currency)
