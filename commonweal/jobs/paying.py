"""Money out: what there is to pay, in one list, and the files that pay it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from commonweal.access.models import User
from commonweal.jobs.clock import database_now
from ledger.domain.payment_errors import PaymentRefused
from ledger.domain.payments import Payment
from ledger.services import HowPaid, hold_book, make_payment_file
from loans.payments import loan_payments

if TYPE_CHECKING:
    from ledger.models import BankAccount, Book, PaymentFile


def payments_to_make(book: Book) -> list[Payment]:
    """What is booked as on its way and in no file that stands, the oldest first."""
    return loan_payments(book)


@transaction.atomic
def make_file(*, bank_account: BankAccount, sources: Sequence[str], how: HowPaid, by: User) -> PaymentFile:
    """A payment file of some of what there is to pay, named by their sources; a second person checks it then.

    Raises PaymentRefused for what is not there to be paid any more, and what the ledger's `make_payment_file` raises.
    """
    hold_book(book=bank_account.book)
    there = {payment.source: payment for payment in payments_to_make(bank_account.book)}
    if gone := [source for source in sources if source not in there]:
        raise PaymentRefused(
            f"{len(gone)} of the {len(sources)} payments chosen cannot be made any more: in another file by now, taken "
            "back, or paid. Look at the list again; nothing was changed."
        )
    payments = [there[source] for source in sources]
    return make_payment_file(bank_account=bank_account, payments=payments, how=how, at=database_now(), by=by)
