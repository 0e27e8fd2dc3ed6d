"""What a run of Direct Debits sends to the bank: its rows as the file of its scheme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ledger.domain.bank_details import BankDetails
from loans.domain.direct_debit.mandate import Scheme
from loans.domain.direct_debit.pain008 import Creditor, Message, SepaRecord, SequenceType, pain008
from loans.domain.direct_debit.standard18 import BacsRecord, ServiceUser, Submission, TransactionCode, standard18
from loans.models import DebitLine, DebitRun

SUFFIX = {Scheme.BACS: "txt", Scheme.SEPA: "xml"}
CONTENT_TYPE = {Scheme.BACS: "text/plain; charset=us-ascii", Scheme.SEPA: "application/xml"}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a run with the account that counts on its day."""

    line: DebitLine
    account: BankDetails


def file_of(run: DebitRun, rows: Sequence[Row], credited: BankDetails, processing_on: date) -> str:
    """The file as text. The same rows give the same bytes, whoever asks and whenever."""
    if run.setting.scheme == Scheme.BACS:
        user = ServiceUser(
            run.setting.identifier, run.setting.creditor_name, credited.sort_code, credited.account_number
        )
        return standard18(
            user, [_bacs(row) for row in rows], Submission(run.number, run.reference, run.made_on, processing_on)
        )
    creditor = Creditor(run.setting.creditor_name, run.setting.identifier, credited)
    message = Message(run.reference, run.made_on, run.collect_on)
    return pain008(creditor, [_sepa(run, row) for row in rows], message)


def file_name(run: DebitRun) -> str:
    """What the file is called."""
    return f"{run.reference}-{run.collect_on}.{SUFFIX[Scheme(run.setting.scheme)]}"


def _bacs(row: Row) -> BacsRecord:
    line, account = row.line, row.account
    return BacsRecord(
        TransactionCode(line.code),
        account.sort_code,
        account.account_number,
        account.account_name,
        line.mandate.reference,
        line.amount,
    )


def _sepa(run: DebitRun, row: Row) -> SepaRecord:
    line, mandate = row.line, row.line.mandate
    return SepaRecord(
        SequenceType(line.code),
        row.account,
        mandate.reference,
        mandate.signed_on,
        line.amount,
        f"{run.reference}-{line.no}",
        f"Loan {mandate.loan.reference}",
    )
