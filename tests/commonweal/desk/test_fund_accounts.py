"""The fund's accounts tie: in themselves, with the trial balance, and with what stands for each investor."""

from __future__ import annotations

from datetime import date

import pytest
from moneyed import Money

from commonweal.demo.story import TOM
from commonweal.documents.fund_accounts import accounts_sheet, accounts_shown, render_accounts
from investors.domain.capital_act import ActKind
from investors.domain.kinds import InvestorKind
from investors.queries import Why, changes_in_funds
from investors.services import register_investor
from ledger.domain.entry import JournalEntry, Kind, credit, debit
from ledger.queries import CASH, Period, fund_accounts, trial_balance
from ledger.services import post
from tests.builders import check_draft, make_account, make_book, make_draft, make_user, reverse_entry
from tests.demo import Demo
from tests.investors.fund_in_classes import make_class_fund
from tests.pages import Shown

PERIODS = (
    (date(2025, 4, 1), date(2026, 3, 31)),
    (date(2026, 4, 1), date(2026, 11, 23)),
    (date(2025, 5, 1), date(2025, 5, 1)),
)
PAGE = "/desk/harbour-hills/ledger/fund-accounts/"


def standing(demo: Demo, on: date) -> dict[str, int]:
    """What each line of the chart stands at, debits positive."""
    found: dict[str, int] = {}
    for row in trial_balance(demo.book, on):
        node = row.code.partition("/")[0]
        found[node] = found.get(node, 0) + row.minor
    return found


@pytest.mark.parametrize(("from_on", "to_on"), PERIODS)
def test_the_statements_tie_to_the_trial_balance(demo: Demo, from_on: date, to_on: date) -> None:
    period = Period(from_on, to_on)
    found = fund_accounts(demo.book, [period, period])
    stands = standing(demo, to_on)
    (net,) = found.balance_sheet.ties
    fund = next(one for one in found.balance_sheet.sections if one.name == "Fund")
    assert net.minor == fund.total.minor
    assert net.minor[0] == net.minor[1] == sum(minor for code, minor in stands.items() if code < "3")
    change, opening, closing, *parts = found.cash_flow.ties
    assert closing.minor[0] == opening.minor[0] + change.minor[0]
    assert closing.minor[0] == sum(line.minor[0] for line in parts) == sum(stands.get(code, 0) for code in CASH)


def test_the_result_of_a_year_is_its_income_less_its_costs_whatever_its_journal_carried(demo: Demo) -> None:
    year = Period(*PERIODS[0])
    (result,) = fund_accounts(demo.book, [year]).income.ties
    fund = {
        one.code or one.name: one.minor[0]
        for section in fund_accounts(demo.book, [year]).balance_sheet.sections
        for one in section.lines
    }
    assert result.minor[0] == fund.get("3010", 0) + fund["Result not yet carried forward"]
    assert fund_accounts(demo.book, [year]).income.sections[0].total.minor[0] > 0


@pytest.mark.parametrize(("from_on", "to_on"), PERIODS)
def test_what_changed_for_investors_ties_to_their_accounts_and_to_cash(demo: Demo, from_on: date, to_on: date) -> None:
    changes = changes_in_funds(demo.book, from_on, to_on)
    stands = standing(demo, to_on)
    theirs = ("2410", "2420", "2425", "2510", "3110")
    assert sum(one.closing for one in changes) == -sum(stands.get(code, 0) for code in theirs)
    flows = fund_accounts(demo.book, [Period(from_on, to_on)]).cash_flow.sections
    named = {line.name: line.minor[0] for section in flows for line in section.lines}
    assert sum(one.changes[Why.PAID_IN] for one in changes) == named.get("Paid in by investors", 0)
    assert sum(one.changes[Why.BETWEEN] for one in changes) == 0


@pytest.mark.django_db
def test_what_other_books_stood_at_is_no_flow_of_lending_or_of_investors() -> None:
    book, maker, on = make_book(opened_on=date(2025, 4, 1)), make_user(), date(2025, 4, 1)
    register_investor(code="NRB", name="Northmoor Regional Bank", kind=InvestorKind.REGIONAL_BANK)
    make_account(book=book, node="2510", subject="NRB", on=on)
    lines = {"debited": "1010/MAIN", "credited": "2510/NRB", "kind": Kind.OPENING}
    opening = check_draft(make_draft(book=book, by=maker, on=on, amount="900.00", **lines), by=make_user())

    def told() -> tuple[dict[str, int], int]:
        (one,) = changes_in_funds(book, on, on)
        flows = fund_accounts(book, [Period(on, on)]).cash_flow.sections
        return {line.name: line.minor[0] for section in flows for line in section.lines}, one.changes[Why.BROUGHT_IN]

    assert told() == ({"Opening balances": 90000}, 90000)
    reverse_entry(opening, by=maker, on=on)
    assert told() == ({}, 0)


