"""Is a statement built to PDF/A-3a and PDF/UA-1, as far as a machine of ours can tell? (It is not certified.)"""

from __future__ import annotations

import io
import itertools
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from lxml import etree

from commonweal.documents.statements import RenderedDocument
from tests.commonweal.documents.conftest import rendered

STANDARD = {
    *(
        "/Document",
        "/Part",
        "/Art",
        "/Sect",
        "/Div",
        "/BlockQuote",
        "/Caption",
        "/NonStruct",
        "/P",
        "/H1",
        "/H2",
        "/H3",
    ),
    *(
        "/L",
        "/LI",
        "/Lbl",
        "/LBody",
        "/Table",
        "/TR",
        "/TH",
        "/TD",
        "/THead",
        "/TBody",
        "/TFoot",
        "/Span",
        "/Link",
        "/Figure",
    ),
}
NAMES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
    "pdfaSchema": "http://www.aiim.org/pdfa/ns/schema#",
}


@pytest.fixture
def pdf(sample: RenderedDocument) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(sample.pdf)) as opened:
        yield opened


def tree(node: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Every structure element below a node, in reading order."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from tree(kid)


def elements(pdf: pikepdf.Pdf, *roles: str) -> list[pikepdf.Object]:
    return [element for element in tree(pdf.Root.StructTreeRoot) if not roles or str(element.S) in roles]


def test_language_title_and_tags_are_declared(pdf: pikepdf.Pdf) -> None:
    assert str(pdf.Root.Lang) == "en-GB"
    assert pdf.Root.MarkInfo.Marked
    assert pdf.Root.ViewerPreferences.DisplayDocTitle
    assert re.search(r"statement, Quarter to 30 September 2026: .", str(pdf.docinfo.Title))
    assert str(pdf.docinfo.CreationDate) == str(pdf.docinfo.ModDate)


def test_the_one_metadata_packet_claims_both_standards(pdf: pikepdf.Pdf) -> None:
    packet = etree.fromstring(pdf.Root.Metadata.read_bytes())
    assert len(packet.findall("rdf:RDF", NAMES)) == 1
    attributes = {name: value for item in packet.iter() for name, value in item.attrib.items()}
    assert attributes[f"{{{NAMES['pdfaid']}}}part"] == "3"
    assert attributes[f"{{{NAMES['pdfaid']}}}conformance"] == "A"
    assert attributes[f"{{{NAMES['pdfuaid']}}}part"] == "1"
    assert [item.text for item in packet.iter(f"{{{NAMES['pdfaSchema']}}}namespaceURI")] == [NAMES["pdfuaid"]]


def test_every_role_is_a_standard_one(pdf: pikepdf.Pdf) -> None:
    assert {str(element.S) for element in elements(pdf)} <= STANDARD


def test_every_figure_says_its_finding(sample: RenderedDocument, pdf: pikepdf.Pdf) -> None:
    figures = elements(pdf, "/Figure")
    assert len(figures) == sample.html.count("<svg")
    for figure in figures:
        assert len(str(figure.Alt)) > 20
        assert "/BBox" in figure.A


def test_header_cells_say_what_they_head(sample: RenderedDocument, pdf: pikepdf.Pdf) -> None:
    """As many row headers as the page has; column headers more often, where a table goes over pages."""
    scopes = [str(header.A.Scope) for header in elements(pdf, "/TH")]
    assert set(scopes) <= {"/Row", "/Column"}
    assert scopes.count("/Row") == sample.html.count('scope="row')
    assert scopes.count("/Column") >= sample.html.count('scope="col"')
    for row in elements(pdf, "/TR"):
        for cell in row.K:
            if str(cell.S) == "/TH":
                assert str(cell.A.Scope) == ("/Column" if str(row.P.S) == "/THead" else "/Row")


def test_data_cells_find_their_headers_in_the_index(pdf: pikepdf.Pdf) -> None:
    (leaf,) = pdf.Root.StructTreeRoot.IDTree.Kids
    names = {str(name): target for name, target in zip(list(leaf.Names)[::2], list(leaf.Names)[1::2], strict=True)}
    headers = elements(pdf, "/TH")
    assert len(names) == len(headers) > 0
    assert [bytes(name) for name in list(leaf.Names)[::2]] == sorted(bytes(name) for name in list(leaf.Names)[::2])
    assert [str(limit) for limit in leaf.Limits] == [min(names), max(names)]
    assert all(str(target.ID) == name for name, target in names.items())
    cells = [cell for cell in elements(pdf, "/TD") if "/Headers" in cell.A]
    assert cells
    assert {str(header) for cell in cells for header in cell.A.Headers} <= set(names)


def test_ids_are_unique(pdf: pikepdf.Pdf) -> None:
    ids = [str(element.ID) for element in elements(pdf) if "/ID" in element]
    assert len(ids) == len(set(ids)) > 0


def test_rows_stand_in_tables_and_cells_in_rows(pdf: pikepdf.Pdf) -> None:
    for row in elements(pdf, "/TR"):
        assert str(row.P.S) in {"/Table", "/THead", "/TBody", "/TFoot"}
    for cell in elements(pdf, "/TH", "/TD"):
        assert str(cell.P.S) == "/TR"
    for table in elements(pdf, "/Table"):
        assert {str(kid.S) for kid in table.K} <= {"/Caption", "/THead", "/TBody", "/TFoot"}


def test_headings_never_skip_a_level(pdf: pikepdf.Pdf) -> None:
    levels = [int(str(element.S)[2:]) for element in elements(pdf, "/H1", "/H2", "/H3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_every_marked_content_belongs_to_the_tree_or_is_an_artifact(pdf: pikepdf.Pdf) -> None:
    """Feet and page numbers are artifacts: nothing is tagged and hung nowhere."""
    reached = {element.objgen for element in elements(pdf)}
    parents = list(pdf.Root.StructTreeRoot.ParentTree.Nums)
    by_page = {int(key): value for key, value in zip(parents[::2], parents[1::2], strict=True)}
    for page in pdf.pages:
        owners = by_page[int(page.StructParents)]
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "BDC" and "/MCID" in operands[1]:
                assert owners[int(operands[1].MCID)].objgen in reached
            elif str(operator) in {"BDC", "BMC"}:
                assert str(operands[0]) == "/Artifact"


def test_page_numbers_are_pagination() -> None:
    with pikepdf.open(io.BytesIO(rendered("investor").pdf)) as pdf:
        kinds = [
            [
                str(operands[1].Type)
                for operands, operator in pikepdf.parse_content_stream(page)
                if _is_pagination(operands, operator)
            ]
            for page in pdf.pages
        ]
    assert kinds[0] == []
    assert all(set(kind) == {"/Pagination"} for kind in kinds[1:])


def _is_pagination(operands: object, operator: object) -> bool:
    return str(operator) == "BDC" and str(operands[0]) == "/Artifact"  # type: ignore[index]


def test_fonts_are_embedded_and_can_be_copied_as_text(pdf: pikepdf.Pdf) -> None:
    fonts = {font.objgen: font for page in pdf.pages for font in page.Resources.Font.values()}
    assert fonts
    for font in fonts.values():
        assert "/ToUnicode" in font
        assert re.search(r"Source-Sans-3|Besley", str(font.BaseFont)), font.BaseFont
        (descendant,) = font.DescendantFonts
        assert {"/FontFile2", "/FontFile3"} & set(descendant.FontDescriptor.keys())


def test_the_figures_travel_inside_as_data(sample: RenderedDocument, pdf: pikepdf.Pdf) -> None:
    (specification,) = pdf.Root.AF
    assert str(specification.AFRelationship) == "/Data"
    assert str(specification.EF.F.Subtype) == "/text/csv"
    assert specification.EF.F.read_bytes().decode() == sample.csv
    assert str(specification.UF).endswith(".csv")


def test_colours_have_a_profile_and_nothing_can_run(pdf: pikepdf.Pdf) -> None:
    (intent,) = pdf.Root.OutputIntents
    assert str(intent.S) == "/GTS_PDFA1"
    assert "/OpenAction" not in pdf.Root
    assert "/AcroForm" not in pdf.Root
    assert not any("/Annots" in page for page in pdf.pages)


def test_qpdf_finds_no_fault(sample: RenderedDocument, qpdf: str, tmp_path: Path) -> None:
    file = tmp_path / "statement.pdf"
    file.write_bytes(sample.pdf)
    done = subprocess.run([qpdf, "--check", file], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_poppler_reads_the_structure_without_a_warning(
    sample: RenderedDocument, pdftotext: str, tmp_path: Path
) -> None:
    file = tmp_path / "statement.pdf"
    file.write_bytes(sample.pdf)
    pdfinfo = Path(pdftotext).with_name("pdfinfo")
    done = subprocess.run([pdfinfo, "-struct", file], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert done.stdout.startswith("Document\n  Sect\n")
