"""Choosing e-mails: the same form in both portals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from commonweal.access.models import User
from commonweal.form_fields import PlainForm
from commonweal.letters.choices import choices_of, choose
from commonweal.letters.kinds import LEGAL, LetterKind


class ChoicesForm(PlainForm):
    """Which kinds of e-mail somebody wants; what has to be told is no question."""

    wanted = forms.MultipleChoiceField(
        label="Send me an e-mail", required=False, widget=forms.CheckboxSelectMultiple, choices=()
    )

    def __init__(self, *args: Any, person: User, kinds: Iterable[LetterKind], **kwargs: Any) -> None:
        self.person = person
        self.kinds = [kind for kind in kinds if kind not in LEGAL]
        now = choices_of(person)
        initial = {"wanted": [kind.value for kind in self.kinds if now[kind]]}
        super().__init__(*args, initial=initial, **kwargs)
        field = self.fields["wanted"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(kind.value, kind.label) for kind in self.kinds]

    def keep(self) -> None:
        """Switch on what is ticked and off what is not."""
        ticked = set(self.cleaned_data["wanted"])
        choose(person=self.person, wanted={kind: kind.value in ticked for kind in self.kinds})
