"""What is asked for a document to be kept: the file, what it is, and for which loan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from commonweal.form_fields import PlainForm
from ledger.domain.file_kinds import FileKind
from loans.domain.kept_files import KeptKind
from loans.models import Loan

ACCEPTED = ",".join(ending for kind in FileKind for ending in kind.endings)
RULES = "A PDF, PNG, JPEG, DOCX, XLSX, CSV or text file of at most 10 MB, without a password, macros or links."


class KeepFileForm(PlainForm):
    """A document; `loans` are those of which one may be chosen, none where the page is about one."""

    kind = forms.ChoiceField(label="What it is")
    loan = forms.ChoiceField(label="For which loan")
    file = forms.FileField(
        label="File",
        help_text=RULES,
        error_messages={"required": "Choose a file", "empty": "The file is empty. Choose another."},
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def __init__(self, *args: Any, kinds: Sequence[KeptKind], loans: Sequence[Loan] | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _offer(self.fields["kind"], [(kind.value, kind.words) for kind in kinds])
        if loans is None:
            del self.fields["loan"]
            return
        _offer(self.fields["loan"], [(str(loan.pk), f"{loan} · {loan.organisation}") for loan in loans])
        if len(loans) == 1:
            self.fields["loan"].widget = forms.HiddenInput()
            self.fields["loan"].initial = str(loans[0].pk)


def _offer(field: forms.Field, choices: list[tuple[str, str]]) -> None:
    if isinstance(field, forms.ChoiceField):
        field.choices = choices
