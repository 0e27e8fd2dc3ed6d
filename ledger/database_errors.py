"""Which of the ledger's refusals is this database error? The guards in `ledger/sql/` answer with codes of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import psycopg
from django.db import Error as DatabaseError

from ledger.domain import errors, payment_errors
from ledger.domain.words import date_text

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
    "CW018": payment_errors.PaymentRefused,
    "CW019": payment_errors.PaymentFileMoved,
    "CW020": errors.ReasonNeeded,
}

REMEDIES: dict[type[errors.LedgerError], str] = {
    errors.MalformedEntry: "Correct it; nothing was posted.",
    errors.BeforeBookOpened: "Date it on that day or later; nothing was posted.",
    errors.PeriodClosed: "Date it on that day or later, or reopen the latest closed period; nothing was posted.",
    errors.UnknownEntry: "Check the number; nothing was posted.",
    errors.NotApproved: "Have a colleague check it and post it; nothing was posted.",
    errors.UnknownAccount: "Correct the account; nothing was posted.",
    errors.AccountNotOpen: "Correct the date or the account; nothing was changed.",
    errors.UnbalancedEntry: "Correct the amounts; nothing was posted.",
    errors.NotAMirror: "Let the entry be reversed as a whole; nothing was posted.",
    errors.PeriodOutOfOrder: "Look at the periods; nothing was changed.",
    errors.ReasonNeeded: "Say why that may be; no period was closed.",
    payment_errors.PaymentRefused: "Look at what is to be paid; nothing was changed.",
    payment_errors.PaymentFileMoved: "Look at what happened to the file; nothing was changed.",
}
"""What to do about what a guard says; the guards themselves say only what is wrong."""

ISO_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
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
        "Opening balances, manual journals, year-end entries and payouts stand only when a second person checked them. "
        "Prepare it and have a colleague post it; nothing was posted.",
    ),
    "ledger_entry_has_two_postings": (
        errors.MalformedEntry,
        "An entry has at least two postings. Add the other side; nothing was posted.",
    ),
    "ledger_posting_amount_is_sane": (
        errors.WrongAmount,
        "An amount is nought, or 10^15 or more of the smallest unit. Correct it; nothing was posted.",
    ),
    "ledger_approval_four_eyes": (
        errors.SameTwoEyes,
        "You made this yourself, so somebody else has to check it. Ask a colleague; nothing was changed.",
    ),
    "ledger_one_payment_per_attempt": (
        payment_errors.PaymentRefused,
        "Somebody put this payment into another file just now. Look at the files; nothing was changed.",
    ),
    "ledger_payment_file_moves_once": (
        payment_errors.PaymentFileMoved,
        "Somebody moved this payment file on just now. Look at what happened to it; nothing was changed.",
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
        return errors.UnknownAccount(
            "A posting names an account that the book does not have. Correct it; nothing was posted."
        )
    if cause.sqlstate in BY_SQLSTATE:
        return _in_words(BY_SQLSTATE[cause.sqlstate], cause.diag.message_primary or str(cause))
    if cause.diag.constraint_name in BY_CONSTRAINT:
        refusal, message = BY_CONSTRAINT[cause.diag.constraint_name]
        return refusal(message)
    return None


def _in_words(refusal: type[errors.LedgerError], said: str) -> errors.LedgerError:
    """What a guard says, with dates as people write them and what to do."""
    told = ISO_DATE.sub(lambda found: date_text(date.fromisoformat(found[0])), said)
    return refusal(f"{told} {REMEDIES[refusal]}" if refusal in REMEDIES else told)
