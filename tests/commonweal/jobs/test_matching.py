"""Bank lines matched by a person: shown exactly before, shared among several loans, and undone by reversals."""

from __future__ import annotations

from datetime import date

import pytest

from commonweal.jobs.errors import MatchRefused
from commonweal.jobs.matching import Wanted, match_line, match_lines, rehearse, undo_line
from commonweal.jobs.suggestions import suggestions
from ledger.checks import examine
from ledger.checks.bank import suspense_holds_what_is_unmatched
from ledger.domain.bank_suggestions import CHARGE, INTEREST, OPPOSITE
from ledger.domain.suggestion import Part
from ledger.models import BankStatementLine, JournalEntry
from ledger.queries import balances, bank_lines_with_rest, unmatched_bank_lines
from ledger.services import open_bank_account
from loans.checks import CHECKS
from loans.domain.suggestions import LOAN, SETTLES
from loans.models import Loan
from loans.queries import events, position_of
from tests.builders import pounds
from tests.loans.builders import APPROVED_ON, TODAY, Fund, bank_line, make_drawn_loan, make_fund

pytestmark = pytest.mark.django_db


def rest(line: BankStatementLine) -> int:
    found: int = bank_lines_with_rest().get(pk=line.pk).rest
    return found


def stands(fund: Fund, *codes: str) -> list[str]:
    found = balances(fund.book, codes, TODAY)
    return [str(found[code].amount) for code in codes]


def assert_in_order(fund: Fund) -> None:
    """The checks find nothing but that no day was closed in this test."""
    found = examine(fund.book, (suspense_holds_what_is_unmatched, *CHECKS))
    assert {one.code for one in found} <= {"loan-behind"}, found


def for_loan(line: BankStatementLine, *shares: tuple[Loan, int]) -> Wanted:
    return Wanted(line.pk, tuple(Part(LOAN, loan.pk, minor) for loan, minor in shares))


@pytest.fixture
def fund() -> Fund:
    return make_fund()


def test_what_is_shown_is_what_is_posted(fund: Fund) -> None:
    one, other = make_drawn_loan(fund), make_drawn_loan(fund, shop="8124")
    line = bank_line(fund, "1000.00", "both", "2025-06-02")
    wanted = for_loan(line, (one, 676_65), (other, 300_00))
    before = JournalEntry.objects.count()
    (seen,) = rehearse(book=fund.book, wanted=[wanted], by=fund.priya)
    assert (JournalEntry.objects.count(), rest(line)) == (before, 1000_00)
    done = match_line(book=fund.book, wanted=Wanted(line.pk, wanted.parts, seen.sha256), by=fund.priya)
    assert done.entries == seen.entries
    assert rest(line) == 23_35
    assert [position_of(loan, date(2025, 6, 2)).received for loan in (one, other)] == [pounds("676.65"), pounds("300")]


def test_lines_of_one_loan_are_shown_one_after_the_other(fund: Fund) -> None:
    loan = make_drawn_loan(fund)
    lines = [bank_line(fund, "676.65", "", day) for day in ("2025-06-02", "2025-07-01")]
    wanted = [for_loan(line, (loan, 676_65)) for line in lines]
    seen = rehearse(book=fund.book, wanted=wanted, by=fund.priya)
    shown = [Wanted(one.wanted.line, one.wanted.parts, one.sha256) for one in seen]
    done = match_lines(book=fund.book, wanted=shown, by=fund.priya)
    assert [one.refusal for one in done] == ["", ""]
    again = match_lines(book=fund.book, wanted=shown, by=fund.priya)
    assert all("left to match" in one.refusal for one in again)


