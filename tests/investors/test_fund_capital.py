"""A fund in classes: commitments, calls, the result by rank, distributions, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from moneyed import Money
from pytest_django import DjangoAssertNumQueries

from commonweal.documents.impact import impact_context
from investors.checks import capital_stands_at_its_acts
from investors.domain.capital import CapitalKind
from investors.domain.capital_act import ActKind, Effect
from investors.domain.distribution import CashUsed, cash_used
from investors.domain.errors import (
    AboveCash,
    CallAboveCommitment,
    CapitalActRefused,
    ImpossibleCommitment,
    InvestorError,
)
from investors.domain.kinds import InvestorKind
from investors.domain.management_fee import FeeBase
from investors.impact_sections import fund_picture
from investors.models import CapitalDecision
from investors.queries import capital_acts, capital_register, cash_due, free_cash, investor_by_code
from investors.services import approve_act, decline_act, pay_in, register_investor
from ledger.domain.errors import SameTwoEyes
from ledger.domain.money import to_minor
from ledger.queries import balances, fund_accounts
from ledger.queries.fund_accounts import Period
from tests.builders import pounds
from tests.investors.fund_in_classes import TODAY, ClassFund, make_class_fund

pytestmark = pytest.mark.django_db

SIGNED, CALLED, DUE, QUARTER = date(2025, 3, 20), date(2025, 3, 25), date(2025, 4, 8), date(2025, 6, 30)
PAID = date(2025, 4, 1)
HOLDERS = {
    ("SENIOR", "NRB"): 60_000_00,
    ("SENIOR", "OAK"): 20_000_00,
    ("MEZZ", "TST"): 15_000_00,
    ("FIRST", "LOT"): 5_000_00,
}


@pytest.fixture
def fund() -> ClassFund:
    """£100,000 is committed and called by half; all of that is paid in."""
    fund = make_class_fund()
    for (code, investor), minor in HOLDERS.items():
        fund.commit(code, investor, minor, SIGNED)
    fund.call(["SENIOR", "MEZZ", "FIRST"], 50_000_00, CALLED, DUE)
    for (code, investor), minor in HOLDERS.items():
        fund.pays(code, investor, minor // 2, PAID)
    return fund


def stands(fund: ClassFund, on: date = TODAY) -> dict[str, int]:
    """What each capital account stands at, in minor units."""
    known = capital_register(fund.book)
    return {"/".join(one): to_minor(known.balance(one, on).amount, "GBP") for one in known.holders}


def worth(fund: ClassFund, on: date) -> int:
    """The net assets of the balance sheet, in minor units."""
    accounts = fund_accounts(fund.book, [Period(fund.book.opened_on, on)])
    return accounts.balance_sheet.ties[0].minor[0]


def test_a_call_is_shared_by_commitments_and_counts_as_drawn_when_it_is_paid(fund: ClassFund) -> None:
    known = capital_register(fund.book)
    before, after = (known.commitment(("SENIOR", "NRB"), on) for on in (CALLED, PAID))
    assert [str(one.amount) for one in (before.called, before.drawn, before.callable)] == [
        "30000.00",
        "0.00",
        "30000.00",
    ]
    assert [str(one.amount) for one in (after.called, after.drawn, after.undrawn)] == ["0.00", "30000.00", "30000.00"]
    assert cash_due(investor_by_code("NRB"), fund.book, PAID) == pounds("0.00")
    assert sum(stands(fund).values()) == worth(fund, PAID) == 50_000_00


def test_a_result_goes_down_the_ranks_and_makes_capital_the_net_assets(fund: ClassFund) -> None:
    """91 days: senior 4% of £40,000 is £398.90, mezzanine 6% of £7,500 is £112.19 and up to 8% £149.59; first loss has
    the rest of £600."""
    fund.earns(600_00, QUARTER)
    act = fund.act(ActKind.RESULT, QUARTER)
    by_class = {one["code"]: one["income"] for one in act.figures["classes"]}
    assert by_class == {"SENIOR": 398_90, "MEZZ": 149_59, "FIRST": 51_51}
    assert stands(fund) == {
        "SENIOR/NRB": 30_000_00 + 299_18,
        "SENIOR/OAK": 10_000_00 + 99_72,
        "MEZZ/TST": 7_500_00 + 149_59,
        "FIRST/LOT": 2_500_00 + 51_51,
    }
    assert sum(stands(fund).values()) == worth(fund, QUARTER)
    assert act.lines.get(investor__code="NRB").residue == -act.lines.get(investor__code="OAK").residue != 0


def test_what_a_class_is_short_of_stays_owed(fund: ClassFund) -> None:
    fund.earns(400_00, QUARTER)
    assert [one["owed"] for one in fund.act(ActKind.RESULT, QUARTER).figures["classes"]] == [0, 111_09, 0]
    fund.earns(1_000_00, date(2025, 9, 30))
    later = {one["code"]: one for one in fund.act(ActKind.RESULT, date(2025, 9, 30)).figures["classes"]}
    assert later["MEZZ"]["owed"] == 0
    assert later["MEZZ"]["income"] == 111_09 + 151_23, "what was owed, and 92 days up to the cap of 8%"


def test_a_loss_goes_up_the_ranks_and_a_recovery_back(fund: ClassFund) -> None:
    fund.loses(4_000_00, QUARTER)
    fund.act(ActKind.RESULT, QUARTER)
    assert stands(fund) == {"SENIOR/NRB": 30_000_00, "SENIOR/OAK": 10_000_00, "MEZZ/TST": 6_000_00, "FIRST/LOT": 0}
    fund.recovers(2_000_00, date(2025, 7, 31))
    fund.act(ActKind.RESULT, date(2025, 7, 31))
    assert stands(fund) == {"SENIOR/NRB": 30_000_00, "SENIOR/OAK": 10_000_00, "MEZZ/TST": 7_500_00, "FIRST/LOT": 500_00}
    assert sum(stands(fund).values()) == worth(fund, date(2025, 7, 31))
    assert list(capital_stands_at_its_acts(fund.book)) == []


def test_an_impact_statement_says_what_first_loss_bore_and_what_is_left_of_it(fund: ClassFund) -> None:
    """£2,500 of first loss: a loss of £4,000 uses all of it; £2,000 that comes back restores mezzanine, then £500."""
    assert told(fund, PAID) == ("0.00", "2500.00")
    fund.loses(4_000_00, QUARTER)
    fund.act(ActKind.RESULT, QUARTER)
    assert told(fund, QUARTER) == ("2500.00", "0.00")
    fund.recovers(2_000_00, date(2025, 7, 31))
    fund.act(ActKind.RESULT, date(2025, 7, 31))
    assert told(fund, date(2025, 7, 31)) == ("2000.00", "500.00")
    shown = impact_context(fund_picture(fund.book, date(2025, 8, 1)).impact())
    assert [row.amount for row in shown["lost"] if row.name.startswith("First loss used")] == ["2,000.00"]
    assert [row.amount for row in shown["cover"] if row.name.startswith("First loss left")] == ["500.00"]


def told(fund: ClassFund, on: date) -> tuple[str, str]:
    """First loss used and left, as an impact statement to the end of a day tells it."""
    first = fund_picture(fund.book, on + timedelta(days=1)).impact().first_loss
    assert first is not None
    return str(first.used.amount), str(first.left.amount)


def test_what_becomes_known_later_is_shared_in_the_next_period(fund: ClassFund) -> None:
    fund.earns(600_00, QUARTER)
    first = fund.act(ActKind.RESULT, QUARTER)
    fund.earns(50_00, date(2025, 6, 15))
    later = fund.act(ActKind.RESULT, date(2025, 7, 31))
    assert (first.figures["income"], later.figures["income"]) == (600_00, 50_00)
    assert sum(stands(fund).values()) == worth(fund, date(2025, 7, 31))


def test_a_distribution_pays_by_rank_and_is_taken_back_as_one(fund: ClassFund) -> None:
    fund.earns(600_00, QUARTER)
    fund.act(ActKind.RESULT, QUARTER)
    run = fund.act(ActKind.DISTRIBUTION, QUARTER, most=2_500_00, capital={"SENIOR": 2_000_00, "MEZZ": 500_00})
    paid = {one["code"]: (one["claim"], one["paid"], one["short"]) for one in run.figures["steps"]}
    assert paid["income:1"] == (398_90, 398_90, 0)
    assert paid["capital:1"] == (2_000_00, 2_000_00, 0)
    assert paid["income:2"] == (149_59, 101_10, 48_49)
    assert paid["capital:2"] == (500_00, 0, 500_00)
    assert paid["income:3"] == (51_51, 0, 51_51)
    held = {code: cash_due(investor_by_code(code), fund.book, QUARTER) for code in ("NRB", "OAK", "TST", "LOT")}
    assert sum(held.values(), pounds("0.00")) == pounds("2500.00")
    assert sum(stands(fund).values()) == worth(fund, QUARTER)
    fund.act(ActKind.REVERSAL, TODAY, act=run.number)
    assert cash_due(investor_by_code("NRB"), fund.book, TODAY) == pounds("0.00")
    assert capital_acts(fund.book).get(pk=run.pk).state == "reversed"
    account = capital_register(fund.book).account(("SENIOR", "NRB"), date(2025, 4, 1), TODAY)
    assert account.total(CapitalKind.INCOME_DISTRIBUTED) != pounds("0.00"), "on its own day it stands"
    assert capital_register(fund.book).balance(("SENIOR", "NRB"), TODAY) == pounds("30299.18")
    assert list(capital_stands_at_its_acts(fund.book)) == []


def test_what_a_distribution_does_not_pay_out_stays_for_a_reason(fund: ClassFund) -> None:
    """A fee is owed, £1,000.00 go into reserve, and £5,000.00 less than there is are distributed; then £400.00 of the
    reserve are let go."""
    fund.pays_for_management(SIGNED, FeeBase.COMMITTED, "0.04125")
    fund.earns(6_000_00, QUARTER)
    fee = fund.act(ActKind.FEE, QUARTER, since="2025-04-01", until="2025-06-30").figures["amount"]
    fund.act(ActKind.RESULT, QUARTER)
    free = to_minor(free_cash(fund.book, QUARTER).amount, "GBP")
    run = fund.act(ActKind.DISTRIBUTION, QUARTER, most=free - 5_000_00, reserve=1_000_00, capital={"SENIOR": 500_00})
    paid = sum(line.amount for line in run.lines.all())
    used = cash_used(run.figures)
    assert used == CashUsed(paid, 1_000_00, fee, 5_000_00, free - 5_000_00 - paid - fee - 1_000_00)
    assert used.paid_out + used.stays == free
    again = fund.act(ActKind.DISTRIBUTION, TODAY, reserve=600_00, capital={"SENIOR": 200_00})
    used, free = cash_used(again.figures), to_minor(free_cash(fund.book, TODAY).amount, "GBP") + 200_00
    assert (used.paid_out, used.reserve, used.fees) == (200_00, 600_00, fee)
    assert used.paid_out + used.stays == free


def test_a_reserve_is_that_of_the_last_distribution_by_then(fund: ClassFund) -> None:
    """£1,000.00 are in reserve from June on and £4,000.00 from the next March on: a distribution of July finds the
    first of them, and leaves what March kept back."""
    july = date(2025, 7, 15)
    fund.act(ActKind.DISTRIBUTION, QUARTER, reserve=1_000_00, capital={"SENIOR": 500_00})
    fund.act(ActKind.DISTRIBUTION, TODAY, reserve=4_000_00, capital={"SENIOR": 500_00})
    free = to_minor(free_cash(fund.book, july).amount, "GBP")
    between = fund.propose(ActKind.DISTRIBUTION, july, reserve=2_500_00, capital={"SENIOR": 500_00})
    topped = next(one for one in between.figures["steps"] if one["code"] == "reserve")
    assert (topped["claim"], between.figures["reserve"]) == (1_500_00, 2_500_00)
    assert between.figures["free"] == free - 4_000_00, "what was kept back later is not distributed"
    decline_act(act=between, shown_sha256=between.content_sha256, reason="Too late", by=fund.priya)
    before = fund.propose(ActKind.DISTRIBUTION, PAID, capital={"SENIOR": 500_00})
    assert before.figures["reserve"] == 0, "none was kept back yet"


def test_what_came_later_is_told_by_one_distribution_alone(fund: ClassFund) -> None:
    """Also where the days of distributions are in another order than they were made: by the first that is made after
    the result, and not before its day."""
    fund.earns(600_00, QUARTER)
    fund.act(ActKind.RESULT, QUARTER)
    fund.act(ActKind.DISTRIBUTION, TODAY, capital={"SENIOR": 500_00})
    fund.earns(100_00, QUARTER)
    result = fund.act(ActKind.RESULT, date(2025, 9, 30))
    told = [
        {one["act"] for one in fund.act(ActKind.DISTRIBUTION, on, capital={"SENIOR": 500_00}).figures["corrects"]}
        for on in (date(2025, 7, 31), date(2025, 12, 31), TODAY)
    ]
    assert told == [set(), {str(result)}, set()]


def test_what_one_still_has_to_pay_in_is_no_cash_to_distribute(fund: ClassFund) -> None:
    """£300.00 of NRB's money came back from its bank after it was put to a call, and £200.00 left without a reason."""
    free = free_cash(fund.book, QUARTER)
    fund.moves("2510/NRB", "1010/MAIN", 300_00, QUARTER)
    assert free_cash(fund.book, QUARTER) == free - pounds("300.00")
    fund.holds("OAK", 500_00, QUARTER)
    assert free_cash(fund.book, QUARTER) == free - pounds("300.00"), "held for OAK, whatever NRB owes"
    fund.moves("2010/MAIN", "1010/MAIN", 200_00, QUARTER)
    assert free_cash(fund.book, QUARTER) == free - pounds("500.00")


