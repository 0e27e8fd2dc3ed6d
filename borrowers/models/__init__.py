"""Tables of community businesses, their places, what they claim and report, and their accounts."""

from borrowers.models.accounts import Accounts
from borrowers.models.allowed import Consent, HandoverNote
from borrowers.models.impact import (
    ClaimIndicator,
    Indicator,
    OutcomeClaim,
    Reading,
    ReadingConfirmation,
    ReadingPart,
)
from borrowers.models.organisation import Organisation
from borrowers.models.places import AreaDecile, AreaTable, BenefitPlace, PlaceSet, PostcodeArea, PostcodeTable, Scale

__all__ = [
    "Accounts",
    "AreaDecile",
    "AreaTable",
    "BenefitPlace",
    "ClaimIndicator",
    "Consent",
    "HandoverNote",
    "Indicator",
    "Organisation",
    "OutcomeClaim",
    "PlaceSet",
    "PostcodeArea",
    "PostcodeTable",
    "Reading",
    "ReadingConfirmation",
    "ReadingPart",
    "Scale",
]
