"""What is refused about places, and why; every message is for a person."""

from borrowers.domain.errors import BorrowerError


class PlaceTableBroken(BorrowerError):
    """A table of deprivation or postcodes cannot be read: the message names the line. Nothing of it was loaded."""


class PlaceTableUnclear(BorrowerError):
    """A table does not say which edition or day it is of, or it is loaded already with other content. Say which."""


class NoSuchPlace(BorrowerError):
    """A postcode or a small area's code is in none of the loaded tables. Correct it, or load a table that has it."""


class PlacesMalformed(BorrowerError):
    """Places of benefit do not make the whole, name a place twice, or name none. Correct the parts."""


class PlacesDisagree(BorrowerError):
    """A business's postcode lies in another small area than the one that is given. Correct one of the two."""


class ScalesMixed(BorrowerError):
    """Deciles of two editions, or of two nations' own scales, would stand side by side. Choose one scale for all."""