def test_a_line_that_would_be_booked_otherwise_than_shown_is_left(fund: Fund) -> None:
    loan = make_drawn_loan(fund)
    shown, meanwhile = bank_line(fund, "676.65", "", "2025-07-01"), bank_line(fund, "676.65", "", "2025-06-02")
    (seen,) = rehearse(book=fund.book, wanted=[for_loan(shown, (loan, 676_65))], by=fund.priya)
    match_line(book=fund.book, wanted=for_loan(meanwhile, (loan, 676_65)), by=fund.priya)
    wanted = Wanted(shown.pk, seen.wanted.parts, seen.sha256)
    (done,) = match_lines(book=fund.book, wanted=[wanted], by=fund.priya)
    assert "otherwise than you were shown" in done.refusal
    assert rest(shown) == 676_65


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ((), "in 1 to 20 parts"),
        (((LOAN, 0, -1),), "in 1 to 20 parts"),
        (((LOAN, 0, 100_01),), "the parts come to £100.01"),
        (((LOAN, 0, 50_00),), "has no such loan"),
        ((("gift", 0, 50_00),), "No bank line is for 'gift'"),
        (((INTEREST, 0, 100_00), (CHARGE, 0, 1)), "the parts come to"),
        (((CHARGE, 0, 100_00),), "is money in, and no bank charge"),
        (((OPPOSITE, 0, 100_00),), "has no such bank line"),
    ],
)
def test_what_is_refused_changes_nothing(fund: Fund, parts: tuple[tuple[str, int, int], ...], words: str) -> None:
    line = bank_line(fund, "100.00", "", "2025-06-02")
    before = JournalEntry.objects.count()
    wanted = Wanted(line.pk, tuple(Part(*part) for part in parts))
    (done,) = match_lines(book=fund.book, wanted=[wanted], by=fund.priya)
    assert words in done.refusal
    assert "nothing was changed" in done.refusal
    assert JournalEntry.objects.count() == before


def test_a_large_charge_takes_two_people_in_however_many_parts_it_is_told(fund: Fund) -> None:
    line = bank_line(fund, "-400.00", "", "2025-06-02")
    (done,) = match_lines(book=fund.book, wanted=[Wanted(line.pk, (Part(CHARGE, 0, 200_00),) * 2)], by=fund.priya)
    assert "£400.00 is a large bank charge" in done.refusal
    assert match_line(book=fund.book, wanted=Wanted(line.pk, (Part(CHARGE, 0, 250_00),)), by=fund.priya).entries
    (more,) = match_lines(book=fund.book, wanted=[Wanted(line.pk, (Part(CHARGE, 0, 1),))], by=fund.tom)
    assert "£250.01 is a large bank charge" in more.refusal
    assert rest(line) == -150_00


def test_one_part_refused_leaves_the_others_undone(fund: Fund) -> None:
    loan = make_drawn_loan(fund)
    line = bank_line(fund, "1000.00", "", "2025-06-02")
    parts = (Part(LOAN, loan.pk, 676_65), Part(SETTLES, loan.pk, 100_00))
    (done,) = match_lines(book=fund.book, wanted=[Wanted(line.pk, parts)], by=fund.priya)
    assert "less than settles" in done.refusal
    assert rest(line) == 1000_00


def test_a_shared_line_is_undone_whole_and_matched_again(fund: Fund) -> None:
    one, other = make_drawn_loan(fund), make_drawn_loan(fund, shop="8124")
    line = bank_line(fund, "1000.00", "", "2025-06-02")
    wanted = for_loan(line, (one, 676_65), (other, 323_35))
    match_line(book=fund.book, wanted=wanted, by=fund.priya)
    undo_line(book=fund.book, line_id=line.pk, reason="Of another shop", by=fund.tom)
    assert rest(line) == 1000_00
    assert [position_of(loan, TODAY).received for loan in (one, other)] == [pounds("0"), pounds("0")]
    assert events(one).latest("number").reason == "Of another shop"
    with pytest.raises(MatchRefused, match="so nothing is undone"):
        undo_line(book=fund.book, line_id=line.pk, reason="Again", by=fund.tom)
    match_line(book=fund.book, wanted=wanted, by=fund.priya)
    assert rest(line) == 0
    assert_in_order(fund)


