"""The ledger's commands: what they print, what they refuse and in which words, and their exit codes."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import InternalError, connection, connections
from moneyed import Money

from commonweal.jobs import checks
from commonweal.management.commands import check_books
from ledger.checks import Finding
from ledger.exports import csv_lines, hledger_lines, read_journal
from ledger.models import Book
from ledger.queries import latest_seal, one_snapshot, trial_balance
from ledger.services import draft_sha256, draft_year_end, post_draft, seal, seal_text
from tests.builders import let_days_pass, make_account, make_book, make_user, post_entry
from tests.databases import TestDatabase


def run(*arguments: str) -> str:
    """What a command prints, notes apart."""
    out = io.StringIO()
    call_command(*arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def run_as_process(database: TestDatabase, *arguments: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        line, cwd=settings.BASE_DIR, env=database.environment, capture_output=True, text=True, check=False
    )


def keep_small_book(code: str = "village-fund") -> Book:
    """A fee of £100.00 received in March and half of it paid back in April."""
    book, by = make_book(code=code), make_user()
    post_entry(book=book, by=by)
    post_entry(book=book, by=by, on=date(2025, 4, 1), amount="50.00", debited="4030", credited="1010/MAIN")
    book.business_date = date(2025, 3, 31)
    book.save(update_fields=["business_date"])
    return book


def change_result_after_year_end(book: Book) -> None:
    """Something that a check finds, and that nobody has to break a guard for."""
    by = make_user()
    let_days_pass(book, to=date(2026, 1, 1))
    draft = draft_year_end(book=book, year_end=date(2025, 12, 31), by=by)
    post_draft(draft=draft, shown_sha256=draft_sha256(draft), by=make_user())
    post_entry(book=book, by=by, amount="7.50")


# Which book


@pytest.mark.django_db
@pytest.mark.parametrize(
    "arguments",
    [
        ("check_books", "--book", "vilage-fund"),
        ("verify_seals", "--book", "vilage-fund"),
        ("seal_books", "--book", "vilage-fund"),
        ("trial_balance", "--book", "vilage-fund"),
        ("export_journal", "--format", "csv", "--book", "vilage-fund"),
    ],
)
def test_an_unknown_book_is_answered_with_those_that_there_are(arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match=r"No book has the code 'vilage-fund'. There are no books yet."):
        run(*arguments)
    make_book()
    make_book(code="harbour-hills")
    expected = r"^No book has the code 'vilage-fund'. The books are: harbour-hills, village-fund.$"
    with pytest.raises(CommandError, match=expected):
        run(*arguments)


@pytest.mark.django_db
def test_an_export_of_several_books_needs_to_know_which() -> None:
    with pytest.raises(CommandError, match="There are no books yet"):
        run("export_journal", "--format", "csv")
    keep_small_book()
    assert "village-fund,E-" in run("export_journal", "--format", "csv")
    keep_small_book("other")
    with pytest.raises(CommandError, match=r"Say which book, with --book. The books are: other, village-fund."):
        run("export_journal", "--format", "csv")


# check_books


@pytest.mark.django_db
def test_check_books_says_each_rule_that_it_looked_at() -> None:
    keep_small_book()
    make_book(code="new")
    said = run("check_books")
    assert said.count("  ok     ") == 2 * len(checks.CHECKS) > 36
    assert "Village fund (village-fund), 2 entries:\n  ok     Every entry's postings sum to nought" in said
    assert said.endswith("Nothing was found in new, village-fund. Alterations are for `manage.py verify_seals`.\n")


@pytest.mark.django_db
def test_check_books_prints_what_it_found(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    book = keep_small_book()
    make_book(code="new")
    change_result_after_year_end(book)
    with pytest.raises(CommandError, match=r"^1 findings, in village-fund. Nothing was changed.$"):
        call_command("check_books")
    said = capsys.readouterr().out
    assert (
        "  WRONG  After a year-end entry no income or expense is left on its day.\n           year-end: 4030: E-"
        in said
    )
    assert said.count("WRONG") == 1

    many = [Finding("made-up", f"E-{number}", "is wrong") for number in range(25)]
    monkeypatch.setattr(check_books, "look_through", lambda book: [(checks.CHECKS[0], many)])
    with pytest.raises(CommandError, match="25 findings"):
        call_command("check_books", "--book", "new")
    said = capsys.readouterr().out
    assert said.count("is wrong") == check_books.SHOWN == 20
    assert "… and 5 more of these." in said


@pytest.mark.committing
def test_exit_codes(committing_database: TestDatabase) -> None:
    book = keep_small_book()
    assert run_as_process(committing_database, "check_books").returncode == 0
    change_result_after_year_end(book)
    wrong = run_as_process(committing_database, "check_books", "--book", "village-fund")
    assert (wrong.returncode, wrong.stderr) == (1, "CommandError: 1 findings, in village-fund. Nothing was changed.\n")
    assert run_as_process(committing_database, "verify_seals", "--book", "village-fund").returncode == 0
    assert run_as_process(committing_database, "verify_seals", "--book", "other").returncode == 1
    refused = run_as_process(committing_database, "trial_balance", "--book", "village-fund", "--as-of", "1 May")
    assert refused.returncode == 2
    assert "argument --as-of: '1 May' is not a date; write it like 2026-09-30." in refused.stderr


def test_every_app_s_rules_are_looked_at() -> None:
    """An app's `checks.py` that nobody runs would be worse than none."""
    apps = [settings.BASE_DIR / app for app in ("ledger", "borrowers", "loans", "investors")]
    files = [path for app in apps for path in app.glob("checks*")]
    modules = {check.__module__.partition(".")[0] for check in checks.CHECKS}
    assert modules == {path.parent.name for path in files}
    assert len(set(checks.CHECKS)) == len(checks.CHECKS)