def test_capital_that_comes_back_may_be_called_again(fund: ClassFund) -> None:
    fund.act(ActKind.DISTRIBUTION, QUARTER, capital={"SENIOR": 8_000_00}, recallable=True)
    commitment = capital_register(fund.book).commitment(("SENIOR", "NRB"))
    assert [str(one.amount) for one in (commitment.drawn, commitment.recallable, commitment.callable)] == [
        "24000.00",
        "6000.00",
        "36000.00",
    ]
    assert commitment.amount == pounds("60000.00")


def test_capital_is_returned_by_capital_and_not_by_income_that_is_paid_with_it(fund: ClassFund) -> None:
    """Oak pays a call late and has earned less; a quarter of the capital is its own all the same."""
    fund.call(["SENIOR"], 40_000_00, date(2025, 4, 14), date(2025, 5, 2))
    fund.pays("SENIOR", "NRB", 30_000_00, date(2025, 5, 2))
    fund.pays("SENIOR", "OAK", 10_000_00, date(2025, 6, 25))
    fund.earns(600_00, QUARTER)
    fund.act(ActKind.RESULT, QUARTER)
    with pytest.raises(CapitalActRefused, match=r"has £80,000\.00 of capital besides income that was not paid"):
        fund.propose(ActKind.DISTRIBUTION, QUARTER, capital={"SENIOR": 80_000_01})
    run = fund.act(ActKind.DISTRIBUTION, QUARTER, capital={"SENIOR": 2_000_00})
    returned = {one.investor.code: one.amount for one in run.lines.filter(effect=Effect.CAPITAL_RETURNED)}
    assert returned == {"NRB": 1_500_00, "OAK": 500_00}
    known = capital_register(fund.book)
    assert [known.balance(("SENIOR", code)) for code in returned] == [pounds("58500.00"), pounds("19500.00")]


