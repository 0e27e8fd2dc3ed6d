"""`make bench`: a long loan, and the portfolio of many, on one server in one run; writes its table into the page."""

from __future__ import annotations

import sys
from typing import Any

from tests.benchmarks.harness import Row, bench, goal, goals_table, keep, measured_on, verdict

FEW = 10
"""Fewer entries than this say nothing of what each of them costs."""


def main() -> int:
    """Run every part, print and keep the table; 1 where a goal is missed."""
    with bench("servicing") as on:
        measured: dict[str, Any] = {each: on.part("servicing_bench.py", each) for each in ("backdated", "portfolio")}
        measured["postgresql"] = on.postgresql
    rows = _rows(measured)
    keep("servicing", _table(rows, measured))
    return verdict(rows)


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
