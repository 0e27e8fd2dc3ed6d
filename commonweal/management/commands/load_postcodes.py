"""`manage.py load_postcodes FILE --dated DAY`: load the postcode directory of a day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from borrowers.domain.errors import BorrowerError
from borrowers.services import load_postcodes
from commonweal.management.arguments import day
from commonweal.management.published_files import published_file


class Command(BaseCommand):
    """Loads a directory whole or not at all; the same one again changes nothing, and the latest one counts."""

    help = "Load which small area each postcode is in, from the ONS Postcode Directory of a day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="CSV, plain or gzip")
        parser.add_argument("--dated", type=day, required=True, help="the day of the directory, such as 2026-08-01")

    def handle(self, *args: Any, **options: Any) -> None:
        file = published_file(options["file"])
        try:
            loaded = load_postcodes(file, dated_on=options["dated"])
        except BorrowerError as refusal:
            raise CommandError(str(refusal)) from refusal
        if loaded.repeated:
            self.stdout.write(f"{loaded.table} was loaded before, with the same content. Nothing was changed.")
        else:
            self.stdout.write(f"{loaded.table}: {loaded.postcodes:,} postcodes. {file.sha256}")
