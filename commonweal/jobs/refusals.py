"""Which errors are answers, written for people, and not faults: a job that meets one ends with its text."""

from __future__ import annotations

from borrowers.domain.errors import BorrowerError
from commonweal.access.errors import AccessError
from commonweal.documents.errors import DocumentError
from commonweal.jobs.errors import JobError
from commonweal.letters.errors import LetterError
from commonweal.open_data.errors import OpenDataError
from investors.domain.errors import InvestorError
from ledger.domain.errors import LedgerError
from loans.domain.errors import LoanError

REFUSALS: tuple[type[Exception], ...] = (
    JobError,
    AccessError,
    DocumentError,
    LetterError,
    OpenDataError,
    LedgerError,
    BorrowerError,
    LoanError,
    InvestorError,
)
