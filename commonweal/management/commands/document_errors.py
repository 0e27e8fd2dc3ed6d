"""`manage.py document_errors [--check]`: write the catalogue of refusals into docs/errors.md."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from commonweal.management.refusals import catalogue, find_refusals, read_examples

PAGE = "docs/errors.md"
BEGIN, END = "<!-- refusals: begin -->\n", "<!-- refusals: end -->"


class Command(BaseCommand):
    """Writes between two marks of the page; what stands around them is written by hand."""

    help = "Write the catalogue of refusals into docs/errors.md; with --check, exit code 1 if it is out of date."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing, and fail if the page is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / PAGE
        page = path.read_text(encoding="utf-8")
        refusals = find_refusals(settings.BASE_DIR)
        if silent := [one.key for one in refusals if not one.remedy]:
            raise CommandError(f"The docstring does not say what to do: {', '.join(silent)}. Nothing was written.")
        before, mark, rest = page.partition(BEGIN)
        _, other_mark, after = rest.partition(END)
        if not (mark and other_mark):
            raise CommandError(f"{PAGE} has lost its marks {BEGIN.strip()} and {END}. Nothing was written.")
        written = f"{before}{BEGIN}\n{catalogue(refusals, read_examples())}\n{END}{after}"
        if options["check"] and written != page:
            raise CommandError(f"{PAGE} is out of date: run `manage.py document_errors`.")
        if written != page:
            path.write_text(written, encoding="utf-8")
        self.stdout.write(f"{PAGE} has {len(refusals)} refusals.")
