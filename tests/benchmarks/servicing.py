"""`make bench`: a long loan, and the portfolio of many, on one server in one run; writes its table into the page."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import Any

import psycopg

from commonweal.database import EmbeddedServer
from tests.benchmarks.harness import HERE, ROOT, Row, goal, goals_table, keep, measured_on, part, verdict

BENCH_VAR = ROOT / "var" / "bench-servicing"
FEW = 10
"""Fewer entries than this say nothing of what each of them costs."""


def main() -> int:
    """Run every part, print and keep the table; 1 where a goal is missed."""
    shutil.rmtree(BENCH_VAR, ignore_errors=True)
    BENCH_VAR.mkdir(parents=True)
    server = EmbeddedServer(BENCH_VAR)
    server.start()
    try:
        measured = _measure(server)
    finally:
        server.stop()
        shutil.rmtree(BENCH_VAR, ignore_errors=True)
    rows = _rows(measured)
    keep("servicing", _table(rows, measured))
    return verdict(rows)


def _measure(server: EmbeddedServer) -> dict[str, Any]:
    environment = os.environ | {
        "VAR_DIR": str(BENCH_VAR),
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "commonweal.settings.local",
    }
    environment.pop("DATABASE_URL", None)
    subprocess.run([sys.executable, ROOT / "manage.py", "migrate", "-v0"], env=environment, check=True, cwd=ROOT)
    measured = {
        each: part([sys.executable, HERE / "servicing_bench.py", each], environment)
        for each in ("backdated", "portfolio")
    }
    with psycopg.connect(server.url("commonweal_owner", "commonweal")) as connection:
        measured["postgresql"] = connection.info.parameter_status("server_version")
    return measured


def _rows(m: dict[str, Any]) -> list[Row]:
    depths = m["backdated"]["depths"]
    ordinary, month = depths[0][1], depths[1][1]
    page = m["portfolio"]
    return [
        goal("repayment backdated by a month ÷ ordinary, 2,400 events", month / ordinary, 5, most=True),
        goal("each further entry, at the dearest depth ÷ ordinary", _further_entry(depths) / ordinary, 0.05, most=True),
        goal("portfolio of 100,000 loans: a year ago ÷ today", page["past_ms"] / page["today_ms"], 3, most=True),
    ]


def _further_entry(depths: list[list[float]]) -> float:
    """The most that an entry costs which a backdated repayment posts and an ordinary one does not: a straight line
    holds all depths. Where few are posted, the noise of the measure is more than what they cost."""
    (_, ordinary, few), *deeper = depths
    return max((took - ordinary) / (entries - few) for _, took, entries in deeper if entries >= FEW)


def _table(rows: list[Row], m: dict[str, Any]) -> list[str]:
    page = m["portfolio"]
    return [
        measured_on(f", PostgreSQL {m['postgresql']}"),
        "",
        *goals_table(rows),
        "",
        "| a repayment, months ago | milliseconds | entries posted |",
        "|---:|---:|---:|",
        *(f"| {months} | {ms:,.0f} | {entries:,} |" for months, ms, entries in m["backdated"]["depths"]),
        "",
        f"The portfolio page takes {page['today_ms']:,.0f} ms as at today and {page['past_ms']:,.0f} ms as at a year "
        f"before, over {page['standings']:,} rows of where loans stood and {page['planned']:,} of what was planned.",
    ]


if __name__ == "__main__":
    sys.exit(main())
