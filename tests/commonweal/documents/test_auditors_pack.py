"""The auditor's pack, read as an auditor does: from the ZIP alone, with programs of others."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from datetime import date
from decimal import Decimal
from hashlib import sha256
from zipfile import ZipFile

import pytest

from commonweal.demo import story
from commonweal.documents.auditors_pack import STEPS
from commonweal.documents.issuing import content
from commonweal.jobs.auditors_pack import ask_for_pack, days_on_offer, make_pack, pack_days
from commonweal.jobs.worker import work
from ledger.checks import examine
from ledger.domain.seal import parse_seal
from ledger.services import reopen_period, verify
from tests.builders import make_book, make_user, post_entry
from tests.demo import Demo
from tests.ledger.other_programs import run_hledger

YEAR_END = date(2026, 3, 31)
CONTROLS = {"1310": "principal", "1320": "interest_due", "1330": "fees_due", "1340": "default_interest_due"}


class Pack:
    """A pack as somebody outside has it: its files by name, without the folder."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        with ZipFile(io.BytesIO(content)) as file:
            self.folders = {name.partition("/")[0] for name in file.namelist()}
            self.files = {name.partition("/")[2]: file.read(name) for name in file.namelist()}

    def text(self, name: str) -> str:
        return self.files[name].decode()

    def rows(self, name: str, *, marked: bool = False) -> list[dict[str, str]]:
        lines = io.StringIO(self.text(name), newline="")
        if marked:
            assert lines.readline().startswith('"NOT CLOSED')
        return list(csv.DictReader(lines))

    def wrong_files(self) -> list[str]:
        """What `sha256sum -c` would complain of."""
        listed = dict(line.split("  ", 1)[::-1] for line in self.text("MANIFEST.sha256").splitlines())
        assert set(listed) == set(self.files) - {"MANIFEST.sha256"}
        return [name for name, digest in listed.items() if sha256(self.files[name]).hexdigest() != digest]


def pack_of(demo: Demo, through: date, from_on: date | None = None) -> Pack:
    days = pack_days(demo.book, through, from_on)
    return Pack(content(make_pack(book=demo.book, days=days, by=demo.user(story.AMINA)).document))


def amounts(rows: list[dict[str, str]], column: str) -> dict[str, Decimal]:
    """A column by account, what is nought left out."""
    found: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        found[row["account"]] += Decimal(row[column] or 0)
    return {code: amount for code, amount in found.items() if amount}


def hledger_amounts(hledger: str, pack: Pack, *options: str) -> dict[str, Decimal]:
    """What hledger makes of the journal in the pack, by our codes, which the journal itself gives."""
    journal = pack.text("02-journal.journal")
    codes = {}
    for line in journal.splitlines():
        if line.startswith("account ") and "code:" in line:
            name, _, code = line.removeprefix("account ").partition("  ; code:")
            codes[name] = code.partition(", ")[0]
    said = run_hledger(hledger, journal, "balance", "--flat", "--historical", "-N", "-O", "csv", *options)
    found = [(codes[row["account"]], Decimal(row["balance"].split()[0])) for row in csv.DictReader(io.StringIO(said))]
    return {code: amount for code, amount in found if amount}


def test_the_books_are_added_up_again_from_the_pack_alone(living_demo: Demo, hledger: str) -> None:
    pack = pack_of(living_demo, YEAR_END)
    assert pack.wrong_files() == []
    balance = pack.rows("01-trial-balance.csv")
    closing = amounts(balance, "closing")
    assert sum(closing.values()) == sum(amounts(balance, "opening").values()) == 0
    assert amounts(pack.rows("02-journal.csv"), "amount") == closing
    run_hledger(hledger, pack.text("02-journal.journal"), "check", "--strict")
    assert hledger_amounts(hledger, pack, "-e", "2026-04-01") == closing
    assert hledger_amounts(hledger, pack, "-e", "2025-04-01") == amounts(balance, "opening")
    moved = [row for row in pack.rows("03-account-movements.csv") if row["what"] == "closing balance"]
    assert amounts(moved, "balance") == closing


