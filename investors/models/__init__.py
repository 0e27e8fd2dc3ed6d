"""Tables of investors, of participations in loans and their sale, of a fund's capital, of tax relief."""

from investors.models.apportionment import ApportionmentMark
from investors.models.capital import CapitalAct, CapitalDecision, CapitalLine, FeeAgreement, FundClass
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
    "CapitalAct",
    "CapitalDecision",
    "CapitalLine",
    "CitrCertificate",
    "CitrCertificateDecision",
    "CitrEnding",
    "CitrInvestment",
    "CitrMark",
    "CitrMovement",
    "CitrPeriod",
    "CitrRequired",
    "FeeAgreement",
    "FundClass",
    "Investor",
    "Participation",
    "ParticipationSet",
    "ParticipationTransfer",
    "TransferDecision",
]
