"""What was said between a fund and a business or an investor, by message or otherwise, and what is to be done next?"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from commonweal.letters.kinds import Act, ContactKind, Side, Topic

if TYPE_CHECKING:
    from borrowers.models import Organisation
    from investors.models import Investor

ONE_PARTY = Q(organisation__isnull=False, investor__isnull=True, side__in=[Side.BUSINESS, Side.FUND]) | Q(
    organisation__isnull=True, investor__isnull=False, side__in=[Side.INVESTOR, Side.FUND]
)
"""A conversation of a fund is with a business or with an investor, and nobody else writes in it."""


class Message(models.Model):
    """Something that one side wrote to the other, in its order; investors say what it is about. Append-only."""

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("borrowers.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    investor = models.ForeignKey("investors.Investor", on_delete=models.PROTECT, null=True, related_name="+")
    side = models.CharField(max_length=10, choices=Side.choices)
    topic = models.CharField(max_length=10, choices=Topic.choices, default="", blank=True)
    text = models.TextField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["book", "organisation", "id"], name="letters_conversation"),
            models.Index(fields=["book", "investor", "id"], name="letters_with_investor"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(side__in=Side.values), name="letters_side_is_known"),
            models.CheckConstraint(condition=Q(topic__in=["", *Topic.values]), name="letters_topic_is_known"),
            models.CheckConstraint(condition=ONE_PARTY, name="letters_message_of_one"),
        ]

    def __str__(self) -> str:
        return f"message {self.pk} of {self.side}"

    @property
    def party(self) -> Organisation | Investor:
        """The business or the investor that the fund talks with."""
        return cast("Organisation | Investor", self.organisation or self.investor)


class MessageRead(models.Model):
    """That a side has read a conversation up to a message. Append-only."""

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("borrowers.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    investor = models.ForeignKey("investors.Investor", on_delete=models.PROTECT, null=True, related_name="+")
    side = models.CharField(max_length=10, choices=Side.choices)
    through = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="reads")
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["through", "side"], name="letters_read_once"),
            models.CheckConstraint(condition=ONE_PARTY, name="letters_read_of_one"),
        ]
        indexes = [
            models.Index(fields=["book", "organisation", "side"], name="letters_read_to"),
            models.Index(fields=["book", "investor", "side"], name="letters_read_to_investor"),
        ]

    def __str__(self) -> str:
        return f"{self.side} read to {self.through_id}"


class Contact(models.Model):
    """A call, letter, visit or e-mail about a loan: with whom, what was said, and what comes next. Append-only.

    A next step is settled by a later contact that names it. While `promised_on` is to come, no reminder goes out.
    """

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    loan = models.ForeignKey("loans.Loan", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ContactKind.choices)
    on = models.DateField()
    with_whom = models.CharField(max_length=200, default="", blank=True)
    said = models.CharField(max_length=2000)
    promised_on = models.DateField(null=True)
    next_step = models.CharField(max_length=300, default="", blank=True)
    next_step_on = models.DateField(null=True)
    settles = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="settled_by")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["on", "pk"]
        indexes = [
            models.Index(fields=["loan", "on"], name="letters_contacts_of_loan"),
            models.Index(
                fields=["book", "next_step_on"], name="letters_next_steps", condition=Q(next_step_on__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ContactKind.values), name="letters_contact_kind"),
            models.CheckConstraint(
                condition=Q(next_step="", next_step_on__isnull=True) | ~Q(next_step="") & Q(next_step_on__isnull=False),
                name="letters_next_step_has_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.on} about {self.loan_id}"


class LadderStep(models.Model):
    """What is done so many days after a payment was missed; the steps of the highest version hold. Append-only."""

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    days = models.PositiveSmallIntegerField()
    act = models.CharField(max_length=10, choices=Act.choices)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["days"]
        constraints = [
            models.UniqueConstraint(fields=["book", "version", "days"], name="letters_one_step_per_day"),
            models.CheckConstraint(condition=Q(act__in=Act.values, days__range=(1, 365)), name="letters_step_sane"),
        ]

    def __str__(self) -> str:
        return f"{self.days} days: {self.act}"


class Reminder(models.Model):
    """That a step was taken for a missed payment, or left out, and why. Append-only; never twice."""

    loan = models.ForeignKey("loans.Loan", on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    act = models.CharField(max_length=10, choices=Act.choices)
    on = models.DateField()
    left_out = models.CharField(max_length=300, default="", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["loan", "due_on", "act"], name="letters_reminded_once")]

    def __str__(self) -> str:
        return f"{self.act} for {self.due_on} of {self.loan_id}"
