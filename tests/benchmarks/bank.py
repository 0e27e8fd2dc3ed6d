"""`make bench`: 5,000 bank lines brought in and matched, beside 5,000 entries one by one; writes its table."""

from __future__ import annotations

import sys
from typing import Any

from tests.benchmarks.harness import Row, bench, goal, goals_table, keep, measured_on, verdict


def main() -> int:
    """Run the part, print and keep the table; 1 where the goal is missed."""
    with bench("bank") as on:
        measured = on.part("bank_bench.py", "matching") | {"postgresql": on.postgresql}
    rows = _rows(measured)
    keep("bank", _table(rows, measured))
    return verdict(rows)


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