def test_a_management_fee_is_a_cost_that_statements_show(fund: ClassFund) -> None:
    fund.pays_for_management(PAID, FeeBase.COMMITTED, "0.01")
    fund.earns(1_000_00, QUARTER)
    fee = fund.act(ActKind.FEE, QUARTER, since="2025-04-01", until="2025-06-30")
    assert fee.figures["amount"] == 249_32, "£100,000 × 1% × 91 ÷ 365"
    assert balances(fund.book, ["2150"], QUARTER)["2150"] == pounds("-249.32")
    fund.act(ActKind.RESULT, QUARTER)
    fees = capital_register(fund.book).balance(("SENIOR", "NRB"), kinds=[CapitalKind.FEE])
    assert fees == pounds("-149.60")
    assert sum(stands(fund).values()) == worth(fund, QUARTER) == 50_750_68


MEZZ = {"fund_class": "MEZZ", "investor": "TST"}
DAYS = {"since": "2025-04-01", "until": "2025-06-30"}
CALL = {"classes": ["MEZZ"], "minor": 8_000_00, "due_on": "2025-07-31"}
REFUSED: dict[str, tuple[type[InvestorError], ActKind, dict[str, Any], str]] = {
    "a call above the commitment": (CallAboveCommitment, ActKind.CALL, CALL, "£500.00 above"),
    "more cancelled than is free": (
        ImpossibleCommitment,
        ActKind.CANCELLATION,
        MEZZ | {"minor": 7_500_01},
        "£0.01 more",
    ),
    "a distribution above cash": (AboveCash, ActKind.DISTRIBUTION, {"most": 50_000_01}, "£0.01 above"),
    "more capital than a class has": (
        CapitalActRefused,
        ActKind.DISTRIBUTION,
        {"capital": {"FIRST": 2_500_01}},
        "has £2,500.00 of capital",
    ),
    "nothing to be paid": (CapitalActRefused, ActKind.DISTRIBUTION, {}, "Nobody has anything"),
    "a class that there is not": (
        CapitalActRefused,
        ActKind.COMMITMENT,
        MEZZ | {"fund_class": "GOLD", "minor": 1},
        "no class GOLD",
    ),
    "an act that there is not": (CapitalActRefused, ActKind.REVERSAL, {"act": 99}, "C-99"),
    "a fee that is not agreed": (CapitalActRefused, ActKind.FEE, DAYS, "no management fee"),
}


