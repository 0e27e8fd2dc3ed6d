"""What was posted, by whom, and under which key? All three tables are append-only."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from ledger.domain.entry import Kind
from ledger.models.approval import Approval
from ledger.models.book import Account, Book


class CurrentTransaction(models.Func):
    """The number of the transaction that writes: entries are made in the transaction of their request alone."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()


class PostingRequest(models.Model):
    """One call that posted: its key, a fingerprint of its content, and the entries that it made.

    Nothing can be posted without one, so every entry has a key that makes repeating it harmless. The database numbers
    requests while they share the book's lock, so that whoever holds it alone knows all smaller numbers are settled.
    """

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    entry_ids = ArrayField(models.BigIntegerField())
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())
    xact = models.BigIntegerField(db_default=CurrentTransaction())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "key"], name="ledger_one_request_per_key")]

    def __str__(self) -> str:
        return self.key


class JournalEntry(models.Model):
    """The head of an entry: its date, why it was made, and how many postings it has.

    Foreign keys are judged set by set in `ledger/sql/`, not row by row: that is what makes posting fast.
    """

    request = models.ForeignKey(
        PostingRequest, on_delete=models.PROTECT, related_name="entries", db_constraint=False, db_index=False
    )
    book = models.ForeignKey(
        Book, on_delete=models.PROTECT, related_name="entries", db_constraint=False, db_index=False
    )
    effective_on = models.DateField()
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value.title()) for kind in Kind])
    narrative = models.CharField(max_length=500)
    source = models.CharField(max_length=100, default="", blank=True)
    line_count = models.PositiveSmallIntegerField()
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="reversed_by", db_constraint=False
    )
    approval = models.OneToOneField(
        Approval, on_delete=models.PROTECT, null=True, related_name="entry", db_constraint=False
    )

    class Meta:
        indexes = [
            models.Index(fields=["book", "effective_on"], name="ledger_entry_by_date"),
            models.Index(fields=["book", "source"], name="ledger_entry_by_source"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(line_count__gte=2), name="ledger_entry_has_two_postings"),
            models.CheckConstraint(
                condition=~models.Q(kind__in=["opening", "manual", "year-end", "payout"])
                | models.Q(approval__isnull=False),
                name="ledger_entry_of_this_kind_is_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"E-{self.pk}"


class Posting(models.Model):
    """A signed amount in whole minor units of its account's currency; debits are positive."""

    pk = models.CompositePrimaryKey("entry_id", "line_no")
    entry = models.ForeignKey(
        JournalEntry, on_delete=models.PROTECT, related_name="postings", db_constraint=False, db_index=False
    )
    line_no = models.PositiveSmallIntegerField()
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="postings", db_constraint=False, db_index=False
    )
    effective_on = models.DateField()
    amount = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(
                fields=["account", "effective_on", "entry"], include=["amount"], name="ledger_posting_by_account"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(amount=0) & models.Q(amount__gt=-(10**15), amount__lt=10**15),
                name="ledger_posting_amount_is_sane",
            )
        ]

    def __str__(self) -> str:
        return f"E-{self.entry_id}/{self.line_no}"