def test_a_payment_that_came_back_is_on_its_way_again(fund: Fund) -> None:
    loan = make_drawn_loan(fund)
    out, back = bank_line(fund, "-35000.00", "", "2025-05-02"), bank_line(fund, "35000.00", "Returned", "2025-05-06")
    match_line(book=fund.book, wanted=for_loan(out, (loan, 35_000_00)), by=fund.priya)
    (found,) = suggestions(fund.book, [bank_lines_with_rest().select_related("bank_account").get(pk=back.pk)]).values()
    assert found[0].label == "Drawdown of L-0108 came back"
    match_line(book=fund.book, wanted=Wanted(back.pk, found[0].parts), by=fund.priya)
    assert stands(fund, "1020/L-0108", "2010/MAIN") == ["-35000.00", "0.00"]
    assert (rest(out), rest(back)) == (0, 0)
    undo_line(book=fund.book, line_id=back.pk, reason="It was sent twice", by=fund.tom)
    match_line(book=fund.book, wanted=for_loan(out, (loan, 35_000_00)), by=fund.priya)
    assert stands(fund, "1020/L-0108", "2010/MAIN") == ["0.00", "-35000.00"]
    assert_in_order(fund)


def test_a_repayment_that_bounced_is_taken_back_on_that_day(fund: Fund) -> None:
    loan = make_drawn_loan(fund)
    came, bounced = bank_line(fund, "676.65", "", "2025-06-02"), bank_line(fund, "-676.65", "Unpaid", "2025-06-05")
    match_line(book=fund.book, wanted=for_loan(came, (loan, 676_65)), by=fund.priya)
    done = match_line(book=fund.book, wanted=Wanted(bounced.pk, (Part(OPPOSITE, came.pk, 676_65),)), by=fund.priya)
    assert [entry.kind for entry in done.entries] == ["reversal", "general"]
    assert [position_of(loan, date(2025, 6, day)).received for day in (4, 5)] == [pounds("676.65"), pounds("0")]
    assert not unmatched_bank_lines(fund.book).exists()
    assert_in_order(fund)


def test_a_transfer_between_own_accounts_and_what_the_bank_takes_and_gives(fund: Fund) -> None:
    out = bank_line(fund, "-500.00", "to savings", "2025-06-02")
    open_bank_account(
        book=fund.book, code="SAVE", name="Savings", identification="GB82WEST12345698765432", on=APPROVED_ON
    )
    charge, interest = bank_line(fund, "-4.50", "Fee", "2025-06-03"), bank_line(fund, "1.20", "Interest", "2025-06-03")
    match_line(book=fund.book, wanted=Wanted(charge.pk, (Part(CHARGE, 0, 4_50),)), by=fund.priya)
    match_line(book=fund.book, wanted=Wanted(interest.pk, (Part(INTEREST, 0, 1_20),)), by=fund.priya)
    back = bank_line(fund, "500.00", "to savings, not possible", "2025-06-03")
    match_line(book=fund.book, wanted=Wanted(back.pk, (Part(OPPOSITE, out.pk, 500_00),)), by=fund.priya)
    assert stands(fund, "5030", "4020", "2010/MAIN") == ["4.50", "-1.20", "0.00"]
    undo_line(book=fund.book, line_id=back.pk, reason="Not the same money", by=fund.tom)
    undo_line(book=fund.book, line_id=charge.pk, reason="No charge", by=fund.tom)
    assert (rest(out), rest(back), rest(charge)) == (-500_00, 500_00, -4_50)


def test_a_large_charge_takes_two_people(fund: Fund) -> None:
    line = bank_line(fund, "-250.01", "Charge", "2025-06-03")
    (done,) = match_lines(book=fund.book, wanted=[Wanted(line.pk, (Part(CHARGE, 0, 250_01),))], by=fund.priya)
    assert "a second person looks at it" in done.refusal
