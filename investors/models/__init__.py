"""Tables of investors, of participations in loans and their sale, of how far loans are apportioned, of tax relief."""

from investors.models.apportionment import ApportionmentMark
from investors.models.citr import (
    CitrEnding,
    CitrInvestment,
    CitrMark,
    CitrMovement,
    CitrPeriod,
    CitrRequired,
)
from investors.models.citr_certificate import CitrCertificate, CitrCertificateDecision
from investors.models.investor import Investor
from investors.models.participation import Participation, ParticipationSet
from investors.models.transfer import ParticipationTransfer, TransferDecision

__all__ = [
    "ApportionmentMark",
    "CitrCertificate",
    "CitrCertificateDecision",
    "CitrEnding",
    "CitrInvestment",
    "CitrMark",
    "CitrMovement",
    "CitrPeriod",
    "CitrRequired",
    "Investor",
    "Participation",
    "ParticipationSet",
    "ParticipationTransfer",
    "TransferDecision",
]
