"""Is the payer that a bank names the party that we know? Banks shorten names, drop forms, and misspell."""

from __future__ import annotations

import re
from collections.abc import Iterable

FORMS = frozenset(
    {
        *("ltd", "limited", "cic", "cio", "plc", "llp", "inc", "society", "soc", "coop", "co", "operative"),
        *("the", "and", "of", "for", "mr", "mrs", "ms", "dr", "bacs", "fpi", "bgc"),
    }
)
"""Words that say of which form a party is, or how a payment came, and not who it is."""

LEAST_BEGINNING = 6
"""So many letters of a name are enough to know its beginning by."""


def name_words(name: str) -> tuple[str, ...]:
    """The words of a name that tell it from others, in small letters.

    >>> name_words("The NETHERBY Corner-Shop Society Ltd.")
    ('netherby', 'corner', 'shop')
    """
    words = re.findall(r"\w+", name.casefold())
    return tuple(word for word in words if word not in FORMS)


def plain_name(name: str) -> str:
    """A name as it is compared: the same for all ways in which banks write it."""
    return " ".join(name_words(name))


def initials(words: Iterable[str]) -> str:
    """The first letters of words."""
    return "".join(word[0] for word in words)


def likeness(payer: str, name: str) -> tuple[int, str] | None:
    """How far the payer is this party, in hundredths, and by what; None where nothing says so.

    >>> likeness("NETHERBY CORNER SH", "Netherby Corner Shop Society")
    (50, 'the payer’s name begins like')
    """
    one, other = name_words(payer), name_words(name)
    if not one or not other:
        return None
    if set(one) == set(other):
        return 55, "the payer is"
    if _begins(one, other):
        return 50, "the payer’s name begins like"
    if _is_part(one, other) or _is_part(other, one):
        return 40, "the payer’s name has words of"
    if _nearly(one, other):
        return 40, "the payer’s name is spelt nearly like"
    if initials(other) in {"".join(one), initials(one)} and len(other) > 1 and all(len(word) == 1 for word in one[1:]):
        return 30, "the payer’s letters are the initials of"
    return None


def _begins(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    shorter, longer = sorted(("".join(one), "".join(other)), key=len)
    return len(shorter) >= LEAST_BEGINNING and longer.startswith(shorter)


def _is_part(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return set(one) < set(other) and any(len(word) > 4 for word in one)


def _nearly(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return len(one) == len(other) and all(
        word == there or (min(len(word), len(there)) > 3 and is_one_slip(word, there))
        for word, there in zip(one, other, strict=True)
    )


def is_one_slip(one: str, other: str) -> bool:
    """Whether two words differ by one slip: a sign more, less, another, or two changed over.

    >>> is_one_slip("hh0108", "hh0180"), is_one_slip("hh0108", "hh108"), is_one_slip("hh0108", "hh0118x")
    (True, True, False)
    """
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, there = one[same:], other[same:]
    if len(rest) != len(there):
        return rest[1:] == there or rest == there[1:]
    return rest[1:] == there[1:] or (rest[2:] == there[2:] and rest[:2] == there[1::-1])


def without_one(word: str) -> set[str]:
    """A word with one sign left out, and as it is: two words of one slip share such a shape."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}
