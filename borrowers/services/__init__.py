"""What is recorded about community businesses, by the verbs that its users use."""

from borrowers.services.accounts import give_accounts
from borrowers.services.organisations import (
    Address,
    Business,
    amend_organisation,
    find_or_register,
    register_organisation,
)
from borrowers.services.place_tables import PublishedFile, load_places, load_postcodes
from borrowers.services.places import record_places
from borrowers.services.readings import define_indicator, record_reading

__all__ = [
    "Address",
    "Business",
    "PublishedFile",
    "amend_organisation",
    "define_indicator",
    "find_or_register",
    "give_accounts",
    "load_places",
    "load_postcodes",
    "record_places",
    "record_reading",
    "register_organisation",
]
