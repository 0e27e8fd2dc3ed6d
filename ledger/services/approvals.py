"""Four eyes: recording that a second person checked exactly what the first one made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from ledger.database_errors import judged_by_database
from ledger.domain.errors import SameTwoEyes
from ledger.models import Approval


def approve_all(
    contents: Sequence[tuple[str, str]],
    *,
    made_by: AbstractBaseUser,
    made_at: datetime,
    checked_by: AbstractBaseUser,
) -> list[Approval]:
    """The same for many things at once, in one statement: each a subject and the hash of its content.

    For what two people agreed to as a whole, and which has to stand approved one by one. Raises what `approve` raises.
    """
    _refuse_one_person(made_by, checked_by)
    with judged_by_database(), transaction.atomic():
        return Approval.objects.bulk_create(
            Approval(
                subject=subject,
                content_sha256=content_sha256,
                made_by_id=made_by.pk,
                made_at=made_at,
                checked_by_id=checked_by.pk,
            )
            for subject, content_sha256 in contents
        )


def approve(
    *,
    subject: str,
    content_sha256: str,
    made_by: AbstractBaseUser,
    made_at: datetime,
    checked_by: AbstractBaseUser,
    reason: str = "",
) -> Approval:
    """Record that `checked_by` approved what `made_by` made, bound to the hash of it.

    Raises SameTwoEyes for one person in both places, AlreadyExists where the same content was approved before.
    """
    _refuse_one_person(made_by, checked_by)
    with judged_by_database(), transaction.atomic():
        return Approval.objects.create(
            subject=subject,
            content_sha256=content_sha256,
            made_by_id=made_by.pk,
            made_at=made_at,
            checked_by_id=checked_by.pk,
            reason=reason,
        )


def _refuse_one_person(made_by: AbstractBaseUser, checked_by: AbstractBaseUser) -> None:
    if made_by.pk == checked_by.pk:
        raise SameTwoEyes(
            f"{checked_by} made this, so somebody else has to check it. Ask a colleague to decide; nothing was changed."
        )
