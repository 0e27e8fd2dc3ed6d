"""What WeasyPrint leaves undone for PDF/UA-1 inside PDF/A-3a, added just before the file is written.

Built to PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1) and checked by our own machine checks; not certified.
Everything here works on the objects of the file alone, so it needs nothing of WeasyPrint.
"""

from collections.abc import Iterator
from typing import Any

import pydyf

UA_DESCRIPTION = b"""
<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="" pdfuaid:part="1"/>
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"
 rdf:about=""><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates which part of ISO 14289 the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""
END_OF_RDF = b"</rdf:RDF>"


def finish(document: object, pdf: Any) -> None:
    """The finisher given to WeasyPrint: `pdf` is a `pydyf.PDF` with its pages, tags and metadata, not yet written."""
    objects = {f"{item.number} {item.generation} R".encode(): item for item in pdf.objects}
    declare_accessible(objects[pdf.catalog["Metadata"]])
    elements = list(structure_elements(pdf))
    scope_headers(elements, objects)
    index_ids(objects[pdf.catalog["StructTreeRoot"]], elements)
    take_out_page_furniture(pdf, objects)
    if "AF" in pdf.catalog:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(pdf.catalog["AF"]))


def declare_accessible(metadata: Any) -> None:
    """Say PDF/UA-1 in the one XMP packet, with the extension schema that PDF/A asks for before it is said."""
    packet = b"".join(metadata.stream)
    if packet.count(END_OF_RDF) != 1:
        raise ValueError("the XMP packet has not exactly one RDF block")
    metadata.stream = [packet.replace(END_OF_RDF, UA_DESCRIPTION.strip() + END_OF_RDF)]


def structure_elements(pdf: Any) -> Iterator[Any]:
    """Every element of the structure tree, in the order in which it was made."""
    for item in pdf.objects:
        if isinstance(item, pydyf.Dictionary) and item.get("Type") == "/StructElem":
            yield item


def scope_headers(elements: list[Any], objects: dict[bytes, Any]) -> None:
    """Say of each header cell whether it heads its column (it stands in the table's head) or its row."""
    for element in elements:
        if element["S"] == "/TH" and "A" in element:
            row = objects[element["P"]]
            group = objects[row["P"]]
            element["A"]["Scope"] = "/Column" if group["S"] == "/THead" else "/Row"


def index_ids(root: Any, elements: list[Any]) -> None:
    """Give the structure tree the index by which data cells find their headers (ISO 32000-1, 14.7.2)."""
    named = sorted((element["ID"].data, element) for element in elements if "ID" in element)
    names = pydyf.Array(part for data, element in named for part in (data, element.reference))
    if names:
        limits = pydyf.Array((named[0][0], named[-1][0]))
        root["IDTree"] = pydyf.Dictionary({"Kids": pydyf.Array([pydyf.Dictionary({"Names": names, "Limits": limits})])})


def take_out_page_furniture(pdf: Any, objects: dict[bytes, Any]) -> None:
    """Running feet and page numbers are pagination, not content (ISO 14289-1, 7.8): mark them as artifacts.

    WeasyPrint tags them, but hangs their elements nowhere: what no path from the root reaches is such a foot.
    """
    root = objects[pdf.catalog["StructTreeRoot"]]
    reached = set(_reach(root, objects))
    numbers = objects[root["ParentTree"]]["Nums"]
    pages = [objects[reference] for reference in pdf.page_references]
    for page in pages:
        parents = numbers[numbers.index(page["StructParents"]) + 1]
        lost = {mcid for mcid, parent in enumerate(parents) if parent not in reached}
        for mcid in lost:
            parents[mcid] = "null"
        _as_artifacts(objects[page["Contents"]], lost)
    for element in structure_elements(pdf):
        if element.reference not in reached:
            element.clear()  # not freed: pydyf 0.13 miscounts its compressed objects after a free one


def _reach(element: Any, objects: dict[bytes, Any]) -> Iterator[bytes]:
    for kid in element.get("K", ()):
        if isinstance(kid, bytes) and kid in objects and objects[kid].get("Type") == "/StructElem":
            yield kid
            yield from _reach(objects[kid], objects)


def _as_artifacts(stream: Any, lost: set[int]) -> None:
    parts = stream.stream
    for place, part in enumerate(parts):
        if isinstance(part, pydyf.Dictionary) and part.get("MCID") in lost:
            parts[place - 1] = b"/Artifact"
            parts[place] = b"<</Type /Pagination>>"
