"""Which of the ledger's refusals is this database error? The guards in `ledger/sql/` answer with codes of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import Error as DatabaseError

from ledger.domain import errors

BY_SQLSTATE: dict[str, type[errors.LedgerError]] = {
    "CW002": errors.UnsafeTransaction,
    "CW004": errors.MalformedEntry,
    "CW006": errors.BeforeBookOpened,
    "CW007": errors.PeriodClosed,
    "CW008": errors.UnknownEntry,
    "CW009": errors.NotApproved,
    "CW010": errors.UnknownAccount,
    "CW011": errors.AccountNotOpen,
    "CW012": errors.UnbalancedEntry,
    "CW013": errors.NotAMirror,
    "CW014": errors.PeriodOutOfOrder,
}

NOT_NULL = "23502"

BY_CONSTRAINT: dict[str, tuple[type[errors.LedgerError], str]] = {
    "ledger_journalentry_reverses_id_key": (
        errors.AlreadyReversed,
        "This entry is reversed already. Look at the reversal that stands; nothing was posted.",
    ),
    "ledger_journalentry_approval_id_key": (
        errors.NotApproved,
        "This approval was used for another entry already. Have a colleague check this one; nothing was posted.",
    ),
    "ledger_entry_of_this_kind_is_approved": (
        errors.NotApproved,
        "Opening balances, manual journals and year-end entries stand only when a second person checked them. "
        "Prepare a journal and have a colleague post it; nothing was posted.",
    ),
    "ledger_entry_has_two_postings": (
        errors.MalformedEntry,
        "An entry has at least two postings. Nothing was posted.",
    ),
    "ledger_posting_amount_is_sane": (
        errors.WrongAmount,
        "An amount is nought, or 10^15 or more of the smallest unit. Correct it; nothing was posted.",
    ),
    "ledger_approval_four_eyes": (
        errors.SameTwoEyes,
        "You made this yourself, so somebody else has to check it. Nothing was changed.",
    ),
    "ledger_approval_once": (
        errors.AlreadyExists,
        "This was approved already. Look at it again; nothing was changed.",
    ),
}


@contextmanager
def judged_by_database() -> Iterator[None]:
    """Turns a refusal by the database's guards into the LedgerError that says the same; other errors pass."""
    try:
        yield
    except DatabaseError as error:
        refusal = _refusal(error)
        if refusal is None:
            raise
        raise refusal from error


def _refusal(error: DatabaseError) -> errors.LedgerError | None:
    cause = error.__cause__
    if not isinstance(cause, psycopg.Error):
        return None
    if cause.sqlstate == NOT_NULL and cause.diag.column_name == "account_id":
        return errors.UnknownAccount("A posting names an account that the book does not have. Nothing was posted.")
    if cause.sqlstate in BY_SQLSTATE:
        return BY_SQLSTATE[cause.sqlstate](cause.diag.message_primary or str(cause))
    if cause.diag.constraint_name in BY_CONSTRAINT:
        refusal, message = BY_CONSTRAINT[cause.diag.constraint_name]
        return refusal(message)
    return None
