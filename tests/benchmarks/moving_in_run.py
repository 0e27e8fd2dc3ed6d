"""`make bench`: 10,000 loans move in, in a process of their own; writes its table into docs/benchmarks.md."""

from __future__ import annotations

import sys
from typing import Any

from tests.benchmarks.harness import Row, bench, goal, goals_table, keep, measured_on, verdict


def main() -> int:
    """Measure on a server of its own, print and keep the table; 1 where a goal is missed."""
    with bench("moving-in") as on:
        measured = on.part("moving_in_bench.py")
    rows = _rows(measured)
    keep("moving in", _table(rows, measured))
    return verdict(rows)


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
