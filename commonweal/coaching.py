"""The coach's form: where is the change felt, for whom, and what is written down anyway?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django import forms

from borrowers.domain.coach import Known, Record, Suggestion, suggest
from borrowers.domain.outcomes import Group, OutcomeArea
from borrowers.domain.readings import Grade
from borrowers.models import Indicator
from borrowers.queries import asked_indicators
from commonweal.form_fields import PlainForm


@dataclass(frozen=True, slots=True)
class Coached:
    """A suggestion with its indicator."""

    indicator: Indicator
    suggestion: Suggestion

    @property
    def grade_words(self) -> str:
        """The grade within reach, in words."""
        return Grade(self.suggestion.grade).words


def coached(area: OutcomeArea, groups: Collection[Group], records: Collection[Record]) -> list[Coached]:
    """Two or three indicators of the catalogue and the fund's own."""
    chosen = {one.code: one for one in asked_indicators()}
    known = [
        Known(one.code, OutcomeArea(one.area) if one.area else None, tuple(map(Group, one.groups)))
        for one in chosen.values()
    ]
    return [Coached(chosen[one.code], one) for one in suggest(known, area=area, groups=groups, records=records)]


class CoachForm(PlainForm):
    """Three questions, none of them about figures."""

    area = forms.ChoiceField(
        label="Where is the change felt most?", choices=[(area.value, area.words) for area in OutcomeArea]
    )
    who = forms.MultipleChoiceField(
        label="For whom?",
        choices=[(group.value, group.words.capitalize()) for group in Group],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    records = forms.MultipleChoiceField(
        label="What do you keep anyway?",
        choices=[(record.value, record.words.capitalize()) for record in Record],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def coached(self) -> list[Coached]:
        """Two or three indicators of the catalogue and the fund's own."""
        said = self.cleaned_data
        return coached(
            OutcomeArea(said["area"]), [Group(one) for one in said["who"]], [Record(one) for one in said["records"]]
        )
