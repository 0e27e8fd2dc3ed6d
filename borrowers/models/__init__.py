"""Tables of community businesses, of what is measured about them, of the readings, and of their accounts."""

from borrowers.models.accounts import Accounts
from borrowers.models.impact import Indicator, Reading
from borrowers.models.organisation import Organisation

__all__ = ["Accounts", "Indicator", "Organisation", "Reading"]