@pytest.mark.django_db
def test_everything_is_examined_in_one_list() -> None:
    book = keep_small_book()
    assert checks.examine_everything(book) == []
    change_result_after_year_end(book)
    assert [finding.code for finding in checks.examine_everything(book)] == ["year-end"]


# Seals


@pytest.mark.django_db
def test_seal_books_prints_seals_that_verify_seals_takes(tmp_path: Path) -> None:
    book = keep_small_book()
    make_book(code="new")
    printed = run("seal_books")
    assert printed == f"{seal_text(seal(book=book))}\n", "a book without entries has no seal"
    kept = tmp_path / "seals.txt"
    kept.write_text(f"# kept by the auditor\n\nother:9:9:{'0' * 64}\n{printed}")
    post_entry(book=book, by=make_user())
    run("seal_books", "--book", "village-fund")
    said = run("verify_seals", "--book", "village-fund", "--against-file", str(kept))
    assert said.startswith("Village fund (village-fund): 3 entries under 2 seals, 0 entries not sealed.\nLast seal: ")
    assert f"Held against the seal {printed}" in said
    assert said.endswith("Every sealed entry is what was sealed.\n")


@pytest.mark.django_db
def test_verify_seals_says_when_it_had_no_outside_seal_to_hold_on_to() -> None:
    book = keep_small_book()
    assert "nothing was sealed yet, 2 entries not sealed" in run("verify_seals", "--book", "village-fund")
    seal(book=book)
    said = run("verify_seals", "--book", "village-fund")
    assert "No seal from outside was given. Without one, entries that were rewritten with fresh hashes" in said
    assert "No seal from outside" not in run(
        "verify_seals", "--book", "village-fund", "--against", str(seal_text(latest_seal(book)))
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "abc",
            r"'abc' is not a seal. A seal is written BOOK:NUMBER:POSITION:HASH. Copy it whole. Nothing was verified.",
        ),
        (f"other:1:2:{'0' * 64}", "There is no seal of village-fund here, but of other. Nothing was verified."),
    ],
)
def test_what_is_no_seal_of_the_book_is_refused(text: str, said: str, tmp_path: Path) -> None:
    keep_small_book()
    (tmp_path / "seals").write_text(text)
    for option, value in (("--against", text), ("--against-file", str(tmp_path / "seals"))):
        with pytest.raises(CommandError) as refusal:
            run("verify_seals", "--book", "village-fund", option, value)
        assert str(refusal.value) == said
    with pytest.raises(CommandError, match=r"nowhere cannot be read .* Nothing was verified"):
        run("verify_seals", "--book", "village-fund", "--against-file", str(tmp_path / "nowhere"))
    (tmp_path / "empty").touch()
    with pytest.raises(CommandError, match="but of no book"):
        run("verify_seals", "--book", "village-fund", "--against-file", str(tmp_path / "empty"))


