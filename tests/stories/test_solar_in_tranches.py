"""A solar co-operative draws three times as its roofs are built, at Bank Rate and a margin, and is told of each change
before it counts; fees are kept back from the first drawdown and charged on what is not drawn yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from loans import queries
from loans.domain.conventions import Tranche
from loans.domain.events import FeeCharged, RateChanged
from loans.domain.fees import FeeKind, FeeSettlement
from loans.domain.linked_rates import LinkedRate
from loans.domain.offer import Brings, Link
from loans.models import RateNotice
from loans.services import More, add_index, record_base_rate
from tests.builders import pounds
from tests.loans.builders import asked
from tests.stories.telling import Story

pytestmark = pytest.mark.django_db

MARGIN = LinkedRate(Decimal("0.03"), floor=Decimal("0.05"), cap=Decimal("0.0725"))
ROOFS = (("2025-05-01", "20000.00"), ("2025-08-15", "25000.00"), ("2025-11-03", "15000.00"))


@pytest.fixture
def solar() -> Story:
    """£60,000 in three tranches over five years, six months of interest alone, at Bank Rate (4.25%) and 3%."""

    def more(story: Story) -> More:
        index = add_index(book=story.fund.book, code="bank-rate", name="Bank Rate")
        record_base_rate(index=index, effective_on=date(2025, 2, 6), annual_rate=Decimal("0.0425"), by=story.fund.tom)
        return More(brings=Brings(interest_only_periods=12), link=Link("bank-rate", MARGIN, notice_days=14))

    tranches = tuple(Tranche(date.fromisoformat(day), pounds(amount)) for day, amount in ROOFS)
    asks = replace(asked("60000.00", 60, "2025-06-01"), annual_rate=None, drawdowns=tranches, interest_only_periods=6)
    return Story("Otterby Solar Co-operative", asks, more=more)


def test_a_solar_co_operative_draws_three_times_at_a_linked_rate(solar: Story, hledger: str) -> None:
    the_first_roof(solar)
    the_second_roof_and_a_lower_rate(solar)
    the_third_roof_and_a_higher_rate(solar)
    principal_begins(solar)
    solar.ends_well(hledger)


def the_first_roof(solar: Story) -> None:
    """The arrangement fee of 1% is kept back, and earned over the five years."""
    on = date.fromisoformat("2025-05-01")
    fee = FeeCharged(on, 0, pounds("600.00"), FeeKind.ARRANGEMENT, FeeSettlement.DEDUCTED, earned_by=date(2030, 5, 1))
    solar.lend("2025-05-01", "20000.00", fee)
    assert queries.terms_of(solar.loan).annual_rate == Decimal("0.0725")
    solar.receive_what_is_due("2025-06-02", "2025-07-01", "2025-08-01")
    solar.stands("""
    # day        principal interest  way   later 1010/MAIN    4010   4030
      2025-05-01  20000.00     0.00 0.00 -600.00 -19400.00    0.00   0.00
      2025-06-02  20000.00     0.00 0.00 -589.49 -19279.17 -120.83 -10.51
      2025-08-01  20000.00     0.00 0.00 -569.77 -19037.51 -362.49 -30.23
    """)


def the_second_roof_and_a_lower_rate(solar: Story) -> None:
    """Drawn in the middle of a month; Bank Rate falls to 4% from 7 August, and the co-operative was told."""
    follow(solar, "2025-08-07", "0.0400", told_by="2025-07-24")
    solar.lend("2025-08-15", "25000.00")
    solar.happen(FeeCharged(date(2025, 8, 15), 0, pounds("87.50"), FeeKind.COMMITMENT))
    solar.receive("2025-09-01", "87.50")
    solar.receive_what_is_due("2025-09-02", "2025-10-01")
    solar.stands("""
    # day        principal interest  fees    4010    4030
      2025-08-07  20000.00     0.00  0.00 -362.49  -30.23
      2025-08-15  45000.00     0.00 87.50 -362.49 -122.33
      2025-09-01  45000.00   195.28  0.00 -557.77 -127.92
      2025-09-02  45000.00     0.00  0.00 -557.77 -127.92
      2025-10-01  45000.00     0.00  0.00 -820.27 -137.77
    """)


def the_third_roof_and_a_higher_rate(solar: Story) -> None:
    """Bank Rate of 4.75% and the margin would be 7.75%: the cap holds it at 7.25%."""
    solar.receive_what_is_due("2025-11-03")
    solar.lend("2025-11-04", "15000.00")
    follow(solar, "2025-11-06", "0.0475", told_by="2025-10-23")
    solar.stands("""
    # day        principal interest  way     4010
      2025-11-03  45000.00     0.00 0.00 -1082.77
      2025-11-04  60000.00     0.00 0.00 -1082.77
      2025-11-30  60000.00     0.00 0.00 -1082.77
    """)
    assert queries.position_of(solar.loan, date(2025, 11, 30)).undrawn == pounds("0.00")


def principal_begins(solar: Story) -> None:
    """From December on level payments clear what was drawn over the fifty-four months that are left."""
    solar.receive_what_is_due("2025-12-01", "2026-01-02", "2026-02-02", "2026-03-02")
    solar.stands("""
    # day        principal interest   later     4010    4030
      2025-12-01  59046.38     0.00 -529.68 -1434.44 -157.82
      2026-01-02  58097.83     0.00 -519.17 -1791.18 -168.33
      2026-03-02  56183.50     0.00 -499.78 -2487.43 -187.72
    """)
    rows = queries.position_of(solar.loan, date(2026, 3, 2)).instalments
    assert len({row.instalment.principal + row.instalment.interest for row in rows[6:-1]}) == 1
    assert (len(rows), str(rows[-1].instalment.balance.amount)) == (60, "0.00")


def follow(solar: Story, day: str, base: str, *, told_by: str) -> None:
    """Bank Rate is published: whoever follows it is told, and the loan bears the new rate from its day."""
    on = solar.on(day)
    index = queries.base_rate_indexes(solar.fund.book).get()
    row = record_base_rate(index=index, effective_on=on, annual_rate=Decimal(base), by=solar.fund.tom)
    (notice,) = RateNotice.objects.filter(base_rate=row)
    assert (notice.loan, str(notice.tell_by), notice.takes_effect_on) == (solar.loan, told_by, on)
    solar.happen(RateChanged(on, 0, notice.new_rate))
