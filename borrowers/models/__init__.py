"""Tables of community businesses, of what is measured about them, and of the readings."""

from borrowers.models.impact import Indicator, Reading
from borrowers.models.organisation import Organisation

__all__ = ["Indicator", "Organisation", "Reading"]
