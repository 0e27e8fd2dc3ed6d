"""How fast is the engine? Each part prints one line of JSON; `engine.py` puts them beside QuantLib."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonweal.settings.local")

from moneyed import Money

from loans.domain.calendar import Recurrence
from loans.domain.day_count import DayCount
from loans.domain.events import Drawn, Event, FeeCharged, RateChanged, Repaid, Reversed
from loans.domain.position import position
from loans.domain.schedule import build_schedule
from loans.domain.servicing import DefaultInterest, Prepayment, Servicing
from loans.domain.terms import Terms

ROUNDS, EACH = 60, 25
DRAWN_ON = date(2026, 1, 31)
LINES = 100_000
YEARS = 20


def schedule() -> dict[str, object]:
    """Microseconds for a full schedule of 60 instalments, from its terms to what Python has read of every row."""
    assert len(one_schedule()) == 60
    return {"us": best(one_schedule)}


def one_schedule() -> list[tuple[object, ...]]:
    """£100,000.00 at 6%, monthly from the end of January over five years, real days over 365, to the penny."""
    rows = build_schedule(terms(60)).instalments
    return [(row.due_on, row.principal_units, row.interest_units, row.balance_units) for row in rows]


def terms(instalments: int) -> Terms:
    """The terms, made anew."""
    return Terms(
        principal=Money("100000.00", "GBP"),
        annual_rate=Decimal("0.06"),
        drawn_on=DRAWN_ON,
        principal_due=Recurrence(DRAWN_ON, after=True),
        instalments=instalments,
        day_count=DayCount.ACTUAL_365_FIXED,
    )


def best(work: Callable[[], object], rounds: int = ROUNDS, each: int = EACH) -> float:
    """The fewest microseconds of the processor that the work takes, of several rounds."""
    seconds = []
    for _ in range(rounds):
        start = time.process_time()
        for _ in range(each):
            work()
        seconds.append((time.process_time() - start) / each)
    return min(seconds) * 1e6


def replay() -> dict[str, object]:
    """Microseconds for the position after 2,400 and after 4,800 events of a loan of twenty years, and a schedule's."""
    agreed = replace(terms(12 * YEARS), servicing=Servicing(default_interest=DefaultInterest(Decimal("0.08"))))
    found: dict[str, object] = {"schedule_us": best(one_schedule)}
    for number in (2400, 4800):
        events = list(life(number))
        assert len(events) == number
        as_of = max(event.effective_on for event in events)
        assert position(agreed, events, as_of).principal_outstanding.amount > 0
        found[f"events_{number}_us"] = best(lambda told=events, on=as_of: position(agreed, told, on), 15, 1)
    return found


def life(number: int) -> Iterator[Event]:
    """A drawdown, then of every ten events: six payments, two prepayments, a fee, and a reversal or a new rate."""
    yield Drawn(DRAWN_ON, 1, Money("100000.00", "GBP"))
    days = 365 * YEARS - 30
    paid = Money(Decimal(730 * 12 * YEARS * 100 // (55 * number)), "GBP")
    for no in range(2, number + 1):
        day = DRAWN_ON + timedelta(days=days * no // number)
        match no % 10:
            case 0:
                yield FeeCharged(day, no, Money("10.00", "GBP"))
            case 1:
                yield Repaid(day, no, Money("5.00", "GBP"), Prepayment.SHORTER_TERM)
            case 4:
                yield Repaid(day, no, Money("5.00", "GBP"), Prepayment.LOWER_PAYMENT)
            case 7 if no % 20 == 7:
                yield RateChanged(day, no, Decimal("0.06") + Decimal(no % 5) / 1000)
            case 7:
                yield Reversed(day, no, of=no - 1)
            case _:
                yield Repaid(day, no, paid)


def lines() -> dict[str, object]:
    """The peak memory of `calculate schedule` over 100,000 lines, in MB, and the lines it answers a second."""
    with tempfile.TemporaryFile("w+b") as source:
        for text in islice(_questions(), LINES):
            source.write(text)
        source.seek(0)
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "manage.py", "calculate", "schedule"], stdin=source, stdout=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    assert status == 0
    return {"peak_mb": usage.ru_maxrss / 1024, "rate": LINES / seconds}


def _questions() -> Iterator[bytes]:
    number = 0
    while True:
        yield (
            json.dumps(
                {
                    "id": number,
                    "principal": f"{1000 + number}.00",
                    "annual_rate": f"0.0{number % 90 + 10}",
                    "drawn_on": "2026-01-31",
                    "amortisation": "annuity",
                    "day_count": "actual/365f",
                    "principal_due": {"after": "2026-01-31", "every": "1M"},
                    "instalments": 12 + number % 49,
                }
            ).encode()
            + b"\n"
        )
        number += 1


PARTS = {"schedule": schedule, "replay": replay, "lines": lines}

if __name__ == "__main__":
    print(json.dumps({"part": sys.argv[1], **PARTS[sys.argv[1]]()}), flush=True)
