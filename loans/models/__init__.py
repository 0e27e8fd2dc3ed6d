"""Tables of loans: what a fund offers, who asked for it, what was agreed, what happened, and what was promised."""

from loans.models.application import Application, ApplicationStep
from loans.models.base_rate import BaseRate, BaseRateIndex, RateNotice
from loans.models.covenant import Covenant, CovenantEnd, WaiverDecision, WaiverProposal
from loans.models.direct_debit import (
    DebitChallenge,
    DebitDecision,
    DebitLine,
    DebitNotice,
    DebitOutcome,
    DebitRun,
    DebitScheme,
    DebitSetting,
    Mandate,
    MandateChange,
)
from loans.models.event import Booking, EventKind, Instalment, LoanEvent
from loans.models.file import FileWithdrawal, StoredFile
from loans.models.grant import Grant, GrantPayment
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
from loans.models.neighbourhood import (
    Neighbourhood,
    NeighbourhoodArea,
    NeighbourhoodShowing,
    Priority,
    PriorityAnswer,
)
from loans.models.numbering import NumberSeries, Series
from loans.models.product import Product, ProductFee, ProductVersion
from loans.models.project import ProjectFunding
from loans.models.proposal import (
    Answer,
    Authority,
    BorrowerRequest,
    Decision,
    Proposal,
    ProposalDecision,
    RequestAnswer,
    RequestKind,
)
from loans.models.returns import (
    ImpactReturn,
    ReadingEvidence,
    ReturnAnswer,
    ReturnPlan,
    ReturnQuestion,
    ReturnSent,
    Story,
    StoryWithdrawal,
)
from loans.models.standing import FOR_EVER, PlannedInstalment, Standing

__all__ = [
    "FOR_EVER",
    "LONGEST_MESSAGE",
    "Answer",
    "Application",
    "ApplicationStep",
    "Authority",
    "BaseRate",
    "BaseRateIndex",
    "Booking",
    "BorrowerRequest",
    "Covenant",
    "CovenantEnd",
    "DebitChallenge",
    "DebitDecision",
    "DebitLine",
    "DebitNotice",
    "DebitOutcome",
    "DebitRun",
    "DebitScheme",
    "DebitSetting",
    "Decision",
    "EventKind",
    "FileWithdrawal",
    "Grant",
    "GrantPayment",
    "Guarantee",
    "GuaranteeScheme",
    "HistoryLine",
    "ImpactReturn",
    "ImpactTarget",
    "Instalment",
    "Loan",
    "LoanEvent",
    "LoanTerms",
    "LossDecision",
    "LossEntry",
    "LossProposal",
    "Mandate",
    "MandateChange",
    "MovingIn",
    "MovingInFile",
    "MovingInFinding",
    "Neighbourhood",
    "NeighbourhoodArea",
    "NeighbourhoodShowing",
    "NumberSeries",
    "PlannedInstalment",
    "Priority",
    "PriorityAnswer",
    "Product",
    "ProductFee",
    "ProductVersion",
    "ProjectFunding",
    "Proposal",
    "ProposalDecision",
    "ProvisionLine",
    "ProvisionRule",
    "ProvisionRun",
    "RateNotice",
    "ReadingEvidence",
    "RequestAnswer",
    "RequestKind",
    "ReturnAnswer",
    "ReturnPlan",
    "ReturnQuestion",
    "ReturnSent",
    "SchemeParameters",
    "Series",
    "Standing",
    "StoredFile",
    "Story",
    "StoryWithdrawal",
    "WaiverDecision",
    "WaiverProposal",
]
