"""Two holders that move in from a spreadsheet, on 1 April 2026; all fictional, and worked by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from investors.domain.moved_in import AMOUNTS, TOTALS, Sheet
from investors.domain.moved_in_rows import COLUMNS, read_moved_in

FIRST_DAY = date(2026, 4, 1)
NRB = {
    "commitment": 120_000_00,
    "drawn": 90_000_00,
    "undrawn": 20_000_00,
    "recallable": 10_000_00,
    "paid_in": 100_000_00,
    "income": 18_000_00,
    "fees": 2_000_00,
    "losses": 1_000_00,
    "income_paid": 15_000_00,
    "capital_returned": 35_000_00,
}
"""The worked vector of the fund's returns, which ends at a capital account of 65,000."""
OAK = {"commitment": 50_000_00, "drawn": 30_000_00, "undrawn": 25_000_00, "cancelled": 5_000_00, "paid_in": 30_000_00}
OPEN_CALL = {"called": 12_000_00, "called_due": "2026-04-10"}
"""What may move in with NRB: a call that was sent and not paid."""
FLOWS = (
    ("NRB", "2022-04-01", "paid in", "60000.00"),
    ("NRB", "2023-04-01", "paid in", "40000.00"),
    ("NRB", "2024-04-01", "income paid", "15000.00"),
    ("NRB", "2024-04-01", "capital returned", "5000.00"),
    ("NRB", "2025-04-01", "capital returned", "30000.00"),
    ("OAK", "2025-04-01", "paid in", "30000.00"),
)
SURPLUS = 100_000_00
MADE = {name.replace("_", " "): NRB.get(name, 0) + OAK.get(name, 0) for name in AMOUNTS}
GIVEN = {"holders": 2, **MADE, "capital": 95_000_00, "surplus left": 5_000_00}


def money(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02}"


def sheets(
    *, totals: dict[str, int] | None = None, drop_flow: int | None = None, called_due: str = "", **changed: int
) -> dict[Sheet, Any]:
    """The rows as a CSV file gives them; `changed` are amounts of NRB, whose open call is due on `called_due`."""
    amounts = {"NRB": NRB | changed, "OAK": OAK}
    given = GIVEN | (totals or {})
    flows = [one for place, one in enumerate(FLOWS) if place != drop_flow]
    rows = {
        Sheet.HOLDINGS: [
            ["SENIOR", code, *(money(held.get(name, 0)) for name in AMOUNTS), called_due if code == "NRB" else ""]
            for code, held in amounts.items()
        ],
        Sheet.HISTORY: [["SENIOR", *flow] for flow in flows],
        Sheet.TOTALS: [[name, str(given[name]) if name == "holders" else money(given[name])] for name in TOTALS],
    }
    return {one: list(enumerate([[*COLUMNS[one].required, *COLUMNS[one].optional], *rows[one]], 1)) for one in Sheet}


def asked(**given: Any) -> dict[str, Any]:
    """What an act of these rows asks for."""
    return read_moved_in(sheets(**given), "GBP").asked()
