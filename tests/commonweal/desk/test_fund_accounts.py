"""The fund's accounts tie: in themselves, with the trial balance, and with what stands for each investor."""

from __future__ import annotations

from datetime import date

import pytest

from commonweal.demo.story import TOM
from investors.queries import Why, changes_in_funds
from ledger.queries import CASH, Period, fund_accounts, trial_balance
from tests.demo import Demo
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
    assert sum(one.closing for one in changes) == -sum(stands.get(code, 0) for code in ("2410", "2420", "2425", "2510"))
    flows = fund_accounts(demo.book, [Period(from_on, to_on)]).cash_flow.sections
    named = {line.name: line.minor[0] for section in flows for line in section.lines}
    assert sum(one.changes[Why.PAID_IN] for one in changes) == named.get("Paid in by investors", 0)
    assert sum(one.changes[Why.BETWEEN] for one in changes) == 0


def test_the_desk_shows_them_beside_the_year_before(demo: Demo) -> None:
    client = demo.client(TOM)
    text = Shown(client.get(f"{PAGE}?from=2026-04-01&to=2026-11-23")).text
    for words in ("Balance sheet", "Net assets", "Income statement", "Cash at the end", "Changes in investors’ funds"):
        assert words in text
    rows = client.get(f"{PAGE}?download=csv").getvalue().decode()
    assert "Cash flow,Lending,,Principal repaid," in rows
    assert "2025-04-01 to 2025-11-23" in rows
