"""Reading a page as a person does: its words, its tables row by row, its refusals, and where its figures lead."""

from __future__ import annotations

import csv
import io
import re
from http import HTTPStatus
from typing import Any
from zipfile import ZipFile

from django.http.response import HttpResponseBase
from django.test import Client
from lxml import html


class Shown:
    """A page that was answered."""

    def __init__(self, response: HttpResponseBase) -> None:
        assert response.status_code == HTTPStatus.OK, f"answered {response.status_code}"
        self.source = bytes(getattr(response, "content", b"")).decode()
        self.tree = html.document_fromstring(self.source)

    @property
    def title(self) -> str:
        """The title, as a tab shows it."""
        return words(self.tree.find(".//title"))

    @property
    def text(self) -> str:
        """All words of the page's main part, blanks run together."""
        return words(self.tree.get_element_by_id("main"))

    def table(self, label: str) -> list[list[str]]:
        """The rows of the table in the region with this name, head and foot included, as the words of their cells."""
        (region,) = self.tree.xpath("//div[@role='region'][@aria-label=$label]", label=label)
        return [[words(cell) for cell in row] for row in region.iter("tr")]

    def rows(self, label: str) -> list[str]:
        """The rows of that table below its head, each as one line: `L-0108 | Netherby | 676.65`."""
        return [" | ".join(row) for row in self.table(label)[1:]]

    def facts(self, caption: str) -> dict[str, str]:
        """A table of facts with this caption: what is said of what."""
        (table,) = self.tree.xpath("//table[caption[normalize-space()=$caption]]", caption=caption)
        return {words(row[0]): words(row[1]) for row in table.iter("tr")}

    def figures(self) -> dict[str, str]:
        """The key figures by their labels."""
        return {words(each[0]): words(each[1]) for each in self.tree.xpath("//dl[@class='figures']/div")}

    def problems(self) -> list[str]:
        """What the summary of errors says."""
        return [words(each) for each in self.tree.xpath("//*[contains(@class, 'error-summary')]//li")]

    def notices(self) -> list[str]:
        """What was said about the last thing done."""
        return [words(each) for each in self.tree.xpath("//*[@role='status']//div[contains(@class, 'notice')]")]

    def link(self, name: str) -> str:
        """Where the only link, or the first of several, with these words leads."""
        found = [each for each in self.tree.iter("a") if words(each) == name]
        assert found, f"no link {name!r}"
        return str(found[0].get("href"))

    def links(self) -> set[str]:
        """Every address that the page leads to."""
        return {str(each.get("href")) for each in self.tree.iter("a")}

    def forbidden(self) -> dict[str, str]:
        """Actions that are not the reader's, with the reason that stands beside each."""
        found = self.tree.xpath("//button[@aria-disabled='true']")
        return {words(each): words(self.tree.get_element_by_id(each.get("aria-describedby"))) for each in found}

    def value(self, name: str) -> str:
        """What stands in a field."""
        (field,) = self.tree.xpath("//*[@name=$name][not(@type='radio')]", name=name)
        if field.tag == "textarea":
            return str(field.text or "").removeprefix("\n")
        return str(field.value if field.tag == "select" else field.get("value") or "")


def words(element: Any) -> str:
    """The words of an element, blanks run together."""
    return re.sub(r"\s+", " ", " ".join(element.itertext())).strip().replace(" ,", ",").replace(" .", ".")


def look(client: Client, path: str, **query: str) -> Shown:
    """A page as somebody sees it."""
    return Shown(client.get(path, query))


def send(client: Client, path: str, **data: Any) -> Shown:
    """What somebody sees after sending a form, wherever that leads."""
    return Shown(client.post(path, data, follow=True))


def csv_rows(client: Client, path: str, **query: str) -> list[list[str]]:
    """A list as CSV, its head first."""
    response = client.get(path, {**query, "download": "csv"})
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"].endswith('.csv"')
    return list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


def xlsx_sheet(client: Client, path: str, **query: str) -> str:
    """A list as XLSX: the XML of its one sheet."""
    response = client.get(path, {**query, "download": "xlsx"})
    assert response.headers["Content-Disposition"].endswith('.xlsx"')
    with ZipFile(io.BytesIO(response.getvalue())) as file:
        return file.read("xl/worksheets/sheet1.xml").decode()
