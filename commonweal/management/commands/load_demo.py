"""`manage.py load_demo`: the story of the Harbour & Hills Community Fund, harmless when run again."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from commonweal.demo import story
from commonweal.demo.load import load


class Command(BaseCommand):
    """Loads the demo by the services that a real fund uses."""

    help = "Load the demo: a fund, its people and one loan's life so far. Harmless when run again."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo has well-known passwords, so it is loaded under the local settings only.")
        files = settings.VAR_DIR / "demo"
        load(files=files, tell=self.stdout.write)
        self.stdout.write(f"A bank file waits to be brought in: {files.name}/bank-{story.TODAY}.xml under var/")
        for person in story.SHOWN:
            self.stdout.write(f"  {person.side:20} {person.email:32} password {story.PASSWORD}")
