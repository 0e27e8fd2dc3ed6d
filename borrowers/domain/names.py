"""Can a name be read as it is written? One line of signs that show, none of which turns the text round it."""

from __future__ import annotations

import re
import unicodedata

from borrowers.domain.errors import NameMalformed

JOINERS = "\u200c\u200d"
"""Signs without a width that some scripts cannot be written without."""

HIDDEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
"""Unicode's categories of controls, formats (which turn the direction of a text), halves, private signs and breaks."""


def hidden_sign(text: str) -> str:
    """The first sign of a text that nobody sees or that breaks its line, by number and name; "" where there is none.

    >>> hidden_sign("Village\\u202eShop"), hidden_sign("Café 村")
    ('U+202E (RIGHT-TO-LEFT OVERRIDE)', '')
    """
    for sign in text:
        if unicodedata.category(sign) in HIDDEN and sign not in JOINERS:
            return f"U+{ord(sign):04X} ({unicodedata.name(sign, 'a control or line break')})"
    return ""


TURNING = ("LRE", "LRO", "RLE", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
"""Unicode's bidirectional classes of signs that turn the text that follows them."""


def refuse_turning_signs(text: str) -> None:
    """Raise NameMalformed where a text of several lines has a sign that turns what follows it.

    >>> refuse_turning_signs("Two lines,\\nand a co\u00adopera\u200btive 🏴")
    """
    for sign in text:
        if unicodedata.bidirectional(sign) in TURNING:
            raise NameMalformed(
                f"The text holds U+{ord(sign):04X} ({unicodedata.name(sign)}), which nobody sees and which turns the "
                "text beside it. Type it anew without that sign; nothing was changed."
            )


def refuse_hidden_signs(name: str) -> None:
    """Raise NameMalformed where a name has a sign that nobody sees, or a line break."""
    if found := hidden_sign(name):
        shown = "".join(sign for sign in name if not hidden_sign(sign))
        raise NameMalformed(
            f"The name {shown!r} holds {found}, which nobody sees and which can change how the text beside it reads. "
            "Type the name anew in one line; nothing was changed."
        )


PERSONAL = re.compile(r"[^\s@]+@[^\s@]+\.[a-z]{2,}|(?:\+44|\b0)\s?\d(?:[\s-]?\d){8,10}\b", re.IGNORECASE)


def looks_personal(text: str) -> bool:
    """Whether a text holds what looks like an e-mail address or a telephone number in the United Kingdom.

    >>> looks_personal("Ask jo@example.org"), looks_personal("01228 555 0123"), looks_personal("40 people, 9 May 2026")
    (True, True, False)
    """
    return PERSONAL.search(text) is not None
