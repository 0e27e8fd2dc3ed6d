"""Where does a business do good, and which part of it where? The parts make the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from borrowers.domain.areas import area_written, postcode_shown, postcode_written
from borrowers.domain.place_errors import PlacesMalformed

MOST_PLACES = 20


@dataclass(frozen=True, slots=True)
class PlaceGiven:
    """A place as somebody gives it: a postcode or a small area's code, one of them, with a whole percentage.

    Raises NoSuchPlace where it is not written as one, and PlacesMalformed.
    """

    percent: int
    postcode: str = ""
    area: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        if bool(self.postcode.strip()) == bool(self.area.strip()):
            raise PlacesMalformed("Give each place by its postcode or by its area’s code. Nothing was changed.")
        if not 1 <= self.percent <= 100:
            raise PlacesMalformed(
                f"{self.percent} per cent is no part of the whole. Give 1 to 100; nothing was changed."
            )
        if self.postcode.strip():
            object.__setattr__(self, "postcode", postcode_written(self.postcode))
        else:
            object.__setattr__(self, "area", area_written(self.area))

    @property
    def shown(self) -> str:
        """The place as people write it."""
        return postcode_shown(self.postcode) or self.area


def refuse_parts(places: Sequence[PlaceGiven]) -> None:
    """Raise PlacesMalformed where the parts do not make the whole, one stands twice, or there are too many.

    >>> refuse_parts([PlaceGiven(60, postcode="CA6 5PZ"), PlaceGiven(40, area="E01019121")])
    """
    if not 0 < len(places) <= MOST_PLACES:
        raise PlacesMalformed(
            f"Give 1 to {MOST_PLACES} places, and not {len(places)}; put the smallest together. Nothing was changed."
        )
    names = [place.shown for place in places]
    for name in names:
        if names.count(name) > 1:
            raise PlacesMalformed(f"{name} is given twice. Put its parts together; nothing was changed.")
    whole = sum(place.percent for place in places)
    if whole != 100:
        away = f"{100 - whole} are missing" if whole < 100 else f"{whole - 100} are too many"
        raise PlacesMalformed(
            f"The parts make {whole} per cent and not 100: {away}. Correct them; nothing was changed."
        )
