"""Which signs may a file to the bank carry? Names are brought into them, references are refused."""

from __future__ import annotations

import re
import unicodedata

LONGEST_BACS = 18
"""Signs of a name or a reference in a Bacs record."""

_NOT_BACS = re.compile(r"[^A-Z0-9.&/ -]")
_NOT_SEPA = re.compile(r"[^A-Za-z0-9/?:().,'+ -]")
_LETTERS = {"ß": "ss", "Æ": "AE", "æ": "ae", "Ø": "O", "ø": "o", "Œ": "OE", "œ": "oe", "Ł": "L", "ł": "l", "Đ": "D"}


def bacs_text(text: str, length: int = LONGEST_BACS) -> str:
    """A text in the signs of Bacs (capitals, digits, full stop, ampersand, solidus, hyphen, blank), cut and filled up.

    >>> bacs_text("Café Líle (Ely)")
    'CAFE LILE  ELY    '
    """
    return _NOT_BACS.sub(" ", _plain(text).upper())[:length].ljust(length)


def sepa_text(text: str, length: int = 70) -> str:
    """A text in the Latin signs that every SEPA bank takes (EPC217-08), cut, without blanks around it.

    >>> sepa_text("Bäckerei & Müller")
    'Backerei + Muller'
    """
    return " ".join(_NOT_SEPA.sub(" ", _plain(text).replace("&", "+")).split())[:length].strip()


def _plain(text: str) -> str:
    """Letters without their marks."""
    written = "".join(_LETTERS.get(sign, sign) for sign in text)
    return "".join(sign for sign in unicodedata.normalize("NFKD", written) if not unicodedata.combining(sign))
