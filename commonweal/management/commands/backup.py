"""`manage.py backup [--into FOLDER]`: everything of this moment, with a manifest that a restore is held to."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from commonweal.management.backups.errors import BackupError
from commonweal.management.backups.making import make_backup


class Command(BaseCommand):
    """Makes a backup while everybody works on, and says which hash to keep elsewhere."""

    help = "Back up the database, files and issued documents included, into a new folder; restore it with `restore`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--into", type=Path, help="where the folder is made; by default backups/ under VAR_DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        into: Path = options["into"] or settings.VAR_DIR / "backups"
        try:
            made = make_backup(into=into.absolute(), now=datetime.now(UTC))
        except BackupError as refusal:
            raise CommandError(str(refusal)) from refusal
        for book in made.manifest.books:
            self.stdout.write(f"{book.code}: {book.entries:,} entries, seal {book.seal or '(none yet)'}")
        rows = sum(made.manifest.rows.values())
        self.stdout.write(f"{len(made.manifest.rows)} tables, {rows:,} rows, {made.bytes:,} bytes in {made.folder}")
        self.stdout.write(
            f"Keep this hash elsewhere: {made.sha256}. Try it: manage.py restore --rehearse {made.folder}"
        )
