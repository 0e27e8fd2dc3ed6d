"""What may be kept of a business or a loan, and what is each file called when it is handed out?"""

from __future__ import annotations

from enum import StrEnum


class KeptKind(StrEnum):
    """What a file is to the fund. Of a business itself; `INTERNAL` alone is for the fund's staff and nobody else."""

    ACCOUNTS = "accounts"
    GOVERNING = "governing"
    AGREEMENT = "agreement"
    EVIDENCE = "evidence"
    OTHER = "other"
    INTERNAL = "internal"

    @property
    def words(self) -> str:
        """How people call it."""
        return _WORDS[self]


_WORDS = {
    KeptKind.ACCOUNTS: "Accounts",
    KeptKind.GOVERNING: "Governing document",
    KeptKind.AGREEMENT: "Agreement",
    KeptKind.EVIDENCE: "Evidence",
    KeptKind.OTHER: "Other",
    KeptKind.INTERNAL: "Internal, for the fund’s staff alone",
}

OF_THE_BUSINESS = frozenset(KeptKind) - {KeptKind.INTERNAL}
"""What a business may send, and sees."""

LONGEST_NAME = 200


def bare_name(name: str) -> str:
    """A file's own name without the folders that some programs send along, its ending kept where it is long.

    >>> bare_name("C:\\\\Users\\\\jo\\\\accounts.pdf"), bare_name(" ../accounts.pdf ")
    ('accounts.pdf', 'accounts.pdf')
    """
    return name.replace("\\", "/").rpartition("/")[2].strip()[-LONGEST_NAME:]


def handed_out_as(opaque_name: str, ending: str) -> str:
    """The name of a download: never what somebody else typed.

    >>> handed_out_as("3f0c2a9be1d84c77a5b6c1d2e3f40516", ".pdf")
    'file-3f0c2a9b.pdf'
    """
    return f"file-{opaque_name[:8]}{ending}"
