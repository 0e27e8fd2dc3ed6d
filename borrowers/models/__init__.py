"""Tables of community businesses, their places, what is measured about them, the readings, and their accounts."""

from borrowers.models.accounts import Accounts
from borrowers.models.impact import Indicator, Reading
from borrowers.models.organisation import Organisation
from borrowers.models.places import AreaDecile, AreaTable, BenefitPlace, PlaceSet, PostcodeArea, PostcodeTable, Scale

__all__ = [
    "Accounts",
    "AreaDecile",
    "AreaTable",
    "BenefitPlace",
    "Indicator",
    "Organisation",
    "PlaceSet",
    "PostcodeArea",
    "PostcodeTable",
    "Reading",
    "Scale",
]