@pytest.mark.parametrize(
    ("on", "before"),
    [
        ("2024-02-28", "2023-02-28"),
        ("2024-02-29", "2023-02-28"),
        ("2025-02-28", "2024-02-29"),
        ("2025-03-01", "2024-03-01"),
        ("2025-02-27", "2024-02-27"),
    ],
)
def test_a_year_before_ends_with_the_same_day_or_the_end_of_the_month(on: str, before: str) -> None:
    day = date.fromisoformat(on)
    assert Period(day, day).year_before.to_on.isoformat() == before


def test_the_desk_shows_them_beside_the_year_before(demo: Demo) -> None:
    client = demo.client(TOM)
    text = Shown(client.get(f"{PAGE}?from=2026-04-01&to=2026-11-23")).text
    for words in ("Balance sheet", "Net assets", "Income statement", "Cash at the end", "Changes in investors’ funds"):
        assert words in text
    rows = client.get(f"{PAGE}?download=csv").getvalue().decode()
    assert "Cash flow,Lending,,Principal repaid," in rows
    assert "2025-04-01 to 2025-11-23" in rows


@pytest.mark.django_db
def test_capital_grants_and_other_currencies_stand_in_the_accounts() -> None:
    """Shares of the result and grants have columns of their own, and no other currency is left out in silence."""
    fund = make_class_fund(today=date(2026, 3, 31))
    on = date(2025, 4, 1)
    fund.commit("SENIOR", "NRB", 10_000_00, on)
    fund.call(["SENIOR"], 10_000_00, on, on)
    fund.pays("SENIOR", "NRB", 10_000_00, on)
    fund.earns(100_00, date(2025, 6, 30))
    fund.act(ActKind.RESULT, date(2025, 6, 30))
    fund.act(ActKind.GRANT, on, grant="OPS", funder="LOT", purpose="operating", minor=500_00)
    fund.holds("LOT", 500_00, on)
    fund.act(ActKind.GRANT_RECEIVED, on, grant="OPS", minor=500_00)
    for node in ("2110", "2130"):
        make_account(book=fund.book, node=node, subject="EURO", currency="EUR", on=on)
    amount = Money("70.00", "EUR")
    entry = JournalEntry(on, "Paid in euro", (debit("2110/EURO", amount), credit("2130/EURO", amount)))
    post([entry], book=fund.book, key="euro", by=fund.tom)

    shown = accounts_shown(fund.book, Period(on, date(2026, 3, 31)))
    assert [str(one) for one in shown.columns] == ["Share of the result", "Given as grants", "Paid out"]
    by_investor = {investor.code: [str(one.amount) for one in amounts] for investor, amounts in shown.changes[0].rows}
    assert by_investor["NRB"] == ["0.00", "99.73", "0.00", "10000.00", "10099.73"]
    (grant,) = shown.grants
    assert [str(one.amount) for one in grant.amounts] == ["0.00", "500.00", "0.00", "500.00", "0.00"]
    assert [(one.code, one.amounts[0]) for one in shown.elsewhere] == [("2110/EURO", amount), ("2130/EURO", -amount)]
    rows = list(accounts_sheet(shown).rows)
    assert ("In other currencies", "EUR") in {row[:2] for row in rows}
    pdf = render_accounts(shown)
    assert pdf == render_accounts(accounts_shown(fund.book, shown.period)), "the same books give the same bytes"


def test_the_accounts_are_a_pdf_for_staff(demo: Demo) -> None:
    answer = demo.client(TOM).get(f"{PAGE}pdf/?from=2026-04-01&to=2026-11-23")
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Disposition"] == 'attachment; filename="fund-accounts-harbour-hills-2026-11-23.pdf"'
    assert "no-store" in answer["Cache-Control"]
    assert f"{PAGE}pdf/?from=" in demo.client(TOM).get(PAGE).content.decode()
