"""What is recorded about community businesses, by the verbs that its users use."""

from borrowers.services.accounts import give_accounts
from borrowers.services.claims import LONGEST_NOTE, Claim, leave_note, make_claim, say_consents
from borrowers.services.indicators import define_indicator, load_catalogue
from borrowers.services.organisations import (
    Address,
    Business,
    amend_organisation,
    find_or_register,
    register_organisation,
    which_stand,
)
from borrowers.services.place_tables import PublishedFile, load_places, load_postcodes
from borrowers.services.places import record_places, refuse_unknown_area
from borrowers.services.readings import Said, confirm_reading, record_reading

__all__ = [
    "LONGEST_NOTE",
    "Address",
    "Business",
    "Claim",
    "PublishedFile",
    "Said",
    "amend_organisation",
    "confirm_reading",
    "define_indicator",
    "find_or_register",
    "give_accounts",
    "leave_note",
    "load_catalogue",
    "load_places",
    "load_postcodes",
    "make_claim",
    "record_places",
    "record_reading",
    "refuse_unknown_area",
    "register_organisation",
    "say_consents",
    "which_stand",
]
