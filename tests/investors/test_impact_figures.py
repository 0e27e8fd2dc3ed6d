"""From readings, accounts and the ledger to shares: the café of `docs/maths/attribution.md` in real books."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from pytest_django import DjangoAssertNumQueries

from borrowers.domain.accounts import AccountsKind, AccountsSpan
from borrowers.domain.indicators import Range
from borrowers.domain.outcomes import AddUp, Measure
from borrowers.domain.readings import Answer, Direction, Grade, ReadingPeriod
from borrowers.models import Indicator, Organisation
from investors.domain.attribution import WhyNot
from investors.impact_figures import ImpactFigures, impact_figures
from investors.impact_sections import fund_picture
from ledger.domain.entry import Kind
from ledger.models import Book
from ledger.models import JournalEntry as StoredEntry
from loans.services import promise_impact
from loans.services.impact import Promise
from tests.borrowers import builders as said_by
from tests.builders import make_account, post_entry, reverse_entry
from tests.investors.shared_loan import SharedLoan, approve_netherby
from tests.loans.builders import Fund, make_fund, make_loan

pytestmark = pytest.mark.django_db

END = date(2026, 10, 1)
YEAR = ReadingPeriod(date(2025, 10, 1), END)
YEAR_BEFORE = ReadingPeriod(date(2024, 10, 1), date(2025, 10, 1))
FIRST_HALF = ReadingPeriod(date(2025, 10, 1), date(2026, 4, 1))
SECOND_HALF = ReadingPeriod(date(2026, 4, 1), END)


@pytest.fixture
def cafe() -> SharedLoan:
    """£40,000 outstanding all year, £10,000 of it the bank's; a twentieth of the fund's own money is Tideway's."""
    shared = approve_netherby()
    reference = shared.loan.reference
    stands(shared, f"1310/{reference}", "40000.00")
    owes(shared, f"2410/{reference}/NRB", "10000.00")
    owes(shared, "3110/SENIOR/TST", "25000.00")
    owes(shared, "3110/SENIOR/LOT", "475000.00")
    return shared


def stands(shared: SharedLoan, code: str, amount: str) -> None:
    """An account that stands at an amount on its left all year."""
    _open(shared.book, code)
    post_entry(book=shared.book, by=shared.tom, on=date(2025, 10, 1), amount=amount, debited=code, credited="3020")


def owes(shared: SharedLoan, code: str, amount: str) -> None:
    """The same on its right."""
    _open(shared.book, code)
    post_entry(book=shared.book, by=shared.tom, on=date(2025, 10, 1), amount=amount, debited="3020", credited=code)


def _open(book: Book, code: str) -> None:
    node, _, subject = code.partition("/")
    make_account(book=book, node=node, subject=subject, on=date(2025, 10, 1))


def promised(shared: SharedLoan, indicator: Indicator) -> None:
    """Something agreed with the loan."""
    promise = Promise(Decimal(8), date(2025, 9, 30), Decimal(15), date(2027, 9, 30))
    promise_impact(loan=shared.loan, indicator=indicator, promise=promise, by=shared.tom)


def accounts(
    business: Organisation,
    *,
    debt: str = "100000",
    net_assets: str = "100000",
    grants_ahead: str = "0",
    end: date = END,
) -> None:
    """The year's accounts."""
    said_by.accounts(
        business,
        span=AccountsSpan(date(end.year - 1, end.month, 1), end),
        kind=AccountsKind.ANNUAL,
        figures=said_by.figures(total_debt=debt, net_assets=net_assets, grants_ahead=grants_ahead),
    )


def shares(found: ImpactFigures) -> list[tuple[object, ...]]:
    """Each indicator with what is supported, our share, and the reader's."""
    return [(one.indicator.code, one.total.supported, one.total.our_share, one.total.yours) for one in found.totals]


