"""Does the loan tape say of each loan what the ledger and the engine say, as at any date, and of nobody else's part?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from investors.loan_tape import COLUMNS, loan_tape
from investors.queries import holdings_in
from investors.services import apportion
from loans.queries import positions_of
from tests.builders import pounds
from tests.investors.shared_loan import approve_netherby

FIRST_DUE = date(2025, 6, 2)


@pytest.mark.django_db
def test_the_parts_of_all_lenders_are_the_loan_as_at_any_date() -> None:
    netherby = approve_netherby()
    netherby.share()
    netherby.draw()
    netherby.repay("676.65", on=FIRST_DUE)
    apportion(loan=netherby.loan, by=netherby.tom)
    for as_of in (date(2025, 5, 31), FIRST_DUE, date(2025, 9, 15)):
        position = positions_of([netherby.loan], as_of)[netherby.loan.pk]
        rows = [
            row.values()
            for one in holdings_in(netherby.loan, as_of)
            for row in loan_tape(one.investor, netherby.book, as_of)
        ]
        assert {tuple(row) for row in rows} == {tuple(COLUMNS)}
        whole, nought = position.principal_outstanding, 0 * position.principal_outstanding
        assert sum((row["part_principal_outstanding"] for row in rows), nought) == whole
        assert sum(row["share"] for row in rows) == 1
        assert {row["days_past_due"] for row in rows} == {position.days_past_due}
        accrued = sum((row["part_accrued_interest"] for row in rows), nought)
        assert abs(accrued - position.accrued_interest) <= pounds("0.02")
    assert {row["status"] for row in rows} == {"late"}
    assert {(row["interest_rate"], row["guarantee_cover"]) for row in rows} == {(Decimal("0.06"), Decimal(0))}
