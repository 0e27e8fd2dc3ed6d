"""Tables of investors, of the participations in loans, and of how far these are apportioned."""

from investors.models.apportionment import ApportionmentMark
from investors.models.investor import Investor
from investors.models.participation import Participation, ParticipationSet

__all__ = ["ApportionmentMark", "Investor", "Participation", "ParticipationSet"]
