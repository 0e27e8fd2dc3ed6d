"""A bakery falls behind, its interest stops being income, it gets new terms, and three payments later it is cured."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from loans import queries
from loans.domain.allocation import Component
from loans.domain.events import FeeCharged, Restructured, Resumed, Suspended, Waived
from loans.domain.fees import FeeKind
from loans.domain.reschedule import rescheduled
from loans.domain.servicing import DefaultInterest, Servicing
from loans.models import Standing
from tests.builders import pounds
from tests.loans.builders import asked
from tests.stories.telling import Story, brings

pytestmark = pytest.mark.django_db

LATE = DefaultInterest(Decimal("0.08"), grace_days=7)


@pytest.fixture
def bakery() -> Story:
    """£24,000 over 36 months at 6%, with 8% on principal that is more than a week late."""
    asks = asked("24000.00", 36, "2025-06-01")
    return Story("Ovens of Otterby", asks, more=brings(servicing=Servicing(default_interest=LATE)))


def test_a_bakery_in_arrears_is_restructured_and_cured(bakery: Story, hledger: str) -> None:
    on_time(bakery)
    behind(bakery)
    no_income_any_more(bakery)
    new_terms(bakery)
    cured(bakery)
    bakery.ends_well(hledger)


def on_time(bakery: Story) -> None:
    bakery.lend("2025-05-01", "24000.00")
    bakery.receive_what_is_due("2025-06-02", "2025-07-01", "2025-08-01")
    bakery.stands("""
    # day        principal interest advance 1010/MAIN    4010
      2025-05-01  24000.00     0.00    0.00 -24000.00    0.00
      2025-06-02  23389.87     0.00    0.00 -23269.87 -120.00
      2025-08-01  22160.44     0.00    0.00 -21809.61 -350.83
    """)


def behind(bakery: Story) -> None:
    """The oven breaks: three instalments are missed, a part of one comes in, and a late fee is charged."""
    bakery.on("2025-10-01")
    bakery.happen(FeeCharged(date(2025, 10, 1), 0, pounds("25.00"), kind=FeeKind.LATE))
    bakery.receive("2025-10-20", "300.00")
    bakery.on("2025-11-10")
    bakery.stands("""
    # day        principal interest  fees default advance   4030   4040
      2025-09-01  22160.44   110.80  0.00    0.00    0.00   0.00   0.00
      2025-10-01  22160.44   218.51 25.00    3.12    0.00 -25.00  -3.12
      2025-10-19  22160.44   218.51 25.00    3.12    0.00 -25.00  -3.12
      2025-10-20  21974.36   107.71 25.00    4.22    0.00 -25.00  -7.34
      2025-11-10  21974.36   212.30 25.00    7.46    0.00 -25.00 -10.58
    """)
    at = queries.position_of(bakery.loan, date(2025, 11, 10))
    assert (at.days_past_due, str(at.arrears.amount)) == (70, "1925.97")


def no_income_any_more(bakery: Story) -> None:
    """From the ninetieth day its unpaid interest is owed, but no income."""
    bakery.happen(Suspended(date(2025, 12, 1), 0))
    bakery.stands("""
    # day        principal interest default unearned penalty    4010   4040
      2025-11-30  21974.36   212.30    7.46     0.00    0.00 -673.93 -10.58
      2025-12-01  21974.36   313.77   16.82  -313.77  -16.82 -461.63  -3.12
    """)


def new_terms(bakery: Story) -> None:
    """The late fee is waived; the arrears become principal over four years. Nobody has paid them: no income yet."""
    on = date(2025, 12, 15)
    bakery.agree(Waived(on, 0, pounds("25.00"), Component.FEE), reason="Nobody gains by it")
    at = queries.position_of(bakery.loan, on)
    terms = rescheduled(
        queries.terms_of(bakery.loan), at, capitalises=True, instalments=48, first_due_on=date(2026, 2, 1)
    )
    bakery.agree(Restructured(on, 0, terms, capitalises=True), reason="The new oven is paid; orders are back")
    bakery.stands("""
    # day        principal interest  fees default unearned penalty    4010  4040  5040
      2025-12-14  21974.36   313.77 25.00   16.82  -313.77  -16.82 -461.63 -3.12  0.00
      2025-12-15  22311.07     0.00  0.00    0.00  -313.77  -22.94 -461.63 -3.12 25.00
    """)
    assert queries.position_of(bakery.loan, on).days_past_due == 0


def cured(bakery: Story) -> None:
    """Three payments on time, and its interest is income again."""
    bakery.receive_what_is_due("2026-02-02", "2026-03-02", "2026-04-01")
    bakery.happen(Resumed(date(2026, 4, 1), 0))
    bakery.receive_what_is_due("2026-05-01")
    bakery.stands("""
    # day        principal interest default unearned penalty     4010   4040
      2026-02-01  22311.07     0.00    0.00  -313.77  -22.94  -461.63  -3.12
      2026-02-02  22001.57     0.00    0.00  -313.77  -22.94  -678.57  -3.12
      2026-04-01  21166.63     0.00    0.00     0.00    0.00 -1210.28 -26.06
      2026-05-01  20746.02     0.00    0.00     0.00    0.00 -1316.11 -26.06
    """)
    at = queries.position_of(bakery.loan, date(2026, 5, 1))
    assert (at.days_past_due, at.arrears) == (0, pounds("0.00"))
    row = Standing.objects.as_at(date(2026, 5, 1)).get(loan=bakery.loan)
    assert (row.restructured_on, row.is_suspended) == (date(2025, 12, 15), False)