@pytest.mark.parametrize(("refusal", "kind", "asked", "figure"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused(
    fund: ClassFund, refusal: type[InvestorError], kind: ActKind, asked: dict[str, Any], figure: str
) -> None:
    before = capital_acts(fund.book).count()
    with pytest.raises(refusal, match=figure) as told:
        fund.propose(kind, QUARTER, **asked)
    assert "nothing was changed" in str(told.value).lower()
    assert capital_acts(fund.book).count() == before


def test_more_than_is_held_is_not_paid_in(fund: ClassFund) -> None:
    fund.call(["SENIOR"], 8_000_00, QUARTER, QUARTER)
    with pytest.raises(AboveCash, match=r"£1\.00 more than the £0\.00"):
        pay_in(book=fund.book, fund_class="SENIOR", investor="NRB", amount=pounds("1.00"), on=QUARTER, by=fund.tom)


def test_money_of_another_currency_is_not_paid_in(fund: ClassFund) -> None:
    with pytest.raises(CapitalActRefused, match="not in GBP"):
        pay_in(book=fund.book, fund_class="MEZZ", investor="TST", amount=Money("1", "JPY"), on=QUARTER, by=fund.tom)


def test_one_person_alone_changes_nothing(fund: ClassFund) -> None:
    act = fund.propose(ActKind.COMMITMENT, QUARTER, fund_class="MEZZ", investor="TST", minor=1_00)
    with pytest.raises(SameTwoEyes):
        approve_act(act=act, shown_sha256=act.content_sha256, by=fund.tom)
    with pytest.raises(DatabaseError, match="not approved by a second person"), transaction.atomic():
        CapitalDecision.objects.create(act=act, outcome="approved", decided_by=fund.priya)
    decline_act(act=act, shown_sha256=act.content_sha256, reason="Not agreed", by=fund.tom)
    with pytest.raises(CapitalActRefused, match="decided already"):
        approve_act(act=act, shown_sha256=act.content_sha256, by=fund.priya)


def test_lines_that_are_not_what_was_proposed_are_refused_by_the_database(fund: ClassFund) -> None:
    act = fund.propose(ActKind.COMMITMENT, QUARTER, fund_class="MEZZ", investor="TST", minor=1_00)
    line = act.lines.get()
    line.pk, line.line_number = None, 2
    with pytest.raises(DatabaseError, match="not those of what was proposed"), transaction.atomic():
        line.save()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE investors_capitalline SET amount = amount + 1 WHERE act_id = %s", [act.pk])


def test_an_act_that_has_moved_is_not_approved(fund: ClassFund) -> None:
    fund.earns(600_00, QUARTER)
    act = fund.propose(ActKind.RESULT, QUARTER)
    fund.earns(1_00, QUARTER)
    with pytest.raises(CapitalActRefused, match="has moved"):
        approve_act(act=act, shown_sha256=act.content_sha256, by=fund.priya)


def test_the_same_proposal_again_is_the_one_that_waits(fund: ClassFund) -> None:
    asked = {"fund_class": "MEZZ", "investor": "TST", "minor": 1_00}
    first, again = (fund.propose(ActKind.COMMITMENT, QUARTER, **asked) for _ in range(2))
    assert first == again
    with pytest.raises(CapitalActRefused, match="waits for a decision"):
        fund.propose(ActKind.COMMITMENT, QUARTER, **(asked | {"minor": 2_00}))


def test_what_was_distributed_and_paid_out_is_not_taken_back(fund: ClassFund) -> None:
    run = fund.act(ActKind.DISTRIBUTION, QUARTER, capital={"SENIOR": 8_000_00})
    fund.moves("2510/NRB", "1010/MAIN", 1_00, TODAY)
    with pytest.raises(AboveCash, match=r"£6,000\.00 would be taken back from NRB, for whom £5,999\.00 is held"):
        fund.propose(ActKind.REVERSAL, TODAY, act=run.number)


def test_a_payment_that_a_later_act_rests_on_cannot_be_reversed(fund: ClassFund) -> None:
    paid = next(one for one in capital_acts(fund.book).filter(kind="payment") if one.lines.get().investor.code == "LOT")
    fund.loses(1_000_00, QUARTER)
    fund.act(ActKind.RESULT, QUARTER)
    with pytest.raises(CapitalActRefused, match=r"£1,000\.00 below nought"):
        fund.propose(ActKind.REVERSAL, TODAY, act=paid.number)


def test_queries_do_not_grow_with_the_number_of_investors(
    fund: ClassFund, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    """A result and a distribution over four holders, and over sixteen, each after an earlier one to look back at."""
    shared(fund, QUARTER)
    with CaptureQueriesContext(connection) as few:
        shared(fund, QUARTER + timedelta(days=31))
    for number in range(12):
        code = f"P-{number}"
        register_investor(code=code, name=f"Partner {number}", kind=InvestorKind.SOCIAL_INVESTOR)
        fund.commit("SENIOR", code, 1_000_00, QUARTER)
    with django_assert_max_num_queries(len(few)):
        shared(fund, TODAY)


def shared(fund: ClassFund, on: date) -> None:
    """The fund earns £1,000, shares it and gives as much capital back."""
    fund.earns(1_000_00, on)
    fund.act(ActKind.RESULT, on)
    fund.act(ActKind.DISTRIBUTION, on, capital={"SENIOR": 1_000_00})
