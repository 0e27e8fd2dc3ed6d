"""How much memory do 10,000 loans take that move in? One line of JSON; `moving_in_run.py` puts it into the page."""

from __future__ import annotations

import json
import os
import resource
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonweal.settings.local")

import django

django.setup()

from commonweal.jobs.bringing_in import move_in  # noqa: E402
from commonweal.jobs.moving_in import try_moving_in  # noqa: E402
from loans.services import confirm_moving_in, prepare_moving_in  # noqa: E402
from tests.loans.builders import make_fund  # noqa: E402
from tests.moving_in import CUT_OVER_ON, many, sheets  # noqa: E402

LOANS = int(os.environ.get("BENCH_LOANS", "10000"))


def main() -> None:
    """Prepared by one person, tried, confirmed by another, and in: seconds, and the peak memory of all of it."""
    fund, start = make_fund(), time.perf_counter()
    prepared = prepare_moving_in(book=fund.book, cut_over_on=CUT_OVER_ON, files=sheets(many(LOANS)), by=fund.tom)
    ready = try_moving_in(moving_in=prepared)
    tried = time.perf_counter() - start
    confirmed = confirm_moving_in(moving_in=ready, shown_sha256=ready.content_sha256, by=fund.priya)
    done = move_in(moving_in=confirmed, by=fund.priya)
    seconds = time.perf_counter() - start - tried
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"loans": done.brought["loans"], "tried": tried, "seconds": seconds, "peak_mb": peak}), flush=True)


if __name__ == "__main__":
    main()
