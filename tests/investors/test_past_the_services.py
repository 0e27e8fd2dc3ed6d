"""Who writes past the services, as the application's own role, needs the second person too, and what both agreed on."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from investors.domain.capital_act import ActKind
from investors.domain.capital_entries import source_of_act
from investors.domain.kinds import InvestorKind
from investors.models import CapitalAct, CapitalDecision, ParticipationSet, TransferDecision
from investors.services import apportion, pay_in, propose_transfer, register_investor
from ledger.domain.entry import JournalEntry, Kind, credit, debit
from ledger.services import approve, post
from tests.builders import pounds
from tests.investors.forged_acts import approve_past_the_services
from tests.investors.fund_in_classes import TODAY, ClassFund, make_class_fund
from tests.investors.shared_loan import SharedLoan, approve_netherby

pytestmark = pytest.mark.django_db

SOLD_ON = date(2025, 6, 10)
LENT = [("NRB", 1, 2_100_000), ("TST", 2, 1_050_000), ("LOT", 3, 350_000)]
Lines = list[tuple[str, int, int]]


@pytest.fixture
def fund() -> ClassFund:
    """Nobody has committed anything."""
    return make_class_fund()


def written(fund: ClassFund, what: ActKind, effect: str, *, reverses: int | None = None, **said: Any) -> CapitalAct:
    """An act of £50,000.00 for NRB, with a text that says what it does, or something else."""
    told = {"kind": what.value, "effective_on": TODAY.isoformat(), "asked": {}, "figures": {}} | said
    text = json.dumps(told | {"lines": [["SENIOR", "NRB", effect, 50_000_00, 0, ""]]})
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO investors_capitalact (book_id, number, kind, effective_on, words, content, content_sha256,"
            " line_count, proposed_by_id, reverses_id) VALUES (%s, 99, %s, %s, 'By hand', %s,"
            " encode(sha256(convert_to(%s, 'UTF8')), 'hex'), 1, %s, %s) RETURNING id",
            [fund.book.pk, what.value, TODAY, text, text, fund.tom.pk, reverses],
        )
        (made,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO investors_capitalline (act_id, line_number, fund_class_id, investor_id, effect, amount,"
            " residue, why) SELECT %s, 1, class.id, investor.id, %s, 5000000, 0, '' FROM investors_fundclass class,"
            " investors_investor investor WHERE class.code = 'SENIOR' AND investor.code = 'NRB'",
            [made, effect],
        )
    at_commit()
    return CapitalAct.objects.get(pk=made)


def at_commit() -> None:
    """What the database looks at only then, looked at now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.parametrize("effect", ["signed", "called", "income-distributed", "equalised-in"])
def test_one_person_alone_decides_nothing_but_what_was_paid_in(fund: ClassFund, effect: str) -> None:
    act = written(fund, ActKind.PAYMENT, effect)
    with pytest.raises(DatabaseError, match="does more than put money to a call, and one person alone decided"):
        CapitalDecision.objects.create(act=act, outcome="approved", decided_by=fund.tom)


@pytest.mark.parametrize(
    "said",
    [{"kind": "cancellation"}, {"effective_on": "2026-01-01"}, {"kind": None}],
    ids=["another kind", "another day", "no kind"],
)
def test_an_act_counts_as_the_text_that_two_people_agree_on(fund: ClassFund, said: dict[str, Any]) -> None:
    with pytest.raises(DatabaseError, match=r"C-99 is of another kind or day, or reverses something else"):
        written(fund, ActKind.COMMITMENT, "signed", **said)


def test_a_reversal_reverses_what_its_text_says(fund: ClassFund) -> None:
    other = fund.commit("SENIOR", "NRB", 10_000_00, TODAY)
    mine = fund.commit("SENIOR", "NRB", 20_000_00, TODAY)
    with pytest.raises(DatabaseError, match="reverses something else, than its text says"):
        written(fund, ActKind.REVERSAL, "signed", reverses=other.pk, asked={"act": mine.number})


def paid_in(fund: ClassFund) -> CapitalAct:
    """£4,000.00 of NRB, called and held, is put to its call by one person."""
    fund.commit("SENIOR", "NRB", 10_000_00, TODAY)
    fund.call(["SENIOR"], 4_000_00, TODAY, TODAY)
    fund.holds("NRB", 4_000_00, TODAY)
    asked = {"fund_class": "SENIOR", "investor": "NRB", "amount": pounds("4000.00"), "on": TODAY}
    return pay_in(book=fund.book, by=fund.tom, **asked)


@pytest.mark.parametrize("minor", [0, 49_999_99, 50_000_00])
def test_an_act_is_approved_only_with_what_it_books(fund: ClassFund, minor: int) -> None:
    """Nothing, a penny too little, or all of the £50,000.00 that the act puts to a call."""
    fund.commit("SENIOR", "NRB", 60_000_00, TODAY)
    act = written(fund, ActKind.PAYMENT, "paid-in")
    CapitalDecision.objects.create(act=act, outcome="approved", decided_by=fund.tom)
    if minor:
        paid = pounds(minor) / 100
        lines = debit("2510/NRB", paid), credit("3110/SENIOR/NRB", paid)
        entry = JournalEntry(TODAY, "Paid in", lines, kind=Kind.CAPITAL, source=source_of_act(act.number))
        post([entry], book=fund.book, key="by hand", by=fund.tom)
    if minor == 50_000_00:
        at_commit()
        return
    with pytest.raises(DatabaseError, match="C-99 is approved, and not booked as it says: look at 2510/NRB"):
        at_commit()


