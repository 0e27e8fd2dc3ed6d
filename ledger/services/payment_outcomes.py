"""What the bank's lines make of payments that were sent: they were paid, or their money came back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction

from ledger.database_errors import judged_by_database
from ledger.domain.entry import JournalEntry, signed
from ledger.models import BankStatementLine, PaymentOutcome
from ledger.services.banking import match_bank_line
from ledger.services.payments import ONE_FILE
from ledger.services.posting import post


@transaction.atomic
def record_outcome(
    *, payments: Iterable[Any], line: BankStatementLine, entry_id: int, by: AbstractBaseUser
) -> list[PaymentOutcome]:
    """Keep that the entry of a bank line paid these payments, or, where money came in, that they came back.

    Call it where the entry is posted; it counts until the entry is reversed. Raises PaymentFileMoved for a payment that
    is not at the bank.
    """
    kind = PaymentOutcome.Kind.RETURNED if line.amount > 0 else PaymentOutcome.Kind.CONFIRMED
    told = sorted(payments, key=lambda one: (one.file_id, one.pk))
    for file_id in dict.fromkeys(one.file_id for one in told):
        with connection.cursor() as cursor:
            cursor.execute(ONE_FILE, [file_id])
    with judged_by_database(), transaction.atomic():
        return [
            PaymentOutcome.objects.create(
                payment_id=one.pk, kind=kind, line=line, entry_id=entry_id, told_on=line.booked_on, told_by_id=by.pk
            )
            for one in told
        ]


@transaction.atomic
def book_in_transit(*, payments: Sequence[Any], line: BankStatementLine, by: AbstractBaseUser) -> int:
    """Book that a bank line paid payments from one account in transit, or brought them back; gives the entry's number.

    For payments that no other app books, such as those to lenders. The same line again gives the first answer. Raises
    LineMatchedAlready, and PeriodClosed for a line of a closed period.
    """
    account, bank = payments[0].account, line.bank_account
    amount = sum((one.money for one in payments[1:]), payments[0].money)
    out = amount if line.amount < 0 else -amount
    named = ", ".join(one.end_to_end_id for one in payments)
    entry = JournalEntry(
        line.booked_on,
        f"{'Paid' if line.amount < 0 else 'Came back'}: {named}"[:500],
        (signed(account.code, out), signed(bank.suspense.code, -out)),
        source=f"payment-file:{payments[0].file_id}",
    )
    posted = post([entry], book=payments[0].book, key=f"payment-line:{line.pk}:{account.code}", by=by)
    if not posted.repeated:
        match_bank_line(line_id=line.pk, entry_id=posted.entry_ids[0])
    return posted.entry_ids[0]
