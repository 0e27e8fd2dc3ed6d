"""Who made what and who checked it: the approvals and the manual journals of the pack, with what explains them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any

from django.apps import apps
from django.db.models import ForeignKey, Model, Q
from django.utils.timezone import get_current_timezone

from commonweal.documents.auditors_pack.about import NOT_CLOSED, PackAbout
from commonweal.documents.auditors_pack.tables import Row, Table
from commonweal.documents.auditors_pack.zip_file import PackFile
from ledger import queries
from ledger.domain.attachments import file_name

APPROVALS = ("approval", "what", "subject", "made_by", "made_at", "checked_by", "checked_at", "reason", "sha256")
JOURNALS = (
    "journal",
    "kind",
    "effective_on",
    "narrative",
    "state",
    "prepared_by",
    "prepared_at",
    "posted_by",
    "posted_at",
    "entry",
    "attachment",
    "attachment_sha256",
)


def approvals(about: PackAbout) -> Table:
    """What two people agreed to: of an effective date in these days, or checked in them."""
    return Table("07-approvals", APPROVALS, lambda: _approval_rows(about))


def manual_journals(about: PackAbout) -> Table:
    """The journals prepared by hand for these days, with who posted them."""
    return Table("08-manual-journals", JOURNALS, lambda: map(_journal_row, _drafts(about)))


def add_attachments(pack: PackFile, about: PackAbout) -> None:
    """The files that explain the manual journals, as they were given."""
    for draft in _drafts(about):
        stem, _, ending = file_name(draft.pk, draft.attachment.content_type).rpartition(".")
        name = f"{stem}.{ending}" if about.is_closed else f"{stem}-{NOT_CLOSED}.{ending}"
        pack.add(f"attachments/{name}", bytes(draft.attachment.content))


def path_to_book(model: type[Model]) -> str:
    """The shortest way by foreign keys from a table to the book that a row belongs to: `loan__book`; "" for none."""
    ways: deque[tuple[type[Model], str]] = deque([(model, "")])
    seen = {model}
    while ways:
        at, way = ways.popleft()
        for field in at._meta.concrete_fields:
            towards = field.related_model
            if not isinstance(field, ForeignKey) or not isinstance(towards, type) or towards in seen:
                continue
            if towards._meta.label == "ledger.Book":
                return f"{way}{field.name}"
            if field.null or towards._meta.label in ("access.User", "ledger.Approval"):
                continue
            seen.add(towards)
            ways.append((towards, f"{way}{field.name}__"))
    return ""


def approved_tables() -> list[tuple[type[Model], str]]:
    """Every table whose rows stand under an approval, with its way to the book, whichever app it is of."""
    approval = apps.get_model("ledger.Approval")
    naming = [
        model
        for model in apps.get_models()
        if any(field.related_model is approval for field in model._meta.concrete_fields)
    ]
    return [(model, path_to_book(model)) for model in naming]


def _approval_rows(about: PackAbout) -> Iterator[Row]:
    found: dict[int, tuple[Any, str]] = {}
    zone = get_current_timezone()
    begins, ends = (datetime.combine(day, time(), zone) for day in (about.starts_on, about.ends_on))
    for model, way in approved_tables():
        dated = Q(approval__checked_at__gte=begins, approval__checked_at__lt=ends)
        if "effective_on" in {field.name for field in model._meta.concrete_fields}:
            dated |= Q(effective_on__gte=about.starts_on, effective_on__lte=about.last_day)
        rows = model._default_manager.filter(dated, **{way: about.book}, approval__isnull=False)
        for row in rows.select_related("approval__made_by", "approval__checked_by"):
            approval = getattr(row, "approval")  # noqa: B009 (every such table has it)
            found.setdefault(approval.pk, (approval, str(model._meta.verbose_name)))
    for _, (approval, what) in sorted(found.items()):
        made, checked = (at.astimezone(UTC).isoformat() for at in (approval.made_at, approval.checked_at))
        people = (str(approval.made_by), made, str(approval.checked_by), checked)
        yield (f"A-{approval.pk}", what, approval.subject, *people, approval.reason, approval.content_sha256)


def _drafts(about: PackAbout) -> Any:
    found = queries.drafts(about.book).filter(effective_on__gte=about.starts_on, effective_on__lte=about.last_day)
    return found.select_related("approval__entry", "book").order_by("pk")


def _journal_row(draft: Any) -> Row:
    approval = draft.approval
    checked = (str(approval.checked_by), approval.checked_at.astimezone(UTC).isoformat()) if approval else ("", "")
    return (
        str(draft),
        draft.kind,
        draft.effective_on,
        draft.narrative,
        draft.get_state_display(),
        str(draft.made_by),
        draft.made_at.astimezone(UTC).isoformat(),
        *checked,
        str(approval.entry) if approval else "",
        draft.attachment.name,
        draft.attachment.sha256,
    )
