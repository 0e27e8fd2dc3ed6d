"""What decisions of a second person keep, whatever they are about: abstract models, which each app makes its own."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

WAITING = "waiting"
"""The state of what nobody has decided."""


class Decision(models.Model):
    """Who decided, when and why; one that lets something happen names its approval in the ledger. Append-only.

    Each kind adds what it decides about, as a `OneToOneField` with the related name `decision`, so that there is one;
    and a constraint of its own that it stands under an approval.
    """

    reason = models.CharField(max_length=500, default="", blank=True)
    approval = models.OneToOneField("ledger.Approval", on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True


class Verdict(Decision):
    """A decision that is a yes or a no."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"

    outcome = models.CharField(max_length=10, choices=Outcome.choices)

    class Meta:
        abstract = True

    @property
    def is_approved(self) -> bool:
        """Whether it was a yes."""
        return self.outcome == self.Outcome.APPROVED


class Decided:
    """What a second person decides about: `state` says what became of it."""

    @property
    def state(self) -> str:
        """The outcome of its decision; `waiting` while nobody has decided."""
        decision = getattr(self, "decision", None)
        return decision.outcome if decision else WAITING
