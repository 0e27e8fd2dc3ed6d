"""Journal entries: which there are, what each moves, and reversing what was made by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from rest_framework import serializers

from commonweal.api.fields import Day, OnSide, Shape, Strict, Text, Word
from commonweal.api.operations import Asked, BookOperation, Paged, narrowed, operation
from investors.services import reverse_contribution
from ledger import queries
from ledger.domain.entry import Kind
from ledger.services import reverse_by_hand

if TYPE_CHECKING:
    from ledger.models import Book, JournalEntry


class EntryOut(Shape):
    """The head of a journal entry."""

    id = serializers.IntegerField()
    reference = serializers.CharField(source="__str__")
    effective_on = Day()
    kind = Word(Kind)
    narrative = serializers.CharField()
    source_ = serializers.CharField(help_text="What caused it: `loan:L-0108`, `bank-line:12`, `journal:3`.")
    posted_by = serializers.CharField(source="request.posted_by.name")
    recorded_at = serializers.DateTimeField(source="request.recorded_at")
    reverses = serializers.IntegerField(source="reverses_id", allow_null=True)
    reversed_by = serializers.IntegerField(source="reversed_by.pk", allow_null=True, default=None)
    sealed_at_position = serializers.IntegerField(source="sealed.position", allow_null=True, default=None)


class PostingOut(Shape):
    """One posting, on its side."""

    line_no = serializers.IntegerField()
    account = serializers.IntegerField(source="account_id")
    code = serializers.CharField(source="account.code")
    name = serializers.CharField(source="account.name")
    debit = OnSide(is_debit=True)
    credit = OnSide(is_debit=False)


class FourEyesOut(Shape):
    """Who made it and who checked it."""

    made_by = serializers.CharField(source="made_by.name")
    made_at = serializers.DateTimeField()
    checked_by = serializers.CharField(source="checked_by.name")
    checked_at = serializers.DateTimeField()
    sha256 = serializers.CharField(source="content_sha256", help_text="The hash of what both of them saw.")


class EntryDetailOut(EntryOut):
    """A journal entry with its postings."""

    approval = FourEyesOut(allow_null=True)
    postings = PostingOut(many=True)


class EntryQuery(Paged):
    """Which entries."""

    from_ = Day(required=False, help_text="Effective on or after this day.")
    to = Day(required=False, help_text="Effective on or before this day.")
    kind = Word(Kind, required=False)
    source_ = Text(required=False, max_length=100, help_text="What caused them, such as `loan:L-0108`.")


class ReversalIn(Strict):
    """When and why an entry is reversed."""

    on = Day(required=False, help_text="In any open period; the business date unless given.")
    reason = Text(max_length=300, help_text="The auditor reads this.")


class EntryList(BookOperation):
    @operation(gives=EntryOut, query=EntryQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """The journal, the latest first."""
        filters = {"from": "effective_on__gte", "to": "effective_on__lte", "kind": "kind", "source": "source"}
        return self.paged(narrowed(queries.entries(self.book), asked, filters))


class EntryOperation(BookOperation):
    """An operation on one entry."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.entry = get_object_or_404(queries.entries(self.book), pk=path["entry"])


class EntryDetail(EntryOperation):
    @operation(gives=EntryDetailOut)
    def get(self, asked: Asked) -> Any:
        """One journal entry with its postings, who posted it, its seal and its reversal."""
        return whole_entry(self.book, self.entry.pk)


class EntryReverse(EntryOperation):
    @operation(takes=ReversalIn, gives=EntryDetailOut, status=201, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Post the mirror image of an entry made in the ledger, or of an investor's contribution, whose bank line waits
        again then; the others are corrected where they come from."""
        take_back = reverse_contribution if self.entry.kind == Kind.CONTRIBUTION else reverse_by_hand
        posted = take_back(
            entry_id=self.entry.pk,
            book=self.book,
            on=asked.get("on", self.book.business_date),
            reason=asked["reason"],
            key=self.key,
            by=self.person,
        )
        return whole_entry(self.book, posted.entry_ids[0])


def whole_entry(book: Book, pk: int) -> JournalEntry:
    """An entry with its postings in order, and the names of the two people behind it where it needed two."""
    entry: JournalEntry = queries.whole_entries(book).get(pk=pk)
    return entry