def test_twelve_jobs_of_the_cafe(cafe: SharedLoan) -> None:
    business = cafe.loan.organisation
    jobs = said_by.people_in_work()
    promised(cafe, jobs)
    accounts(business)
    said_by.reading(business, jobs, value=Decimal(12))
    said_by.reading(business, jobs, value=Decimal(9), period=YEAR_BEFORE)
    whole = impact_figures(cafe.book, END)
    assert shares(whole) == [("people-in-work", 12, Fraction("2.4"), Fraction("2.4"))]
    total = whole.totals[0].total
    assert (total.before, total.target, total.grade, total.at_risk) == (9, 15, Grade.THIRD_PARTY, 40_000)
    parts = whole.money[0].parts
    assert parts == {"NRB": Fraction(1, 4), "TST": Fraction(3, 80), "LOT": Fraction(57, 80)}
    each = {code: impact_figures(cafe.book, END, reader=code).totals[0].total.yours for code in parts}
    assert each == {"NRB": Fraction("0.6"), "TST": Fraction("0.09"), "LOT": Fraction("1.71")}
    assert sum(each.values()) == total.our_share
    assert impact_figures(cafe.book, END, reader="OAK").totals == ()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({}, WhyNot.NO_ACCOUNTS),
        ({"end": date(2025, 3, 1)}, WhyNot.NO_ACCOUNTS),
        ({"end": date(2025, 4, 1)}, None),
        ({"debt": "50000", "net_assets": "-50000"}, WhyNot.NOTHING_LEFT),
        ({"debt": "39999", "net_assets": "0"}, WhyNot.LESS_THAN_OURS),
    ],
)
def test_without_finance_on_file_it_is_supported_and_not_attributable(
    cafe: SharedLoan, given: dict[str, object], why: WhyNot | None
) -> None:
    jobs = said_by.people_in_work()
    promised(cafe, jobs)
    said_by.reading(cafe.loan.organisation, jobs, value=Decimal(12))
    if given:
        accounts(cafe.loan.organisation, **given)  # type: ignore[arg-type]
    found = impact_figures(cafe.book, END)
    assert found.not_attributable == ({why: 1} if why else {})
    assert (found.totals[0].total.supported, found.totals[0].total.our_share is None) == (12, why is not None)


def drawn(shared: SharedLoan, on: date, amount: str) -> None:
    """What the fund paid out to the business on a day."""
    code = f"1310/{shared.loan.reference}"
    post_entry(book=shared.book, by=shared.tom, on=on, amount=amount, debited=code, credited="3020", kind=Kind.DRAWDOWN)


def factor_of(shared: SharedLoan) -> Fraction | None:
    """What the fund may claim of the one business that it lends to."""
    return impact_figures(shared.book, END).money[0].attribution.factor


def test_a_grant_that_is_not_in_the_net_assets_yet_finances_the_business_too(cafe: SharedLoan) -> None:
    accounts(cafe.loan.organisation, debt="100000", net_assets="50000", grants_ahead="50000")
    assert factor_of(cafe) == Fraction(1, 5)


def test_what_was_lent_after_the_accounts_counts_beside_what_they_say(cafe: SharedLoan) -> None:
    """£36,500 on 1 April stands for half a year, 183 of 365 days: £18,300 more on average, £36,500 more of finance."""
    accounts(cafe.loan.organisation, end=date(2026, 4, 1))
    assert factor_of(cafe) == Fraction(40_000, 200_000)
    drawn(cafe, date(2026, 4, 1), "36500.00")
    assert factor_of(cafe) == Fraction(40_000 + 18_300, 200_000 + 36_500)
    accounts(cafe.loan.organisation, debt="136500", end=date(2026, 7, 1))
    assert factor_of(cafe) == Fraction(40_000 + 18_300, 100_000 + 136_500)


def test_a_drawdown_that_was_taken_back_counts_no_more(cafe: SharedLoan) -> None:
    accounts(cafe.loan.organisation, end=date(2026, 4, 1))
    drawn(cafe, date(2026, 5, 1), "36500.00")
    reverse_entry(StoredEntry.objects.get(kind=Kind.DRAWDOWN), by=cafe.tom)
    assert factor_of(cafe) == Fraction(1, 5)


def test_a_flow_adds_up_over_the_year_and_of_a_stock_the_latest_counts(cafe: SharedLoan) -> None:
    business = cafe.loan.organisation
    hours = said_by.people_in_work(code="hours", name="Hours", unit="hours", measure=Measure.FLOW, adds_up=AddUp.SUM)
    jobs = said_by.people_in_work()
    for indicator in (hours, jobs):
        promised(cafe, indicator)
        said_by.reading(business, indicator, value=Decimal(100), period=FIRST_HALF)
        said_by.reading(business, indicator, value=Decimal(40), period=SECOND_HALF, grade=Grade.ESTIMATED, evidence="")
    found = {one.indicator.code: one.total for one in impact_figures(cafe.book, END).totals}
    assert (found["hours"].supported, found["hours"].grade) == (140, Grade.ESTIMATED)
    assert (found["people-in-work"].supported, found["people-in-work"].grade) == (40, Grade.ESTIMATED)