@pytest.mark.parametrize("through", [YEAR_END, date(2025, 8, 31)], ids=str)
def test_the_loan_list_comes_to_the_control_accounts(living_demo: Demo, through: date) -> None:
    """In August the stray payment of July was not booked: the list names it, and nothing is left to explain."""
    pack = pack_of(living_demo, through, date(2025, 4, 1))
    loans, closing = pack.rows("05-loans.csv"), amounts(pack.rows("01-trial-balance.csv"), "closing")
    assert len(loans) == 6
    controls = {row["account"]: row for row in pack.rows("06-loans-and-control-accounts.csv")}
    for code, figure in CONTROLS.items():
        books = sum((amount for account, amount in closing.items() if account.startswith(f"{code}/")), Decimal(0))
        assert Decimal(controls[code]["books"]) == books == sum(Decimal(loan[f"books_{code}"]) for loan in loans)
        assert Decimal(controls[code]["loan_list"]) == sum(Decimal(loan[figure]) for loan in loans)
    assert {Decimal(row["difference"]) for row in controls.values()} == {Decimal(0)}
    later = [loan["loan"] for loan in loans if loan["booked_after_these_days"]]
    apart = [loan["loan"] for loan in loans if loan["principal"] != loan["books_1310"]]
    assert set(apart) <= set(later)


def test_the_bank_people_closes_and_seals_are_told(living_demo: Demo) -> None:
    pack = pack_of(living_demo, YEAR_END)
    bank = {row["what"]: row for row in pack.rows("04-bank-reconciliation.csv")}
    assert bank["balance by the bank"]["amount"] == bank["balance by the books"]["amount"]
    assert Decimal(bank["difference: books less lines"]["amount"]) == 0
    closes = pack.rows("09-closes-and-reopenings.csv")
    left = [row["left_open"] for row in closes if row["last_day"] in {"2025-07-31", "2025-08-31"}]
    said = f"Bank lines matched: 1 line in suspense, £531.85 in; left open because: {story.LEFT_OPEN['bank-lines']}"
    assert (len(closes), [row["left_open"] for row in closes if row["left_open"]]) == (12, left)
    assert left == [said, said]
    last = pack.rows("10-seals.csv")[-1]["seal"]
    assert last in pack.text("README.txt")
    assert list(verify(living_demo.book, parse_seal(last))) == []
    assert all(row["made_by"] != row["checked_by"] for row in pack.rows("07-approvals.csv"))


def test_one_flipped_byte_is_found(demo: Demo) -> None:
    pack = pack_of(demo, YEAR_END)
    for name in pack.files:
        if name != "MANIFEST.sha256":
            whole = pack.files[name]
            pack.files[name] = bytes([whole[0] ^ 1]) + whole[1:]
            assert pack.wrong_files() == [name]
            pack.files[name] = whole


def test_what_is_known_makes_the_bytes_and_a_reopening_is_known(demo: Demo) -> None:
    book, days = demo.book, pack_days(demo.book, story.CLOSED_THROUGH, date(2026, 7, 1))
    first = make_pack(book=book, days=days, by=demo.user(story.AMINA))
    again = make_pack(book=book, days=days, by=demo.user(story.TOM))
    assert (again.repeated, again.document) == (True, first.document)
    reopen_period(book=book, reason="An invoice was found", by=demo.user(story.TOM))
    opened = make_pack(book=book, days=days, by=demo.user(story.AMINA)).document
    assert (opened.status, opened.replaces) == ("provisional", first.document)
    assert opened.file_name.endswith("-not-closed.zip")
    pack = Pack(content(opened))
    (folder,) = pack.folders
    assert all("not-closed" in name for name in [folder, *(set(pack.files) - {"MANIFEST.sha256"})])
    assert len(pack.rows("05-loans-not-closed.csv", marked=True)) == 1
    assert "NOT CLOSED" in pack.text("02-journal-not-closed.journal")
    assert examine(book) == []


def test_the_days_on_offer_are_the_years_then_the_periods(demo: Demo) -> None:
    named = [one.name for one in days_on_offer(demo.book)]
    assert named[:2] == [
        "This year so far, 1 April 2026 to 22 November 2026",
        "Financial year to 31 March 2026",
    ]
    assert "Period 1 September 2026 to 30 September 2026" in named


@pytest.mark.committing
def test_the_work_tells_how_far_it_is_while_it_reads_one_snapshot() -> None:
    """On a connection of its own: in the snapshot nothing can be written."""
    book, by = make_book(opened_on=date(2025, 4, 1), today=date(2026, 4, 1)), make_user()
    post_entry(book=book, by=by, on=date(2025, 9, 14))
    job = ask_for_pack(book=book, days=pack_days(book, YEAR_END), by=by)
    assert work(worker="here") == 1
    job.refresh_from_db()
    assert (job.error, job.state, job.done, job.total) == ("", "done", STEPS, STEPS)
    assert job.note == "auditors-pack-20250401-20260331-village-fund-not-closed.zip is made."
