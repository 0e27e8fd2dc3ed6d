"""The page on the ledger's database says what stands there: every trigger, function and code, and none that is gone."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from ledger.database_errors import BY_SQLSTATE

PAGE = (Path(settings.BASE_DIR) / "docs" / "ledger-database.md").read_text(encoding="utf-8")
SQL = {
    path.name: path.read_text(encoding="utf-8") for path in (Path(settings.BASE_DIR) / "ledger" / "sql").glob("*.sql")
}

TRIGGERS = """
    SELECT tgrelid::regclass::text, tgname FROM pg_trigger
    WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'ledger\\_%'
"""
FUNCTIONS = "SELECT proname FROM pg_proc WHERE proname LIKE 'ledger\\_%'"


def rows(query: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


@pytest.mark.django_db
def test_every_trigger_of_every_table() -> None:
    standing: dict[str, set[str]] = defaultdict(set)
    for table, trigger in rows(TRIGGERS):
        standing[table].add(trigger)
    written = re.findall(r"^\| `(ledger_\w+)` \| (.*) \|$", PAGE, flags=re.MULTILINE)
    assert {table: set(re.findall(r"`(\w+)`", triggers)) for table, triggers in written} == standing


@pytest.mark.django_db
def test_every_function() -> None:
    tables = {table for table, _ in rows(TRIGGERS)}
    assert set(re.findall(r"`(ledger_\w+)`", PAGE)) - tables == {name for (name,) in rows(FUNCTIONS)}


def test_every_file() -> None:
    assert set(re.findall(r"\w+\.sql", PAGE)) == set(SQL)


def test_every_code_with_the_error_that_the_services_raise() -> None:
    used = set(re.findall(r"'(CW\d+)'", "".join(SQL.values())))
    table = dict(re.findall(r"^\| (CW\d+) \| .* \| (.*) \|$", PAGE, flags=re.MULTILINE))
    assert set(table) == used - {"CW099"}
    errors = {code: f"`{error.__name__}`" for code, error in BY_SQLSTATE.items()}
    assert {code: said for code, said in table.items() if not said.startswith("none")} == errors


def test_every_page_that_it_points_to() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", PAGE):
        assert (Path(settings.BASE_DIR) / "docs" / target).is_file(), target
