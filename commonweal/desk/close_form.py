"""What the desk asks of who closes a month: a reason for each thing that is to stay open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from commonweal.documents.words import listed
from commonweal.form_fields import PlainForm
from commonweal.jobs.readiness import ReadinessItem, Standing


class CloseForm(PlainForm):
    """A field for each open thing that may be left; whether a reason is missing, the service decides."""

    def __init__(self, *args: Any, through: date, items: Sequence[ReadinessItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.through, self.items = through, items
        for item in items:
            if item.standing == Standing.OPEN and item.may_be_left:
                self.fields[item.matter] = _reason(item)

    @property
    def why_not(self) -> str:
        """What nobody may leave open, so that pressing could only be refused; empty where there is nothing."""
        first = [f"“{item.label}”" for item in self.items if item.standing == Standing.OPEN and not item.may_be_left]
        return f"First {listed(first)} must be done: what to do stands above." if first else ""

    @property
    def reasons(self) -> dict[str, str]:
        """What was given, by matter."""
        return {matter: said for matter, said in self.cleaned_data.items() if said}


def _reason(item: ReadinessItem) -> forms.CharField:
    return forms.CharField(
        label=f"{item.label}: why may this stay open?",
        help_text=f"Open: {item.note}.",
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
