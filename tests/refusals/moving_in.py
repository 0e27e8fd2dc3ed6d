"""What is said of a book of loans from another system that is refused whole."""

from __future__ import annotations

from decimal import Decimal

from loans.domain import errors
from loans.domain.moving_in.checking import dry_run
from loans.domain.moving_in.findings import Part
from loans.domain.moving_in.totals import refuse_missing_totals
from loans.moving_in_queries import books_to_fit
from loans.services import withdraw_moving_in
from tests.loans.builders import make_fund
from tests.loans.test_moving_in import tried
from tests.moving_in import CUT_OVER_ON, many, sheets, totals_of
from tests.refusals.scenes import ends_in


@ends_in(errors.MovingInRefused)
def withdrawing_twice() -> object:
    fund = make_fund()
    withdrawn = withdraw_moving_in(moving_in=tried(fund, sheets(many(2))), by=fund.tom)
    return withdraw_moving_in(moving_in=withdrawn, by=fund.tom)


@ends_in(errors.HeadingsWrong)
def other_headings() -> object:
    rows = {part: [(1, ("reference", "amount"))] for part in Part}
    return dry_run(rows | {Part.TOTALS: [(1, ("name", "amount"))]}, books_to_fit(make_fund().book, CUT_OVER_ON, {}))


@ends_in(errors.TotalsDoNotTie)
def a_total_is_missing() -> object:
    given = {name: int(total) for name, total in totals_of(many(2)).items() if total != Decimal(2)}
    return refuse_missing_totals(given)
