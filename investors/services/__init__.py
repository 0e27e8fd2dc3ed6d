"""What is done for and with investors, by the verbs that its users use."""

from investors.services.apportionment import apportion, apportion_book
from investors.services.contributions import receive_contribution, reverse_contribution
from investors.services.held_money import one_spends_held_money
from investors.services.investors import register_investor
from investors.services.matching import match_contributions, payment_reference
from investors.services.participations import set_participations
from investors.services.transfers import approve_transfer, decline_transfer, propose_transfer

__all__ = [
    "apportion",
    "apportion_book",
    "approve_transfer",
    "decline_transfer",
    "match_contributions",
    "one_spends_held_money",
    "payment_reference",
    "propose_transfer",
    "receive_contribution",
    "register_investor",
    "reverse_contribution",
    "set_participations",
]
