"""Which loan does a payer mean? References as people and banks write them."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SEPARATOR = r"[\s\-/.]*"


def payment_references_in(text: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known payment references that a text names, each once, however it writes hyphens, spaces and capitals.

    A number of its own may follow, as in `HH-0108-0019` for the nineteenth payment, and behind digits a word that the
    bank has run together with it.

    >>> payment_references_in("hh 0108 thank you", ["HH-0107", "HH-0108"])
    ('HH-0108',)
    >>> payment_references_in("HH0108THANKS FROM INV-NRBX", ["HH-0108", "INV-NRB"])
    ('HH-0108',)
    """
    return tuple(reference for reference in sorted(set(known)) if _pattern(reference).search(text))


def _pattern(reference: str) -> re.Pattern[str]:
    parts = (re.escape(part) for part in re.split(_SEPARATOR, reference) if part)
    goes_on = "[0-9]" if reference[-1:].isdigit() else "[A-Za-z0-9]"
    return re.compile(rf"(?<![A-Za-z0-9]){_SEPARATOR.join(parts)}(?!{goes_on})", re.IGNORECASE)
