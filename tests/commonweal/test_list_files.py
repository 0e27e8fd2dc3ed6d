"""Does every list come as CSV and XLSX, with the rows that the page shows? A walk over all roles' pages, each once.

The pages come from the access table. A page that shows a table has to offer both files, or stand in `NO_LISTS` with the
reason why its table is no list.
"""

from __future__ import annotations

import csv
import io
from http import HTTPStatus
from typing import Any
from zipfile import ZipFile

from django.test import Client
from django.urls import reverse

from tests.demo import Demo
from tests.pages import Shown
from tests.stories.test_pages_are_accessible import PEOPLE, WORDS, pages_of, things_of

NO_LISTS = {
    "desk:book": "the home page leads to each list",
    "desk:base-rates": "each index has a file of its own; who has to be told comes as files once there is somebody",
    "public:neighbourhoods": "the way to each page",
    "public:open-data": "each data set is a file itself",
    "desk:application": "a preview of one schedule",
    "desk:covenant-new": "an explanation beside a form",
    "desk:draw-down": "what a drawdown has to pay",
    "desk:draft": "one journal, which has its entry",
    "desk:draft-new": "a form in rows",
    "desk:participations": "a form in rows",
    "desk:consent-ask": "whose parts would count, beside the form that asks them",
    "desk:consent-ask-act": "whose parts would count, beside the form that asks them",
    "desk:investors-moving-in": "what the columns of a file mean, which comes as a template",
    "desk:payout-new": "a form in rows",
    "desk:transfer-new": "who has what, beside a form",
    "desk:transfer": "what one sale changes",
    "desk:capital-act": "what one act changes",
    "desk:facility-terms": "the schedule that a proposal plans; the facility’s page has its own as a file",
    "desk:facility-take-back": "one entry",
    "desk:loan-event": "what one event changed",
    "desk:settlement": "a quote, which comes as a PDF with its CSV inside",
    "desk:proposal": "a preview of one change",
    "desk:loan-losses": "what was booked about one loan, with the way to each entry",
    "desk:entry": "one entry; the journal has them all",
    "desk:entry-reverse": "one entry",
    "desk:bank-line": "the entries of one line",
    "desk:debit-run-new": "a form in rows",
    "desk:product": "the versions of one product, in words",
    "desk:event-take-back": "what taking an event back would change",
    "borrower:settle": "a quote, which comes as a PDF",
    "borrower:home": "a part of all payments",
    "borrower:calendars": "addresses that are secrets",
}

ROWS_APART = {
    "desk:accounts": "a row of the file is a period, a row of the page is a figure",
    "desk:account": "the page begins with the balance brought forward",
    "investor:coming-back": "a row of the file is a payment, a row of the page is a month",
}
"""Lists whose files have other rows than the page, and why."""


def is_list(shown: Shown) -> bool:
    """Whether the main part shows a table with rows to compare."""
    return bool(shown.tree.xpath("//main//table[starts-with(@class, 'table')]/tbody/tr[th or td]"))


def rows_beside(shown: Shown, link: str) -> int:
    """How many rows the table has that stands in the same section as the link; 0 where none does."""
    counted = shown.tree.xpath(
        "count(//main//section[.//a[contains(@href, $link)]]//table[1]/tbody/tr[not(@class='group')])", link=link
    )
    return int(counted)


def as_rows(client: Client, path: str, link: str) -> list[list[str]]:
    """The file as CSV; the XLSX is there too, and has as many rows."""
    answer: Any = client.get(f"{path.partition('?')[0]}{link}")
    assert answer.headers["Content-Type"].startswith("text/csv"), path
    listed = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    other: Any = client.get(f"{path.partition('?')[0]}{link.replace('csv', 'xlsx')}")
    sheet = ZipFile(io.BytesIO(b"".join(other))).read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == len(listed), path
    return listed


def fault(client: Client, name: str, path: str) -> str:
    """What is wrong with the files of a page; "" where nothing is."""
    answer = client.get(path)
    if answer.status_code == HTTPStatus.FOUND or not answer.headers["Content-Type"].startswith("text/html"):
        return ""
    shown = Shown(answer)
    links = [link for link in shown.links() if "download=csv" in link and "template=" not in link]
    if not links:
        return f"{name} lists rows and offers no file" if is_list(shown) and name not in NO_LISTS else ""
    listed = as_rows(client, path, links[0])
    there = rows_beside(shown, "download=csv")
    return "" if len(listed) > there or name in ROWS_APART else f"{name}: {there} rows, {len(listed) - 1} in its file"


def test_every_list_comes_as_files_with_its_rows(demo: Demo) -> None:
    things, found, seen = things_of(demo), [], set()
    for role, person in PEOPLE.items():
        client = demo.client(person)
        for name in pages_of(role):
            path = reverse(name, kwargs={word: things[word](role) for word in WORDS[name]})
            if path not in seen:
                found.append(fault(client, name, path))
            seen.add(path)
    assert not any(found), "; ".join(each for each in found if each)
