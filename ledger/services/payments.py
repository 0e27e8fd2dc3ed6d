"""Money out: one person makes a payment file, another checks exactly that, and then it is taken to the bank.

Whoever makes, checks or takes a file holds the book, so that what is on its way stays so until the file stands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import Max

from ledger import queries
from ledger.database_errors import judged_by_database
from ledger.domain.errors import ContentChanged
from ledger.domain.payment_errors import PaymentFileMoved
from ledger.domain.payments import (
    LONGEST_ID,
    Payment,
    PaymentFormat,
    PaymentState,
    content_sha256,
    end_to_end_id,
)
from ledger.models import (
    Account,
    BankAccount,
    Book,
    PaymentFile,
    PaymentFileStep,
    PaymentInstruction,
    PaymentOutcome,
)
from ledger.pain001 import write_pain001
from ledger.services.approvals import approve
from ledger.services.payment_refusals import (
    attempts_before,
    details_of,
    judge_anew,
    minor_of,
    named,
    refuse_account,
    refuse_beyond_what_is_on_its_way,
    refuse_day,
    refuse_moved,
    refuse_together,
)
from ledger.services.periods import hold_book

ONE_FILE = "SELECT pg_advisory_xact_lock(7421, %s)"
"""Held by whoever moves a payment file on, until that stands."""

Kind = PaymentFileStep.Kind


@dataclass(frozen=True, slots=True)
class HowPaid:
    """How a file is made: on which day the bank is asked to pay, in which version, and whether it books one sum."""

    requested_on: date
    format: PaymentFormat = PaymentFormat.PAIN_09
    is_batch: bool = False


@transaction.atomic
def make_payment_file(
    *,
    bank_account: BankAccount,
    payments: Sequence[Payment],
    how: HowPaid,
    at: datetime,
    by: AbstractBaseUser,
) -> PaymentFile:
    """Put payments into a file for the bank; nothing leaves before a second person has checked it.

    Each goes to its payee's bank details in force, from an account in transit that has as much on its way.
    Raises PaymentRefused, PayeeNotConfirmed and PayingAccountUnknown.
    """
    book = Book.objects.get(pk=bank_account.book_id)
    hold_book(book=book)
    refuse_day(book, how.requested_on)
    refuse_account(bank_account)
    refuse_together(bank_account, payments)
    attempts = attempts_before(book, payments)
    refuse_beyond_what_is_on_its_way(book, payments)
    number = (PaymentFile.objects.filter(book=book).aggregate(last=Max("number"))["last"] or 0) + 1
    file = PaymentFile(
        book=book,
        number=number,
        bank_account=bank_account,
        format=how.format,
        is_batch=how.is_batch,
        requested_on=how.requested_on,
        debtor_name=book.fund_name,
        debtor_account=bank_account.identification,
        currency=bank_account.currency,
        payment_count=len(payments),
        total=sum(minor_of(payment) for payment in payments),
        made_by_id=by.pk,
        made_at=at.replace(microsecond=0),
    )
    return _kept(file, _lines(file, payments, attempts))


@transaction.atomic
def check_payment_file(*, file: PaymentFile, shown_sha256: str, on: date, by: AbstractBaseUser) -> PaymentFileStep:
    """Check a payment file that a colleague made, exactly as it was shown; then it can be taken to the bank.

    Everything is judged anew: what is on its way, and the bank details in force. Raises SameTwoEyes, ContentChanged,
    PaymentFileMoved, PaymentRefused and PayeeNotConfirmed.
    """
    _lock(file)
    refuse_moved(file, Kind.CHECKED)
    if file.content_sha256 != shown_sha256:
        raise ContentChanged(f"{file} is not what you were shown. Look at it again; nothing was changed.")
    judge_anew(file)
    approval = approve(
        subject=f"payment-file:{file.pk}",
        content_sha256=shown_sha256,
        made_by=file.made_by,
        made_at=file.made_at,
        checked_by=by,
    )
    return _step(file, Kind.CHECKED, on=on, by=by, approval=approval)


@transaction.atomic
def withdraw_payment_file(*, file: PaymentFile, reason: str, on: date, by: AbstractBaseUser) -> PaymentFileStep:
    """Withdraw a payment file that was not taken to the bank: what it was to pay can be paid by another one.

    Raises PaymentFileMoved, also without a reason.
    """
    _lock(file)
    if not reason.strip():
        raise PaymentFileMoved(f"Say why {named(file)} is withdrawn: the auditor reads it. Nothing was changed.")
    refuse_moved(file, Kind.WITHDRAWN)
    return _step(file, Kind.WITHDRAWN, on=on, by=by, reason=reason.strip())


@transaction.atomic
def take_payment_file(*, file: PaymentFile, on: date, by: AbstractBaseUser) -> bytes:
    """The file that a second person checked, to be taken to the bank; that it was taken is kept, each time.

    The first time everything is judged anew. Raises PaymentFileMoved, PaymentRefused, PayeeNotConfirmed, and
    ContentChanged where its rows do not give the bytes any more that were checked.
    """
    _lock(file)
    done = refuse_moved(file, Kind.TAKEN)
    if Kind.TAKEN not in done:
        judge_anew(file)
    content = payment_file_bytes(file)
    _step(file, Kind.TAKEN, on=on, by=by)
    return content


def payment_file_bytes(file: PaymentFile) -> bytes:
    """What the file says, written anew from its rows: the same bytes every time. Raises ContentChanged."""
    content = write_pain001(queries.transfer_file(file, list(queries.payment_lines(file))))
    if hashlib.sha256(content).hexdigest() != file.file_sha256:
        raise ContentChanged(
            f"{file} cannot be written again as it was made: its rows give other bytes. Withdraw it, make another one, "
            "and look for who changed the database; nothing was changed."
        )
    return content


@transaction.atomic
def refuse_payment(*, payment: PaymentInstruction, reason: str, on: date, by: AbstractBaseUser) -> PaymentOutcome:
    """Record that the bank refused a payment that was sent, as it told: it can be put into another file then.

    Raises PaymentFileMoved for one that is not at the bank, or that the bank confirmed, and without a reason.
    """
    _lock(payment.file)
    state = queries.payments(payment.book).get(pk=payment.pk).state
    if not reason.strip():
        raise PaymentFileMoved(f"Say what the bank told about {payment}: the auditor reads it. Nothing was changed.")
    if state != PaymentState.SENT:
        raise PaymentFileMoved(
            f"{payment} is {state}, so the bank cannot have refused it. Look at the file; nothing was changed."
        )
    with judged_by_database(), transaction.atomic():
        return PaymentOutcome.objects.create(
            payment=payment, kind=PaymentOutcome.Kind.REFUSED, reason=reason.strip(), told_on=on, told_by_id=by.pk
        )


def _kept(file: PaymentFile, lines: Sequence[PaymentInstruction]) -> PaymentFile:
    """A file and its payments, written and hashed."""
    file.file_sha256 = hashlib.sha256(write_pain001(queries.transfer_file(file, lines))).hexdigest()
    file.content_sha256 = content_sha256(_head(file), [_told(line) for line in lines])
    with judged_by_database(), transaction.atomic():
        file.save(force_insert=True)
        for line in lines:
            line.file = file
        PaymentInstruction.objects.bulk_create(lines)
    return file


def _head(file: PaymentFile) -> tuple[object, ...]:
    """What the database hashes of a file, in its order."""
    named = (file.book_id, file.number, file.bank_account_id, file.requested_on.isoformat(), file.currency)
    return (*named, file.payment_count, file.total, file.file_sha256)


def _told(line: PaymentInstruction) -> tuple[object, ...]:
    """The same of a payment."""
    whom = (line.line_no, line.payee, line.details_id, line.details.content_sha256, line.account_id, line.amount)
    return (*whom, line.purpose, line.source, line.attempt, line.reference, line.end_to_end_id)


def _lines(file: PaymentFile, payments: Sequence[Payment], attempts: Mapping[str, int]) -> list[PaymentInstruction]:
    """The payments as rows, not saved."""
    book, message = file.book, queries.message_id(file)
    codes = {payment.account for payment in payments}
    accounts = {one.code: one for one in Account.objects.filter(book=book, code__in=codes, currency=file.currency)}
    return [
        PaymentInstruction(
            book=book,
            file=file,
            line_no=line_no,
            payee=payment.payee,
            details=details_of(book, payment),
            account=accounts[payment.account],
            amount=minor_of(payment),
            purpose=payment.purpose.value,
            source=payment.source,
            attempt=attempts.get(payment.source, 0) + 1,
            reference=payment.reference[:LONGEST_ID],
            end_to_end_id=end_to_end_id(message, line_no),
        )
        for line_no, payment in enumerate(payments, start=1)
    ]


def _step(
    file: PaymentFile, kind: PaymentFileStep.Kind, *, on: date, by: AbstractBaseUser, **given: Any
) -> PaymentFileStep:
    with judged_by_database(), transaction.atomic():
        return PaymentFileStep.objects.create(file=file, kind=kind, done_on=on, done_by_id=by.pk, **given)


def _lock(file: PaymentFile) -> None:
    with connection.cursor() as cursor:
        cursor.execute(ONE_FILE, [file.pk])
