"""What a backup consists of: its parts, each with its SHA-256, and what a restore of them has to come to.

commonweal-20261122T210000Z/
    manifest.json      the parts and their hashes, release, migrations, roles, rows, seals and trial balances
    manifest.sha256    the manifest's own hash, as `sha256sum --check` reads it
    database.dump      everything that the database holds, files and issued documents included (pg_dump)
    guards.txt         owners, grants, triggers, constraints and functions, a line each
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from commonweal.management.backups.errors import BackupDamaged, NotABackup
from commonweal.management.backups.facts import BookFacts

FORMAT = 1
MANIFEST, ITS_HASH = "manifest.json", "manifest.sha256"
DUMP, GUARDS = "database.dump", "guards.txt"
NOTHING = "Nothing was restored."


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a backup: its name, its length in bytes and its SHA-256."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything that a restore is held to; `made_at` is in ISO 8601."""

    format: int
    made_at: str
    software: str
    postgresql: str
    roles: dict[str, str]
    migrations: list[str]
    rows: dict[str, int]
    books: list[BookFacts]
    parts: list[Part]


def part_of(file: Path) -> Part:
    """The line of the manifest about a file."""
    return Part(file.name, file.stat().st_size, sha256_of(file))


def sha256_of(file: Path) -> str:
    """The hash of a file of any size."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_manifest(folder: Path, manifest: Manifest) -> str:
    """Write the manifest and its hash into a folder; gives the hash, which is to be kept outside."""
    file = folder / MANIFEST
    file.write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    digest = sha256_of(file)
    (folder / ITS_HASH).write_text(f"{digest}  {MANIFEST}\n", encoding="utf-8")
    return digest


def read_manifest(folder: Path, *, kept_outside: str = "") -> Manifest:
    """The manifest of a backup of which every byte is as it was written; `kept_outside` is the hash of its manifest.

    Raises NotABackup and BackupDamaged.
    """
    file, noted = folder / MANIFEST, folder / ITS_HASH
    if not file.is_file() or not noted.is_file():
        raise NotABackup(
            f"{folder} is no backup: it has no {MANIFEST} with a {ITS_HASH}. Name the folder that `manage.py backup` "
            f"made. {NOTHING}"
        )
    digest = sha256_of(file)
    if noted.read_bytes() != f"{digest}  {MANIFEST}\n".encode():
        raise BackupDamaged(f"{MANIFEST} is not what {ITS_HASH} says. Take another copy of {folder.name}. {NOTHING}")
    if kept_outside and kept_outside.strip().lower() != digest:
        raise BackupDamaged(
            f"{MANIFEST} has the hash {digest[:12]}… and not {kept_outside.strip()[:12]}…, which was kept outside: it "
            f"is another backup, or was made anew. Take the one that the hash belongs to. {NOTHING}"
        )
    manifest = _read(file)
    if damaged := "; ".join(_damage(folder, manifest)):
        raise BackupDamaged(f"{damaged}. Take another copy of {folder.name}, or an earlier backup. {NOTHING}")
    return manifest


def _read(file: Path) -> Manifest:
    said: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    if said.get("format") != FORMAT:
        raise NotABackup(
            f"{file} is of the form {said.get('format')}, and this release reads the form {FORMAT}. Restore it with "
            f"the release that made it. {NOTHING}"
        )
    books = [BookFacts(**book) for book in said.pop("books")]
    parts = [Part(**part) for part in said.pop("parts")]
    return Manifest(**said, books=books, parts=parts)


def _damage(folder: Path, manifest: Manifest) -> Iterator[str]:
    """What is wrong with the parts, in words."""
    for part in manifest.parts:
        file = folder / part.name
        if not file.is_file():
            yield f"{part.name} is missing"
        elif file.stat().st_size != part.bytes:
            yield f"{part.name} has {file.stat().st_size:,} bytes and not {part.bytes:,}"
        elif sha256_of(file) != part.sha256:
            yield f"{part.name} is not what was written: its SHA-256 is another than the manifest's"
    if strangers := {file.name for file in folder.iterdir()} - {MANIFEST, ITS_HASH, *(p.name for p in manifest.parts)}:
        yield f"{', '.join(sorted(strangers))} does not belong to it"