@pytest.mark.committing
def test_verify_seals_names_the_first_entry_that_was_altered(capsys: pytest.CaptureFixture[str]) -> None:
    book = keep_small_book()
    first, second = book.entries.order_by("pk")
    outside = str(seal_text(seal(book=book)))
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_journalentry DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_journalentry SET narrative = 'Another fee' WHERE id = %s", [second.pk])
    with pytest.raises(CommandError, match=f"^village-fund is not what was sealed: {second}, at place 2") as refusal:
        call_command("verify_seals", "--book", "village-fund", "--against", outside)
    assert str(first) not in str(refusal.value)
    assert "WRONG: " in capsys.readouterr().out


# trial_balance


@pytest.mark.django_db
def test_the_trial_balance_as_a_table() -> None:
    book = keep_small_book()
    make_account(book=book, node="4030", currency="JPY")
    make_account(book=book, node="3010", currency="JPY")
    yen = Money("5000", "JPY")
    post_entry(book=book, by=make_user(), amount=yen, debited="4030", credited="3010")
    assert run("trial_balance", "--book", "village-fund") == (
        "Village fund: trial balance as of 31 March 2025\n"
        "\n"
        "Account    Name                    Debit    Credit\n"
        "1010/MAIN  Bank accounts, MAIN   £100.00\n"
        "3010       Accumulated surplus            JP¥5,000\n"
        "4030       Fees                            £100.00\n"
        "4030       Fees                 JP¥5,000\n"
        "Total                            £100.00   £100.00\n"
        "Total                           JP¥5,000  JP¥5,000\n"
    )
    assert "1010/MAIN  Bank accounts, MAIN    £50.00\n" in run(
        "trial_balance", "--book", "village-fund", "--as-of", "2025-04-01"
    )


@pytest.mark.django_db
def test_the_trial_balance_for_programs() -> None:
    keep_small_book()
    rows = list(csv.reader(io.StringIO(run("trial_balance", "--book", "village-fund", "--format", "csv"), newline="")))
    assert rows == [
        ["account", "name", "kind", "currency", "debit", "credit"],
        ["1010/MAIN", "Bank accounts, MAIN", "asset", "GBP", "100.00", ""],
        ["4030", "Fees", "income", "GBP", "", "100.00"],
    ]
    answer = json.loads(run("trial_balance", "--book", "village-fund", "--format", "json"))
    assert (answer["book"], answer["as_of"], answer["known_under"]) == ("village-fund", "2025-03-31", None)
    assert [list(row.values()) for row in answer["accounts"]] == rows[1:]


