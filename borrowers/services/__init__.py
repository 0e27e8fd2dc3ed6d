"""What is recorded about community businesses, by the verbs that its users use."""

from borrowers.services.accounts import give_accounts
from borrowers.services.organisations import (
    Address,
    Business,
    amend_organisation,
    find_or_register,
    register_organisation,
)
from borrowers.services.readings import define_indicator, record_reading

__all__ = [
    "Address",
    "Business",
    "amend_organisation",
    "define_indicator",
    "find_or_register",
    "give_accounts",
    "record_reading",
    "register_organisation",
]
