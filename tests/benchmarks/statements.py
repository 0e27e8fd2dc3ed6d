"""`make bench`: statements rendered, prepared by one worker and two, and again; writes its table."""

from __future__ import annotations

import sys
from typing import Any

from tests.benchmarks.harness import Row, bench, goal, goals_table, keep, measured_on, verdict

PARTS = ("rendering", "running", "memory")


def main() -> int:
    """Run every part, print and keep the table; 1 where a goal is missed."""
    with bench("statements") as on:
        measured: dict[str, Any] = {name: on.part("statements_bench.py", name) for name in PARTS}
        measured["postgresql"] = on.postgresql
    rows = _rows(measured)
    keep("statements", _table(rows, measured))
    return verdict(rows)


def _rows(m: dict[str, Any]) -> list[Row]:
    rendering, running, memory = (m[name] for name in PARTS)
    few, many = running["queries_again"]
    return [
        goal("pages a second ÷ WeasyPrint called afresh", rendering["ours"] / rendering["afresh"], 1.2),
        goal("two workers ÷ one", running["one"] / running["two"], 1.3),
        goal("rendered by a second run", running["rendered_again"], 0, most=True),
        goal("queries of a second run: all statements ÷ a tenth of them", many / few, 1, most=True),
        goal(f"peak memory, {memory['statements']:,} statements, MB", memory["peak_mb"], 500, most=True),
    ]


def _table(rows: list[Row], m: dict[str, Any]) -> list[str]:
    rendering, running, _ = (m[name] for name in PARTS)
    return [
        measured_on(f", PostgreSQL {m['postgresql']}"),
        "",
        *goals_table(rows),
        "",
        f"{rendering['statements']:,} statements of {rendering['pages_each']} pages each: {rendering['ours']:.1f} "
        f"pages a second of processor time, called afresh {rendering['afresh']:.1f}. A run of "
        f"{running['statements']:,} took one worker {running['one']:.0f} s and two {running['two']:.0f} s; a second "
        f"run takes {running['queries_again'][1]} queries.",
    ]


if __name__ == "__main__":
    sys.exit(main())
