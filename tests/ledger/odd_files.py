"""Files made by hand, good ones and wrong ones, for the tests of what may be kept."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from datetime import date

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def png() -> bytes:
    """A picture of one grey dot."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")


def noise(size: int) -> bytes:
    """Bytes that do not pack, the same each time."""
    return random.Random(108).randbytes(size)


def zipped(parts: dict[str, str | bytes]) -> bytes:
    """A zip container of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            container.writestr(name, content)
    return file.getvalue()


def docx(
    *, field: str = "", text: str = "", main: str = "word/document.xml", more: dict[str, str | bytes] | None = None
) -> bytes:
    """A letter of one line, with a field or more text where one is given."""
    kinds = f'<Types><Override PartName="/{main}" ContentType="{WORD}"/></Types>'
    text = f"<w:p><w:r><w:instrText>{field}</w:instrText><w:t>Dear Netherby</w:t></w:r>{text}</w:p>"
    letter = f'<w:document xmlns:w="urn:w"><w:body>{text}</w:body></w:document>'
    return zipped({"[Content_Types].xml": kinds, main: letter} | (more or {}))


def link(target: str, kind: str = "hyperlink") -> str:
    """The relations of a part that points out of its file."""
    one = f'<Relationship Id="r9" Type="{RELATIONS}/{kind}" Target="{target}" TargetMode="External"/>'
    return f"<Relationships>{one}</Relationships>"


def xlsx(write: Callable[[Worksheet], object] | None = None) -> bytes:
    """A workbook with one sheet, "Loans", of two rows or of what `write` does."""
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "Loans"
    if write is None:
        sheet.append(["Reference", "Outstanding", "Next due"])
        sheet.append(["HH-0108", 33_412.07, date(2026, 12, 1)])
    else:
        write(sheet)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def sheet_of(cell: str, *, texts: tuple[str, ...] = (), from_1904: bool = False) -> bytes:
    """A workbook with one sheet, "Loans", of one row of cells written by hand; style 1 shows a number as a date."""
    setting = f'<workbookPr date1904="{int(from_1904)}"/>'
    shared = "".join(f"<si><t>{text}</t></si>" for text in texts)
    related = "".join(
        f'<Relationship Id="{kind}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for kind, target in (("worksheet", "sheet.xml"), ("sharedStrings", "texts.xml"), ("styles", "styles.xml"))
    )
    return zipped(
        {
            "[Content_Types].xml": f'<Types><Override PartName="/xl/workbook.xml" ContentType="{EXCEL}"/></Types>',
            "xl/workbook.xml": f'<workbook>{setting}<sheet name="Loans" id="worksheet"/></workbook>',
            "xl/_rels/workbook.xml.rels": f"<Relationships>{related}</Relationships>",
            "xl/sheet.xml": f"<worksheet><row>{cell}</row></worksheet>",
            "xl/texts.xml": f"<sst>{shared}</sst>",
            "xl/styles.xml": '<styleSheet><cellXfs><xf/><xf numFmtId="14"/></cellXfs></styleSheet>',
        }
    )


def with_part(content: bytes, name: str, part: str | bytes) -> bytes:
    """A container with one part more, or with another instead of the one it has."""
    with zipfile.ZipFile(io.BytesIO(content)) as container:
        parts: dict[str, str | bytes] = {each: container.read(each) for each in container.namelist()}
    return zipped(parts | {name: part})


def bomb() -> bytes:
    """Ten megabytes that would unpack to a gigabyte: ten parts of a hundred megabytes, nine tenths of it noughts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as container:
        for number in range(10):
            container.writestr(f"xl/worksheets/sheet{number}.xml", bytes(100 * 1024 * 1024))
        container.writestr(zipfile.ZipInfo("xl/media/noise.bin"), bytes(4 * 1024 * 1024))
    return file.getvalue()
