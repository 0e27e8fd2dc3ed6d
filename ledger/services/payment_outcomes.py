"""What the bank's lines make of payments that were sent: they were paid, or their money came back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction

from ledger.database_errors import judged_by_database
from ledger.models import BankStatementLine, PaymentOutcome
from ledger.services.payments import ONE_FILE


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
