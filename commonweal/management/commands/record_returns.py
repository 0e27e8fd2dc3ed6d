"""`manage.py record_returns FILE…`: keeps what mail servers said about letters that did not arrive."""

from __future__ import annotations

from argparse import ArgumentParser
from email import message_from_bytes, policy
from email.message import Message
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from commonweal.letters.sending import record_return


class Command(BaseCommand):
    """Reads delivery status notifications (RFC 3464), each a file as a mail server delivers it."""

    help = "Record returned e-mails from delivery status notifications (RFC 3464), one per file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, help="notifications as they came")

    def handle(self, *args: Any, **options: Any) -> None:
        for file in options["files"]:
            kept = _kept(file.read_bytes())
            told = f"kept for {kept.letter.address}: {kept.code}" if kept else "not about a letter of ours; left alone"
            self.stdout.write(f"{file.name}: {told}")


def _kept(content: bytes) -> Any:
    notice = message_from_bytes(content, policy=policy.default)
    status = _first(notice, "Status")
    original = _first(notice, "Message-ID", inner=True)
    if not status or not original:
        return None
    return record_return(message_id=original, code=status, detail=_first(notice, "Diagnostic-Code") or status)


def _first(notice: Message, name: str, *, inner: bool = False) -> str:
    """The first such field of a part within the notice; `inner` leaves out the notice's own head."""
    for part in notice.walk():
        if (part is not notice or not inner) and (found := part.get(name)):
            return str(found).strip()
        if part.get_content_type() == "text/rfc822-headers":
            original = message_from_bytes(part.get_payload(decode=True) or b"", policy=policy.default)  # type: ignore[arg-type]
            if found := original.get(name):
                return str(found).strip()
    return ""
