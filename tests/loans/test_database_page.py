"""The page on what the database holds to about lending names every trigger, function, file and code, and none gone."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

BASE = Path(settings.BASE_DIR)
PAGE = (BASE / "docs" / "lending-database.md").read_text(encoding="utf-8")
FILES = [
    path
    for app in ("borrowers", "loans", "investors", "commonweal/documents")
    for path in BASE.glob(f"{app}/sql/*.sql")
]
SQL = {path.name: path.read_text(encoding="utf-8") for path in FILES}
OURS = r"^(borrowers|loans|investors|documents)_"


def rows(query: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, [OURS])
        return cursor.fetchall()


@pytest.mark.django_db
def test_every_trigger_and_function() -> None:
    standing: dict[str, set[str]] = defaultdict(set)
    triggers = "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"
    for table, trigger in rows(f"{triggers} AND tgrelid::regclass::text ~ %s"):
        standing[table].add(trigger)
    written = re.findall(r"^\| `(\w+)` \| (.*) \|$", PAGE, flags=re.MULTILINE)
    assert {table: set(re.findall(r"`(\w+)`", triggers)) for table, triggers in written} == standing
    functions = {name for (name,) in rows("SELECT proname FROM pg_proc WHERE proname ~ %s")}
    assert set(re.findall(r"`((?:borrowers|loans|investors|documents)_\w+)`", PAGE)) - standing.keys() == functions


def test_every_file_and_code() -> None:
    assert set(re.findall(r"\w+\.sql", PAGE)) == set(SQL)
    used = set(re.findall(r"'(CW\d+)'", "".join(SQL.values())))
    assert set(re.findall(r"^\| (CW\d+) \|", PAGE, flags=re.MULTILINE)) == used
