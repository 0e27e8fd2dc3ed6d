"""Putting the pack together: every file from one reading of the books, in order."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from commonweal.documents.auditors_pack.about import PackAbout
from commonweal.documents.auditors_pack.from_bank import bank_reconciliation
from commonweal.documents.auditors_pack.from_books import (
    account_movements,
    add_journals,
    closes,
    seals,
    trial_balance,
)
from commonweal.documents.auditors_pack.from_loans import control_accounts, loan_list
from commonweal.documents.auditors_pack.from_people import add_attachments, approvals, manual_journals
from commonweal.documents.auditors_pack.readme import readme
from commonweal.documents.auditors_pack.tables import add_table
from commonweal.documents.auditors_pack.trial_balance_pdf import trial_balance_pdf
from commonweal.documents.auditors_pack.zip_file import PackFile
from ledger.queries import period_movements
from loans.list_at_end import controls, loans_at_end

Tell = Callable[[str], None]

STEPS = 6


def write_pack(about: PackAbout, file: BinaryIO, *, tell: Tell = lambda note: None) -> None:
    """Write the ZIP; call it in one snapshot of the books, in which the seal covers all that is effective by the end.

    `tell` is told of each of `STEPS` steps before it begins. Raises DocumentError, MissingSystemLibrary.
    """
    moved = period_movements(about.book, about.starts_on, about.last_day)
    listed = loans_at_end(about.book, about.last_day)
    compared = controls(about.book, about.last_day, listed)
    pack = PackFile(file, folder=about.folder, on=about.last_day)
    tell("Trial balance")
    pack.add(about.named("README", "txt"), readme(about, moved, compared).encode())
    add_table(pack, about, trial_balance(moved))
    pack.add(about.named("01-trial-balance", "pdf"), trial_balance_pdf(about, moved))
    tell("Journals")
    add_journals(pack, about)
    tell("Account movements")
    add_table(pack, about, account_movements(about, moved))
    tell("Bank reconciliation")
    add_table(pack, about, bank_reconciliation(about))
    tell("Loans")
    add_table(pack, about, loan_list(listed))
    add_table(pack, about, control_accounts(about, compared))
    tell("Approvals, closes and seals")
    for table in (approvals(about), manual_journals(about)):
        add_table(pack, about, table)
    add_attachments(pack, about)
    for table in (closes(about), seals(about)):
        add_table(pack, about, table)
    pack.close()
