"""`make bench`: the engine beside QuantLib in one run, its replays and its memory; writes its table into the page."""

from __future__ import annotations

import os
import sys
from typing import Any

from tests.benchmarks.harness import HERE, ROOT, Row, goal, goals_table, keep, measured_on, part, peers_python, verdict

TURNS = 10
"""Each side is measured so often, in turns, and has the best of them: whatever else runs slows both."""


def main() -> int:
    """Run every part, print and keep the table; 1 where a goal is missed."""
    measured = _measure()
    rows = _rows(measured)
    keep("engine", _table(rows, measured))
    return verdict(rows)


def _measure() -> dict[str, Any]:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "commonweal.settings.local"}
    ours, theirs = [], []
    for _ in range(TURNS):
        ours.append(part([sys.executable, HERE / "engine_bench.py", "schedule"], environment)["us"])
        theirs.append(part([peers_python(), HERE / "quantlib_bench.py"]))
    replay = part([sys.executable, HERE / "engine_bench.py", "replay"], environment)
    return {
        "schedule": min(*ours, replay["schedule_us"]),
        "read": min(each["us"] for each in theirs),
        "unread": min(each["unread_us"] for each in theirs),
        "version": theirs[0]["version"],
        "replay": replay,
        "lines": part([sys.executable, HERE / "engine_bench.py", "lines"], environment),
    }


def _rows(m: dict[str, Any]) -> list[Row]:
    few, many = (m["replay"][f"events_{number}_us"] for number in (2400, 4800))
    return [
        goal("schedules of 60 instalments a second ÷ QuantLib's bond, read out", m["read"] / m["schedule"], 1.5),
        goal("replay of 2,400 events ÷ one such schedule", few / m["schedule"], 1000, most=True),
        goal("replay of 4,800 events ÷ of 2,400", many / few, 2.3, most=True),
        goal("peak memory, 100,000 lines through `calculate schedule`, MB", m["lines"]["peak_mb"], 200, most=True),
    ]


def _table(rows: list[Row], m: dict[str, Any]) -> list[str]:
    rates = {
        "Commonweal: terms, schedule, every row read": m["schedule"],
        f"QuantLib {m['version']}: schedule, bond, every cash flow read": m["read"],
        f"QuantLib {m['version']}: schedule and bond, no cash flow read": m["unread"],
    }
    return [
        measured_on(f", QuantLib {m['version']}"),
        "",
        *goals_table(rows),
        "",
        "| 60 instalments | microseconds | a second |",
        "|---|---:|---:|",
        *(f"| {what} | {us:,.0f} | {1e6 / us:,.0f} |" for what, us in rates.items()),
        "",
        f"Where QuantLib's cash flows are never looked at, ours has {m['unread'] / m['schedule']:.2f} of its speed. "
        f"A replay of 2,400 events takes {m['replay']['events_2400_us'] / 1000:,.0f} ms, "
        f"of 4,800 {m['replay']['events_4800_us'] / 1000:,.0f} ms. "
        f"`calculate schedule` answers {m['lines']['rate']:,.0f} lines a second, start included.",
    ]


if __name__ == "__main__":
    sys.exit(main())
