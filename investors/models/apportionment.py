"""How far has each book been gone through for its lenders?"""

from __future__ import annotations

from django.db import models


class ApportionmentMark(models.Model):
    """Every posting request of a book before this number is settled, and the loans that it moved were apportioned.

    A mark for the next run, which may start anywhere before it: what is shared already is not shared again.
    """

    book = models.OneToOneField("ledger.Book", on_delete=models.PROTECT, primary_key=True, related_name="+")
    settled_before = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.book_id}: {self.settled_before}"
