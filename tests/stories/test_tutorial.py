"""docs/tutorial.md, followed step by step: every message that it quotes and every figure that it promises is seen."""

from __future__ import annotations

import html
import re
import subprocess
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client

from commonweal.demo import story
from commonweal.demo.camt import write_camt053
from commonweal.documents.models import Document, StatementRun
from commonweal.documents.runs import run_sha256
from commonweal.jobs.models import Job
from commonweal.jobs.worker import work
from ledger import queries as ledger
from ledger.domain.money import from_minor
from loans.models import Application
from loans.queries import asked_terms_sha256, loan_by_reference
from tests.demo import Demo
from tests.tools import find_program

PAGE = (settings.BASE_DIR / "docs" / "tutorial.md").read_text(encoding="utf-8")
DESK = f"/desk/{story.BOOK}"
LENDERS = (("NRB", "12,000.00"), ("TST", "6,000.00"), ("LOT", "1,000.00"))


class Reader:
    """Somebody who follows the tutorial and remembers all that was on the screens."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.seen: list[str] = []
        self.people: dict[str, Client] = {}

    def get(self, who: story.Person, path: str) -> str:
        """The words of a page."""
        return self._read(self._client(who).get(path, follow=True))

    def post(self, who: story.Person, path: str, **content: Any) -> str:
        """The words of what a form leads to."""
        return self._read(self._client(who).post(path, content, follow=True))

    def type(self, *line: str) -> str:
        """What a command prints."""
        out = StringIO()
        call_command(*line, stdout=out)
        self.seen.append(words(out.getvalue()))
        return self.seen[-1]

    def _client(self, who: story.Person) -> Client:
        return self.people.setdefault(who.email, self.demo.client(who))

    def _read(self, answer: HttpResponse) -> str:
        self.seen.append(words(answer.content.decode()))
        return self.seen[-1]


def words(page: str) -> str:
    """What is read on a page: without tags, each run of white space one blank."""
    return " ".join(html.unescape(re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)).split())


@pytest.fixture
def reader(living_demo: Demo) -> Reader:
    return Reader(living_demo)


def test_the_tutorial_can_be_followed_to_its_end(reader: Reader, hledger: str, tmp_path: Path) -> None:
    loan = two_people_approve(reader)
    whose_money_it_is(reader, loan)
    draw_down(reader, loan)
    bring_in_the_file(reader)
    the_borrower_sees_it(reader)
    close_the_month_and_issue(reader)
    statement = the_investor_downloads(reader, tmp_path)
    the_auditor_adds_up(reader, statement, hledger, tmp_path)
    quoted = re.findall(r"^> (.+)$", PAGE, re.MULTILINE)
    assert len(quoted) > 8
    unseen = [line for line in quoted if not any(words(line) in text for text in reader.seen)]
    assert unseen == []


def promised(figure: str) -> str:
    """A figure, after making sure that the tutorial speaks of it."""
    assert figure in PAGE, figure
    return figure


def two_people_approve(reader: Reader) -> int:
    waiting = Application.objects.get(reference="A-0132")
    here = f"{DESK}/applications/{waiting.pk}/"
    page = reader.get(story.TOM, here)
    for figure in ("£472.00", "£471.79"):
        assert promised(figure) in page
    reader.get(story.PRIYA, here)
    decide = {"sha256": asked_terms_sha256(waiting)}
    reader.post(story.TOM, f"{here}decide/", decision="decline", reason="", **decide)
    reader.post(story.TOM, f"{here}decide/", decision="approve", reason="A sound order book", **decide)
    loan = loan_by_reference(reader.demo.book, "L-0109")
    assert loan is not None
    return loan.pk


def whose_money_it_is(reader: Reader, loan: int) -> None:
    def record(own_part: str) -> str:
        form = {"parts-TOTAL_FORMS": "3", "parts-INITIAL_FORMS": "0"}
        for place, (code, amount) in enumerate(LENDERS):
            amount = own_part if code == "LOT" else amount
            one = {"investor": reader.demo.investor(code).pk, "rank": place + 1, "amount": promised(amount)}
            form |= {f"parts-{place}-{name}": str(value) for name, value in one.items()}
        return reader.post(story.TOM, f"{DESK}/loans/{loan}/participations/", **form)

    record("1,000.00")
    assert "L-0109 is funded by 3 lenders" in record("2,000.00")


def draw_down(reader: Reader, loan: int) -> None:
    here = f"{DESK}/loans/{loan}/draw-down/"
    assert promised("£91,951.75") in reader.get(story.AMINA, here)
    reader.post(story.AMINA, here, amount="20,000.01", on="2026-11-23", key="too-much")
    page = reader.post(story.AMINA, here, amount="10,000.00", on="2026-11-23", key="a-part")
    for figure in ("£236.85", "6,000.00", "3,000.00"):
        assert promised(figure) in page
    entries = sorted(set(re.findall(r"E-[0-9]+", page)))
    assert all(f"**{number}**" in PAGE for number in entries[-2:]), entries
    assert "Drawdown of L-0109" in page


def bring_in_the_file(reader: Reader) -> None:
    assert "£676.65 on Tuesday 1 December 2026" in reader.get(story.JO, "/borrower/")
    before = ledger.latest_bank_statement(ledger.bank_accounts(reader.demo.book).get())
    assert before is not None
    content = write_camt053(story.waiting_file(from_minor(before.closing, "GBP"), 21))
    for _ in range(2):
        upload = SimpleUploadedFile(f"bank-{story.TODAY}.xml", content, "application/xml")
        reader.post(story.AMINA, f"{DESK}/repayments/import/", file=upload)
        work(worker="test")
        reader.get(story.AMINA, f"{DESK}/jobs/{latest_job(reader)}/")
    assert promised("£92,628.40") in reader.get(story.AMINA, f"{DESK}/repayments/")
    line = ledger.unmatched_bank_lines(reader.demo.book).get()
    reader.post(story.AMINA, f"{DESK}/repayments/lines/{line.pk}/match/", purpose=f"loan-{reader.demo.loan.pk}")


def latest_job(reader: Reader) -> int:
    """The number of the work that was asked for last."""
    return Job.objects.latest("pk").pk


def the_borrower_sees_it(reader: Reader) -> None:
    page = reader.get(story.JO, "/borrower/")
    for figure in ("£426.65 on Monday 4 January 2027", "£926.65"):
        assert promised(figure) in page
    assert "Millrace" not in page


def close_the_month_and_issue(reader: Reader) -> None:
    reader.post(story.AMINA, f"{DESK}/month-end/close/")
    work(worker="test")
    page = reader.get(story.AMINA, f"{DESK}/jobs/{latest_job(reader)}/")
    assert promised("nothing can be posted before 1 November 2026") in page
    for period in ("2026-Q4", "2026-10"):
        reader.post(story.AMINA, f"{DESK}/statements/issue/", period=period)
        work(worker="test")
    run = StatementRun.objects.latest("pk")
    reader.post(story.TOM, f"{DESK}/statements/runs/{run.pk}/decide/", decision="publish", sha256=run_sha256(run))
    work(worker="test")
    said = reader.type("issue_statements", "--book", story.BOOK, "--period", "2026-10")
    assert f"{run}: published" in said


def the_investor_downloads(reader: Reader, tmp_path: Path) -> str:
    page = reader.get(story.HANA, "/investor/")
    for figure in ("£10,672.84", "7,672.84", "3,000.00"):
        assert promised(figure) in page
    document = Document.objects.get(number=promised("2026-10-TST.2"))
    answer = reader.demo.client(story.HANA).get(f"/investor/documents/{document.pk}/")
    file = tmp_path / "statement.pdf"
    file.write_bytes(b"".join(answer) if answer.streaming else answer.content)
    line = [find_program("pdftotext", package="poppler-utils"), "-layout", str(file), "-"]
    text = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    for figure in ("£7,836.65", "£202.99", "£162.99", "£40.00", "£3,450.91"):
        assert promised(figure) in text
    (seal,) = re.findall(rf"{story.BOOK}:\d+:\d+:[0-9a-f]{{64}}", text)
    assert promised(":".join(seal.split(":")[:3])), seal
    return seal


def the_auditor_adds_up(reader: Reader, seal: str, hledger: str, tmp_path: Path) -> None:
    reader.type("verify_seals", "--book", story.BOOK, "--against", seal)
    reader.type("check_books", "--book", story.BOOK)
    journal = str(tmp_path / "books.journal")
    call_command("export_journal", "--book", story.BOOK, "--format", "hledger", "--output", journal, stderr=StringIO())

    def run(*line: str) -> str:
        return subprocess.run([hledger, "-f", journal, *line], capture_output=True, text=True, check=True).stdout

    run("check")
    assert "-7836.65 GBP" in run("balance", "--flat", "--end", "2026-11-01", "2410/L-0108/TST")
    assert promised("−7,836.65 GBP")
