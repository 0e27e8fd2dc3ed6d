"""What does a distribution cost? A fund of three classes, many investors and many loans."""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import date
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "commonweal.settings.local")

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from investors.domain.capital_act import ActKind  # noqa: E402
from investors.domain.kinds import InvestorKind  # noqa: E402
from investors.models import CapitalLine  # noqa: E402
from investors.services import register_investor  # noqa: E402
from tests.benchmarks.impact_bench import lend  # noqa: E402
from tests.benchmarks.servicing_bench import _book  # noqa: E402
from tests.investors.fund_in_classes import FIRST_LOSS, MEZZANINE, SENIOR, ClassFund  # noqa: E402

START, TODAY = date(2026, 1, 1), date(2026, 3, 31)
CLASSES = (SENIOR, MEZZANINE, FIRST_LOSS)


def distribution(investors: str, loans: str) -> dict[str, Any]:
    """Seconds, queries and lines of a distribution that pays interest and capital to every investor of each class."""
    book, tom, priya = _book(START, TODAY)
    fund = ClassFund(book, tom, priya)
    for terms in CLASSES:
        fund.begins(terms)
    for number in range(int(investors)):
        code = f"I-{number}"
        register_investor(code=code, name=f"Investor {number}", kind=InvestorKind.SOCIAL_INVESTOR)
        fund.commit(CLASSES[number % 3].code, code, 10_000_00 + number, START)
    _call_all(fund, int(investors))
    lend(book, tom, [f"B-{number}" for number in range(int(loans))], 100_00, START)
    fund.earns(50_000_00, TODAY)
    fund.act(ActKind.RESULT, TODAY)
    start = time.perf_counter()
    with CaptureQueriesContext(connection) as asked:
        given = {terms.code: 1_000_00 for terms in CLASSES}
        act = fund.act(ActKind.DISTRIBUTION, TODAY, capital=given)
    took = time.perf_counter() - start
    lines = CapitalLine.objects.filter(act=act)
    return {
        "investors": int(investors),
        "loans": int(loans),
        "seconds": took,
        "queries": len(asked),
        "lines": lines.count(),
        "paid": lines.values("investor").distinct().count(),
    }


def _call_all(fund: ClassFund, investors: int) -> None:
    """All that is committed is called and comes in."""
    fund.call([terms.code for terms in CLASSES], 5_000_00 * investors, START, START)
    call = CapitalLine.objects.filter(act__book=fund.book, act__kind="call").select_related("investor", "fund_class")
    for line in call:
        fund.pays(line.fund_class.code, line.investor.code, line.amount, START)


if __name__ == "__main__":
    print(json.dumps(distribution(*sys.argv[2:])), flush=True)
