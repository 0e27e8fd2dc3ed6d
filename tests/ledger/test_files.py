"""What a file is, is told by its content; what runs, reaches out, unpacks to too much or is two things is refused."""

from __future__ import annotations

import pytest

from ledger.domain import file_errors as refused
from ledger.domain.file_kinds import FileKind
from ledger.files import judge_file
from ledger.files.parts import XmlBounds
from ledger.files.reaching import ReachingOut
from tests.ledger.odd_files import EXCEL, PDF, bomb, docx, link, noise, png, sheet_of, with_part, xlsx, zipped

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


def declared(part: str, content_type: str) -> bytes:
    """A workbook with a part more, under the type that it is declared to have."""
    main = f'<Override PartName="/xl/workbook.xml" ContentType="{EXCEL}"/>'
    kinds = f'<Types>{main}<Override PartName="/{part}" ContentType="{content_type}"/></Types>'
    return with_part(with_part(sheet_of("<c/>"), part, "<a/>"), "[Content_Types].xml", kinds)


def formula(text: str) -> str:
    return f"<worksheet><row><c><f>{text}</f></c></row></worksheet>"


DDE = 'DDEAUTO c:\\cmd.exe "/k calc"'
PICTURE = "w:instr='INCLUDEPICTURE \"http://example.org/a.png\"'"
WEB = 'WEBSERVICE("http://example.org/")'
PHOTO = with_part(xlsx(), "xl/media/photo.png", noise(20_000))
BEGINS = "<w:fldChar w:fldCharType='begin'/>"
LONG = "".join(formula("SUM(1,2)+" * 9_000 + "1") for _ in range(13))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(docx(text=f"<w:fldSimple w:instr='{DDE}'/>"), id="a simple field"),
        pytest.param(docx(text=f"<w:fldSimple {PICTURE}/>"), id="a picture of a simple field"),
        pytest.param(docx(field=DDE, main="doc/main.xml"), id="another main part"),
        pytest.param(docx(more={"word/media/a.png": f"<w:fldSimple {PICTURE}/>"}), id="a part called a picture"),
        pytest.param(docx(more={"word/a.bin": f"{' ' * 70_000}<a {PICTURE}/>"}), id="behind blanks"),
        pytest.param(docx(more={"word/a.xml": f"<a {PICTURE}/>".encode("utf-16")}), id="UTF-16"),
        pytest.param(docx(text=f"<w:delInstrText>{DDE}</w:delInstrText>"), id="a field taken out"),
        pytest.param(docx(field="PAGE", text=f"{BEGINS}<w:instrText>{DDE}</w:instrText>"), id="a second field"),
        pytest.param(docx(field="DDE", text=f"{BEGINS}<w:instrText>AUTO c</w:instrText>"), id="in two pieces"),
    ],
)
def test_fields_that_reach_out_are_found_in_every_part(content: bytes) -> None:
    with pytest.raises(
        refused.HasExternalLink, match=r"takes content from elsewhere by '(DDE|DDEAUTO|INCLUDEPICTURE)'"
    ):
        judge_file("letter.docx", content)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(with_part(xlsx(), "xl/ws/sheet1.xml", formula(WEB)), id="another folder"),
        pytest.param(with_part(xlsx(), "xl/ws/sheet1", formula(WEB)), id="no ending"),
        pytest.param(with_part(xlsx(), "xl/a.xml", f"<definedName>{WEB}</definedName>"), id="a defined name"),
        pytest.param(with_part(xlsx(), "xl/a.xml", f"<formula1>{WEB}</formula1>"), id="a validation"),
        pytest.param(with_part(xlsx(), "xl/a.xml", f"<a formula='{WEB.replace(chr(34), '')}'/>"), id="an attribute"),
        pytest.param(with_part(PHOTO, "xl/a.xml", f"<s>{LONG}{formula(WEB)}</s>"), id="behind other formulas"),
        pytest.param(with_part(xlsx(), "xl/a.xml", f"<s>{formula('A1')}{formula(WEB)}</s>"), id="behind a name"),
        pytest.param(with_part(xlsx(), "xl/a.xml", formula("WEB<b/>SERVICE(A1)")), id="in two pieces"),
        pytest.param(with_part(xlsx(), "xl/a.xml", formula("MAP(A1,_xleta.WEBSERVICE)")), id="as a function's name"),
        pytest.param(with_part(xlsx(), "xl/a.xml", formula("cmd|'/c calc'!A0")), id="DDE"),
        pytest.param(with_part(xlsx(), "xl/a.xml", "<ddeLink ddeService='cmd'/>"), id="a DDE link"),
        pytest.param(declared("xl/a.xml", "application/vnd.x.connections+xml"), id="connections of another name"),
    ],
)
def test_formulas_that_reach_out_are_found_in_every_part(content: bytes) -> None:
    with pytest.raises(refused.HasExternalLink, match="takes content from elsewhere"):
        judge_file("loans.xlsx", content)


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/media/a.zip", zipped({"a.exe": b"MZ"})),
        ("xl/media/a.png", zipped({})),
        ("xl/media/b.png", b"MZ\x90\x00"),
        ("xl/media/c.png", OLE),
        ("xl/_rels/a.xml.rels", link("#").replace("hyperlink", "vbaProject").replace("External", "Internal")),
    ],
)
def test_files_within_a_file_and_what_runs_under_another_name_are_refused(part: str, content: str | bytes) -> None:
    with pytest.raises(refused.ActiveContent, match="Save it without, or as PDF"):
        judge_file("loans.xlsx", with_part(xlsx(), part, content))


