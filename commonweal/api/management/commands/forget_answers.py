"""`manage.py forget_answers [--after DAYS]`: remove what the API answered long ago, which nobody asks for again."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from commonweal.api.retention import KEPT_DAYS, LEAST_DAYS, forget_answers


class Command(BaseCommand):
    """Removes old answers; what they tell of stays in the books."""

    help = "Remove the API's answers under idempotency keys that are older than some days."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--after", type=int, default=KEPT_DAYS, help=f"days that answers are kept; by default {KEPT_DAYS}"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["after"] < LEAST_DAYS:
            raise CommandError(
                f"Answers are kept for {LEAST_DAYS} days at least, and not {options['after']}: a request may still be "
                "repeated. Give more days; nothing was removed."
            )
        self.stdout.write(
            f"{forget_answers(days=options['after'])} answers older than {options['after']} days removed."
        )
