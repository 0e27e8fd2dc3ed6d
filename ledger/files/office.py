"""Is this a workbook or a document, and does it carry anything that runs or reaches out?"""

from __future__ import annotations

import re
import zipfile
from typing import NoReturn

from ledger.domain.file_errors import ActiveContent, DamagedFile, EncryptedFile, HasExternalLink, UnknownFileType
from ledger.domain.file_kinds import FileKind
from ledger.files.containers import member_chunks
from ledger.files.parts import AttributesOf, Meter, is_xml, read_part
from ledger.files.reaching import ReachingOut

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""An OLE file: an Office file of before 2007, or a newer one under a password."""

CONTENT_TYPES = "[Content_Types].xml"
MAIN_PARTS = {
    "spreadsheetml.sheet.main+xml": FileKind.XLSX,
    "wordprocessingml.document.main+xml": FileKind.DOCX,
}
HARMLESS_SCHEMES = ("http://", "https://", "mailto:", "tel:", "#")
"""A link that a person has to click may lead there; nowhere else, and nothing may be fetched by itself."""

_RUNS = re.compile(
    r"vbaproject|macrosheet|dialogsheet|activex|oleobject|/embeddings/.*\.bin$|customui|webextension|afchunk"
)
_REACHES = re.compile(r"externallink|connections(?:\.xml|\+xml)?$|querytable|datamodel|customdata/")
_FILES_WITHIN = {
    b"PK\x03\x04": "a zip or Office file",
    b"PK\x05\x06": "a zip file",
    b"MZ": "a program",
    OLD_OFFICE: "an object of another program",
}


def office_kind(name: str, container: zipfile.ZipFile, meter: Meter) -> FileKind:
    """What an Office container holds, told by its own table of contents.

    Raises UnknownFileType, ActiveContent, HasExternalLink, DamagedFile and TooMuchToRead.
    """
    return _main(name, container, meter)[0]


def main_part(name: str, container: zipfile.ZipFile) -> str:
    """The part with which a workbook or a document begins. Raises what `office_kind` raises."""
    return _main(name, container)[1]


def _main(name: str, container: zipfile.ZipFile, meter: Meter | None = None) -> tuple[FileKind, str]:
    if CONTENT_TYPES not in container.namelist():
        raise UnknownFileType(f"{name} is a zip file, and neither XLSX nor DOCX. Send the files in it one by one.")
    overrides = AttributesOf("Override")
    read_part(name, container, CONTENT_TYPES, overrides, meter)
    types = [each.get("ContentType", "").lower() for each in overrides.found]
    if any("macroenabled" in each for each in types):
        raise ActiveContent(f"{name} may carry macros. Save it as a plain XLSX or DOCX file.")
    for each in types:
        _refuse_by_kind(name, each)
    mains = [
        (kind, each.get("PartName", "").lstrip("/"))
        for each, content_type in zip(overrides.found, types, strict=True)
        for ending, kind in MAIN_PARTS.items()
        if content_type.endswith(ending)
    ]
    if len(mains) != 1:
        raise UnknownFileType(f"{name} is neither an XLSX nor a DOCX file. Save it as one of these, or as PDF.")
    return mains[0]


def check_office(name: str, container: zipfile.ZipFile, meter: Meter) -> None:
    """Refuse what runs, and what takes content from elsewhere, in whatever part it stands; the cheap checks first.

    Raises ActiveContent, HasExternalLink, DamagedFile and TooMuchToRead.
    """
    parts = container.namelist()
    for part in parts:
        _refuse_by_kind(name, part)
    xml = [part for part in parts if _holds_xml(name, container, part)]
    meter.hold_size(sum(container.getinfo(part).file_size for part in xml))
    for part in xml:
        if part.lower().endswith(".rels"):
            _check_relations(name, container, part, meter)
    for part in xml:
        read_part(name, container, part, ReachingOut(name, part), meter)


def _refuse_by_kind(name: str, kind: str) -> None:
    """By what a part is called: its name, its content type or the type of the relation that leads to it."""
    if _RUNS.search(kind.lower()):
        raise ActiveContent(f"{name} carries something that runs ({kind[:100]}). Save it without, or as PDF.")
    if _REACHES.search(kind.lower()):
        raise HasExternalLink(f"{name} takes content from elsewhere ({kind[:100]}). Break its links and save it.")


def _holds_xml(name: str, container: zipfile.ZipFile, part: str) -> bool:
    """Told by its beginning, as by its name; another file within the file is refused. Raises ActiveContent."""
    start = next(member_chunks(name, container, part), b"")
    for sign, what in _FILES_WITHIN.items():
        if start.startswith(sign):
            raise ActiveContent(f"{name} carries {what} within it ({part}). Save it without, or as PDF.")
    return is_xml(start) or part.lower().endswith((".xml", ".rels"))


def refuse_old_office(name: str, content: bytes) -> NoReturn:
    """Say which of the two an OLE file is."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise EncryptedFile(f"{name} is locked with a password. Save it without one.")
    raise UnknownFileType(f"{name} is an Office file of before 2007. Save it as XLSX, DOCX or PDF.")


def _check_relations(name: str, container: zipfile.ZipFile, part: str, meter: Meter) -> None:
    relations = AttributesOf("Relationship")
    read_part(name, container, part, relations, meter)
    for relation in relations.found:
        _refuse_by_kind(name, relation.get("Type", ""))
        if relation.get("TargetMode", "").lower() != "external":
            continue
        target = relation.get("Target", "")
        is_click = relation.get("Type", "").endswith("/hyperlink")
        if not (is_click and target.lower().startswith(HARMLESS_SCHEMES)):
            raise HasExternalLink(
                f"{name} takes content from {target[:100]!r} ({part}). Break its links and save it: in Excel under "
                "Data, Edit links, Break link."
            )


def related(name: str, container: zipfile.ZipFile, part: str) -> list[dict[str, str]]:
    """What a part names: each with its Id, Type and Target, a part of the container. Raises DamagedFile."""
    folder, _, file = part.rpartition("/")
    rels = f"{folder}/_rels/{file}.rels".lstrip("/")
    if rels not in container.namelist():
        raise DamagedFile(f"{name} lacks its part {rels}. Save it anew.")
    relations = AttributesOf("Relationship")
    read_part(name, container, rels, relations)
    return [
        {"Id": each.get("Id", ""), "Type": each.get("Type", ""), "Target": _resolved(folder, each.get("Target", ""))}
        for each in relations.found
    ]


def _resolved(folder: str, target: str) -> str:
    path: list[str] = [] if target.startswith("/") else folder.split("/")
    for step in target.strip("/").split("/"):
        if step == "..":
            path = path[:-1]
        elif step != ".":
            path.append(step)
    return "/".join(path)
