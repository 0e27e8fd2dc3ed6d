"""Manual journals: drafts with an attachment that a second person posts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from moneyed import Money

from ledger.domain.entry import PREPARED, JournalEntry, Kind, Posting
from ledger.domain.errors import (
    ContentChanged,
    DraftNotOpen,
    MalformedEntry,
    UnknownAccount,
)
from ledger.domain.file_kinds import FileKind
from ledger.domain.money import to_minor
from ledger.files import IMPORTED, judge_file
from ledger.models import Account, Attachment, BankStatementLine, Book, DraftPosting, JournalDraft
from ledger.services.approvals import approve
from ledger.services.banking import match_bank_line
from ledger.services.journal_rules import bank_lines_taken, refuse_ahead, refuse_closed
from ledger.services.posting import Posted, fingerprint, post
from ledger.services.year_result import refuse_moved_result

SPREADSHEETS = frozenset({FileKind.CSV, FileKind.XLSX})


@dataclass(frozen=True, slots=True)
class DraftLine:
    """An account code and a signed amount, debits positive, as somebody types them."""

    account: str
    amount: Money


@transaction.atomic
def draft_journal(
    *,
    book: Book,
    on: date,
    narrative: str,
    lines: Sequence[DraftLine],
    attachment: Attachment,
    by: AbstractBaseUser,
    kind: Kind = Kind.MANUAL,
) -> JournalDraft:
    """Prepare a manual journal; it is posted only when a second person agrees.

    It must be an entry that could be posted: raises UnbalancedEntry, MalformedEntry, UnknownAccount, WrongAmount,
    DatedAhead, PeriodClosed, BankMovesByStatement and NoSuchBankLine.
    """
    if kind not in PREPARED:
        raise MalformedEntry(
            f"A journal of kind {kind} is not prepared by hand. Choose a manual journal, opening balances or "
            "the year end; "
            "nothing was prepared."
        )
    refuse_ahead(book, on)
    refuse_closed(book, on)
    found = _accounts(book, lines)
    draft = JournalDraft.objects.create(
        book=book, kind=kind.value, effective_on=on, narrative=narrative, attachment=attachment, made_by_id=by.pk
    )
    DraftPosting.objects.bulk_create(
        DraftPosting(
            draft=draft,
            line_no=number,
            account=found[line.account, line.amount.currency.code],
            amount=to_minor(line.amount.amount, line.amount.currency.code),
        )
        for number, line in enumerate(lines, start=1)
    )
    draft_entry(draft)
    _bank_lines_taken(draft)
    return draft


def draft_entry(draft: JournalDraft, *, approval: int | None = None) -> JournalEntry:
    """The entry that a draft would post now. Raises UnbalancedEntry and MalformedEntry."""
    lines = draft.postings.select_related("account").order_by("line_no")
    return JournalEntry(
        effective_on=draft.effective_on,
        narrative=draft.narrative,
        postings=tuple(Posting(line.account.code, line.amount, line.account.currency) for line in lines),
        kind=draft.kind,
        source=f"journal:{draft.pk}",
        approval=approval,
    )


def draft_sha256(draft: JournalDraft) -> str:
    """The hash of exactly what a draft would post and of its attachment: what the second person agrees to."""
    content = fingerprint([draft_entry(draft)], with_approval=False)
    return hashlib.sha256(f"{content}:{draft.attachment.sha256}".encode()).hexdigest()


@transaction.atomic
def post_draft(*, draft: JournalDraft, shown_sha256: str, by: AbstractBaseUser) -> Posted:
    """Post a draft that a second person agrees to; `shown_sha256` is the hash of what they were shown.

    A year-end journal has to carry exactly what is left of the result. A bank line of which it moves exactly the rest
    is matched by it. Raises DraftNotOpen, ContentChanged, SameTwoEyes, BankMovesByStatement, NoSuchBankLine and what
    `post` raises.
    """
    draft = _open_draft(draft)
    if draft_sha256(draft) != shown_sha256:
        raise ContentChanged(
            f"Journal {draft} is not what you were shown any more. Look at it again; nothing was posted."
        )
    refuse_moved_result(draft)
    approval = approve(
        subject=f"journal:{draft.pk}",
        content_sha256=shown_sha256,
        made_by=draft.made_by,
        made_at=draft.made_at,
        checked_by=by,
    )
    taken = _bank_lines_taken(draft)
    posted = post([draft_entry(draft, approval=approval.pk)], book=draft.book, key=f"journal:{draft.pk}", by=by)
    for line in taken:
        match_bank_line(line_id=line.pk, entry_id=posted.entry_ids[0])
    draft.state, draft.approval = JournalDraft.State.POSTED, approval
    draft.save(update_fields=["state", "approval"])
    return posted


@transaction.atomic
def withdraw_draft(*, draft: JournalDraft, by: AbstractBaseUser) -> JournalDraft:
    """Take back a draft that is not posted; who did stays on record. Raises DraftNotOpen."""
    draft = _open_draft(draft)
    draft.state, draft.withdrawn_by_id = JournalDraft.State.WITHDRAWN, by.pk
    draft.save(update_fields=["state", "withdrawn_by"])
    return draft


def keep_attachment(*, name: str, content: bytes, by: AbstractBaseUser) -> Attachment:
    """Keep a file by its content; the same content is kept once. Raises a FileRefused."""
    content_type = judge_file(name, content).content_type
    sha256 = hashlib.sha256(content).hexdigest()
    attachment, _ = Attachment.objects.get_or_create(
        sha256=sha256,
        defaults={"name": name[-200:], "content_type": content_type, "content": content, "added_by_id": by.pk},
    )
    return attachment


def keep_spreadsheet(*, name: str, content: bytes, by: AbstractBaseUser) -> Attachment:
    """Keep a CSV file or a workbook as it came, so that a worker can read it. Raises a FileRefused."""
    kind = judge_file(name, content, among=SPREADSHEETS, xml=IMPORTED)
    attachment, _ = Attachment.objects.get_or_create(
        sha256=hashlib.sha256(content).hexdigest(),
        defaults={"name": name[-200:], "content_type": kind.content_type, "content": content, "added_by_id": by.pk},
    )
    return attachment


def keep_json(*, name: str, content: bytes, by: AbstractBaseUser) -> Attachment:
    """Keep a JSON file as it came, once; whoever calls has read it and knows that it is one."""
    attachment, _ = Attachment.objects.get_or_create(
        sha256=hashlib.sha256(content).hexdigest(),
        defaults={"name": name[-200:], "content_type": "application/json", "content": content, "added_by_id": by.pk},
    )
    return attachment


def _bank_lines_taken(draft: JournalDraft) -> list[BankStatementLine]:
    postings = [(line.account, line.amount) for line in draft.postings.select_related("account")]
    return bank_lines_taken(book=draft.book, kind=Kind(draft.kind), on=draft.effective_on, postings=postings)


def _open_draft(draft: JournalDraft) -> JournalDraft:
    locked = JournalDraft.objects.select_for_update(of=("self",)).select_related("book", "made_by", "attachment")
    current = locked.get(pk=draft.pk)
    if current.state != JournalDraft.State.OPEN:
        raise DraftNotOpen(
            f"Journal {current} is {current.get_state_display().lower()} already. "
            "Prepare a new one; nothing was changed."
        )
    return current


def _accounts(book: Book, lines: Sequence[DraftLine]) -> dict[tuple[str, str], Account]:
    found = {(a.code, a.currency): a for a in Account.objects.filter(book=book, code__in={x.account for x in lines})}
    for line in lines:
        if (line.account, line.amount.currency.code) not in found:
            raise UnknownAccount(
                f"{book} has no account {line.account} in {line.amount.currency.code}. Correct the code; "
                "nothing was prepared."
            )
    return found
