"""What a file is, is told by its content; what runs, reaches out, unpacks to too much or is two things is refused."""

from __future__ import annotations

import pytest

from ledger.domain import file_errors as refused
from ledger.domain.file_kinds import FileKind
from ledger.files import judge_file
from tests.ledger.odd_files import PDF, bomb, docx, link, png, with_part, xlsx, zipped

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01 a picture \xff\xd9"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
SHEET_LINKS = "xl/worksheets/_rels/sheet1.xml.rels"
LETTER_LINKS = "word/_rels/document.xml.rels"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("Accounts 2025.PDF", PDF, FileKind.PDF),
        ("front.png", png(), FileKind.PNG),
        ("front.jpeg", JPEG, FileKind.JPEG),
        ("letter.docx", docx(), FileKind.DOCX),
        ("letter.docx", docx(field="PAGE", more={LETTER_LINKS: link("https://example.org/")}), FileKind.DOCX),
        ("loans.xlsx", xlsx(), FileKind.XLSX),
        ("loans.xlsx", xlsx(lambda sheet: sheet.append(["=SUM(B1:B9)"])), FileKind.XLSX),
        ("loans.csv", "name,owed\nCafé,£1\n".encode(), FileKind.CSV),
        ("note.txt", b"a < b", FileKind.TEXT),
    ],
)
def test_good_files_are_told_by_their_content(name: str, content: bytes, kind: FileKind) -> None:
    assert judge_file(name, content) is kind


@pytest.mark.parametrize(
    ("refusal", "name", "content"),
    [
        (refused.FileTooLarge, "empty.pdf", b""),
        (refused.NotWhatItsName, "accounts.pdf", xlsx()),
        (refused.NotWhatItsName, "accounts.pdf", b"hello"),
        (refused.NotWhatItsName, "accounts.pdf.exe", PDF),
        (refused.NotWhatItsName, "loans.csv", xlsx()),
        (refused.UnknownFileType, "plan.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>'),
        (refused.UnknownFileType, "note.txt", b"\xef\xbb\xbf <!DOCTYPE html><p>"),
        (refused.UnknownFileType, "note.txt", b"hello <SCRIPT>alert(1)</SCRIPT>"),
        (refused.UnknownFileType, "invoice.exe", b"MZ\x90\x00\x03"),
        (refused.UnknownFileType, "all.zip", zipped({"a.txt": "hello"})),
        (refused.UnknownFileType, "old.xls", OLE),
        (refused.EncryptedFile, "locked.xlsx", OLE + "EncryptedPackage".encode("utf-16-le")),
        (refused.EncryptedFile, "locked.pdf", PDF.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 4 0 R")),
        (refused.DamagedFile, "cut.pdf", PDF[:-8]),
        (refused.DamagedFile, "cut.png", png()[:-4]),
        (refused.DamagedFile, "cut.xlsx", xlsx()[:-40]),
        (refused.DamagedFile, "latin.csv", "Café".encode("cp1252")),
        (refused.DamagedFile, "entity.docx", docx(more={"word/_rels/a.rels": "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"})),
        (refused.DamagedFile, "twice.docx", docx(more={"WORD/document.xml": "<a/>"})),
        (refused.ActiveContent, "script.pdf", PDF.replace(b"/Catalog", b"/Catalog /OpenAction <</S /J#61vaScript>>")),
        (refused.ActiveContent, "macro.xlsx", with_part(xlsx(), "xl/vbaProject.bin", b"Sub")),
        (refused.ActiveContent, "macro.docx", docx(more={"word/vbaProject.bin": b"Sub"})),
        (refused.HasExternalLink, "l.xlsx", with_part(xlsx(), "xl/externalLinks/externalLink1.xml", "<a/>")),
        (refused.HasExternalLink, "l.xlsx", with_part(xlsx(), SHEET_LINKS, link("file://server/share/a.xlsx"))),
        (refused.HasExternalLink, "l.xlsx", xlsx(lambda sheet: sheet.append(['=WEBSERVICE("https://example.org")']))),
        (
            refused.HasExternalLink,
            "l.docx",
            docx(more={LETTER_LINKS: link("https://example.org/", "attachedTemplate")}),
        ),
        (refused.HasExternalLink, "l.docx", docx(field='DDEAUTO c:\\x "calc"')),
        (refused.TwoFilesInOne, "picture.jpg", JPEG + zipped({"a.txt": "hello"})),
        (refused.TwoFilesInOne, "picture.png", png() + b"more"),
        (refused.TwoFilesInOne, "page.pdf", PDF.replace(b"1 0 obj", b"<html><script>\n1 0 obj")),
        (refused.TwoFilesInOne, "letter.txt", b"see\n" + PDF),
        (refused.UnpacksTooLarge, "many.docx", docx(more={f"word/media/{each}": "" for each in range(1000)})),
    ],
)
def test_wrong_files_are_refused(refusal: type[Exception], name: str, content: bytes) -> None:
    with pytest.raises(refusal, match=rf"\A{name}.*Nothing was kept\.\Z"):
        judge_file(name, content)


def test_a_bomb_is_refused_by_its_list_of_contents(monkeypatch: pytest.MonkeyPatch) -> None:
    content = bomb()
    monkeypatch.setattr("zipfile.ZipFile.open", lambda *_: pytest.fail("it was unpacked"))
    with pytest.raises(refused.UnpacksTooLarge, match=r"would unpack to 1,05\d,\d{3},\d{3}"):
        judge_file("bomb.xlsx", content)


def test_a_container_that_says_less_than_it_holds_is_cut_there() -> None:
    content = bytearray(zipped({"[Content_Types].xml": " " * 5000, "word/document.xml": "<a/>"}))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (10).to_bytes(4, "little")
    with pytest.raises(refused.DamagedFile, match="CRC"):
        judge_file("lying.docx", bytes(content))