def test_an_act_is_taken_back_only_with_the_mirror_of_its_entries(fund: ClassFund) -> None:
    act = paid_in(fund)
    at_commit()
    approve_past_the_services(fund.propose(ActKind.REVERSAL, TODAY, act=act.number), fund)
    with pytest.raises(DatabaseError, match=r"is approved, and not booked as it says: look at E-\d+"):
        at_commit()


def test_a_class_is_agreed_only_with_its_row(fund: ClassFund) -> None:
    terms = {"rank": 9, "target_return": None, "return_cap": None, "unpaid": "accrues", "takes_rest": False}
    act = fund.propose(ActKind.CLASS, TODAY, code="GOLD", name="Gold", **terms)
    approve_past_the_services(act, fund)
    with pytest.raises(DatabaseError, match=f"{act} is approved, and its class does not stand"):
        at_commit()


@pytest.fixture
def netherby() -> SharedLoan:
    """Lent and shared, with an instalment due, and OAK who may buy."""
    netherby = approve_netherby()
    netherby.share()
    netherby.draw()
    netherby.fall_due(on=date(2025, 6, 1))
    apportion(loan=netherby.loan, by=netherby.tom)
    oak = register_investor(code="OAK", name="Oak Foundation", kind=InvestorKind.FOUNDATION)
    netherby.lenders["OAK"] = oak
    return netherby


def begun(netherby: SharedLoan, lines: Lines, *, follows: int | None, fee: str = "0") -> ParticipationSet:
    """A set of participations, by hand."""
    ids = [netherby.lenders[code].pk for code, _, _ in lines]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO investors_participationset (loan_id, terms_id, effective_on, line_count, recorded_by_id,"
            " follows_id) VALUES (%s, %s, %s, %s, %s, %s) RETURNING id",
            [netherby.loan.pk, netherby.loan.terms.get().pk, SOLD_ON, len(lines), netherby.tom.pk, follows],
        )
        (made,) = cursor.fetchone()
        cursor.execute(
            "INSERT INTO investors_participation (participation_set_id, investor_id, rank, amount, servicing_fee)"
            " SELECT %s, part.*, %s FROM unnest(%s::bigint[], %s::int[], %s::bigint[]) AS part",
            [made, fee, ids, [rank for _, rank, _ in lines], [amount for _, _, amount in lines]],
        )
    return ParticipationSet.objects.get(pk=made)


def sold(netherby: SharedLoan, lines: Lines, fee: str) -> TransferDecision:
    """Two people agree that TST sells £100.00 of its part to OAK for £99.00, and it begins such a set."""
    first = ParticipationSet.objects.get()
    sale = propose_transfer(
        loan=netherby.loan,
        seller=netherby.lenders["TST"],
        buyer=netherby.lenders["OAK"],
        amount=pounds("100.00"),
        on=SOLD_ON,
        price=pounds("99.00"),
        reason="To spread the risk",
        by=netherby.priya,
    )
    shares = begun(netherby, lines, follows=first.pk, fee=fee)
    agreed = approve(
        subject=f"participation-transfer:{sale.pk}",
        content_sha256=sale.content_sha256,
        made_by=sale.proposed_by,
        made_at=sale.proposed_at,
        checked_by=netherby.tom,
    )
    return TransferDecision.objects.create(
        transfer=sale, outcome="approved", approval=agreed, participation_set=shares, decided_by=netherby.tom
    )


@pytest.mark.parametrize(
    ("lines", "fee"),
    [
        ([("OAK", 1, 3_500_000)], "0"),
        ([("NRB", 1, 2_090_000), ("TST", 2, 1_050_000), ("LOT", 3, 350_000), ("OAK", 2, 10_000)], "0"),
        ([("NRB", 1, 2_100_000), ("TST", 2, 1_040_000), ("LOT", 3, 350_000), ("OAK", 1, 10_000)], "0"),
        ([("NRB", 1, 2_100_000), ("TST", 2, 1_040_000), ("LOT", 3, 350_000), ("OAK", 2, 10_000)], "0.01"),
        ([("NRB", 1, 2_100_000), ("TST", 2, 1_040_000), ("LOT", 3, 350_000), ("OAK", 2, 10_000)], "0"),
    ],
    ids=["all of the loan", "of somebody else's part", "at another rank", "on other terms", "without the money"],
)
def test_a_sale_begins_what_was_sold_and_nothing_else(netherby: SharedLoan, lines: Lines, fee: str) -> None:
    refusal = r"Sale T-\d+ is not approved by a second person as it was proposed"
    with pytest.raises(DatabaseError, match=refusal), transaction.atomic():
        sold(netherby, lines, fee)


def test_nobody_alone_puts_other_parts_in_the_place_of_those_that_are_shared(netherby: SharedLoan) -> None:
    with pytest.raises(DatabaseError, match="is shared already, so participation set"):
        begun(netherby, LENT, follows=None)
