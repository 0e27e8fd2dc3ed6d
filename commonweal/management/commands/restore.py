"""`manage.py restore FOLDER [--rehearse]`: a backup, held to its manifest byte by byte and book by book."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commonweal.management.backups.errors import BackupError
from commonweal.management.backups.restoring import Wish, restore_backup


class Command(BaseCommand):
    """Restores into an empty database, or only tries it; a database with books in use is never replaced."""

    help = "Restore a backup into an empty database; every hash, seal and trial balance is compared first."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="the folder that `backup` made")
        parser.add_argument(
            "--rehearse", action="store_true", help="restore beside the books, look through it, and drop it again"
        )
        parser.add_argument(
            "--kept-outside", default="", metavar="HASH", help="the manifest's hash, as `backup` said it to be kept"
        )
        parser.add_argument(
            "--despite-findings", action="store_true", help="leave out what check_books looks for; seals and sums stay"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wish = Wish(options["rehearse"], options["despite_findings"], options["kept_outside"])
        folder: Path = options["folder"]
        try:
            manifest = restore_backup(folder.absolute(), wish, self.stdout.write)
        except BackupError as refusal:
            raise CommandError(str(refusal)) from refusal
        books = ", ".join(book.code for book in manifest.books) or "no books"
        if wish.rehearse:
            self.stdout.write(f"The rehearsal succeeded: {books} can be restored. Nothing was changed.")
        else:
            self.stdout.write(f"Restored: {books}. Everybody has to log in again.")
