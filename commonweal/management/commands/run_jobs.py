"""`manage.py run_jobs`: do what waits in the job table, without Celery or a broker."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections

from commonweal.celery import SWEEP_SECONDS
from commonweal.jobs.schedules import ask_for_what_is_due
from commonweal.jobs.worker import work, worker_name

PAUSE_SECONDS = 0.2


class Command(BaseCommand):
    """Run jobs until none is left, and then go on looking for new ones."""

    help = "Run the long work that was asked for, without Celery; stop with Ctrl-C."

    next_sweep = 0.0

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="stop when no job is left instead of waiting for more")

    def handle(self, *args: Any, **options: Any) -> None:
        worker = worker_name()
        if options["once"]:
            self.stdout.write(f"Jobs run: {work(worker=worker)}.")
            return
        self.stdout.write("Looking for jobs. Stop with Ctrl-C.")
        try:
            while True:
                self._look(worker)
                time.sleep(PAUSE_SECONDS)
        except KeyboardInterrupt:
            self.stdout.write("Stopped.")

    def _ask_now_and_then(self) -> None:
        """Ask for what is due by the clock, as often as Celery's sweep does."""
        if time.monotonic() >= self.next_sweep:
            self.next_sweep = time.monotonic() + SWEEP_SECONDS
            ask_for_what_is_due()

    def _look(self, worker: str) -> None:
        close_old_connections()
        try:
            self._ask_now_and_then()
            work(worker=worker)
        except OperationalError as error:
            self.stderr.write(f"The database does not answer ({error}); trying again.")
