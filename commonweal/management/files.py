"""Writing a file that somebody named after a command: whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from django.core.management.base import CommandError


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file that is there whole or not at all, in place of one that was there before. Raises CommandError."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        with unfinished.open("wb") as file:
            yield file
        unfinished.replace(path)
    except OSError as error:
        raise CommandError(f"{path} cannot be written ({error.strerror}). Nothing was written.") from error
    finally:
        with suppress(OSError):
            unfinished.unlink()
