"""What long work was asked for, by whom, how far it is and how it ended: one row per piece of work."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class JobState(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


FINISHED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)
"""The states that a worker leaves alone."""

ATTEMPTS = 3
"""How often a job is tried before somebody must ask for it again."""

PATIENCE = 10
"""The same for closes and bank files: they go on from where they were cut off, and the day waits for them."""


class Job(models.Model):
    """A piece of work that may take more than a second or two.

    The row is written in the transaction that asks for the work; a message to a worker is only a wake-up. Who holds
    the job is (`lease_owner`, `attempts`): every claim raises `attempts`, so a worker whose lease was taken over no
    longer matches the row and can write nothing to it.
    """

    kind = models.CharField(max_length=60)
    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=200, unique=True, null=True, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField(db_default=Now())
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    not_before = models.DateTimeField(null=True, blank=True)
    total = models.PositiveIntegerField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=300, blank=True)
    result = models.JSONField(null=True, blank=True)
    error = models.TextField(blank=True)
    attempts = models.PositiveIntegerField(default=0)
    attempt_limit = models.PositiveIntegerField(default=ATTEMPTS)
    lease_owner = models.CharField(max_length=100, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], name="job_open", condition=Q(state__in=["queued", "running"])),
            models.Index(fields=["book", "-id"], name="job_of_book"),
        ]
        constraints = [
            models.CheckConstraint(name="job_state_is_known", condition=Q(state__in=JobState.values)),
            models.CheckConstraint(
                name="job_leased_while_running",
                condition=Q(state="running", lease_until__isnull=False, attempts__gt=0) & ~Q(lease_owner="")
                | ~Q(state="running") & Q(lease_until__isnull=True, lease_owner=""),
            ),
            models.CheckConstraint(
                name="job_finished_has_moment",
                condition=Q(state__in=["queued", "running"], finished_at__isnull=True)
                | Q(state__in=["done", "failed", "cancelled"], finished_at__isnull=False),
            ),
            models.CheckConstraint(name="job_failed_says_why", condition=~Q(state="failed") | ~Q(error="")),
            models.CheckConstraint(
                name="job_done_within_total", condition=Q(total__isnull=True) | Q(done__lte=F("total"))
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """How people and logs name the piece of work, as in "W-12"; J-12 is a manual journal."""
        return f"W-{self.pk}"

    def change(self, **values: Any) -> Job:
        """Set and save these columns alone; for a row that the caller has locked."""
        for name, value in values.items():
            setattr(self, name, value)
        self.save(update_fields=list(values))
        return self

    @property
    def is_finished(self) -> bool:
        """Whether no worker will touch the job again unless somebody asks."""
        return self.state in FINISHED

    @property
    def took_seconds(self) -> float | None:
        """The same in seconds."""
        return self.took.total_seconds() if self.took is not None else None

    @property
    def took(self) -> timedelta | None:
        """How long it was from the first attempt to the end; None while it has not ended, or where it never began."""
        return self.finished_at - self.started_at if self.finished_at and self.started_at else None


class ScheduleSwitch(models.Model):
    """That somebody switched scheduled work of a book on or off; append-only, the latest of a name counts."""

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    is_on = models.BooleanField()
    switched_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    switched_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["book", "name", "-id"], name="schedule_in_force")]

    def __str__(self) -> str:
        return f"{self.name} {'on' if self.is_on else 'off'}"


class LastSweep(models.Model):
    """When workers last looked for what nobody announced: one row, so that a page can say that no worker runs."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    swept_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="one_last_sweep", condition=Q(id=1))]

    def __str__(self) -> str:
        return f"last sweep {self.swept_at}"
