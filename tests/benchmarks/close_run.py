"""`make bench`: closing days over 1,000 loans, alone, among 100,000, and by two workers; writes its table."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

import psycopg
from psycopg import sql

from tests.benchmarks.harness import ROOT, Bench, Row, bench, goal, goals_table, keep, measured_on, verdict

PARTS = "close_bench.py"
SPANS = (1, 7, 30, 100, 300, 700)
LOANS = int(os.environ.get("BENCH_LOANS", "1000"))
MANY = 100_000
BY_WORKERS = 100
"""Days that workers close, on three of which all is due."""

TURNS = 2
"""How often one worker and two close them in turn; the quicker of each counts."""


class Copies:
    """Copies of the prepared book, one for each part."""

    def __init__(self, on: Bench) -> None:
        self.on, self.made = on, 0

    def copy(self) -> Bench:
        """Another copy."""
        self.made += 1
        name, server = f"copy_{self.made}", self.on.server
        with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as connection:
            copy = sql.SQL("CREATE DATABASE {} TEMPLATE commonweal OWNER commonweal_owner")
            connection.execute(copy.format(sql.Identifier(name)))
        urls = {"DATABASE_URL": "commonweal_app", "DATABASE_OWNER_URL": "commonweal_owner"}
        return Bench(server, self.on.environment | {key: server.url(role, name) for key, role in urls.items()})

    def by_workers(self, number: int) -> dict[str, Any]:
        """The same days closed by so many workers: one closes, the others help where it asks for it."""
        copy = self.copy()
        copy.part(PARTS, "free-workers")
        command = [sys.executable, str(ROOT / "manage.py"), "run_jobs"]
        helpers = [subprocess.Popen(command, env=copy.environment, cwd=ROOT) for _ in range(number - 1)]
        try:
            return copy.part(PARTS, "catching-up", BY_WORKERS) | copy.part(PARTS, "helped")
        finally:
            for helper in helpers:
                helper.terminate()
                helper.wait()


def main() -> int:
    """Run every part, print and keep the table; 1 where a goal is missed."""
    with bench("close") as on:
        on.part(PARTS, "prepare")
        copies = Copies(on)
        spans = [copies.copy().part(PARTS, "catching-up", days) for days in SPANS]
        few, many = (copies.copy().part(PARTS, "idle", loans) for loans in (LOANS, MANY))
        turns = [(copies.by_workers(1), copies.by_workers(2)) for _ in range(TURNS)]
        one, two = (min(each, key=itemgetter("seconds")) for each in zip(*turns, strict=True))
    rows = _rows(spans, few, many, one, two)
    keep("close", _table(rows, spans, few, many, one, two))
    return verdict(rows)


def _rows(
    spans: Sequence[dict[str, Any]], few: dict[str, Any], many: dict[str, Any], one: dict[str, Any], two: dict[str, Any]
) -> list[Row]:
    each = {span["days"]: span["seconds"] / span["entries"] for span in spans if span["entries"]}
    return [
        goal("a day on which nothing is due ÷ one on which all is", few["idle"] / few["busy"], 1 / 20, most=True),
        goal("an effect of 700 days ÷ one of 30 days", each[700] / each[30], 1.3, most=True),
        goal("a due loan among 100,000 ÷ among 1,000", many["busy"] / few["busy"], 1.3, most=True),
        goal("two workers ÷ one, in speed", one["seconds"] / two["seconds"], 1.3),
        goal("peak memory of a close, MB", max(span["peak_mb"] for span in spans), 300, most=True),
    ]


def _table(
    rows: list[Row],
    spans: Sequence[dict[str, Any]],
    few: dict[str, Any],
    many: dict[str, Any],
    one: dict[str, Any],
    two: dict[str, Any],
) -> list[str]:
    return [
        measured_on(),
        "",
        *goals_table(rows),
        "",
        "| days caught up | seconds | entries posted | milliseconds for each | peak MB |",
        "|---:|---:|---:|---:|---:|",
        *(_span(span) for span in spans),
        "",
        f"A day on which 1,000 loans are due takes {few['busy']:,.1f} s, among 100,000 loans {many['busy']:,.1f} s; "
        f"one on which none is takes {few['idle'] * 1000:,.0f} ms and {many['idle'] * 1000:,.0f} ms. One worker closes "
        f"{BY_WORKERS} days in {one['seconds']:,.1f} s, two in {two['seconds']:,.1f} s: the second takes the step for "
        f"{two['helped']:,} loans.",
    ]


def _span(span: dict[str, Any]) -> str:
    each = f"{span['seconds'] / span['entries'] * 1000:,.1f}" if span["entries"] else "–"
    return f"| {span['days']} | {span['seconds']:,.1f} | {span['entries']:,} | {each} | {span['peak_mb']:,.0f} |"


if __name__ == "__main__":
    sys.exit(main())
