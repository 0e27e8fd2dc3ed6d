"""What is recorded about community businesses, by the verbs that its users use."""

from borrowers.services.accounts import give_accounts
from borrowers.services.organisations import amend_organisation, register_organisation
from borrowers.services.readings import define_indicator, record_reading

__all__ = ["amend_organisation", "define_indicator", "give_accounts", "record_reading", "register_organisation"]
