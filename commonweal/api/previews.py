"""What would change if something happened to a loan: where it stands before and after, and the entries to be posted."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from commonweal.api.fields import Day, MoneyField, Shape, Word
from commonweal.api.loans import PositionForStaffOut, ScheduleRowOut
from ledger.domain.entry import JournalEntry, Kind
from loans.domain.event_content import content_sha256, event_content
from loans.domain.events import Event
from loans.models import Loan
from loans.services import Preview


class PostingToComeOut(Shape):
    """A posting that would be made, on its side."""

    code = serializers.CharField()
    debit = MoneyField(allow_null=True)
    credit = MoneyField(allow_null=True)


class EntryToComeOut(Shape):
    """An entry that would be posted."""

    effective_on = Day()
    kind = Word(Kind)
    narrative = serializers.CharField()
    postings = PostingToComeOut(many=True)


class LoanSeenOut(PositionForStaffOut):
    """Where a loan stands, with its schedule."""

    instalments = ScheduleRowOut(many=True)


class PreviewOut(Shape):
    """A loan without and with an event. The entries of its lenders' side follow from these, and are not among them."""

    event = serializers.JSONField(help_text="The whole event, in the words in which it would be kept.")
    sha256 = serializers.CharField(help_text="The hash of this event, by which it is approved.")
    before = LoanSeenOut()
    after = LoanSeenOut()
    entries = EntryToComeOut(many=True)


def shown(loan: Loan, event: Event, seen: Preview) -> dict[str, Any]:
    """A preview as `PreviewOut` gives it."""
    content = event_content(event, loan.currency)
    return {
        "event": content,
        "sha256": content_sha256(content),
        "before": seen.before,
        "after": seen.after,
        "entries": [entry_to_come(entry) for entry in seen.entries],
    }


def entry_to_come(entry: JournalEntry) -> dict[str, Any]:
    """An entry as `EntryToComeOut` gives it."""
    lines = [
        {
            "code": line.account,
            "debit": line.amount if line.minor > 0 else None,
            "credit": -line.amount if line.minor < 0 else None,
        }
        for line in entry.postings
    ]
    return {
        "effective_on": entry.effective_on,
        "kind": entry.kind,
        "narrative": entry.narrative,
        "postings": lines,
    }
