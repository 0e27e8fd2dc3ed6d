"""Does a part of a workbook or document take content from elsewhere by a formula or a field? Judged as it is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from ledger.domain.file_errors import HasExternalLink, TooMuchToRead
from ledger.files.parts import Tags, local_name

MAX_FORMULA = 100_000
"""Excel takes 8,192 characters."""
MAX_FIELDS = 1_000_000
"""All fields of a part together; a table of contents of a thousand lines has fifty thousand characters."""

_FUNCTIONS = r"(?:WEBSERVICE|FILTERXML|RTD|CALL|REGISTER(?:\.ID)?|IMAGE)"
_REACHING_FORMULA = re.compile(rf"\b{_FUNCTIONS}\s*\(|_xleta\.{_FUNCTIONS}\b|\|'?[^|'!]*'?!", re.IGNORECASE)
_REACHING_FIELD = re.compile(r"\b(DDEAUTO|DDE|INCLUDEPICTURE|INCLUDETEXT|DATABASE|LINK)\b", re.IGNORECASE)
_LINKS = frozenset({"ddelink", "olelink", "externalbook"})
_FIELDS = frozenset({"instrtext", "delinstrtext"})


class ReachingOut(Tags):
    """Refuses formulas, defined names and fields that fetch or run, in whatever part they stand.

    Raises HasExternalLink, and TooMuchToRead for more than it looks through: nothing is left out of sight.
    """

    def __init__(self, name: str, part: str) -> None:
        self._name, self._part = name, part
        self._formula, self._inside, self._length = list[str](), 0, 0
        self._fields, self._in_field, self._fields_length = list[str](), 0, 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A formula or a field begins, or stands in an attribute."""
        for key, value in attributes.items():
            if local_name(key) == "instr":
                self._look(_REACHING_FIELD, value)
            elif local_name(key) == "formula":
                self._look(_REACHING_FORMULA, value)
        match _watched(tag):
            case "formula":
                self._inside += 1
            case "field":
                self._in_field += 1
            case "boundary":
                self._fields.append("\n")
            case "link":
                self._refuse(local_name(tag))

    def end(self, tag: str) -> None:
        """A formula is whole."""
        match _watched(tag):
            case "formula":
                self._inside -= 1
                self._look(_REACHING_FORMULA, "".join(self._formula))
                self._formula, self._length = [], 0
            case "field":
                self._in_field -= 1

    def data(self, text: str) -> None:
        """Keep what belongs to a formula or a field."""
        if self._inside:
            self._formula.append(text)
            self._length += len(text)
        elif self._in_field:
            self._fields.append(text)
            self._fields_length += len(text)
        if self._length > MAX_FORMULA or self._fields_length > MAX_FIELDS:
            raise TooMuchToRead(
                f"{self._name} holds formulas or fields in {self._part} that are too long to be looked through. "
                "Save it as PDF."
            )

    def close(self) -> None:
        """All fields are there: each by itself, and as they are read where one stands within another."""
        fields = "".join(self._fields)
        self._look(_REACHING_FIELD, fields)
        self._look(_REACHING_FIELD, fields.replace("\n", ""))

    def _look(self, reaching: re.Pattern[str], text: str) -> None:
        if found := reaching.search(text):
            self._refuse(found[0])

    def _refuse(self, what: str) -> None:
        raise HasExternalLink(
            f"{self._name} takes content from elsewhere by {what[:40]!r} in {self._part}. Paste the result as a value."
        )


@lru_cache(maxsize=1000)
def _watched(tag: str) -> str:
    name = local_name(tag).lower()
    if name in ("f", "definedname") or name.startswith("formula") or name.endswith("formula"):
        return "formula"
    return "field" if name in _FIELDS else "boundary" if name == "fldchar" else "link" if name in _LINKS else ""