@pytest.mark.committing
def test_the_trial_balance_as_it_was_known() -> None:
    book, by = keep_small_book(), make_user()
    sealed = seal(book=book)
    post_entry(book=book, by=by, on=date(2025, 3, 2), amount="1.00")
    later = seal(book=book)
    said = run("trial_balance", "--book", "village-fund", "--known-at", sealed.sealed_at.isoformat())
    assert f"\nAs known under the seal {seal_text(sealed)}\n" in said
    assert "  £100.00" in said
    said = run("trial_balance", "--book", "village-fund", "--known-at", f"{later.sealed_at:%Y-%m-%d}")
    assert f"\nAs known under the seal {seal_text(later)}\n" in said, "a date is known to its end"
    assert "  £101.00" in said
    before = sealed.sealed_at - timedelta(seconds=1)
    with pytest.raises(CommandError, match=r"Nothing of village-fund was sealed by .* Ask for a later moment."):
        run("trial_balance", "--book", "village-fund", "--known-at", before.isoformat())


# export_journal


@pytest.mark.django_db
def test_exports_go_to_standard_output_or_to_a_file(tmp_path: Path) -> None:
    book = keep_small_book()
    assert run("export_journal", "--format", "hledger") == "".join(hledger_lines(read_journal(book)))
    dates = ("--from", "2025-04-01", "--to", "2025-04-30")
    file = tmp_path / "journal.csv"
    assert run("export_journal", "--format", "csv", *dates, "--output", str(file)) == ""
    part = read_journal(book, from_on=date(2025, 4, 1), to_on=date(2025, 4, 30))
    assert file.read_bytes().decode() == "".join(csv_lines(part))
    assert "brought-forward" in file.read_text()
    run("export_journal", "--format", "xlsx", "--output", str(tmp_path / "journal.xlsx"))
    assert openpyxl.load_workbook(tmp_path / "journal.xlsx")["Journal"].max_row == 5
    assert {path.name for path in tmp_path.iterdir()} == {"journal.csv", "journal.xlsx"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("csv --from 2025-13-01", "argument --from: '2025-13-01' is not a date; write it like 2026-09-30."),
        ("csv --from 2025-02-01 --to 2025-01-01", "--from 2025-02-01 is after --to 2025-01-01. Nothing was written."),
        ("xlsx", "A workbook is not text: say where to write it, with --output FILE. Nothing was written."),
        ("pdf", "argument --format: invalid choice: 'pdf'"),
        ("csv --output /nowhere/at/all.csv", "all.csv cannot be written (No such file or directory). Nothing was"),
    ],
)
def test_exports_that_cannot_be_made_say_why(arguments: str, said: str) -> None:
    keep_small_book()
    with pytest.raises(CommandError) as refusal:
        run("export_journal", "--format", *arguments.split())
    assert said in str(refusal.value)


@pytest.mark.django_db
def test_an_export_that_fails_half_way_leaves_the_file_that_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_small_book()
    file = tmp_path / "journal.csv"
    file.write_text("last month's")

    def broken(journal: object) -> list[str]:
        raise RuntimeError("half way")

    monkeypatch.setitem(sys.modules["commonweal.management.commands.export_journal"].TEXT_FORMATS, "csv", broken)
    with pytest.raises(RuntimeError, match="half way"):
        run("export_journal", "--format", "csv", "--output", str(file))
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("journal.csv", "last month's")]


# One snapshot


def in_another_session(act: Callable[[], object]) -> None:
    """Do something on a connection of its own, and wait for it."""

    def act_and_close() -> None:
        try:
            act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        other.submit(act_and_close).result()


@pytest.mark.committing
def test_a_report_sees_one_moment_and_cannot_write() -> None:
    book, by = keep_small_book(), make_user()
    with one_snapshot():
        entries = iter(read_journal(book).entries)
        before = [next(entries)]
        in_another_session(lambda: post_entry(book=book, by=by, on=date(2025, 5, 1)))
        before += list(entries)
        rows = trial_balance(book, date(2025, 12, 31))
    assert (len(before), [row.balance.amount for row in rows]) == (2, [50, -50])
    assert len(list(read_journal(book).entries)) == 3
    with pytest.raises(InternalError, match="read-only transaction"), one_snapshot():
        post_entry(book=book, by=by)
