"""What the ledger refuses, and why. Every class says when it is raised and what to do; messages are for people."""


class LedgerError(Exception):
    """The ledger refused, and nothing was changed. The message says what, which and what to do."""


class UnbalancedEntry(LedgerError):
    """Debits and credits of a journal entry differ in some currency. Correct the amounts until both sides are equal."""


class MalformedEntry(LedgerError):
    """A journal entry has fewer than two postings or more than 32,767, or a text that is too long. Correct it."""


class WrongAmount(LedgerError):
    """An amount is nought, no number, finer than the currency's smallest unit, or 10^15 or more of it. Correct it."""


class UnknownAccount(LedgerError):
    """A posting names an account, or a code in a currency, that the book does not have. Open it or correct the code."""


class AccountNotOpen(LedgerError):
    """A posting is dated before its account was opened, or from the day it was closed. Correct date or account."""


class PeriodClosed(LedgerError):
    """An entry is dated in a closed period. Date it in an open period, or reopen the latest closed period."""


class PeriodOutOfOrder(LedgerError):
    """A period is closed before the ones before it, overlaps another, or is reopened while a later one is closed.

    Close in order, and reopen the latest closed one alone.
    """


class ReasonNeeded(LedgerError):
    """An entry is reversed, a period reopened, or something left open at a close without a reason. Write one: the
    auditor reads it."""


class BeforeBookOpened(LedgerError):
    """A date lies before the book was opened. Use a date on or after its opening day."""


class ImpossibleYearEnd(LedgerError):
    """A financial year is to end on a day that its month never has. Give a day and a month that there are."""


class KeyUsedForOtherContent(LedgerError):
    """A posting key was used before with other content. Use a new key for a new posting."""


class UnknownEntry(LedgerError):
    """No journal entry of the book has the number given. Check the number."""


class AlreadyReversed(LedgerError):
    """A journal entry is reversed a second time. Look at the reversal that stands."""


class NotAMirror(LedgerError):
    """A reversal is not the mirror image of its original. Use `reverse`, which makes it posting by posting."""


class AlreadyExists(LedgerError):
    """A book, chart node or account is opened a second time under other terms. Use the one that stands."""


class SameTwoEyes(LedgerError):
    """The person who checks is the person who made it. Ask a colleague to check."""


class NotApproved(LedgerError):
    """An entry that needs four eyes has no approval of its own, or its checker is not the one who posts it. Have a
    colleague check it and post it."""


class ContentChanged(LedgerError):
    """What is approved is no longer what was shown. Look at it again and decide anew."""


class DraftNotOpen(LedgerError):
    """A manual journal is changed or posted after it was posted or withdrawn. Make a new one."""


class SealNotRecognised(LedgerError):
    """A seal is not written as BOOK:NUMBER:POSITION:HASH. Copy it whole from the statement or the signed file."""


class UnsafeTransaction(LedgerError):
    """The ledger was written to outside READ COMMITTED isolation, where a close might not be seen. Use the default."""


class LineMatchedAlready(LedgerError):
    """More is matched to a bank line than it has left in suspense. Look at its matches, or reverse one first."""


class LinesNotOpposite(LedgerError):
    """Two bank lines are set against each other that do not have the same left, one in and one out. Choose two that
    do."""


class NotTheBanks(LedgerError):
    """A bank line is called a charge or interest that cannot be, or a charge too large for one person. Say what it was
    for, or book it by a journal."""


class CorrectedElsewhere(LedgerError):
    """An entry is reversed in the ledger that a loan, a bank line or another entry caused. Correct what caused it."""


class DatedAhead(LedgerError):
    """A manual journal or a reversal is dated after the book's business date. Date it on or before that day."""


class BankMovesByStatement(LedgerError):
    """A journal moves a bank's own account, which only bank statements move, so that the books and the bank agree.

    Bring in the statement; take its line out of suspense by a journal.
    """


class NoSuchBankLine(LedgerError):
    """A journal moves suspense by an amount that no waiting bank line has. Post exactly what is left of one line."""


class BankDetailsMalformed(LedgerError):
    """Bank details cannot be right: too few digits, a wrong check digit, two ways of naming one account. Correct the
    field that `field` names."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class BankDetailsWaiting(LedgerError):
    """Bank details are proposed while others of the same payee wait for a decision. Have these decided first."""


class BankDetailsDecided(LedgerError):
    """Bank details are decided a second time, or without saying how they were checked. Look at them again."""
