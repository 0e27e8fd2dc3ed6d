"""Tables of investors: their parts of loans, payouts, a fund's capital, tax relief, what the fund borrows."""

from investors.models.apportionment import ApportionmentMark
from investors.models.borrowing import (
    BorrowingBooking,
    BorrowingEvent,
    BorrowingEventKind,
    CovenantTest,
    Facility,
    FacilityDecision,
    FacilityTerms,
)
from investors.models.capital import CapitalAct, CapitalDecision, CapitalLine, FundClass
from investors.models.citr import (
    CitrEnding,
    CitrInvestment,
    CitrMark,
    CitrMovement,
    CitrPeriod,
    CitrRequired,
)
from investors.models.citr_certificate import CitrCertificate, CitrCertificateDecision
from investors.models.consent import ConsentAnswer, ConsentAsked, LenderAsked
from investors.models.contact import InvestorContact
from investors.models.investor import Investor
from investors.models.participation import Participation, ParticipationSet
from investors.models.payout import Payout, PayoutDecision, PayoutLine, PayoutTakenBack
from investors.models.tax import TaxTreatment
from investors.models.transfer import ParticipationTransfer, TransferDecision
from investors.models.value import ValueProxy, ValueProxyDecision

__all__ = [
    "ApportionmentMark",
    "BorrowingBooking",
    "BorrowingEvent",
    "BorrowingEventKind",
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
    "ConsentAnswer",
    "ConsentAsked",
    "CovenantTest",
    "Facility",
    "FacilityDecision",
    "FacilityTerms",
    "FundClass",
    "Investor",
    "InvestorContact",
    "LenderAsked",
    "Participation",
    "ParticipationSet",
    "ParticipationTransfer",
    "Payout",
    "PayoutDecision",
    "PayoutLine",
    "PayoutTakenBack",
    "TaxTreatment",
    "TransferDecision",
    "ValueProxy",
    "ValueProxyDecision",
]
