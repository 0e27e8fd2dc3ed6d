"""`manage.py load_indicators`: adds the indicators of the catalogue that are missing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from borrowers.services import load_catalogue


class Command(BaseCommand):
    """Adds what is missing and leaves what stands as it is, so it may be run again at any time."""

    help = "Add the indicators of the catalogue that are missing, with their IRIS+ ids and SDG targets."

    def handle(self, *args: Any, **options: Any) -> None:
        added = load_catalogue()
        self.stdout.write(f"{len(added)} indicators added: {', '.join(one.code for one in added) or 'all were there'}.")
