"""What is done for and with investors, by the verbs that its users use."""

from investors.services.apportionment import apportion, apportion_book
from investors.services.contributions import receive_contribution, reverse_contribution
from investors.services.investors import register_investor
from investors.services.matching import match_contributions, payment_reference
from investors.services.participations import set_participations

__all__ = [
    "apportion",
    "apportion_book",
    "match_contributions",
    "payment_reference",
    "receive_contribution",
    "register_investor",
    "reverse_contribution",
    "set_participations",
]
