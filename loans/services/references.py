"""Which of very many payment references does a text name? The domain's rule, asked only of those that can be meant."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from loans.domain.references import payment_references_in

_APART = re.compile(r"[\s\-/.]+")


class KnownReferences:
    """References by what they are without hyphens, spaces and capitals, so that a text is looked up and not searched
    once for each of them."""

    def __init__(self, known: Iterable[str]) -> None:
        self._by_core: dict[str, list[str]] = defaultdict(list)
        for reference in known:
            self._by_core[_core(reference)].append(reference)
        self._lengths = sorted({len(core) for core in self._by_core})

    def named_in(self, text: str) -> tuple[str, ...]:
        """The same as `payment_references_in` of all that are known.

        >>> KnownReferences(["HH-0107", "HH-0108"]).named_in("hh 0108 thank you")
        ('HH-0108',)
        """
        core = _core(text)
        parts = {core[start : start + length] for length in self._lengths for start in range(len(core) - length + 1)}
        return payment_references_in(text, [one for part in parts for one in self._by_core.get(part, ())])


def _core(text: str) -> str:
    return _APART.sub("", text).casefold()
