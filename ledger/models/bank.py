"""What does the bank say? Its accounts, its statements, and each line of them exactly once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from ledger.domain.csv_mapping import CsvMapping
from ledger.models.book import Account, Book
from ledger.models.entry import JournalEntry


class BankAccount(models.Model):
    """An account at a bank, with the ledger account that mirrors it and the suspense account for unmatched lines."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="bank_accounts")
    code = models.SlugField(max_length=20)
    name = models.CharField(max_length=200)
    identification = models.CharField(max_length=34)
    currency = models.CharField(max_length=3)
    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="bank_account")
    suspense = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["book", "code"], name="ledger_one_bank_account_per_code"),
            models.UniqueConstraint(fields=["book", "identification"], name="ledger_one_bank_account_per_number"),
        ]

    def __str__(self) -> str:
        return self.name


class BankFileFormat(models.TextChoices):
    """In which format a bank gave a statement."""

    CAMT053 = "camt053", "CAMT.053"
    OFX = "ofx", "OFX"
    CSV = "csv", "CSV"


class BankCsvMapping(models.Model):
    """How the CSV files of a bank account are read, as a person confirmed it on a file that fits. Append-only.

    Versions of an account count from 1; the last one is in force.
    """

    bank_account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="csv_mappings")
    version = models.PositiveIntegerField()
    content = models.JSONField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bank_account", "version"], name="ledger_one_csv_mapping_per_version")
        ]

    def __str__(self) -> str:
        return f"CSV mapping {self.version} of {self.bank_account}"

    @property
    def mapping(self) -> CsvMapping:
        """The mapping as a value."""
        return CsvMapping.of_json(self.content)


class BankStatement(models.Model):
    """One statement of one bank account, as a file said it. Append-only.

    `opening` and `closing` are empty where the file states no such balance; `notes` tell, a line each, what the file
    held and the lines do not.
    """

    bank_account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="statements")
    statement_id = models.CharField(max_length=100)
    file_sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    from_on = models.DateField()
    to_on = models.DateField()
    opening = models.BigIntegerField(null=True)
    closing = models.BigIntegerField(null=True)
    format = models.CharField(max_length=10, choices=BankFileFormat.choices, default=BankFileFormat.CAMT053)
    notes = models.TextField(default="", blank=True)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bank_account", "statement_id", "file_sha256"], name="ledger_one_bank_statement_per_file"
            )
        ]

    def __str__(self) -> str:
        return self.statement_id


class BankStatementLine(models.Model):
    """A booked line of a bank account, kept once however often files repeat it; two honest twins both count.

    `fingerprint` says which movement it is, in every file that shows it; twins are told apart by `occurrence`.
    Append-only.
    """

    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="lines")
    bank_account = models.ForeignKey(BankAccount, on_delete=models.PROTECT, related_name="lines")
    fingerprint = models.CharField(max_length=64)
    bank_reference = models.CharField(max_length=200, default="", blank=True)
    occurrence = models.PositiveIntegerField()
    booked_on = models.DateField()
    amount = models.BigIntegerField()
    counterparty = models.CharField(max_length=200, default="", blank=True)
    reference = models.CharField(max_length=200, default="", blank=True)
    description = models.CharField(max_length=500, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bank_account", "fingerprint", "occurrence"], name="ledger_one_bank_statement_line"
            )
        ]

    def __str__(self) -> str:
        return f"{self.booked_on} {self.reference}"


class BankLineMatch(models.Model):
    """An entry that takes a bank line, or a part of it, out of suspense; it counts until the entry is reversed.

    An entry that sets two lines against each other takes both. `amount` has the sign of the line. Append-only.
    """

    line = models.ForeignKey(BankStatementLine, on_delete=models.PROTECT, related_name="matches")
    entry = models.ForeignKey(JournalEntry, on_delete=models.PROTECT, related_name="matches", db_constraint=False)
    amount = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "line"], name="ledger_one_match_per_line_and_entry")]

    def __str__(self) -> str:
        return f"line {self.line_id} by E-{self.entry_id}"
