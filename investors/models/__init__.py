"""Tables of investors and of the participations in loans."""

from investors.models.investor import Investor
from investors.models.participation import Participation, ParticipationSet

__all__ = ["Investor", "Participation", "ParticipationSet"]
