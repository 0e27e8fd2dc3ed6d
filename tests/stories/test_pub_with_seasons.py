"""A pub pays nothing in January and February, gets a holiday in a wet summer, and pays its loan to the last penny."""

from __future__ import annotations

from datetime import date

import pytest

from loans import queries
from loans.domain.events import HolidayGranted
from loans.domain.servicing import HolidayInterest, Prepayment, Servicing
from tests.builders import pounds
from tests.loans.builders import asked
from tests.loans.tables import instalment_table, rows
from tests.stories.telling import Story, brings

pytestmark = pytest.mark.django_db


@pytest.fixture
def pub() -> Story:
    """£9,000 over 18 months at 6%, nothing asked for in January and February."""
    more = brings(months_without=(1, 2), servicing=Servicing(prepayment=Prepayment.LOWER_PAYMENT))
    return Story("The Plough Community Pub", asked("9000.00", 18, "2025-06-01"), more=more)


def test_a_pub_with_a_seasonal_schedule(pub: Story, hledger: str) -> None:
    first_summer(pub)
    winter(pub)
    a_wet_summer(pub)
    to_the_end(pub)
    pub.ends_well(hledger)


def plan(pub: Story, on: str) -> list[list[str]]:
    """The schedule as it is kept for the loan's page."""
    at = queries.position_of(pub.loan, date.fromisoformat(on))
    return instalment_table(row.instalment for row in at.instalments)


def first_summer(pub: Story) -> None:
    pub.lend("2025-05-01", "9000.00")
    assert plan(pub, "2025-05-01") == rows("""
    # no due        principal interest  balance
       1 2025-06-02    544.92    45.00  8455.08
       2 2025-07-01    547.64    42.28  7907.44
       3 2025-08-01    550.38    39.54  7357.06
       4 2025-09-01    553.13    36.79  6803.93
       5 2025-10-01    555.90    34.02  6248.03
       6 2025-11-03    558.68    31.24  5689.35
       7 2025-12-01    561.47    28.45  5127.88
       8 2026-01-02      0.00     0.00  5127.88
       9 2026-02-02      0.00     0.00  5127.88
      10 2026-03-02    513.00    76.92  4614.88
      11 2026-04-01    566.85    23.07  4048.03
      12 2026-05-01    569.68    20.24  3478.35
      13 2026-06-01    572.53    17.39  2905.82
      14 2026-07-01    575.39    14.53  2330.43
      15 2026-08-03    578.27    11.65  1752.16
      16 2026-09-01    581.16     8.76  1171.00
      17 2026-10-01    584.06     5.86   586.94
      18 2026-11-02    586.94     2.93     0.00
    """)
    pub.receive_what_is_due("2025-06-02", "2025-07-01", "2025-08-01")
    pub.receive("2025-08-26", "1200.00")
    pub.stands("""
    # day        principal interest advance    4010
      2025-05-01   9000.00     0.00    0.00    0.00
      2025-06-02   8455.08     0.00    0.00  -45.00
      2025-08-01   7357.06     0.00    0.00 -126.82
      2025-08-26   6157.06     0.00    0.00 -126.82
    """)


def winter(pub: Story) -> None:
    """The bank holiday's takings lowered the payment; nothing is asked for while the pub is shut."""
    pub.receive_what_is_due("2025-09-01", "2025-10-01", "2025-11-03", "2025-12-01")
    pub.on("2026-03-01")
    pub.stands("""
    # day        principal interest advance    4010
      2025-12-01   4294.98     0.00    0.00 -241.10
      2026-01-02   4294.98     0.00    0.00 -241.10
      2026-02-02   4294.98     0.00    0.00 -241.10
      2026-03-01   4294.98     0.00    0.00 -241.10
    """)
    assert queries.position_of(pub.loan, date(2026, 3, 1)).days_past_due == 0


def a_wet_summer(pub: Story) -> None:
    """Two principal dates are skipped and interest is paid; the loan ends in December, as January asks for nothing."""
    pub.receive_what_is_due("2026-03-02", "2026-04-01", "2026-05-01")
    pause = HolidayGranted(date(2026, 5, 20), 0, 2, HolidayInterest.PAID, extends=True)
    pub.agree(pause, reason="No beer garden since Easter")
    pub.receive_what_is_due("2026-06-01", "2026-07-01")
    pub.stands("""
    # day        principal interest advance    4010
      2026-05-01   2913.41     0.00    0.00 -341.80
      2026-06-01   2913.41     0.00    0.00 -356.37
      2026-07-01   2913.41     0.00    0.00 -370.94
    """)


def to_the_end(pub: Story) -> None:
    pub.on("2026-07-01")
    last = [row.instalment.due_on for row in queries.position_of(pub.loan, date(2026, 7, 1)).instalments][-1]
    pub.receive_what_is_due("2026-08-03", "2026-09-01", "2026-10-01", "2026-11-02", "2026-12-01")
    pub.on("2027-02-28")
    assert str(last) == "2026-12-01"
    pub.stands("""
    # day        principal interest advance    4010
      2026-11-02    588.51     0.00    0.00 -411.84
      2026-12-01      0.00     0.00    0.00 -414.78
      2027-02-28      0.00     0.00    0.00 -414.78
    """)
    at = queries.position_of(pub.loan, date(2027, 2, 28))
    assert (at.settled, at.owed_in_all) == (True, pounds("0.00"))
