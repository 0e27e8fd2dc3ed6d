"""`make bench`: the figures of an impact statement for a thousand borrowers and for ten thousand; writes its table."""

from __future__ import annotations

import os
import sys
from typing import Any

from tests.benchmarks.harness import Row, bench, goal, goals_table, keep, measured_on, verdict

MANY = int(os.environ.get("BENCH_BORROWERS", "10000"))
FEW = MANY // 10


def main() -> int:
    """Run both parts, each on a server of its own, print and keep the table; 1 where a goal is missed."""
    measured: list[dict[str, Any]] = []
    for number in (FEW, MANY):
        with bench("impact") as on:
            measured.append(on.part("impact_bench.py", "figures", number))
            postgresql = on.postgresql
    rows = _rows(*measured)
    keep("impact", _table(rows, measured, postgresql))
    return verdict(rows)


def _rows(few: dict[str, Any], many: dict[str, Any]) -> list[Row]:
    return [
        goal(f"queries, {MANY:,} borrowers − {FEW:,}", many["queries"] - few["queries"], 0, most=True),
        goal(f"seconds, {MANY:,} borrowers ÷ {FEW:,}", many["seconds"] / few["seconds"], 11, most=True),
    ]


def _table(rows: list[Row], measured: list[dict[str, Any]], postgresql: str) -> list[str]:
    return [
        measured_on(f", PostgreSQL {postgresql}"),
        "",
        *goals_table(rows),
        "",
        "| borrowers | seconds | queries | peak MB | figures told | with a share |",
        "|---:|---:|---:|---:|---:|---:|",
        *(
            f"| {m['businesses']:,} | {m['seconds']:.2f} | {m['queries']} | {m['peak_mb']:,.0f} | {m['reported']:,} "
            f"| {m['claimed']:,} |"
            for m in measured
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
