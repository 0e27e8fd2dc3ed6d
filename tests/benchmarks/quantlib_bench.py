"""How fast does QuantLib build the same loan? Run by the peers' own Python; prints one line of JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import QuantLib as ql

ROUNDS, EACH = 60, 25
PRINCIPAL, RATE = 100_000.0, 0.06


def bond() -> ql.AmortizingFixedRateBond:
    """The bond with its schedule of 60 months from 31 January 2026, and the notionals of a level payment."""
    schedule = ql.Schedule(
        ql.Date(31, 1, 2026),
        ql.Date(31, 1, 2031),
        ql.Period(ql.Monthly),
        ql.NullCalendar(),
        ql.Unadjusted,
        ql.Unadjusted,
        ql.DateGeneration.Forward,
        False,
    )
    notionals = ql.sinkingNotionals(ql.Period(5, ql.Years), ql.Monthly, RATE, PRINCIPAL)
    return ql.AmortizingFixedRateBond(0, notionals, schedule, [RATE], ql.Actual365Fixed())


def read() -> list[tuple[ql.Date, float]]:
    """The same, and every date and amount of its cash flows as Python has them: 60 of interest, 60 of principal."""
    return [(flow.date(), flow.amount()) for flow in bond().cashflows()]


def best(work: Callable[[], object]) -> float:
    """The fewest microseconds of the processor that the work takes, of several rounds."""
    seconds = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for _ in range(EACH):
            work()
        seconds.append((time.process_time() - start) / EACH)
    return min(seconds) * 1e6


if __name__ == "__main__":
    ql.Settings.instance().evaluationDate = ql.Date(1, 1, 2026)
    assert len(read()) == 120
    print(json.dumps({"part": "quantlib", "version": ql.__version__, "us": best(read), "unread_us": best(bond)}))
