"""`make bench`: 100,000 cash lines split over twelve lenders each, beside posting what that made; writes its table."""

from __future__ import annotations

import sys
from typing import Any

from tests.benchmarks.harness import Row, bench, goal, goals_table, keep, measured_on, verdict


def main() -> int:
    """Run the part, print and keep the table; 1 where the goal is missed."""
    with bench("sharing") as on:
        measured = on.part("sharing_bench.py", "splitting") | {"postgresql": on.postgresql}
    rows = [
        goal("cash lines split ÷ the split entries posted alone", measured["split"] / measured["alone"], 1.5, most=True)
    ]
    keep("sharing", _table(rows, measured))
    return verdict(rows)


def _table(rows: list[Row], m: dict[str, Any]) -> list[str]:
    return [
        measured_on(f", PostgreSQL {m['postgresql']}"),
        "",
        *goals_table(rows),
        "",
        f"{m['lines']:,} lines over {m['lenders']} lenders each took {m['split']:,.1f} s; the entries that this made, "
        f"posted alone, {m['alone']:,.1f} s.",
    ]


if __name__ == "__main__":
    sys.exit(main())
