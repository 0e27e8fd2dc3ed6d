"""What is refused about community businesses and their readings, and why; every message is for a person."""


class BorrowerError(Exception):
    """A record of a community business was refused, and nothing was changed. The message says what to do."""


class RegistrationMissing(BorrowerError):
    """A business is registered without the number that its legal form brings with it. Look the number up and add it."""


class RegistrationMalformed(BorrowerError):
    """A registered number is not written as its register writes it. Correct it as on the certificate."""


class NameMalformed(BorrowerError):
    """A name has a line break or a sign that nobody sees, such as one that turns the text round. Type it anew."""


class AlreadyRegistered(BorrowerError):
    """A registered number belongs to an organisation that stands already. Use that one."""


class IndicatorUnclear(BorrowerError):
    """An indicator has no name or unit, contradicts itself, or its code is in use. Say what is counted, and how."""


class UnknownSdgTarget(BorrowerError):
    """A target of the Sustainable Development Goals is named that is none of the 169. Look the code up."""


class PeriodNotOver(BorrowerError):
    """A reading is for a period that has not ended yet. Record it on or after the day that follows its last day."""


class WrongPeriod(BorrowerError):
    """A reading's period ends before it begins, or a figure that adds up is for more than a year. Correct the dates."""


class ReadingExists(BorrowerError):
    """There is a reading for the same business, indicator and period, or one that adds up and shares days with it.

    To correct it, replace that reading; else record the days that have no figure yet.
    """


class ReplacesAnother(BorrowerError):
    """A reading replaces one of another business, indicator or period, or an outdated one. Take the latest."""


class ReadingMalformed(BorrowerError):
    """A reading's value is no plain number, its evidence is missing, or its grade is the ledger's. Correct it."""


class ReadingOutOfRange(BorrowerError):
    """A figure lies outside what its unit can have, such as 130% or half a person. Correct it."""


class RestatementUnexplained(BorrowerError):
    """A reading is corrected without a reason. Say what was wrong: it stands beside the earlier figure."""


class NotConfirmed(BorrowerError):
    """A reading is to be confirmed by who recorded it, twice, or after it was corrected. Let a colleague look."""


class ClaimUnclear(BorrowerError):
    """An outcome claim does not say what changes for whom, or replaces one of another business. Correct it."""


class NothingWritten(BorrowerError):
    """A note for whoever comes next, or a story, is empty or too long. Write it, within the letters that fit."""


class AccountsError(BorrowerError):
    """Accounts were refused, and nothing was changed. Correct the field that `field` names."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class AccountsMalformed(AccountsError):
    """Figures of accounts cannot be right: none, below nought, a part above its whole, or days in a wrong order.

    Correct what the message names.
    """


class AccountsTooEarly(AccountsError):
    """Accounts are for days that are not over yet. Give them on or after the day that follows their last day."""


class AccountsExist(AccountsError):
    """There are accounts of the same kind for the same business and days. To correct them, restate those."""


class RestatementRefused(AccountsError):
    """A restatement does not say why, or is of accounts of another business, kind, currency or days, or outdated.

    Take the latest, and say what was wrong.
    """
