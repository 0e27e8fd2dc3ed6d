"""`make bench`: a distribution over ten times the investors and loans; writes its table."""

from __future__ import annotations

import os
import sys
from typing import Any

from tests.benchmarks.harness import Row, bench, goal, goals_table, keep, measured_on, verdict

INVESTORS = int(os.environ.get("BENCH_INVESTORS", "1000"))
LOANS = 10 * INVESTORS


def main() -> int:
    """Run both parts, each on a server of its own, print and keep the table; 1 where a goal is missed."""
    measured: list[dict[str, Any]] = []
    for part in (10, 1):
        with bench("capital") as on:
            measured.append(on.part("capital_bench.py", "distribution", INVESTORS // part, LOANS // part))
            postgresql = on.postgresql
    few, many = measured
    rows: list[Row] = [
        goal(f"queries, {INVESTORS:,} investors − {INVESTORS // 10:,}", many["queries"] - few["queries"], 0, most=True),
    ]
    keep("capital", _table(rows, measured, postgresql))
    return verdict(rows)


def _table(rows: list[Row], measured: list[dict[str, Any]], postgresql: str) -> list[str]:
    return [
        measured_on(f", PostgreSQL {postgresql}"),
        "",
        *goals_table(rows),
        "",
        "| investors | loans | classes | seconds | queries | lines |",
        "|---:|---:|---:|---:|---:|---:|",
        *(
            f"| {m['investors']:,} | {m['loans']:,} | 3 | {m['seconds']:.2f} | {m['queries']} | {m['lines']:,} |"
            for m in measured
        ),
    ]


if __name__ == "__main__":
    sys.exit(main())
