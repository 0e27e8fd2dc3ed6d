"""A ZIP whose bytes depend on its content alone: files in order, one date for all, and a list of their hashes last."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from tempfile import TemporaryFile
from typing import IO, BinaryIO

LEVEL = 6
UNIX, FILE_RIGHTS = 3, 0o100644
PIECE = 1 << 20
MANIFEST = "MANIFEST.sha256"


class PackFile:
    """The pack while it is written. A file is hashed as it goes in; the manifest, in the form of `sha256sum`, is last.

    `on` dates every file in it.
    """

    def __init__(self, file: BinaryIO, *, folder: str, on: date) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL)
        self._folder, self._on = folder, on
        self.hashes: dict[str, str] = {}

    def add(self, name: str, content: bytes) -> None:
        """A file of these bytes."""
        with self.written(name) as out:
            out.write(content)

    @contextmanager
    def written(self, name: str) -> Iterator[HashedFile]:
        """A file that is written piece by piece."""
        with self._zip.open(self._info(name), "w", force_zip64=True) as member:
            out = HashedFile(member)
            yield out
        self.hashes[name] = out.sha256.hexdigest()

    def add_made_aside(self, name: str, write: Callable[[BinaryIO], None]) -> None:
        """A file whose writer goes back and forth in it, such as a workbook: it is made aside first."""
        with TemporaryFile() as aside, self.written(name) as out:
            write(aside)
            aside.seek(0)
            while piece := aside.read(PIECE):
                out.write(piece)

    def close(self) -> None:
        """Write the manifest, and end the file."""
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.hashes.items()))
        self.add(MANIFEST, lines.encode())
        self._zip.close()

    def _info(self, name: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(f"{self._folder}/{name}", (self._on.year, self._on.month, self._on.day, 0, 0, 0))
        info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, UNIX
        info.external_attr = FILE_RIGHTS << 16
        return info


class HashedFile:
    """What is written goes on, and into a hash."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out, self.sha256 = out, sha256()

    def write(self, content: bytes) -> None:
        """Pass some bytes on."""
        self.sha256.update(content)
        self._out.write(content)
