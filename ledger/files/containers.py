"""May this zip container be unpacked? Judged by its list of contents, before a byte is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator

from ledger.domain.file_errors import DamagedFile, EncryptedFile, TwoFilesInOne, UnpacksTooLarge

ZIP_START = b"PK\x03\x04"
ZIP_END = b"PK\x05\x06"

MAX_MEMBERS = 1_000
MAX_UNPACKED_BYTES = 100 * 1024 * 1024
MAX_RATIO = 100
"""How many times its size a file may unpack to; workbooks of numbers reach thirty."""
SMALL = 1024 * 1024
"""Up to this size unpacked, the ratio says nothing."""

CHUNK = 64 * 1024
_ENCRYPTED = 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


def open_container(name: str, content: bytes) -> zipfile.ZipFile:
    """A zip container whose list of contents is bounded and plain; its members are read by `member_chunks` alone.

    What the list says is what is unpacked: a member that would give more is cut there, and refused by its checksum.
    Raises DamagedFile, UnpacksTooLarge, EncryptedFile and TwoFilesInOne.
    """
    try:
        container = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise DamagedFile(f"{name} ends in the middle or is damaged ({error}). Save it anew.") from error
    members = container.infolist()
    _refuse_bomb(name, members, len(content))
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise EncryptedFile(f"{name} is locked with a password. Save it without one.")
    names = [member.filename.lower() for member in members]
    if len(set(names)) < len(names) or any(".." in each.split("/") or each.startswith(("/", "\\")) for each in names):
        raise DamagedFile(f"{name} lists a part twice or outside itself. Ask where it is from.")
    if any(member.compress_type not in _METHODS for member in members):
        raise DamagedFile(f"{name} is packed in a way that Office files are not. Save it anew.")
    if container.comment or min((member.header_offset for member in members), default=1) != 0:
        raise TwoFilesInOne(f"{name} is a zip container with something before or behind it. Ask where it is from.")
    return container


def member_chunks(name: str, container: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The bytes of one part, piece by piece. Raises DamagedFile."""
    try:
        with container.open(part) as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError) as error:
        raise DamagedFile(f"{name} is damaged in its part {part} ({error}). Save it anew.") from error


def _refuse_bomb(name: str, members: list[zipfile.ZipInfo], size: int) -> None:
    if len(members) > MAX_MEMBERS:
        raise UnpacksTooLarge(
            f"{name} is packed from {len(members):,} parts; at most {MAX_MEMBERS:,} are taken, so it was not "
            "unpacked. Ask where it is from."
        )
    unpacked = sum(member.file_size for member in members)
    if unpacked > MAX_UNPACKED_BYTES or (unpacked > SMALL and unpacked > MAX_RATIO * size):
        raise UnpacksTooLarge(
            f"{name} has {size:,} bytes and would unpack to {unpacked:,}; at most {MAX_UNPACKED_BYTES:,}, and at most "
            f"{MAX_RATIO} times its size, are taken, so it was not unpacked. Ask where it is from."
        )
