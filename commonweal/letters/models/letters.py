"""Which e-mails were written, to whom, and what became of each; and which kinds somebody wants."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from commonweal.letters.kinds import LetterKind, LetterState


class Letter(models.Model):
    """An e-mail as it was written; what it says never changes, only what becomes of it.

    It is written in the transaction of what it tells of, once for each subject, day, kind and person; `about` is the
    reference of the loan, or the number of the document. A worker holds it as (`lease_owner`, `attempts`).
    """

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    loan = models.ForeignKey("loans.Loan", on_delete=models.PROTECT, null=True, related_name="+")
    about = models.CharField(max_length=80)
    on = models.DateField()
    kind = models.CharField(max_length=10, choices=LetterKind.choices)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    address = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    written_at = models.DateTimeField(db_default=Now())
    useful_to = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=LetterState.choices, default=LetterState.WAITING)
    note = models.CharField(max_length=300, default="", blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True)
    lease_owner = models.CharField(max_length=100, default="", blank=True)
    lease_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["book", "about", "on", "kind", "person"], name="letters_once_per_day"),
            models.CheckConstraint(condition=Q(state__in=LetterState.values), name="letters_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="sending", lease_until__isnull=False) & ~Q(lease_owner="")
                | ~Q(state="sending") & Q(lease_until__isnull=True, lease_owner=""),
                name="letters_leased_while_sending",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent") & Q(sent_at__isnull=True),
                name="letters_sent_has_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="letters_to_go", condition=Q(state__in=["waiting", "sending"])),
            models.Index(fields=["book", "-id"], name="letters_of_book"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.about}"

    @property
    def message_id(self) -> str:
        """The same however often it is tried, so that a mail system can drop the second copy."""
        return f"<letter-{self.pk}.{self.written_at:%Y%m%d%H%M%S%f}@commonweal.invalid>"


class LetterReturn(models.Model):
    """That a letter did not arrive, as a mail server said it. Append-only."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="returns")
    code = models.CharField(max_length=20)
    detail = models.CharField(max_length=500)
    is_final = models.BooleanField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"letter {self.letter_id} returned: {self.code}"


class LetterChoice(models.Model):
    """That a person wants a kind of e-mail, or does not; the latest counts. Append-only."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=LetterKind.choices)
    is_wanted = models.BooleanField()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["person", "kind", "-id"], name="letters_choice_of_person")]

    def __str__(self) -> str:
        return f"{self.kind} {'wanted' if self.is_wanted else 'not wanted'} by {self.person_id}"
