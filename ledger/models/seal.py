"""How far are the books sealed, and in which order were the entries chained?"""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from ledger.models.book import Book
from ledger.models.entry import JournalEntry


class SealedEntry(models.Model):
    """An entry's place in its book's chain, and the hash there. Append-only."""

    entry = models.OneToOneField(
        JournalEntry, on_delete=models.PROTECT, primary_key=True, related_name="sealed", db_constraint=False
    )
    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    position = models.BigIntegerField()
    sha256 = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["book", "position"], name="ledger_one_place_in_the_chain")]

    def __str__(self) -> str:
        return f"E-{self.entry_id} at {self.position}"


class Seal(models.Model):
    """The head of a book's chain at a moment: what a statement prints and an auditor keeps. Append-only.

    The entries of posting requests numbered below `settled_before` are all under this seal or an earlier one.
    """

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="seals")
    number = models.PositiveIntegerField()
    position = models.BigIntegerField()
    head = models.CharField(max_length=64)
    settled_before = models.BigIntegerField()
    sealed_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["book", "number"]
        constraints = [models.UniqueConstraint(fields=["book", "number"], name="ledger_seals_in_order")]

    def __str__(self) -> str:
        return f"{self.book_id}:{self.number}"
