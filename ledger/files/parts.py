"""What stands in an XML part of an Office file? Read as a stream of tags, so that no part's size fills the memory."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, cast

from lxml import etree

from ledger.domain.file_errors import DamagedFile
from ledger.files.containers import member_chunks
from ledger.safe_xml import SAFE_PARSING


class Tags:
    """Takes the tags of a part as they come, by their names without namespace; subclasses keep what they want."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """A tag opens."""
        self.opens(_local(tag), {_local(key): value for key, value in attributes.items()})

    def end(self, tag: str) -> None:
        """A tag closes."""
        self.closes(_local(tag))

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


def feed(name: str, container: zipfile.ZipFile, part: str, target: Tags) -> Iterator[None]:
    """Read a part into a target; a step for each piece of it. Raises DamagedFile and what the target raises."""
    parser = etree.XMLParser(target=cast(Any, target), **SAFE_PARSING)
    try:
        for chunk in member_chunks(name, container, part):
            parser.feed(chunk)
            yield
        parser.close()
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DamagedFile(f"{name} cannot be read in its part {part} ({error}). Save it anew.") from error
    yield


def read_part(name: str, container: zipfile.ZipFile, part: str, target: Tags) -> None:
    """Read a whole part into a target."""
    for _ in feed(name, container, part, target):
        pass


class TextsOf(Tags):
    """Collects the text of every element of one name, joined, up to a bound."""

    def __init__(self, *names: str, at_most: int = 1_000_000) -> None:
        self._names, self._inside, self._left = names, False, at_most
        self._pieces: list[str] = []

    @property
    def text(self) -> str:
        """What was collected."""
        return "".join(self._pieces)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Collect from here; the attributes are not looked at."""
        self._inside = _local(tag) in self._names

    def closes(self, tag: str) -> None:
        """Until here."""
        self._inside = False

    def data(self, text: str) -> None:
        """Keep it."""
        if self._inside and self._left > 0:
            self._pieces.append(text[: self._left])
            self._left -= len(text)


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
def _local(name: str) -> str:
    return name.rpartition("}")[2]
