"""Tables of loans: what a fund offers, who asked for it, what was agreed, what happened, and what was promised."""

from loans.models.application import Application, ApplicationStep
from loans.models.base_rate import BaseRate, BaseRateIndex, RateNotice
from loans.models.covenant import Covenant, CovenantEnd, WaiverDecision, WaiverProposal
from loans.models.event import EventKind, Instalment, LoanEvent
from loans.models.file import FileWithdrawal, StoredFile
from loans.models.impact import ImpactTarget
from loans.models.loan import Loan, LoanTerms
from loans.models.losses import (
    Guarantee,
    GuaranteeScheme,
    LossDecision,
    LossEntry,
    LossProposal,
    ProvisionLine,
    ProvisionRule,
    ProvisionRun,
    SchemeParameters,
)
from loans.models.moving_in import LONGEST_MESSAGE, HistoryLine, MovingIn, MovingInFile, MovingInFinding
from loans.models.numbering import NumberSeries, Series
from loans.models.product import Product, ProductFee, ProductVersion
from loans.models.project import ProjectFunding
from loans.models.standing import FOR_EVER, PlannedInstalment, Standing

__all__ = [
    "FOR_EVER",
    "LONGEST_MESSAGE",
    "Application",
    "ApplicationStep",
    "BaseRate",
    "BaseRateIndex",
    "Covenant",
    "CovenantEnd",
    "EventKind",
    "FileWithdrawal",
    "Guarantee",
    "GuaranteeScheme",
    "HistoryLine",
    "ImpactTarget",
    "Instalment",
    "Loan",
    "LoanEvent",
    "LoanTerms",
    "LossDecision",
    "LossEntry",
    "LossProposal",
    "MovingIn",
    "MovingInFile",
    "MovingInFinding",
    "NumberSeries",
    "PlannedInstalment",
    "Product",
    "ProductFee",
    "ProductVersion",
    "ProjectFunding",
    "ProvisionLine",
    "ProvisionRule",
    "ProvisionRun",
    "RateNotice",
    "SchemeParameters",
    "Series",
    "Standing",
    "StoredFile",
    "WaiverDecision",
    "WaiverProposal",
]
