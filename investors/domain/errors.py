"""What the investor side refuses, and why. Every class says when it is raised and what to do."""


class InvestorError(Exception):
    """The investor side refused, and nothing was changed. The message says what, which, by how much and what to do."""


class ImpossibleInvestor(InvestorError):
    """An investor's code or name cannot be used. Give a code of capital letters and digits, such as NRB, and a name."""


class InvestorExists(InvestorError):
    """An investor is registered a second time under other particulars. Use the one that stands or another code."""


class ImpossibleContact(InvestorError):
    """A contact of an investor has no name or e-mail address that can be used, or one that another contact has. Correct
    it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class ContactOvertaken(InvestorError):
    """What stood of a contact was changed or ended by somebody else meanwhile. Look at the contacts again."""


class ImpossibleParticipation(InvestorError):
    """A participation has no investor, a rank below 1, or an amount that is not positive. Correct it."""


class TermsBeyondTheLoan(ImpossibleParticipation):
    """Lenders' own rates come to more than the loan earns, or nobody is there to take its principal. Lower or advance
    them."""


class NotTheWhole(InvestorError):
    """Participations sum to more or less than the loan. Correct the amounts, or add the fund's own part."""


class SharesAreFixed(InvestorError):
    """Participations are to change from a day on which the loan has been posted to. Set them before the drawdown."""


class TransferRefused(InvestorError):
    """A sale is of more than the seller has, on a day on which it cannot count, or not as proposed. Correct it."""


class PayoutRefused(InvestorError):
    """A payout is of more than is held and free, of money that is not at the bank, to an account that nobody confirmed,
    or not as proposed. Correct it, or propose it anew."""


class TaxTreatmentRefused(InvestorError):
    """What is said of an investor's tax has no reason, or a rate outside 0 to 1. Correct it."""


class NotApportionable(InvestorError):
    """A journal entry moves a shared loan in a way that has no rule for its lenders. Post their lines in it."""


class ContributionRefused(InvestorError):
    """A bank line is no lender's money: it went out, or is matched already; or what is taken back is no contribution.

    Choose another line or entry.
    """


class MoneyShort(InvestorError):
    """A drawdown takes a lender's held money below nought, or is more than the bank has. Draw less or say why."""


class ImpossibleWaterfall(InvestorError):
    """A waterfall has no steps, a step that stands twice or has no rule, or a residual that is not last. Correct it."""


class CircularClaim(ImpossibleWaterfall):
    """A step claims a share of what a later step, or it itself, is paid. Put it after that step, or claim an amount."""


class ImpossibleClaim(InvestorError):
    """A claim is negative, in another currency, on a step that there is not, or stands twice. Correct the claim."""


class NothingToShare(InvestorError):
    """A waterfall, a loss or a recovery is to share less than nothing. Give a positive amount: what is taken back is
    reversed as a whole."""


class ImpossibleCommitment(InvestorError):
    """More is paid in than was called, returned than was drawn, or cancelled than is left. Correct the amount."""


class CallAboveCommitment(InvestorError):
    """A call is above what may still be called of a commitment. Call less, or have the commitment raised first."""


class UnevenTransfer(InvestorError):
    """What moves between capital accounts does not sum to nought, or has nobody on one side. Correct the amounts."""


class NobodyToShareWith(InvestorError):
    """A result is to be shared, and nobody had capital on any day of the period. Look at days and accounts."""


class ImpossibleFee(InvestorError):
    """A management fee has no terms on some day, terms out of order, or a rate below nought. Correct the terms."""


class NoReturn(InvestorError):
    """Cash flows have no rate of return, because they all go one way. Wait until something was paid in and returned."""


class SeveralReturns(InvestorError):
    """Cash flows have several rates of return, so none of them is the one. Show the multiples instead."""


class ImpossibleTaxRelief(InvestorError):
    """What is said of a tax-relieved investment cannot be: no amount, a day that does not fit, or more than there is.
    Correct it."""


class NotAccredited(InvestorError):
    """An investment for the tax relief is dated on a day on which the fund is not accredited. Record the accreditation
    first, or correct the day."""


class AboveTheRaisingLimit(InvestorError):
    """More would be raised with the tax relief than one accreditation allows. Take less, or wait for the next one."""


class NotAQualifyingInvestment(InvestorError):
    """The terms of a loan take the tax relief from its investor. Agree other terms; the message names the figure."""


class CertificateRefused(InvestorError):
    """A tax relief certificate was issued already, is decided, or is not what was shown. Look at it again."""


class ImpossibleClass(InvestorError):
    """A class of a fund's capital has no code or name, a rank below 1, or a return out of bounds. Correct it."""


class CapitalActRefused(InvestorError):
    """An act on a fund's capital is dated, decided or reversed as it cannot be, or has moved since it was proposed.

    Look at it again, or propose it anew.
    """


class HoldingsDoNotTie(InvestorError):
    """Holdings that are to move in from another system cannot be read, or do not tie to their history, the control
    totals or the books. Correct the rows that it names."""


class InvestorsDoNotFit(InvestorError):
    """A list of investors that is to come in from another system cannot be read, differs from what stands here, or does
    not tie to its control totals. Correct the rows that it names."""


class AboveCash(InvestorError):
    """A distribution is above the cash that is free, or a payment on a call above what is held. Give less."""


class GrantRefused(InvestorError):
    """A restricted grant is used for another purpose, above what is left of it, or above what there is to pay for.

    Apply less, or choose a grant that was given for it.
    """


class FacilityRefused(InvestorError):
    """What is agreed with a lender to the fund makes no sense, or is decided already or otherwise. Correct it."""


class BorrowingRefused(InvestorError):
    """What is to be recorded of a borrowing cannot be: a day, an amount, or what is taken back. Correct it."""


class DrawAboveLimit(BorrowingRefused):
    """A draw is above what is left of the facility, or above its borrowing base. Draw less, or wait until there is
    room."""


class AttributionRefused(InvestorError):
    """A part of an outcome is not from nought to one, or lenders have more of a loan than there is. Correct what it is
    worked out from."""


class ConsentRefused(InvestorError):
    """Lenders' consent is asked for or answered as it cannot be: by who has no part, after the last day or once it is
    decided, or without a reason. Look at it again."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class ValueProxyRefused(InvestorError):
    """What a unit of an outcome is to be worth is not above nought, has no source, takes off more than all of it, is of
    no indicator, would count while another does, or is decided already. Correct what it names."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class ConsentMissing(InvestorError):
    """What lenders were asked about is to be approved, and too few agreed. Wait for them, or decline it."""
