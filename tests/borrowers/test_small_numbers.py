"""Tables worked by hand: which rows may the public see of a whole that it knows, so that nobody can be told?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borrowers.domain.readings import SMALLEST_SHOWN
from borrowers.domain.small_numbers import hidden_rows, is_small


@pytest.mark.parametrize(
    ("table", "unseen", "hidden"),
    [
        # Nothing is small: all is shown.
        ({"north": 5, "south": 12, "east": 0}, (), set()),
        # 3 is small; alone it would be 18 − 15. The next smallest goes with it: 9 are left, of which 3 could be any.
        ({"north": 3, "south": 9, "east": 6}, (), {"north", "east"}),
        # 2 and 2 are small, and 4 is what they come to, which is small as well; 5 goes with them.
        ({"north": 2, "south": 2, "east": 5, "west": 8}, (), {"north", "south", "east"}),
        # 1 and 4 come to 5, in which either can hide.
        ({"north": 1, "south": 4, "east": 7}, (), {"north", "south"}),
        # What is elsewhere is never shown, and large: 3 hides in 40 + 3.
        ({"north": 3, "south": 9, "elsewhere": 40}, ("elsewhere",), {"north", "elsewhere"}),
        # Two are elsewhere: 18 − 16 would tell of them, so the smaller of the rest is hidden too.
        ({"north": 7, "south": 9, "elsewhere": 2}, ("elsewhere",), {"north", "elsewhere"}),
        # Nobody is elsewhere: there is nobody to tell of.
        ({"north": 7, "south": 9, "elsewhere": 0}, ("elsewhere",), {"elsewhere"}),
        # The whole is 3 and small: not even a nought is told, or 3 would be what is left.
        ({"north": 3, "south": 0}, (), {"north", "south"}),
        ({}, (), set()),
    ],
)
def test_rows_of_a_known_whole(table: dict[str, int], unseen: tuple[str, ...], hidden: set[str]) -> None:
    assert hidden_rows(table, unseen) == hidden


@given(st.dictionaries(st.integers(0, 9), st.integers(0, 12), max_size=8), st.sets(st.integers(0, 9), max_size=2))
def test_no_small_number_is_told_or_left_over(table: dict[int, int], unseen: set[int]) -> None:
    """Whoever takes what is shown off the whole is left with nothing, with five or more, or with the whole itself."""
    hidden = hidden_rows(table, unseen)
    shown = {row: count for row, count in table.items() if row not in hidden}
    assert not any(is_small(count) for count in shown.values())
    left = sum(table.values()) - sum(shown.values())
    assert left == 0 or left >= SMALLEST_SHOWN or not shown


@given(st.dictionaries(st.integers(0, 9), st.integers(5, 90), max_size=8))
def test_what_tells_of_nobody_is_not_hidden(table: dict[int, int]) -> None:
    assert hidden_rows(table) == set()
