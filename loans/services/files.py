"""Keeping documents with a business or a loan, and withdrawing them; nothing is ever removed."""

from __future__ import annotations

from secrets import token_hex
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from borrowers.domain.names import refuse_hidden_signs
from ledger.services import keep_attachment
from loans.domain.errors import WithdrawalRefused
from loans.domain.kept_files import KeptKind, bare_name
from loans.models import FileWithdrawal, Loan, StoredFile

if TYPE_CHECKING:
    from borrowers.models import Organisation
    from ledger.models import Book


@transaction.atomic
def keep_file(
    *,
    book: Book,
    organisation: Organisation,
    kind: KeptKind,
    name: str,
    content: bytes,
    by: AbstractBaseUser,
    loan: Loan | None = None,
) -> StoredFile:
    """Keep a document of a business, of one of its loans where `loan` is given; sent again it is there already.

    Raises ledger.domain.file_errors.FileRefused for what may not be kept, borrowers.domain.errors.NameMalformed.
    """
    called = bare_name(name)
    refuse_hidden_signs(called)
    attachment = keep_attachment(name=called, content=content, by=by)
    same = {"book": book, "organisation": organisation, "loan": loan, "kind": kind.value, "attachment": attachment}
    standing = StoredFile.objects.filter(**same, withdrawal=None).first()
    return standing or StoredFile.objects.create(
        **same,
        opaque_name=token_hex(16),
        name=called,
        content_type=attachment.content_type,
        size=len(content),
        uploaded_by_id=by.pk,
    )


def withdraw_file(*, file: StoredFile, reason: str, by: AbstractBaseUser) -> FileWithdrawal:
    """Say that a document no longer counts; it stays, with the reason. Raises WithdrawalRefused."""
    if not reason.strip():
        raise WithdrawalRefused(f"Say why {file} is withdrawn: the auditor reads it. Nothing was changed.")
    try:
        with transaction.atomic():
            return FileWithdrawal.objects.create(file=file, reason=reason.strip(), withdrawn_by_id=by.pk)
    except IntegrityError as error:
        raise WithdrawalRefused(f"{file} is withdrawn already. Look at its page; nothing was changed.") from error
