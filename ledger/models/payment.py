"""What does the bank have to pay, which file says so, who checked it, and what became of it? All append-only."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from moneyed import Money

from ledger.domain.money import from_minor
from ledger.domain.payments import Payment, PaymentFormat, Purpose, Transfer
from ledger.models.approval import Approval
from ledger.models.bank import BankAccount, BankStatementLine
from ledger.models.book import Account, Book
from ledger.models.entry import JournalEntry
from ledger.models.payee import PayeeDetails


class PaymentFile(models.Model):
    """Payments that one person put together for the bank, on one day, from one account.

    Everything that its bytes say is in these rows, so that they can be written again: `file_sha256` is their hash,
    `content_sha256` that of the rows with it, which the second person approves. Files of a book count from 1.
    """

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    bank_account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="+")
    format = models.CharField(max_length=20, choices=[(one.value, one.value) for one in PaymentFormat])
    is_batch = models.BooleanField()
    requested_on = models.DateField()
    debtor_name = models.CharField(max_length=200)
    debtor_account = models.CharField(max_length=34)
    currency = models.CharField(max_length=3)
    payment_count = models.PositiveIntegerField()
    total = models.BigIntegerField()
    file_sha256 = models.CharField(max_length=64)
    content_sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["book", "number"], name="ledger_one_payment_file_per_number")]

    def __str__(self) -> str:
        return f"Payment file {self.number}"

    @property
    def money(self) -> Money:
        """What its payments come to."""
        return from_minor(self.total, self.currency)


class PaymentInstruction(models.Model):
    """One payment of a file: from an account in transit to a payee's confirmed bank details.

    `source` is what is paid, once: another `attempt` is possible when the one before was withdrawn with its file,
    refused by the bank, or returned.
    """

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(PaymentFile, on_delete=models.PROTECT, related_name="payments")
    line_no = models.PositiveIntegerField()
    payee = models.CharField(max_length=60)
    details = models.ForeignKey(PayeeDetails, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    purpose = models.CharField(max_length=10, choices=[(one.value, one.value.title()) for one in Purpose])
    source = models.CharField(max_length=80)
    attempt = models.PositiveSmallIntegerField()
    reference = models.CharField(max_length=35)
    end_to_end_id = models.CharField(max_length=35)

    class Meta:
        ordering = ["file", "line_no"]
        constraints = [
            models.UniqueConstraint(fields=["file", "line_no"], name="ledger_one_payment_per_line"),
            models.UniqueConstraint(fields=["book", "source", "attempt"], name="ledger_one_payment_per_attempt"),
            models.UniqueConstraint(fields=["book", "end_to_end_id"], name="ledger_one_payment_per_id"),
            models.CheckConstraint(condition=Q(amount__gt=0, amount__lt=10**15), name="ledger_payment_pays"),
        ]

    def __str__(self) -> str:
        return self.end_to_end_id

    @property
    def money(self) -> Money:
        """What is paid."""
        return from_minor(self.amount, self.file.currency)

    @property
    def transfer(self) -> Transfer:
        """The payment as the bank is told it."""
        return Transfer(self.end_to_end_id, self.details.details, self.money, self.reference)

    @property
    def payment(self) -> Payment:
        """The payment as it was asked for."""
        return Payment(self.payee, self.account.code, self.money, Purpose(self.purpose), self.source, self.reference)


class PaymentFileStep(models.Model):
    """What happened to a payment file: checked by a second person, withdrawn, or taken to the bank (each time)."""

    class Kind(models.TextChoices):
        CHECKED = "checked", "Checked"
        WITHDRAWN = "withdrawn", "Withdrawn"
        TAKEN = "taken", "Taken to the bank"

    file = models.ForeignKey(PaymentFile, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    approval = models.OneToOneField(Approval, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, default="", blank=True)
    done_on = models.DateField()
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["file", "kind"], condition=~Q(kind="taken"), name="ledger_payment_file_moves_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="checked", approval__isnull=False) | ~Q(kind="checked") & Q(approval__isnull=True),
                name="ledger_payment_file_checked_under_an_approval",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.kind}"


class PaymentOutcome(models.Model):
    """What became of a payment that was sent: the entry that its bank line made, or that the bank refused it.

    A confirmation and a return count until their entry is reversed.
    """

    class Kind(models.TextChoices):
        CONFIRMED = "confirmed", "Confirmed by the bank"
        RETURNED = "returned", "Returned"
        REFUSED = "refused", "Refused by the bank"

    payment = models.ForeignKey(PaymentInstruction, on_delete=models.PROTECT, related_name="outcomes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    line = models.ForeignKey(BankStatementLine, on_delete=models.PROTECT, null=True, related_name="payment_outcomes")
    entry = models.ForeignKey(
        JournalEntry, on_delete=models.PROTECT, null=True, related_name="payment_outcomes", db_constraint=False
    )
    reason = models.CharField(max_length=500, default="", blank=True)
    told_on = models.DateField()
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["payment", "entry"], name="ledger_one_outcome_per_entry"),
            models.UniqueConstraint(
                fields=["payment"], condition=Q(kind="refused"), name="ledger_one_refusal_per_payment"
            ),
            models.CheckConstraint(
                condition=Q(kind="refused", entry__isnull=True, line__isnull=True)
                | ~Q(kind="refused") & Q(entry__isnull=False, line__isnull=False),
                name="ledger_outcome_has_its_entry",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} {self.kind}"
