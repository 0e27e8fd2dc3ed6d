"""Which rows of a table may the public see, so that nobody can be told from a small number, nor by subtraction?

A count below `SMALLEST_SHOWN` could tell who is meant. Hiding it alone is not enough where the public knows the whole:
what is left of it, once the rows that are shown are taken off, says what the hidden ones come to. So more rows are
hidden, the smallest first, until what is left is nothing or large enough to hide in. (Cell suppression with secondary
suppression, as in the handbooks of official statistics; the rows here have one dimension.)
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

from borrowers.domain.readings import SMALLEST_SHOWN

Row = TypeVar("Row")


def is_small(count: int) -> bool:
    """Whether a count could tell who is meant; nought tells of nobody.

    >>> [is_small(count) for count in (0, 1, 4, 5)]
    [False, True, True, False]
    """
    return 0 < count < SMALLEST_SHOWN


def hidden_rows(counts: Mapping[Row, int], unseen: Collection[Row] = ()) -> set[Row]:
    """The rows that may not be shown, of rows that overlap nowhere and make a whole that the public knows.

    `unseen` are rows that are never shown anyway. Where even the whole is small, nothing can hide it: then every row is
    hidden, and who publishes the whole has to ask whether that may be.

    >>> sorted(hidden_rows({"north": 3, "south": 9, "east": 6}))
    ['east', 'north']
    >>> sorted(hidden_rows({"north": 3, "south": 9, "elsewhere": 6}, unseen=["elsewhere"]))
    ['elsewhere', 'north']
    >>> sorted(hidden_rows({"north": 7, "south": 9, "elsewhere": 2}, unseen=["elsewhere"]))
    ['elsewhere', 'north']
    """
    hidden = {row for row, count in counts.items() if is_small(count)} | {row for row in unseen if row in counts}
    smallest_first = sorted(
        (row for row in counts if row not in hidden), key=lambda row: (not counts[row], counts[row])
    )
    for row in smallest_first:
        if not is_small(sum(counts[one] for one in hidden)):
            break
        hidden.add(row)
    return hidden
