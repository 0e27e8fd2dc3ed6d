"""A book of loans from another system: prepared by one person, tried, and confirmed by another on exactly its files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from ledger.services import approve as approve_content
from ledger.services import keep_spreadsheet
from loans.domain.errors import ApprovalByMaker, MovingInRefused, TermsChanged
from loans.domain.moving_in.checking import DryRun
from loans.domain.moving_in.findings import Finding, rows_told
from loans.domain.words import date_text
from loans.models import LONGEST_MESSAGE, MovingIn, MovingInFile, MovingInFinding, Series
from loans.services.numbering import next_number

if TYPE_CHECKING:
    from ledger.models import Book

State = MovingIn.State
MOST_FINDINGS = 10_000
"""So many findings are kept; who corrects these may try again."""


@dataclass(frozen=True, slots=True)
class BroughtFile:
    """A file as somebody sent it: its own name, and what it holds."""

    name: str
    content: bytes


@transaction.atomic
def prepare_moving_in(
    *, book: Book, cut_over_on: date, files: Mapping[str, BroughtFile], by: AbstractBaseUser
) -> MovingIn:
    """Keep the files of a book of loans, to be tried; `files` are by the sheet that each is, a workbook by "".

    Nothing is brought in. Raises MovingInRefused for a day that no entry could be dated on, or no file, and a
    FileRefused for a file that may not be kept.
    """
    if not files:
        raise MovingInRefused("There is no file. Send a workbook, or a CSV file for each sheet; nothing was changed.")
    if not book.opened_on <= cut_over_on <= book.business_date:
        raise MovingInRefused(
            f"{date_text(cut_over_on)} is not a day of {book}: it was opened on {date_text(book.opened_on)}, and is on "
            f"{date_text(book.business_date)}. Move in on one of these days or between; nothing was changed."
        )
    kept = {part: keep_spreadsheet(name=file.name, content=file.content, by=by) for part, file in files.items()}
    made = MovingIn.objects.create(
        book=book,
        number=next_number(book, Series.MOVING_IN),
        cut_over_on=cut_over_on,
        content_sha256=_fingerprint(book, cut_over_on, {part: one.sha256 for part, one in kept.items()}),
        prepared_by_id=by.pk,
    )
    MovingInFile.objects.bulk_create(
        MovingInFile(moving_in=made, part=part, name=files[part].name[-200:], attachment=one)
        for part, one in kept.items()
    )
    return made


@transaction.atomic
def keep_dry_run(*, moving_in: MovingIn, answer: DryRun) -> MovingIn:
    """Keep what a dry run found: it waits for a second person, or would fail. A second answer changes nothing."""
    locked = lock_moving_in(moving_in)
    if locked.state != State.PREPARED:
        return locked
    _keep_findings(locked, answer.findings)
    return _change(
        locked,
        state=State.READY if answer.is_ready else State.REFUSED,
        found={
            "rows": answer.rows,
            "wrong_rows": rows_told(answer.findings),
            "findings": len(answer.findings),
            "history": answer.history,
            "given": answer.given,
            "made": answer.made,
        },
    )


@transaction.atomic
def keep_refusal(*, moving_in: MovingIn, refusal: str) -> MovingIn:
    """Keep why a file could not be tried at all, such as wrong headings."""
    locked = lock_moving_in(moving_in)
    if locked.state != State.PREPARED:
        return locked
    MovingInFinding.objects.create(moving_in=locked, place=1, part="", row=0, message=refusal[:LONGEST_MESSAGE])
    found = {"rows": 0, "wrong_rows": 0, "findings": 1, "history": 0, "given": {}, "made": {}}
    return _change(locked, state=State.REFUSED, found=found)


@transaction.atomic
def confirm_moving_in(*, moving_in: MovingIn, shown_sha256: str, by: AbstractBaseUser) -> MovingIn:
    """Agree, as a second person, that exactly these files move in; the run that does it is asked for by the caller.

    Raises MovingInRefused where it does not wait for that, ApprovalByMaker, and TermsChanged for another fingerprint.
    """
    locked = lock_moving_in(moving_in)
    _refuse_unless(locked, State.READY, "confirmed")
    if locked.prepared_by_id == by.pk:
        raise ApprovalByMaker(
            f"You prepared {locked} yourself, so somebody else has to confirm it. Ask a colleague; nothing was changed."
        )
    if locked.content_sha256 != shown_sha256:
        raise TermsChanged(
            f"The files of {locked} are not those that you were shown. Look at them again; nothing was changed."
        )
    approval = approve_content(
        subject=locked.source,
        content_sha256=locked.content_sha256,
        made_by=locked.prepared_by,
        made_at=locked.prepared_at,
        checked_by=by,
    )
    return _change(locked, state=State.CONFIRMED, approval=approval)


@transaction.atomic
def withdraw_moving_in(*, moving_in: MovingIn, by: AbstractBaseUser) -> MovingIn:
    """Take back what is not confirmed; who did stays on record. Raises MovingInRefused."""
    locked = lock_moving_in(moving_in)
    if locked.state in (State.CONFIRMED, State.DONE, State.WITHDRAWN):
        raise MovingInRefused(_is_past(locked, "withdrawn"))
    return _change(locked, state=State.WITHDRAWN, withdrawn_by_id=by.pk)


@transaction.atomic
def finish_moving_in(*, moving_in: MovingIn, brought: Mapping[str, int]) -> MovingIn:
    """All is in: keep what stands in the books, beside the control totals. Doing so again changes nothing."""
    locked = lock_moving_in(moving_in)
    if locked.state == State.DONE:
        return locked
    _refuse_unless(locked, State.CONFIRMED, "finished")
    return _change(locked, state=State.DONE, brought=dict(brought))


def lock_moving_in(moving_in: MovingIn) -> MovingIn:
    """The moving in as it stands now; who else wants to change it waits."""
    found = MovingIn.objects.select_for_update(of=("self",)).select_related("book", "prepared_by", "approval")
    return found.get(pk=moving_in.pk)


def _fingerprint(book: Book, cut_over_on: date, files: Mapping[str, str]) -> str:
    content = [book.code, cut_over_on.isoformat(), sorted(files.items())]
    return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()


def _keep_findings(moving_in: MovingIn, findings: Sequence[Finding]) -> None:
    MovingInFinding.objects.bulk_create(
        MovingInFinding(
            moving_in=moving_in,
            place=place,
            part=finding.part,
            row=finding.row,
            column=finding.column,
            message=finding.message[:LONGEST_MESSAGE],
        )
        for place, finding in enumerate(findings[:MOST_FINDINGS], start=1)
    )


def _refuse_unless(moving_in: MovingIn, state: MovingIn.State, verb: str) -> None:
    if moving_in.state != state:
        raise MovingInRefused(_is_past(moving_in, verb))


def _is_past(moving_in: MovingIn, verb: str) -> str:
    stands = moving_in.get_state_display().lower()
    return f"{moving_in} cannot be {verb}: it stands at “{stands}”. Look at it again; nothing was changed."


def _change(moving_in: MovingIn, **values: object) -> MovingIn:
    for name, value in values.items():
        setattr(moving_in, name, value)
    moving_in.save(update_fields=[name.removesuffix("_id") for name in values])
    return moving_in
