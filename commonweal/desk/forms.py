"""The desk's forms: what is asked, in which words; the services decide what is right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms

from commonweal.jobs.refusals import REFUSALS


@contextmanager
def refusals_in(form: forms.Form) -> Iterator[None]:
    """A refusal by a service becomes the form's error, in its own words; the page shows it and nothing was changed."""
    try:
        yield
    except REFUSALS as refusal:
        form.add_error(None, str(refusal))


def day_input() -> forms.DateInput:
    """A date field as the browser offers it, with its value in ISO form."""
    return forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d")


class ReversalForm(forms.Form):
    """When and why an entry is reversed."""

    on = forms.DateField(label="Date of the reversal", help_text="In any open period.", widget=day_input())
    reason = forms.CharField(label="Reason", help_text="The auditor reads this.", max_length=300)


class ReopenForm(forms.Form):
    """Why the latest closed period is opened again."""

    reason = forms.CharField(label="Reason for reopening", help_text="It stays on record.", max_length=400)
