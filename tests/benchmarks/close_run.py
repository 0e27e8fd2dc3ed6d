"""`make bench`: closing days over 1,000 loans, alone, among 100,000, and by two workers; writes its table."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import psycopg

from commonweal.database import EmbeddedServer
from tests.benchmarks.harness import HERE, ROOT, Row, goal, goals_table, keep, measured_on, part, verdict

BENCH_VAR = ROOT / "var" / "bench-close"
SPANS = (1, 7, 30, 100, 300, 700)
LOANS = int(os.environ.get("BENCH_LOANS", "1000"))
MANY = 100_000
BY_WORKERS = 20
"""Days that workers close, one of them busy; they end before today."""


class Bench:
    """A server with the book prepared, and copies of it for each part."""

    def __init__(self, server: EmbeddedServer) -> None:
        self.server = server
        self.copies = 0
        self.environment = os.environ | {
            "VAR_DIR": str(BENCH_VAR),
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "commonweal.settings.local",
        }
        self.environment.pop("DATABASE_URL", None)

    def prepare(self) -> None:
        """The book that every part begins with."""
        migrate = [sys.executable, ROOT / "manage.py", "migrate", "-v0"]
        subprocess.run(migrate, env=self.environment, check=True, cwd=ROOT)
        self.run(self.environment, "prepare")

    def copy(self) -> dict[str, str]:
        """A copy of the prepared book, as the environment that leads to it."""
        self.copies += 1
        name = f"copy_{self.copies}"
        with psycopg.connect(self.server.url("postgres", "postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE commonweal OWNER commonweal_owner")  # type: ignore[arg-type]
        return self.environment | {
            "DATABASE_URL": self.server.url("commonweal_app", name),
            "DATABASE_OWNER_URL": self.server.url("commonweal_owner", name),
        }

    def run(self, environment: dict[str, str], *words: object) -> dict[str, Any]:
        """One part in a process of its own."""
        return part([sys.executable, HERE / "close_bench.py", *words], environment)

    def by_workers(self, number: int) -> dict[str, Any]:
        """The same days closed by so many workers."""
        environment = self.copy()
        self.run(environment, "ask", BY_WORKERS)
        command = [sys.executable, str(ROOT / "manage.py"), "run_jobs"]
        workers = [subprocess.Popen(command, env=environment, cwd=ROOT) for _ in range(number)]
        try:
            wait = [sys.executable, str(HERE / "close_wait.py")]
            subprocess.run(wait, env=environment, cwd=ROOT, check=True, timeout=1800)
        finally:
            for worker in workers:
                worker.terminate()
                worker.wait()
        return self.run(environment, "took")


def main() -> int:
    """Run every part, print and keep the table; 1 where a goal is missed."""
    shutil.rmtree(BENCH_VAR, ignore_errors=True)
    BENCH_VAR.mkdir(parents=True)
    server = EmbeddedServer(BENCH_VAR)
    server.start()
    try:
        bench = Bench(server)
        bench.prepare()
        spans = [bench.run(bench.copy(), "catching-up", days) for days in SPANS]
        few, many = (bench.run(bench.copy(), "idle", loans) for loans in (LOANS, MANY))
        one, two = bench.by_workers(1), bench.by_workers(2)
    finally:
        server.stop()
        shutil.rmtree(BENCH_VAR, ignore_errors=True)
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
