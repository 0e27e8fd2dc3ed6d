"""`manage.py take_screenshots`: take the pictures of the documentation again, from a demo of their own."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from commonweal.management.pictures import (
    LARGEST,
    PICTURES,
    CannotTakePictures,
    chromium,
    fresh_demo,
    take,
    take_statement,
)


class Command(BaseCommand):
    """Starts a fresh demo beside whatever runs, takes every picture, and only then writes them."""

    help = "Take the pictures of README.md and docs/ again; needs Chromium, Playwright and pdftoppm."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        folder = settings.BASE_DIR / "docs" / "pictures"
        parser.add_argument("--to", type=Path, default=folder, metavar="FOLDER", help="where the PNG files are written")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            taken = _take_all()
        except CannotTakePictures as error:
            raise CommandError(str(error)) from error
        if large := [name for name, png in taken.items() if len(png) > LARGEST]:
            raise CommandError(
                f"Over {LARGEST:,} bytes: {', '.join(large)}. Take less of the page; nothing was written."
            )
        options["to"].mkdir(parents=True, exist_ok=True)
        for name, png in taken.items():
            (options["to"] / f"{name}.png").write_bytes(png)
            self.stdout.write(f"{name}.png  {len(png):,} bytes")


def _take_all() -> dict[str, bytes]:
    with chromium() as browser, fresh_demo() as address:
        taken = {picture.name: take(picture, browser, address) for picture in PICTURES}
        return taken | {"statement": take_statement(browser, address)}
