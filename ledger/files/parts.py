"""What stands in an XML part of an Office file? Read as a stream of tags, so that no part's size fills the memory."""

from __future__ import annotations

import codecs
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from lxml import etree

from ledger.domain.file_errors import DamagedFile, TooMuchToRead
from ledger.files.containers import member_chunks
from ledger.safe_xml import SAFE_PARSING


@dataclass(frozen=True, slots=True)
class XmlBounds:
    """How much XML the parts of one file may hold together: tags that open, and bytes unpacked."""

    tags: int
    size: int


KEPT = XmlBounds(tags=500_000, size=20 * 1024 * 1024)
"""Of a file that is only kept, looked through while its sender waits: a hundred thousand cells, or 300 pages."""
IMPORTED = XmlBounds(tags=5_000_000, size=100 * 1024 * 1024)
"""Of a workbook whose rows are read: fifty thousand of thirty cells."""


@dataclass(slots=True)
class Meter:
    """What was read of the XML of one file, over all its parts; counted before it is parsed."""

    name: str
    bounds: XmlBounds
    tags: int = 0
    marks: int = 0

    def take(self, piece: bytes) -> None:
        """Count a piece. Raises TooMuchToRead for one tag too many, and for twice as many attributes and entities."""
        self.tags += piece.count(b"<") - piece.count(b"</")
        self.marks += piece.count(b"=") + piece.count(b"&") + piece.count(b"\r")
        if self.tags > self.bounds.tags or self.marks > 2 * self.bounds.tags:
            raise TooMuchToRead(
                f"{self.name} holds over {self.bounds.tags:,} tags (a cell has two), or over {2 * self.bounds.tags:,} "
                "attributes, so it was not read to its end. Save it as PDF or CSV, or part it into several files."
            )

    def hold_size(self, size: int) -> None:
        """Raise TooMuchToRead where the XML parts have more bytes than the bound."""
        if size > self.bounds.size:
            raise TooMuchToRead(
                f"{self.name} holds {size:,} bytes of text and tags, and at most {self.bounds.size:,} are looked "
                "through. Save it as PDF or CSV, or part it into several files."
            )


class Tags:
    """Takes the tags of a part as they come, by their names without namespace; subclasses keep what they want."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A tag opens."""
        self.opens(local_name(tag), {local_name(key): value for key, value in attributes.items()})

    def end(self, tag: str) -> None:
        """A tag closes."""
        self.closes(local_name(tag))

    def data(self, text: str) -> None:
        """Text stands there, perhaps in several pieces."""

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        """A DOCTYPE, by which a part could reach for other files; Office writes none."""
        raise ValueError("it carries a DOCTYPE")

    def close(self) -> None:
        """The part is over."""

    def opens(self, tag: str, attributes: dict[str, str]) -> None:
        """To be overridden."""

    def closes(self, tag: str) -> None:
        """To be overridden."""


def feed(name: str, container: zipfile.ZipFile, part: str, target: Tags, meter: Meter | None = None) -> Iterator[None]:
    """Read a part into a target; a step for each piece of it.

    Raises DamagedFile, what the target raises, and TooMuchToRead where a meter counts.
    """
    parser: etree.XMLParser | None = None
    try:
        for chunk in member_chunks(name, container, part):
            if meter is not None:
                meter.take(chunk)
            parser = parser or _parser(chunk, target)
            parser.feed(chunk)
            yield
        if parser is None:
            raise ValueError("it is empty")
        parser.close()
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DamagedFile(f"{name} cannot be read in its part {part} ({error}). Save it anew.") from error
    yield


def read_part(name: str, container: zipfile.ZipFile, part: str, target: Tags, meter: Meter | None = None) -> None:
    """Read a whole part into a target. Raises what `feed` raises."""
    for _ in feed(name, container, part, target, meter):
        pass


def is_xml(start: bytes) -> bool:
    """Whether a part that begins so is XML, whatever it is called; of blanks alone nobody knows what follows."""
    begins = start.removeprefix(codecs.BOM_UTF8).removeprefix(codecs.BOM_UTF16_LE).removeprefix(codecs.BOM_UTF16_BE)
    return bool(start) and begins.lstrip(b"\0 \t\r\n")[:1] in (b"<", b"")


def _parser(start: bytes, target: Tags) -> etree.XMLParser:
    """Parts are UTF-16 or UTF-8 (ECMA-376 part 2, 8.1.4); in another encoding a tag could not be counted."""
    is_utf_16 = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in start[:2]
    return etree.XMLParser(target=cast(Any, target), encoding=None if is_utf_16 else "utf-8", **SAFE_PARSING)


class AttributesOf(Tags):
    """Collects the attributes of every element of one name."""

    def __init__(self, name: str, at_most: int = 100_000) -> None:
        self._name, self._at_most = name, at_most
        self.found: list[dict[str, str]] = []

    def opens(self, tag: str, attributes: dict[str, str]) -> None:
        """Keep them."""
        if tag == self._name:
            if len(self.found) == self._at_most:
                raise ValueError(f"it has more than {self._at_most:,} of {tag}")
            self.found.append(attributes)


@lru_cache(maxsize=1000)
def local_name(name: str) -> str:
    """The name of a tag or an attribute without its namespace."""
    return name.rpartition("}")[2]
