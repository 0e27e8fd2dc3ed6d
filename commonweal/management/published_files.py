"""Reading a published table that somebody named after a command: plain or gzip, its hash first, then its lines."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from django.core.management.base import CommandError

from borrowers.services import PublishedFile

AT_ONCE = 1 << 20


def published_file(path: Path) -> PublishedFile:
    """A file with the SHA-256 of its text, packed or not. Raises CommandError where it cannot be read."""
    try:
        with _opened(path) as file:
            digest = hashlib.sha256()
            while piece := file.read(AT_ONCE):
                digest.update(piece)
    except (OSError, EOFError, zlib.error) as error:
        raise CommandError(f"{path} cannot be read to its end: {error}. Nothing was loaded.") from error
    return PublishedFile(path.name, digest.hexdigest(), _lines(path))


def _lines(path: Path) -> Iterator[str]:
    with _opened(path) as file:
        yield from io.TextIOWrapper(file, encoding="utf-8-sig", newline="")


def _opened(path: Path) -> BinaryIO:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return cast(BinaryIO, gzip.open(path)) if packed else path.open("rb")
