"""`manage.py load_places FILE`: load a table of deprivation by small area."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from borrowers.domain.areas import Boundaries, Nation
from borrowers.domain.errors import BorrowerError
from borrowers.domain.place_tables import TableSays
from borrowers.services import load_places
from commonweal.management.published_files import published_file

WORDS = ("version", "index", "edition", "source", "licence", "attribution")


class Command(BaseCommand):
    """Loads a table whole or not at all; the same table again changes nothing."""

    help = "Load deciles of deprivation by small area: the composite index, an English index, or a plain table."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV, plain or gzip")
        parser.add_argument("--table-version", default="", help="the version of the table, such as 3.4.0")
        for word in WORDS[1:]:
            parser.add_argument(f"--{word}", default="", help=f"the {word}, where the table does not say it")
        parser.add_argument("--nation", choices=[nation.value for nation in Nation], help="of a plain table")
        parser.add_argument("--boundaries", choices=[one.value for one in Boundaries], help="of a plain table")

    def handle(self, *args: Any, **options: Any) -> None:
        file = published_file(options["file"])
        says = TableSays(
            version=options["table_version"],
            nation=Nation(options["nation"]) if options["nation"] else None,
            boundaries=Boundaries(options["boundaries"]) if options["boundaries"] else None,
            **{word: options[word] for word in WORDS[1:]},
        )
        try:
            loaded = load_places(file, says=says)
        except BorrowerError as refusal:
            raise CommandError(str(refusal)) from refusal
        if loaded.repeated:
            self.stdout.write(f"{loaded.table} was loaded before, with the same content. Nothing was changed.")
            return
        self.stdout.write(f"{loaded.table}: {loaded.deciles:,} deciles on {loaded.scales} scales. {file.sha256}")
        for scale in loaded.table.scales.select_related("table"):
            self.stdout.write(f"  {scale.code}: {scale.in_domain.shown}")
