"""The ledger's tables. Only the ledger imports them; others read by `ledger.queries` and write by services."""

from ledger.models.approval import Approval
from ledger.models.bank import (
    BankAccount,
    BankCsvMapping,
    BankFileFormat,
    BankLineMatch,
    BankStatement,
    BankStatementLine,
)
from ledger.models.book import Account, Book, ChartNode
from ledger.models.entry import JournalEntry, Posting, PostingRequest
from ledger.models.journal import Attachment, DraftPosting, JournalDraft
from ledger.models.payee import PayeeDecision, PayeeDetails
from ledger.models.payment import PaymentFile, PaymentFileStep, PaymentInstruction, PaymentOutcome
from ledger.models.period import AccountClosing, Period, PeriodEvent
from ledger.models.seal import Seal, SealedEntry

__all__ = [
    "Account",
    "AccountClosing",
    "Approval",
    "Attachment",
    "BankAccount",
    "BankCsvMapping",
    "BankFileFormat",
    "BankLineMatch",
    "BankStatement",
    "BankStatementLine",
    "Book",
    "ChartNode",
    "DraftPosting",
    "JournalDraft",
    "JournalEntry",
    "PayeeDecision",
    "PayeeDetails",
    "PaymentFile",
    "PaymentFileStep",
    "PaymentInstruction",
    "PaymentOutcome",
    "Period",
    "PeriodEvent",
    "Posting",
    "PostingRequest",
    "Seal",
    "SealedEntry",
]
