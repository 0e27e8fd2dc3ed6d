"""What may somebody be at an investor?"""

from __future__ import annotations

from enum import StrEnum


class ContactRole(StrEnum):
    """The part of a person towards the fund. The value is stored; `words` is what people read."""

    SIGNATORY = "signatory"
    FINANCE = "finance"
    REPORTING = "reporting"
    OTHER = "other"

    @property
    def words(self) -> str:
        """The role in words."""
        return _WORDS[self]


_WORDS = {
    ContactRole.SIGNATORY: "Signs for it",
    ContactRole.FINANCE: "Pays and is paid",
    ContactRole.REPORTING: "Reads the reports",
    ContactRole.OTHER: "Other",
}
