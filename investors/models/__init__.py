"""Tables of investors, of the participations in loans and their sale, and of how far loans are apportioned."""

from investors.models.apportionment import ApportionmentMark
from investors.models.investor import Investor
from investors.models.participation import Participation, ParticipationSet
from investors.models.transfer import ParticipationTransfer, TransferDecision

__all__ = [
    "ApportionmentMark",
    "Investor",
    "Participation",
    "ParticipationSet",
    "ParticipationTransfer",
    "TransferDecision",
]
