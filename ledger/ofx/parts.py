"""Which parts does an OFX file have? Aggregates with parts of their own and elements with a value, from SGML or XML."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from ledger.domain.bank_errors import BeyondXmlLimits, CutOff, HasDoctype, NotOfx

MAX_TAGS = 400_000
"""More tags than this is no statement: twenty thousand lines have fewer. It bounds the memory of the parts."""
MAX_TEXT = 10_000
"""Characters between two tags; the longest element of a statement, MEMO, has 255."""
MAX_DEPTH = 64
"""A statement is eight deep; elements left empty and open come on top."""

AGGREGATES = frozenset(
    {
        *("OFX", "BANKMSGSRSV1", "STMTTRNRS", "STATUS", "STMTRS", "BANKACCTFROM", "BANKTRANLIST", "STMTTRN"),
        *("LEDGERBAL", "PAYEE", "CURRENCY", "ORIGCURRENCY"),
    }
)
"""Parts that are read and have to be closed; in OFX 1 any other may be an element that was left empty."""

_TOKEN = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9_.]{0,40})\s*/?>((?:[^<]+|<!\[CDATA\[.{0,2000}?\]\]>)*)", re.DOTALL)
_CDATA = re.compile(r"<!\[CDATA\[(.{0,2000}?)\]\]>", re.DOTALL)
_ENTITY = re.compile(r"&(amp|lt|gt|nbsp|apos|quot|#\d{1,6});")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "nbsp": " ", "apos": "'", "quot": '"'}
_AGAIN = "Download it again."


@dataclass(slots=True)
class Part:
    """An aggregate or an element: its name, the line it stands in, its value, and the parts in it."""

    name: str
    line: int
    value: str = ""
    parts: list[Part] = field(default_factory=list)

    def all(self, name: str) -> Iterator[Part]:
        """The parts of a name, in the file's order."""
        return (part for part in self.parts if part.name == name)

    def first(self, *path: str) -> Part | None:
        """The first part at a path of names."""
        here: Part | None = self
        for name in path:
            here = next(here.all(name), None) if here else None
        return here

    def text(self, *path: str) -> str:
        """The value at a path; nothing where there is none."""
        found = self.first(*path)
        return found.value if found else ""


def parts_of_xml(root: etree._Element) -> Part:
    """The parts of an OFX 2 file."""
    if sum(1 for _ in root.iter()) > MAX_TAGS:
        raise _too_many()
    return _from_xml(root)


def _from_xml(element: etree._Element) -> Part:
    """Parts in parts; the XML reader has bounded the depth."""
    name = sys.intern(etree.QName(element).localname.upper())
    part = Part(name, int(f"{element.sourceline}"), _tidy(element.text or ""))
    part.parts = [_from_xml(child) for child in element]
    return part


def parts_of_sgml(text: str) -> Part:
    """The parts of an OFX 1 file, whose elements may be left open. Raises NotOfx, CutOff and BeyondXmlLimits."""
    if "<!DOCTYPE" in text:
        raise HasDoctype("The OFX file carries a DOCTYPE; OFX has none. Ask the bank where the file is from.")
    if text.count("<") > MAX_TAGS:
        raise _too_many()
    return _Nest(text).read()


class _Nest:
    """Reads tags one after the other; `open` are the parts that are not closed yet, the outermost first."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.open: list[Part] = []
        self.line = 1
        self.root: Part | None = None

    def read(self) -> Part:
        at = 0
        while at < len(self.text):
            token = _TOKEN.match(self.text, at)
            if token is None:
                raise (
                    self._cut_off() if self.text.find(">", at) < 0 else self._malformed("has no tag where one belongs")
                )
            if len(token[3]) > MAX_TEXT:
                raise BeyondXmlLimits(f"The OFX file has over {MAX_TEXT:,} characters in {token[2]}. Ask the bank.")
            closes, name, value = token[1] == "/", sys.intern(token[2].upper()), _tidy(token[3])
            self._close(name, value) if closes else self._begin(name, value)
            self.line += self.text.count("\n", at, token.end())
            at = token.end()
        if self.open or self.root is None:
            raise self._cut_off()
        return self.root

    def _begin(self, name: str, value: str) -> None:
        part = Part(name, self.line, value)
        if self.root is None:
            self.root = part
        elif not self.open:
            raise self._malformed(f"has {name} behind the end of {self.root.name}")
        else:
            self.open[-1].parts.append(part)
        if value and name in AGGREGATES:
            raise self._malformed(f"has text directly in {name}")
        if not value:
            self.open.append(part)
        if len(self.open) > MAX_DEPTH:
            raise BeyondXmlLimits(f"The OFX file is nested deeper than {MAX_DEPTH} parts. Ask where it is from.")

    def _close(self, name: str, value: str) -> None:
        if value:
            raise self._malformed(f"has text behind the end of {name}")
        if name not in [part.name for part in self.open]:
            self._hold_just_closed(name)
            return
        while (left := self.open.pop()).name != name:
            self._take_as_empty(left)

    def _take_as_empty(self, left: Part) -> None:
        """An element that was left empty and open: what seemed to be in it stands beside it."""
        if left.name in AGGREGATES:
            raise self._malformed(f"never closes the {left.name} of line {left.line}")
        self.open[-1].parts += left.parts
        left.parts = []

    def _hold_just_closed(self, name: str) -> None:
        """`<NAME>Netherby</NAME>`: the element closed itself with its value, and its end only says so."""
        last = self.open[-1].parts[-1] if self.open and self.open[-1].parts else None
        if last is None or last.name != name:
            raise self._malformed(f"closes {name}, which is not open")

    def _malformed(self, what: str) -> NotOfx:
        return NotOfx(f"The OFX file {what}, in line {self.line} behind its header. {_AGAIN}")

    def _cut_off(self) -> CutOff:
        where = self.open[-1].name if self.open else "its first tag"
        return CutOff(f"The OFX file of {len(self.text):,} characters ends in the middle, within {where}. {_AGAIN}")


def _tidy(text: str) -> str:
    """A value without CDATA marks, with the few entities of OFX resolved and its white space collapsed."""
    if "<" in text:
        text = _CDATA.sub(lambda found: found[1], text)
    if "&" in text:
        text = _ENTITY.sub(_resolved, text)
    return " ".join(text.split())


def _resolved(found: re.Match[str]) -> str:
    if not found[1].startswith("#"):
        return _ENTITIES[found[1]]
    number = int(found[1][1:])
    return chr(number) if 31 < number < 0xD800 else found[0]


def _too_many() -> BeyondXmlLimits:
    return BeyondXmlLimits(f"The OFX file has over {MAX_TAGS:,} tags. Ask the bank for shorter periods.")
