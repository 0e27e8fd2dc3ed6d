"""What lending refuses, and why. Every class says when it is raised and what to do; every message is for a person."""


class LoanError(Exception):
    """Lending refused, and nothing was changed. The message says what, which and what to do."""


class ImpossibleTerms(LoanError):
    """Terms make no sense by themselves, such as nought months. Correct the field that `field` names."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class OutsideProduct(LoanError):
    """Terms lie outside what the product allows. Correct the field that `field` names, or choose another product."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class BaseRateGap(LoanError):
    """No rate of an index is in force on a day that a loan needs. Add the rate that was published for those days."""


class BaseRateRefused(LoanError):
    """A base rate stands for that day already, is no fraction, or replaces one that was replaced. Look at the table."""


class ProductExists(LoanError):
    """A product is offered under a code that the fund uses already. Choose another code."""


class MoveNotAllowed(LoanError):
    """An application is moved to a state that its present state does not lead to. Look at what was decided already."""


class NotPreparedYet(LoanError):
    """An application is submitted without what a decision needs. Fill in what the message names."""


class ApprovalByMaker(LoanError):
    """The person who prepared an application decides on it. Ask a colleague who may approve."""


class TermsChanged(LoanError):
    """The terms are no longer those that were shown. Read the present terms and decide again."""


class ReasonMissing(LoanError):
    """An application is sent back or declined without a reason. Write one: the borrower and the auditor read it."""


class DrawdownRefused(LoanError):
    """A drawdown is above what is approved and undrawn, or on a day that the terms rule out. Correct amount or date."""


class RepaymentRefused(LoanError):
    """A repayment is in another currency, of nothing, more than the loan owes, before its drawdown or in the future.

    Correct amount or date.
    """


class ReversalRefused(LoanError):
    """What is to be reversed is of another kind, reversed already, after the day given, or has something resting on it.

    Look at the events.
    """


class KeyUsedBefore(LoanError):
    """A key that makes a request safe to repeat was used before for something else. Use a new key for a new request."""


class UnknownEvent(LoanError):
    """An event reverses another one that the loan does not have before it. Look at the loan's events."""


class UnknownCalendar(LoanError):
    """Terms name a calendar of bank holidays that does not exist. The message lists those that do."""


class TargetRefused(LoanError):
    """An impact target lacks a baseline, is dated before it, goes the wrong way, is no number, or is promised twice.

    Correct it.
    """


class ReturnPlanRefused(LoanError):
    """What a business is to report has too few or too many questions, or no sensible days. Correct what it names.

    `field` names what to correct.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class ReturnRefused(LoanError):
    """A return lacks an answer, was sent already, or a question is of another one. Look at the return again."""


class StoryRefused(LoanError):
    """A story has no title or no text, is too long, or was changed in the meantime. Look at it again."""


class NeighbourhoodRefused(LoanError):
    """A neighbourhood, a priority of its residents or its page makes no sense, or would tell too much. Correct it."""


class EventRefused(LoanError):
    """An event does not fit its loan's life, such as a waiver of more than is unpaid. Correct its amount or day."""

    sequence: int = 0
    """The event that does not fit, by its number in the loan's life; 0 where it is not known."""


class CovenantRefused(LoanError):
    """A covenant makes no sense, runs already, or is to end while it is broken. Correct the field that `field` names.

    A breach is waived first, by two people.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class WaiverRefused(LoanError):
    """A waiver is of no breach, without a reason, decided already, or of figures restated since. Propose it anew."""


class FundingRefused(LoanError):
    """Another funder's part has no name, another currency, no amount, or a state that does not follow. Correct it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class ProvisionRefused(LoanError):
    """Provisions have no rule, one that makes no sense, or a day to come or before the last run. Correct what is named.

    A specific provision is at most the principal outstanding.
    """


class GuaranteeRefused(LoanError):
    """A scheme makes no sense or does not cover the loan, or a claim is too early, made already, or not of this amount.

    Look at the scheme's parameters and at what stands on the loan.
    """


class WithdrawalRefused(LoanError):
    """A document is withdrawn a second time, or without a reason. Write one: the auditor reads it."""


class MovingInRefused(LoanError):
    """A book of loans cannot move in as it is, or not any more. Look at what its dry run found, and prepare it anew."""


class HeadingsWrong(MovingInRefused):
    """A sheet's first row is not the headings of the format. Write them as the message lists them."""


class TotalsDoNotTie(MovingInRefused):
    """The rows do not add up to the control totals, or a total is missing. The message says which and by how much."""


class ActRefused(LoanError):
    """An act on a loan is dated in the future, before its first drawdown or in a closed period, or its amount is
    nought, negative or in another currency, or its rate is not what the loan's index gives. Correct the date, the
    amount or the rate."""


class TwoPeopleNeeded(LoanError):
    """An act that costs the fund money is not approved, or not as it stands. Propose it to a colleague."""


class ProposalRefused(LoanError):
    """A proposal is decided already, by its maker, no longer as it was shown, or made twice. Read it again, or ask a
    colleague."""


class AboveAuthority(LoanError):
    """An act costs more than who decides may approve. Ask somebody who may approve that much."""


class AuthorityRefused(LoanError):
    """A limit is one's own or would raise it, below nought, in another currency, or for an act whose cost is not one
    figure. Let a colleague set it, or correct what is named."""


class InterestLeftUnpaid(LoanError):
    """New terms would leave interest or fees unpaid. Add them to principal, waive them, or have them paid first."""


class MoreThanIsOwed(LoanError):
    """A write-off is of more than is owed. Write off less, or all of it."""


class RequestRefused(LoanError):
    """A business asks again while its answer is still to come, or a request is answered twice. Look at the request."""


class MandateRefused(LoanError):
    """A mandate has a reference or an account that its scheme does not take, stands already, or is of a day to come.

    Correct the field that `field` names.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class MandateWithdrawn(LoanError):
    """Money is asked for under a mandate that was withdrawn, has lapsed, or is not with the payer's bank yet.

    Agree with the payer how to pay, or have a new mandate signed.
    """


class AboveNotice(LoanError):
    """A collection is of more than the payer was told, or was not told of in time. Give notice first."""


class DebitSettingRefused(LoanError):
    """A service user number, creditor identifier or period of notice is not possible. Correct what `field` names."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class DebitRunRefused(LoanError):
    """A run of collections is for a day on which the banks are closed or which is too near, is empty, asks twice, or is
    decided already. Look at what is to be collected, and make it anew."""


class DebitReturnRefused(LoanError):
    """A return or claim is of no collection that stands, of an unknown reason, or of a day outside. Look at the run."""


class DebitAdviceRefused(LoanError):
    """A file of returns or advices is none of Bacs, is for another service user, or names a mandate or collection that
    the book does not have. Check where it is from; nothing of it was recorded."""
