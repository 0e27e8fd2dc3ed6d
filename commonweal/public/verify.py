"""Is this document one that a fund issued here? Asked with the file itself, or with its SHA-256; no log-in needed."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from commonweal.documents.issuing import by_sha256, recognise
from commonweal.documents.models import Document
from commonweal.form_fields import PlainForm

LARGEST = 20 * 1024 * 1024
"""Bytes; a statement has far less, an auditor's pack may have more and comes with its fingerprint."""


class VerifyForm(PlainForm):
    """The file, or its fingerprint."""

    file = forms.FileField(label="The document", required=False, help_text="The file as you received it.")
    sha256 = forms.CharField(
        label="Or its SHA-256", required=False, max_length=64, help_text="64 letters and digits, where you know it."
    )

    def clean(self) -> dict[str, Any]:
        """One of the two, of a size and shape that can be looked at."""
        given: dict[str, Any] = super().clean() or {}
        file, digest = given.get("file"), given.get("sha256", "").strip().lower()
        if not file and not digest and not self.errors:
            raise forms.ValidationError("Choose the file, or write its SHA-256")
        if isinstance(file, UploadedFile) and (file.size or 0) > LARGEST:
            self.add_error("file", "The file is larger than 20 MB. Write its SHA-256 instead")
        if digest and not re.fullmatch(r"[0-9a-f]{64}", digest):
            self.add_error("sha256", "A SHA-256 has 64 digits and letters from a to f")
        return given | {"sha256": digest}


def verify(request: HttpRequest) -> HttpResponse:
    """The form, and what was found. Nothing that is given is kept."""
    is_asked = request.method == "POST"
    form = VerifyForm(request.POST, request.FILES) if is_asked else VerifyForm()
    context: dict[str, Any] = {"form": form}
    if is_asked and form.is_valid():
        context |= {"is_asked": True, "found": _found(form)}
    return render(request, "public/verify.html", context)


def _found(form: VerifyForm) -> Document | None:
    file = form.cleaned_data["file"]
    return recognise(file.read()) if file else by_sha256(form.cleaned_data["sha256"])