def test_a_part_declared_to_run_is_refused_whatever_it_is_called() -> None:
    with pytest.raises(refused.ActiveContent, match="vbaproject"):
        judge_file("loans.xlsx", declared("xl/a.bin", "application/vnd.ms-office.vbaProject"))


@pytest.mark.parametrize("part", ["word/a.xml", "word/media/picture.png"])
@pytest.mark.parametrize("encoding", ["utf-7", "cp037", "utf-16-be"])
def test_a_part_in_an_encoding_that_parts_have_not_is_refused(part: str, encoding: str) -> None:
    content = f"<?xml version='1.0' encoding='{encoding}'?>".encode() + f"<a {PICTURE}/>".encode(encoding)
    with pytest.raises((refused.DamagedFile, refused.HasExternalLink)):
        judge_file("letter.docx", docx(more={part: content}))


def test_a_part_may_begin_with_a_byte_order_mark() -> None:
    assert judge_file("letter.docx", docx(more={"word/a.xml": "\ufeff<a>é</a>"})) is FileKind.DOCX
    assert judge_file("letter.docx", docx(more={"word/a.xml": "<a>é</a>".encode("utf-16")})) is FileKind.DOCX


def test_formulas_and_fields_too_long_to_look_through_are_refused_not_left_out() -> None:
    with pytest.raises(refused.TooMuchToRead, match=r"formulas or fields in xl/a\.xml that are too long"):
        judge_file("loans.xlsx", with_part(xlsx(), "xl/a.xml", formula("1+" * 50_001)))
    with pytest.raises(refused.TooMuchToRead, match=r"formulas or fields in word/document\.xml that are too long"):
        judge_file("letter.docx", docx(field="PAGE " * 200_001))


SMALL = XmlBounds(tags=100, size=4_000)


def test_what_is_kept_is_read_up_to_a_number_of_tags_in_all_its_parts() -> None:
    sheet = "<worksheet>" + "<c/>" * 50 + "</worksheet>"
    one = with_part(sheet_of(""), "xl/two.xml", sheet)
    assert judge_file("loans.xlsx", one, xml=SMALL) is FileKind.XLSX
    with pytest.raises(refused.TooMuchToRead, match="holds over 100 tags"):
        judge_file("loans.xlsx", with_part(one, "xl/three.xml", sheet), xml=SMALL)


@pytest.mark.parametrize(
    "many", ["&amp;" * 250, "<c " + "".join(f"a{each}='' " for each in range(250)) + "/>", "\r\n" * 250]
)
def test_attributes_and_entities_are_counted_too(many: str) -> None:
    with pytest.raises(refused.TooMuchToRead, match="over 200 attributes"):
        judge_file("loans.xlsx", sheet_of(many), xml=SMALL)


def test_the_size_of_all_xml_is_known_before_a_part_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.files.office.ReachingOut", lambda *_: pytest.fail("a part was parsed"))
    with pytest.raises(refused.TooMuchToRead, match=r"holds \d,\d{3} bytes of text and tags, and at most 4,000"):
        judge_file("loans.xlsx", sheet_of(f"<c>{'a' * 4_000}</c>"), xml=SMALL)


def test_no_more_is_parsed_than_the_tags_that_are_looked_through(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(ReachingOut, "start", lambda _, tag, attributes: opened.append(tag))
    content = with_part(sheet_of("<c/>" * 2_000_000), "xl/media/photo.png", noise(100_000))
    with pytest.raises(refused.TooMuchToRead, match="holds over 500,000 tags"):
        judge_file("accounts.xlsx", content)
    assert 0 < len(opened) <= 500_000
