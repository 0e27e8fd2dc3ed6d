"""`make bench`: 10,000 loans move in, in a process of their own; writes its table into docs/benchmarks.md."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import Any

from commonweal.database import EmbeddedServer
from tests.benchmarks.harness import HERE, ROOT, Row, goal, goals_table, keep, measured_on, part, verdict

BENCH_VAR = ROOT / "var" / "bench-moving-in"


def main() -> int:
    """Measure on a server of its own, print and keep the table; 1 where a goal is missed."""
    shutil.rmtree(BENCH_VAR, ignore_errors=True)
    BENCH_VAR.mkdir(parents=True)
    server = EmbeddedServer(BENCH_VAR)
    server.start()
    try:
        measured = _measure()
    finally:
        server.stop()
        shutil.rmtree(BENCH_VAR, ignore_errors=True)
    rows = _rows(measured)
    keep("moving in", _table(rows, measured))
    return verdict(rows)


def _measure() -> dict[str, Any]:
    environment = os.environ | {
        "VAR_DIR": str(BENCH_VAR),
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "commonweal.settings.local",
    }
    environment.pop("DATABASE_URL", None)
    subprocess.run([sys.executable, ROOT / "manage.py", "migrate", "-v0"], env=environment, check=True, cwd=ROOT)
    return part([sys.executable, HERE / "moving_in_bench.py"], environment)


def _rows(m: dict[str, Any]) -> list[Row]:
    return [goal(f"peak memory, moving in {m['loans']:,} loans, MB", m["peak_mb"], 300, most=True)]


def _table(rows: list[Row], m: dict[str, Any]) -> list[str]:
    return [
        measured_on(),
        "",
        *goals_table(rows),
        "",
        f"The dry run of {m['loans']:,} rows took {m['tried']:,.0f} s, bringing them in {m['seconds']:,.0f} s: "
        f"{m['loans'] / m['seconds']:,.0f} loans a second, each with its terms, entry, schedule and standing.",
    ]


if __name__ == "__main__":
    sys.exit(main())
