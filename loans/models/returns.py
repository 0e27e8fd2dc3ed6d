"""What is a business asked, when, what has it answered so far, and what has it sent?"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from borrowers.domain.readings import ReadingPeriod, ShownBy
from loans.domain.returns import EVERY, ReturnAnswerKind, ReturnCalendar, ReturnState, state_of
from loans.models.file import StoredFile


class ReturnPlan(models.Model):
    """What a fund and a business agreed that it reports, and how often. Append-only; a change replaces it."""

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("borrowers.Organisation", on_delete=models.PROTECT, related_name="+")
    first_start = models.DateField(help_text="The first day of the first period.")
    every_months = models.PositiveSmallIntegerField(choices=list(EVERY.items()))
    due_days = models.PositiveSmallIntegerField(help_text="Days after a period in which its return is due.")
    agreed_on = models.DateField()
    agreed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(db_default=Now())
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    consented = models.CharField(max_length=300, default="", blank=True, help_text="Who agreed to a change, and how.")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["book", "organisation"], condition=Q(replaces__isnull=True), name="loans_one_first_return_plan"
            ),
            models.CheckConstraint(
                condition=Q(every_months__in=list(EVERY), due_days__gte=8, due_days__lte=183),
                name="loans_return_plan_sane",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(consented=""), name="loans_return_plan_change_agreed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_every_months_display()} return of {self.organisation_id}"

    @property
    def calendar(self) -> ReturnCalendar:
        """When it is reported."""
        return ReturnCalendar(self.first_start, self.every_months, self.due_days)


class ReturnQuestion(models.Model):
    """One of the questions of a plan, in its place. Append-only."""

    plan = models.ForeignKey(ReturnPlan, on_delete=models.PROTECT, related_name="questions")
    place = models.PositiveSmallIntegerField()
    indicator = models.ForeignKey("borrowers.Indicator", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "place"], name="loans_one_question_per_place"),
            models.UniqueConstraint(fields=["plan", "indicator"], name="loans_asked_once"),
        ]

    def __str__(self) -> str:
        return f"question {self.place} of {self.plan_id}"


class ImpactReturn(models.Model):
    """A period that a business is asked to report, opened when it was over. Append-only; once for each period."""

    plan = models.ForeignKey(ReturnPlan, on_delete=models.PROTECT, related_name="returns")
    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("borrowers.Organisation", on_delete=models.PROTECT, related_name="+")
    period_start = models.DateField()
    period_end = models.DateField(help_text="The first day that no longer belongs to the period.")
    due_on = models.DateField()
    opened_on = models.DateField()
    opened_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["period_end", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["book", "organisation", "period_end"], name="loans_one_return_per_period"),
            models.CheckConstraint(
                condition=Q(period_start__lt=F("period_end"), period_end__lt=F("due_on")), name="loans_return_dates"
            ),
        ]
        indexes = [models.Index(fields=["book", "due_on"], name="loans_returns_due")]

    def __str__(self) -> str:
        return f"return of {self.organisation_id} to {self.period_end}"

    @property
    def period(self) -> ReadingPeriod:
        """The span that is reported."""
        return ReadingPeriod(self.period_start, self.period_end)

    @property
    def sending(self) -> ReturnSent | None:
        """That it was sent, once it was; to be selected with the return."""
        return getattr(self, "sent", None)

    def state(self, on: date) -> ReturnState:
        """Where it is on a day."""
        return state_of(self.due_on, on, is_sent=self.sending is not None)


class ReturnAnswer(models.Model):
    """What was saved for a question; the latest counts until the return is sent. Append-only."""

    impact_return = models.ForeignKey(ImpactReturn, on_delete=models.PROTECT, related_name="answers")
    question = models.ForeignKey(ReturnQuestion, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=20, choices=[(kind.value, kind.words) for kind in ReturnAnswerKind])
    value = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    is_same = models.BooleanField(default=False)
    parts = models.JSONField(default=dict, help_text="Figures by group, as text; they become rows with the reading.")
    shown_by = models.CharField(
        max_length=10, choices=[(one.value, one.words) for one in ShownBy], default=ShownBy.ESTIMATE.value
    )
    source = models.CharField(max_length=300, default="", blank=True, help_text="Where the figure is from.")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["impact_return", "question", "-id"], name="loans_latest_answer")]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="value", value__isnull=False, value__gt=-(10**12), value__lt=10**12)
                | ~Q(answer="value") & Q(value__isnull=True),
                name="loans_answer_has_value",
            )
        ]

    def __str__(self) -> str:
        return f"answer {self.pk} to {self.question_id}"


class ReturnSent(models.Model):
    """That a return was sent, by whom, on which day; its readings were made with it. Append-only, once."""

    impact_return = models.OneToOneField(ImpactReturn, on_delete=models.PROTECT, related_name="sent")
    sent_on = models.DateField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"return {self.impact_return_id} sent"


class ReadingEvidence(models.Model):
    """A document that shows a reading. Append-only."""

    reading = models.ForeignKey("borrowers.Reading", on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["reading", "file"], name="loans_evidence_once")]

    def __str__(self) -> str:
        return f"{self.file_id} shows {self.reading_id}"


class Story(models.Model):
    """What a business tells in its own words, perhaps with a picture. It is shown only where its consents allow.

    Append-only; another telling replaces it.
    """

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("borrowers.Organisation", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    text = models.CharField(max_length=3000)
    photo = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    told_on = models.DateField()
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(db_default=Now())
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title


class StoryWithdrawal(models.Model):
    """That a business takes one story back: it stands nowhere new, whatever else is allowed. Append-only, once."""

    story = models.OneToOneField(Story, on_delete=models.PROTECT, related_name="withdrawal")
    withdrawn_on = models.DateField()
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"story {self.story_id} taken back"
