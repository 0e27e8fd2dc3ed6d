"""Which targets do the Sustainable Development Goals have? Their codes, such as 8.5, and no words of theirs.

Source: United Nations General Assembly, resolution 70/1 of 2015, 17 goals with 169 targets.
"""

from __future__ import annotations

from borrowers.domain.errors import UnknownSdgTarget

_COUNTED = {
    1: (5, "ab"),
    2: (5, "abc"),
    3: (9, "abcd"),
    4: (7, "abc"),
    5: (6, "abc"),
    6: (6, "ab"),
    7: (3, "ab"),
    8: (10, "ab"),
    9: (5, "abc"),
    10: (7, "abc"),
    11: (7, "abc"),
    12: (8, "abc"),
    13: (3, "ab"),
    14: (7, "abc"),
    15: (9, "abc"),
    16: (10, "ab"),
    17: (19, ""),
}
"""For each goal its last numbered target, and the letters of its means of implementation."""

SDG_TARGETS: tuple[str, ...] = tuple(
    f"{goal}.{target}" for goal, (last, letters) in _COUNTED.items() for target in (*range(1, last + 1), *letters)
)
"""All 169 codes, in order."""


def refuse_unknown_targets(codes: tuple[str, ...]) -> None:
    """Raise UnknownSdgTarget for the first code that is none, or that stands there twice.

    >>> len(SDG_TARGETS), "8.5" in SDG_TARGETS, "8.11" in SDG_TARGETS
    (169, True, False)
    """
    for code in codes:
        if code not in SDG_TARGETS:
            goal = code.partition(".")[0]
            own = [target for target in SDG_TARGETS if target.partition(".")[0] == goal]
            among = f"Goal {goal} has {own[0]} to {own[-1]}" if own else "The goals are 1 to 17"
            raise UnknownSdgTarget(f"There is no SDG target {code!r}. {among}. Correct it; nothing was changed.")
        if codes.count(code) > 1:
            raise UnknownSdgTarget(f"The SDG target {code} is named twice. Name it once; nothing was changed.")
