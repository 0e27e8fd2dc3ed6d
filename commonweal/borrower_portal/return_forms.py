"""What is asked with one question of a return: a figure, how it is known, proof, and parts by group."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from borrowers.domain.outcomes import Group
from borrowers.domain.readings import ShownBy, number_text
from borrowers.models import Indicator
from commonweal.file_form import ACCEPTED, RULES
from commonweal.form_fields import NumberField, PlainForm
from loans.domain.returns import ReturnAnswerKind
from loans.models import ReturnAnswer
from loans.services import Step, Upload


class FigureForm(PlainForm):
    """A figure; the rest helps and is never needed."""

    value = NumberField(noun="the number", label="Number")
    shown_by = forms.ChoiceField(
        label="How do you know it?", choices=[(one.value, one.words) for one in ShownBy], required=False
    )
    source = forms.CharField(
        label="Where is it from?",
        help_text="Helps whoever fills this in next year, such as “payroll, last page”.",
        required=False,
        max_length=300,
    )
    file = forms.FileField(
        label="Proof",
        help_text=f"A payroll summary, or a photo of it. {RULES}",
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def __init__(self, *args: Any, indicator: Indicator, answer: ReturnAnswer | None = None, **kwargs: Any) -> None:
        super().__init__(*args, initial=_initial(answer), **kwargs)
        self.indicator = indicator
        field = self.fields["value"]
        field.label, field.help_text = f"Number of {indicator.unit}", indicator.range.words
        if indicator.unit == "pounds":
            field.label = "Amount in pounds"
        for group, words in indicator.group_words:
            label = f"Of these, {words}"
            self.fields[f"part_{group}"] = NumberField(noun="the part", label=label, required=False)

    @property
    def part_fields(self) -> list[forms.BoundField]:
        """The parts by group."""
        return [self[name] for name in self.fields if name.startswith("part_")]

    @property
    def has_more(self) -> bool:
        """Whether something beside the figure is filled in or not right, so that it is shown unfolded."""
        more = [self["shown_by"], self["source"], self["file"], *self.part_fields]
        return any(field.errors for field in more)

    def step(self) -> Step:
        """The answer, as the service takes it."""
        said = self.cleaned_data
        upload = said.get("file")
        parts: dict[Group, Decimal] = {
            Group(group): said[f"part_{group}"]
            for group, _ in self.indicator.group_words
            if said.get(f"part_{group}") is not None
        }
        return Step(
            answer=ReturnAnswerKind.VALUE,
            value=said["value"],
            parts=parts,
            shown_by=ShownBy(said["shown_by"] or ShownBy.ESTIMATE),
            source=said["source"],
            upload=Upload(upload.name, upload.read()) if upload else None,
        )


def _initial(answer: ReturnAnswer | None) -> dict[str, Any]:
    if answer is None or answer.value is None:
        return {}
    parts = {f"part_{group}": number_text(Decimal(part)) for group, part in answer.parts.items()}
    return {"value": number_text(answer.value), "shown_by": answer.shown_by, "source": answer.source, **parts}
