"""What is wrong with a bank statement file? Every class says when it is raised and what to do; nothing was imported."""

from __future__ import annotations

from ledger.domain.errors import LedgerError


class BankFileError(LedgerError):
    """A bank file was refused whole. The message names the file, what is wrong in it, by how much, and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(f"{message} Nothing was imported.")


class TooLarge(BankFileError):
    """A bank file is larger than the limit and was not read. Ask the bank for shorter periods, one file each."""


class NotXml(BankFileError):
    """A bank file is not well-formed XML. Download it again as CAMT.053 (XML), not as CSV, PDF or a web page."""


class HasDoctype(BankFileError):
    """A bank file carries a DOCTYPE, by which it could reach for other files. Banks send none: ask where it is from."""


class BeyondXmlLimits(BankFileError):
    """A bank file is nested deeper, or has longer texts or more elements, than a statement. Ask where it is from."""


class CutOff(BankFileError):
    """A bank file ends in the middle. Download it again."""


class NotCamt053(BankFileError):
    """A file is XML, yet no bank-to-customer statement CAMT.053, version 2 to 13. Ask the bank for that format."""


class NotABankFile(BankFileError):
    """A file is of no format that is read, such as a PDF. Ask the bank for CAMT.053, OFX or CSV."""


class NotOfx(BankFileError):
    """A file begins as OFX and cannot be read as a bank's statement in it. Download it again, or ask for CAMT.053."""


class BankAccountNeeded(BankFileError):
    """A CSV file does not say of which account it is, and the book has several. Choose the bank account."""


class MappingNeeded(BankFileError):
    """No mapping of CSV columns is kept for the bank account. Bring the file in at the desk and confirm the mapping."""


class MappingIncomplete(BankFileError):
    """A mapping of CSV columns lacks what it needs, or contradicts itself. Correct the field that is named."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class MappingDoesNotFit(BankFileError):
    """A CSV file is not as its account's mapping says. Look at the column named, and confirm a new mapping."""


class AmbiguousDates(BankFileError):
    """The dates of a CSV file can be read in two ways, such as 3/4/2026. Say which figure is the day."""

    field = "date_format"


class WrongEncoding(BankFileError):
    """A file's bytes are no text in the encoding that it, or its mapping, names. Save or download it again."""


class MissingPart(BankFileError):
    """A statement lacks what its format requires, such as an account or a balance. Ask the bank for a complete file."""


class UnreadableAmount(BankFileError):
    """An amount is not a plain positive number (NaN, 1e3, -5), or credit and debit are not told apart. Ask the bank."""


class OverPreciseAmount(BankFileError):
    """An amount is finer than its currency's smallest unit, such as 1.005 pounds. Ask the bank for a corrected file."""


class AbsurdAmount(BankFileError):
    """An amount has more than 15 digits. Ask the bank for a corrected file."""


class UnreadableDate(BankFileError):
    """A date is no day of the calendar, or a booking lies outside its statement. Ask the bank for a corrected file."""


class MixedCurrencies(BankFileError):
    """A statement has amounts in two currencies, or in none there is. Ask the bank for one statement per currency."""


class ControlSumMismatch(BankFileError):
    """A file's own summary of its entries differs from the entries in it. Download it again, then ask the bank."""


class BalanceMismatch(BankFileError):
    """Opening balance and entries do not make the closing balance. Download the file again, then ask the bank."""


class StatementsDoNotFollow(BankFileError):
    """Two statements of one account in one file overlap or leave a gap. Import them as files of their own, in order."""


class StatementAhead(BankFileError):
    """A statement ends after the book's business date: it tells of days that have not come. Check the file's dates."""


class WrongAccount(BankFileError):
    """A file is of another bank account than the book's. Choose the book that has this account, or add the account."""


class WrongCurrency(BankFileError):
    """A file is in another currency than the bank account it is imported to. Check the bank account's currency."""
