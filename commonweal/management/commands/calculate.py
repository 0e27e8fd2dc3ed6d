"""`manage.py calculate KIND < lines > answers`: the calculators on the command line, JSON Lines in and out."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from loans.calculators import CALCULATORS, calculator
from loans.calculators.lines import answers

COULD_NOT_RUN = 2


class Command(BaseCommand):
    """Answers every line before it reads the next. Exit status: 0 all answered, 1 some in error, 2 it could not run."""

    help = "Answer JSON Lines on standard input: schedules, rates and day counts. No database is needed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=sorted(CALCULATORS))

    def handle(self, *args: Any, **options: Any) -> None:
        if sys.stdin is None:
            raise CommandError("There is no standard input to read lines from.", returncode=COULD_NOT_RUN)
        found_errors = False
        try:
            for answer in answers(sys.stdin.buffer, calculator(options["kind"])):
                found_errors |= answer.is_error
                self.stdout.write(answer.text)
                self.stdout.flush()
        except OSError as error:
            _point_at_nothing(sys.stdout.fileno())
            reason = "Nobody reads the answers any more" if isinstance(error, BrokenPipeError) else error.strerror
            raise CommandError(f"{reason}. The lines after that were not answered.", returncode=COULD_NOT_RUN) from None
        if found_errors:
            sys.exit(1)


def _point_at_nothing(descriptor: int) -> None:
    """So that nothing more is written to a pipe that is closed when Python flushes what is left."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)