def test_people_of_two_periods_may_be_the_same(cafe: SharedLoan) -> None:
    """900 in one half of the year and 400 in the other: at least 900, of the grade of the 900."""
    business, rules = cafe.loan.organisation, {"measure": Measure.FLOW, "adds_up": AddUp.UNIQUE_PEOPLE}
    people = said_by.people_in_work(code="people", name="People", range=Range(decimals=0), **rules)
    promised(cafe, people)
    accounts(business)
    said_by.reading(business, people, value=Decimal(900), period=FIRST_HALF)
    once = impact_figures(cafe.book, END).totals[0].total
    assert (once.supported, once.is_at_least) == (900, False)
    said_by.reading(business, people, value=Decimal(400), period=SECOND_HALF, grade=Grade.ESTIMATED, evidence="")
    found = impact_figures(cafe.book, END).totals[0].total
    assert (found.supported, found.is_at_least, found.our_share) == (900, True, 180)
    assert found.grade is Grade.THIRD_PARTY


def test_a_restatement_counts_and_nothing_to_report_is_no_figure(cafe: SharedLoan) -> None:
    business = cafe.loan.organisation
    jobs = said_by.people_in_work()
    promised(cafe, jobs)
    first = said_by.reading(business, jobs, value=Decimal(12))
    said_by.reading(business, jobs, value=Decimal(11), replaces=first)
    assert impact_figures(cafe.book, END).totals[0].total.supported == 11
    people = said_by.people_in_work(code="people", name="People", adds_up=AddUp.UNIQUE_PEOPLE, range=Range(decimals=0))
    promised(cafe, people)
    said_by.reading(business, people, answer=Answer.NOTHING, value=None, grade=None, evidence="")
    found = {one.indicator.code: one.total for one in impact_figures(cafe.book, END).totals}["people"]
    assert (found.supported, found.coverage.nothing, found.coverage.silent) == (None, 1, 0)


@pytest.mark.parametrize("count", [1, 4])
def test_queries_do_not_grow_with_the_businesses(count: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    fund: Fund = make_fund()
    jobs = said_by.people_in_work()
    for number in range(count):
        loan = make_loan(fund, shop=said_by.community_shop(f"Shop {number}", f"9{number:03}"))
        shared = SharedLoan(fund.book, fund.priya, fund.tom, loan, {})
        stands(shared, f"1310/{loan.reference}", "1000.00")
        promised(shared, jobs)
        said_by.reading(loan.organisation, jobs)
        accounts(loan.organisation, end=date(2026, 4, 1))
    with django_assert_num_queries(8):
        found = impact_figures(fund.book, END)
    assert found.totals[0].total.coverage.reported == count


@pytest.mark.parametrize(
    "direction, before, now, said",
    [
        (Direction.DECREASE, "40", "55", "rose from 40 people to 55 people"),
        (Direction.DECREASE, "55", "40", ""),
        (Direction.MAINTAIN, "55", "40", "fell from 55 people to 40 people"),
        (Direction.INCREASE, "55", "40", "fell from 55 people to 40 people"),
        (Direction.INCREASE, "40", "55", ""),
        (Direction.INCREASE, "40", "40", ""),
    ],
)
def test_a_step_back_is_told_whichever_way_is_better(
    cafe: SharedLoan, direction: Direction, before: str, now: str, said: str
) -> None:
    waiting = said_by.people_in_work(
        code="waiting", name="Waiting", direction=direction, adds_up=AddUp.LATEST, needs_baseline=False
    )
    promise = Promise(None, None, Decimal(50), date(2027, 9, 30))
    promise_impact(loan=cafe.loan, indicator=waiting, promise=promise, by=cafe.tom)
    for period, value in ((YEAR_BEFORE, before), (YEAR, now)):
        said_by.reading(cafe.loan.organisation, waiting, period=period, value=Decimal(value))
    told = [words for words in fund_picture(cafe.book, END).impact().went_wrong if words.startswith("Waiting")]
    assert told == ([f"Waiting {said} in the 1 business that reported both years."] if said else [])
