"""`make bench`: 5,000 bank lines brought in and matched, beside 5,000 entries one by one; writes its table."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import Any

import psycopg

from commonweal.database import EmbeddedServer
from tests.benchmarks.harness import HERE, ROOT, Row, goal, goals_table, keep, measured_on, part, verdict

BENCH_VAR = ROOT / "var" / "bench-bank"


def main() -> int:
    """Run the part, print and keep the table; 1 where the goal is missed."""
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
    keep("bank", _table(rows, measured))
    return verdict(rows)


def _measure(server: EmbeddedServer) -> dict[str, Any]:
    environment = os.environ | {
        "VAR_DIR": str(BENCH_VAR),
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "commonweal.settings.local",
    }
    environment.pop("DATABASE_URL", None)
    subprocess.run([sys.executable, ROOT / "manage.py", "migrate", "-v0"], env=environment, check=True, cwd=ROOT)
    measured = part([sys.executable, HERE / "bank_bench.py", "matching"], environment)
    with psycopg.connect(server.url("commonweal_owner", "commonweal")) as connection:
        measured["postgresql"] = connection.info.parameter_status("server_version")
    return measured


def _rows(m: dict[str, Any]) -> list[Row]:
    return [goal("bank lines brought in and matched ÷ entries one by one", m["brought"] / m["singly"], 3, most=True)]


def _table(rows: list[Row], m: dict[str, Any]) -> list[str]:
    return [
        measured_on(f", PostgreSQL {m['postgresql']}"),
        "",
        *goals_table(rows),
        "",
        f"{m['lines']:,} lines took {m['brought']:,.1f} s until each had repaid its loan, with the lists that show it; "
        f"as many entries, posted one by one, {m['singly']:,.1f} s.",
    ]


if __name__ == "__main__":
    sys.exit(main())
