"""A book of loans is prepared, tried and confirmed; what is wrong with it is named by row and column."""

from __future__ import annotations

import pytest

from borrowers.models import Organisation
from commonweal.jobs.moving_in import try_moving_in
from loans.domain.errors import ApprovalByMaker, MovingInRefused, TermsChanged
from loans.domain.moving_in.findings import Part
from loans.models import MovingIn
from loans.services import BroughtFile, confirm_moving_in, prepare_moving_in, withdraw_moving_in
from tests.loans.builders import Fund, make_fund
from tests.moving_in import CUT_OVER_ON, loans_file, many, sheets, spoilt, totals_of

pytestmark = pytest.mark.django_db
State = MovingIn.State


def tried(fund: Fund, files: dict[str, BroughtFile]) -> MovingIn:
    """Files that were prepared by Tom, after their dry run."""
    prepared = prepare_moving_in(book=fund.book, cut_over_on=CUT_OVER_ON, files=files, by=fund.tom)
    return try_moving_in(moving_in=prepared)


def findings(moving_in: MovingIn) -> list[tuple[str, int, str]]:
    """Where something is wrong."""
    return [(one.part, one.row, one.column) for one in moving_in.findings.all()]


def test_two_thousand_loans_would_move_in_and_tie() -> None:
    found = tried(make_fund(), sheets(many(2000)))
    assert (found.state, findings(found)) == (State.READY, [])
    assert found.found["rows"] == 2000
    assert found.found["given"] == found.found["made"]


def test_ten_wrong_rows_are_named_exactly() -> None:
    rows = many(2000)
    wrong = list(spoilt(rows))
    found = tried(make_fund(), sheets(many(2000)) | loans_file(rows))
    assert found.state == State.REFUSED
    assert findings(found) == [("Loans", row, column) for row, column in wrong]
    assert found.found["wrong_rows"] == 10


def test_a_confirmation_is_a_second_persons_and_of_these_files() -> None:
    fund = make_fund()
    ready = tried(fund, sheets(many(3)))
    with pytest.raises(ApprovalByMaker):
        confirm_moving_in(moving_in=ready, shown_sha256=ready.content_sha256, by=fund.tom)
    with pytest.raises(TermsChanged):
        confirm_moving_in(moving_in=ready, shown_sha256="0" * 64, by=fund.priya)
    confirmed = confirm_moving_in(moving_in=ready, shown_sha256=ready.content_sha256, by=fund.priya)
    assert (confirmed.state, confirmed.approval.checked_by) == (State.CONFIRMED, fund.priya)
    with pytest.raises(MovingInRefused):
        withdraw_moving_in(moving_in=confirmed, by=fund.tom)


def test_totals_that_do_not_tie_are_told_by_how_much() -> None:
    fund, rows = make_fund(), many(20)
    wrong = totals_of(rows) | {"principal": totals_of(rows)["principal"] + 100}
    found = tried(fund, sheets(rows, totals=wrong))
    said = [one.message for one in found.findings.all()]
    assert found.state == State.REFUSED
    assert [one.column for one in found.findings.all()] == ["principal", "1310"]
    assert all("£100.00" in one for one in said), said


def test_headings_of_another_format_are_refused_with_those_that_are_wanted() -> None:
    files = sheets(many(2)) | {Part.LOANS: BroughtFile("loans.csv", b"loan,client\nOLD-1,Shop\n")}
    found = tried(make_fund(), files)
    (said,) = [one.message for one in found.findings.all()]
    assert "missing: “reference”" in said
    assert "not known: “loan”, “client”" in said


def test_a_number_under_another_name_is_no_way_to_a_business_that_stands() -> None:
    fund, rows = make_fund(), many(2)
    number = rows[1]["company number"]
    cic = {"legal_form": "cic", "place": "Whitby", "region": "North East"}
    Organisation.objects.create(name="Whitby Baths", company_number=number, **cic)
    Organisation.objects.create(name=rows[0]["business"].upper(), company_number=rows[0]["company number"], **cic)
    found = tried(fund, sheets(rows))
    assert (found.state, findings(found)) == (State.REFUSED, [("Loans", 3, "business")])
    said = found.findings.get().message
    assert f"“business” says '{rows[1]['business']}', but company number {number} is of 'Whitby Baths'" in said, said
