"""What the fund promised its lenders: tested to the penny, refused at a draw, kept at a close, told in sentences."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from moneyed import Money

from commonweal.jobs.close import close_days
from investors.domain.borrowing_covenants import Covenants, FundFigures, borrowing_base, outcomes
from investors.domain.borrowing_ladder import ladder
from investors.domain.errors import BorrowingRefused, DrawAboveLimit, FacilityRefused
from investors.domain.kinds import InvestorKind
from investors.domain.participation import Participation as Part
from investors.models import CovenantTest
from investors.queries.borrowing_tests import fund_figures, maturity_ladder
from investors.services import preview_borrowing, register_investor, set_participations
from loans.domain.events import Drawn
from tests.builders import pounds
from tests.investors.borrowed import Borrowed, agreed, make_borrowed
from tests.loans.builders import make_drawn_loan

ON = date(2026, 3, 31)


def figures(**given: str) -> FundFigures:
    """Round figures, with what a test changes."""
    usual = {
        "eligible": "90000.00",
        "in_arrears": "10000.00",
        "outstanding": "100000.00",
        "interest_earned": "6000.00",
        "interest_borne": "2000.00",
        "cash": "8000.00",
        "drawn": "70000.00",
    }
    return FundFigures(on=ON, **{name: pounds(amount) for name, amount in (usual | given).items()})


def d(value: str) -> Decimal:
    return Decimal(value)


@pytest.mark.parametrize(
    ("covenants", "changed", "is_met", "figure", "headroom"),
    [
        ({"advance_rate": d("0.8")}, {}, True, "£70,000.00", "£2,000.00"),
        ({"advance_rate": d("0.8")}, {"drawn": "72000.00"}, True, "£72,000.00", "£0.00"),
        ({"advance_rate": d("0.8")}, {"drawn": "72000.01"}, False, "£72,000.01", "-£0.01"),
        ({"advance_rate": d("0.333")}, {"eligible": "0.10", "drawn": "0.04"}, False, "£0.04", "-£0.01"),
        ({"arrears_share": d("0.1")}, {}, True, "10.00%", "£0.00"),
        ({"arrears_share": d("0.1")}, {"in_arrears": "10000.01"}, False, "10.01%", "-£0.01"),
        ({"arrears_share": d("0.1")}, {"outstanding": "0.00", "in_arrears": "0.00"}, True, "0.00%", "£0.00"),
        ({"interest_cover": d("3")}, {}, True, "3.00 times", "£0.00"),
        ({"interest_cover": d("3")}, {"interest_earned": "5999.99"}, False, "2.99 times", "-£0.01"),
        ({"interest_cover": d("3")}, {"interest_borne": "0.00"}, True, "no interest yet", "£6,000.00"),
        ({"minimum_cash": "8000.00"}, {}, True, "£8,000.00", "£0.00"),
        ({"minimum_cash": "8000.01"}, {}, False, "£8,000.00", "-£0.01"),
    ],
)
def test_each_covenant_says_its_figure_and_its_headroom(
    covenants: dict[str, Any], changed: dict[str, str], is_met: bool, figure: str, headroom: str
) -> None:
    agreed_on = {name: pounds(value) if name == "minimum_cash" else value for name, value in covenants.items()}
    (one,) = outcomes(Covenants(**agreed_on), figures(**changed))
    assert (one.is_met, one.figure, one.headroom) == (is_met, figure, headroom)
    assert one.sentence.endswith("of headroom." if is_met else "beyond the limit: a breach.")


def test_the_base_in_a_sentence() -> None:
    (one,) = outcomes(Covenants(advance_rate=d("0.8"), days_late=60), figures())
    assert one.sentence == (
        "£70,000.00 is drawn on 31 March 2026 against a borrowing base of £72,000.00: 80% of £90,000.00 of loans that "
        "are at most 60 days late: £2,000.00 of headroom."
    )
    assert borrowing_base(Covenants(), figures()) is None


@pytest.mark.parametrize(
    "nonsense",
    [{"advance_rate": d("1.01")}, {"arrears_share": d("0")}, {"days_late": -1}, {"minimum_cash": Money("0", "GBP")}],
)
def test_nonsense_is_no_covenant(nonsense: dict[str, Any]) -> None:
    with pytest.raises(FacilityRefused):
        Covenants(**nonsense)


def test_what_is_written_is_read_again() -> None:
    all_of_them = Covenants(d("0.80"), 60, d("0.1"), d("1.25"), pounds("5000.00"))
    assert Covenants.read(all_of_them.content(), "GBP") == all_of_them


def test_a_ladder_has_every_month_and_names_the_first_that_is_short() -> None:
    inflow = {date(2026, 4, 1): 10000, date(2026, 7, 1): 90000, date(2026, 3, 1): 5000}
    outflow = {date(2026, 4, 30): 30000, date(2026, 6, 30): 40000}
    found = ladder(ON, pounds("300.00"), inflow, outflow)
    assert [(f"{rung.month:%m}", rung.gap, rung.cash_after) for rung in found.rungs] == [
        ("03", pounds("0.00"), pounds("300.00")),
        ("04", pounds("-200.00"), pounds("100.00")),
        ("05", pounds("0.00"), pounds("100.00")),
        ("06", pounds("-400.00"), pounds("-300.00")),
        ("07", pounds("900.00"), pounds("600.00")),
    ]
    assert found.words == (
        "By the end of June 2026, when the last of the borrowing falls due, £100.00 comes in from loans and £700.00 "
        "goes out to lenders; £900.00 comes in only after it: the borrowing matures before the loans. With the £300.00 "
        "there is on 31 March 2026, June 2026 is the first month that is short, by £300.00."
    )


@pytest.fixture
def borrowed(db: None) -> Borrowed:
    """A loan of £35,000.00, of which a bank has £10,000.00, stands behind a base of 60%."""
    covenants = Covenants(advance_rate=d("0.6"), days_late=30, arrears_share=d("0.5"), minimum_cash=pounds("1000.00"))
    one = make_borrowed(agreed(covenants=covenants))
    loan = make_drawn_loan(one.fund)
    parts = (Part("NRB", 1, pounds("10000.00")), Part("LOT", 2, pounds("25000.00")))
    register_investor(code="LOT", name="Own money", kind=InvestorKind.OWN_FUNDS)
    set_participations(loan=loan, effective_on=date(2025, 5, 1), participations=parts, by=one.fund.tom)
    return one


def test_a_draw_above_the_base_is_refused_with_the_figure(borrowed: Borrowed) -> None:
    """60% of the fund's own £25,000.00 is £15,000.00; what a lender has in the loan is no security of the fund's."""
    known = fund_figures(borrowed.book, date(2025, 5, 1), borrowed.life.agreement.covenants)
    assert (known.outstanding, known.eligible) == (pounds("25000.00"), pounds("25000.00"))
    with pytest.raises(DrawAboveLimit, match=r"£15,000.01 is £0.01 more than the borrowing base of B-0001 leaves"):
        borrowed.draw("15000.01")
    drawn = Drawn(date(2025, 5, 1), 0, pounds("15000.00"))
    shown = preview_borrowing(facility=borrowed.facility, event=drawn)
    assert [one.is_met for one in shown.covenants] == [True, True, False]
    assert (shown.limits.available, len(shown.entries)) == (pounds("15000.00"), 1)
    assert not CovenantTest.objects.exists()
    borrowed.draw("15000.00")
    kept = CovenantTest.objects.filter(occasion="draw").order_by("pk")
    assert [(one.kind, one.is_met) for one in kept] == [
        ("borrowing-base", True),
        ("arrears-share", True),
        ("minimum-cash", False),
    ]
    with pytest.raises(BorrowingRefused, match=r"Draw £0\.00 at most"):
        borrowed.draw("1.00")


def test_a_breach_stays_on_the_record_of_the_close(borrowed: Borrowed) -> None:
    """The loan is not paid: from 2 July on it is more than 30 days late, so the base is gone."""
    borrowed.draw("15000.00")
    close_days(book=borrowed.book, through=date(2025, 7, 10), today=date(2025, 7, 20), by=borrowed.fund.tom)
    kept = CovenantTest.objects.filter(kind="borrowing-base").order_by("on")
    assert [(str(one.on), one.occasion, one.is_met) for one in kept] == [
        ("2025-05-01", "draw", True),
        ("2025-05-31", "month-end", True),
        ("2025-06-30", "month-end", True),
        ("2025-07-10", "close", False),
    ]
    assert kept.last().sentence.startswith("£15,000.00 is drawn on 10 July 2025 against a borrowing base of £0.00")
    before = CovenantTest.objects.count()
    borrowed.book.refresh_from_db()
    close_days(book=borrowed.book, through=date(2025, 7, 11), today=date(2025, 7, 20), by=borrowed.fund.tom)
    assert CovenantTest.objects.count() == before


def test_the_ladder_of_a_fund_takes_its_own_part_of_the_loans(borrowed: Borrowed) -> None:
    borrowed.draw("15000.00")
    found = maturity_ladder(borrowed.book, date(2025, 5, 1))
    assert found.rungs[1].inflow == pounds("483.32")
    assert found.rungs[1].outflow == borrowed.life.at(date(2025, 5, 1)).instalments[0].instalment.total
    assert len(found.rungs) == 61
