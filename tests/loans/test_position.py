"""Where a loan stands on any day: tables of one life, the parts of one instalment, and what holds for every life."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from moneyed import Money

from ledger.domain.money import from_minor, to_minor
from loans.domain.allocation import Component
from loans.domain.corrections import Step, corrections
from loans.domain.errors import UnknownEvent
from loans.domain.events import Drawn, Event, Repaid, Reversed
from loans.domain.movements import STILL, Moved
from loans.domain.position import InstalmentStatus, position
from loans.domain.replay import replay, told_steps
from loans.domain.schedule import planned_schedule, schedule
from loans.domain.terms import Terms
from loans.domain.terms import annuity as agreed_annuity
from tests.loans.tables import annuity, netherby, position_table, pounds, rows

DRAWN = Drawn(date(2025, 5, 1), 1, pounds("35000.00"))
PAID_ON_TIME = [
    Repaid(row.due_on, row.no + 1, row.total) for row in planned_schedule(netherby()) if row.due_on <= date(2026, 11, 2)
]


def repaid(day: str, sequence: int, amount: str) -> Repaid:
    """A repayment from text."""
    return Repaid(date.fromisoformat(day), sequence, pounds(amount))


def test_the_demo_loan_on_its_business_date():
    at = position(netherby(), [DRAWN, *PAID_ON_TIME], date(2026, 11, 23))
    assert (at.principal_outstanding, at.interest_due, at.in_advance) == (pounds("25576.12"), pounds("0"), pounds("0"))
    assert (at.principal_paid, at.received) == (pounds("9423.88"), pounds("12179.70"))
    assert (at.arrears, at.days_past_due, at.payments_left) == (pounds("0.00"), 0, 42)
    assert at.interest_paid == at.received - at.principal_paid
    assert at.last_due_on == date(2030, 5, 1)
    assert at.next_payment is not None
    assert (at.next_payment.no, at.next_payment.due_on) == (19, date(2026, 12, 1))
    assert (at.next_payment.interest, at.next_payment.principal) == (pounds("127.88"), pounds("548.77"))
    assert (at.next_payment.total, at.next_payment.balance_after) == (pounds("676.65"), pounds("25027.35"))


def test_late_then_part_paid_then_paid():
    life = [DRAWN, *PAID_ON_TIME, repaid("2026-12-07", 50, "300.00"), repaid("2027-01-05", 51, "1053.30")]
    days = ("2026-11-30", "2026-12-01", "2026-12-02", "2026-12-07", "2027-01-03", "2027-01-04", "2027-01-05")
    assert position_table(netherby(), life, days) == rows("""
      # as of       principal  interest due  in advance  arrears  days
      2026-11-30     25576.12          0.00        0.00     0.00     0
      2026-12-01     25576.12        127.88        0.00     0.00     0
      2026-12-02     25576.12        127.88        0.00   676.65     1
      2026-12-07     25404.00          0.00        0.00   376.65     6
      2027-01-03     25404.00          0.00        0.00   376.65    33
      2027-01-04     25404.00        125.14        0.00   376.65    34
      2027-01-05     24475.84          0.00        0.00     0.00     0
    """)


def test_the_parts_of_a_late_and_part_paid_instalment():
    life = [DRAWN, *PAID_ON_TIME, repaid("2026-12-07", 50, "300.00")]
    at = position(netherby(), life, date(2027, 1, 6))
    paid, part_paid, late, due = at.instalments[17:21]
    assert [row.status for row in (paid, part_paid, late, due)] == list(InstalmentStatus)[:4]
    assert (part_paid.interest_paid, part_paid.principal_paid) == (pounds("127.88"), pounds("172.12"))
    assert (part_paid.unpaid, part_paid.late, part_paid.days_late) == (pounds("376.65"), pounds("376.65"), 36)
    assert (late.paid, late.late, late.days_late) == (pounds("0.00"), pounds("676.65"), 2)
    assert (due.paid, due.late, due.days_late) == (pounds("0.00"), pounds("0.00"), 0)
    assert paid.paid_on == date(2026, 11, 2)
    assert at.next_payment is not None
    assert at.next_payment.no == 21


def test_money_in_advance_pays_the_instalment_on_the_day_it_falls_due():
    life = [DRAWN, *PAID_ON_TIME, repaid("2026-11-20", 50, "700.00")]
    assert position_table(netherby(), life, ("2026-11-20", "2026-12-01")) == rows("""
      # as of       principal  interest due  in advance  arrears  days
      2026-11-20     25576.12          0.00      700.00     0.00     0
      2026-12-01     25027.35          0.00       23.35     0.00     0
    """)
    at = position(netherby(), life, date(2026, 11, 20))
    assert at.next_payment is not None
    assert (at.next_payment.no, at.next_payment.total) == (20, pounds("653.30"))
    assert (at.next_payment.interest, at.next_payment.principal) == (pounds("101.79"), pounds("551.51"))
    assert position(netherby(), life, date(2026, 12, 1)).instalments[18].paid_on == date(2026, 12, 1)


def test_a_loan_paid_to_its_end_is_settled():
    terms = annuity("1000.00", "6%", 3, "2026-02-01")
    life: list[Event] = [Drawn(date(2026, 1, 1), 1, pounds("1000.00")), repaid("2026-02-01", 2, "1010.02")]
    before, after = position(terms, life, date(2026, 2, 1)), position(terms, life, date(2026, 4, 1))
    assert (before.settled, before.owed_in_all, before.next_payment) == (False, pounds("0.00"), None)
    assert (after.settled, after.owed_in_all, after.principal_outstanding) == (True, pounds("0.00"), pounds("0.00"))


def test_before_the_drawdown_nothing_is_owed():
    at = position(netherby(), [DRAWN], date(2025, 4, 30))
    assert (at.instalments, at.next_payment, at.settled) == ((), None, False)
    assert (at.drawn, at.undrawn, at.owed_in_all) == (pounds("0.00"), pounds("35000.00"), pounds("0.00"))


def test_a_reversal_takes_effect_on_its_own_day():
    taken_back = Reversed(date(2026, 12, 10), 52, of=50)
    life: list[Event] = [DRAWN, *PAID_ON_TIME, repaid("2026-12-01", 50, "676.65"), taken_back]
    assert position_table(netherby(), life, ("2026-12-09", "2026-12-10")) == rows("""
      # as of       principal  interest due  in advance  arrears  days
      2026-12-09     25027.35          0.00        0.00     0.00     0
      2026-12-10     25576.12        127.88        0.00   676.65     9
    """)


def test_a_reversal_of_nothing_is_refused():
    with pytest.raises(UnknownEvent, match="names event 99"):
        position(netherby(), [DRAWN, Reversed(date(2025, 6, 1), 2, of=99)], date(2025, 6, 1))


def test_on_one_day_the_instalment_falls_due_before_the_repayment():
    told = replay(netherby(), [DRAWN, *PAID_ON_TIME], date(2025, 6, 2))
    assert [movement.name for movement in told.movements] == ["drawn:1", "due:1", "repaid:2"]
    assert [claim.component for claim in told.movements[-1].paid] == [Component.INTEREST, Component.PRINCIPAL]


def test_a_backdated_repayment_moves_what_was_paid_after_it():
    known = [DRAWN, *PAID_ON_TIME, repaid("2026-12-04", 50, "100.00")]
    found = posted(netherby(), known, [*known, repaid("2026-11-27", 51, "676.65")], date(2026, 12, 31))
    assert steps(found) == rows("""
      # booked on  movement      principal  interest  in advance
      2026-11-27   repaid:51          0.00      0.00      676.65
      2026-12-01   advance:19      -548.77   -127.88     -676.65
      2026-12-04   repaid:50          0.00    100.00      100.00
    """)


def test_the_difference_of_a_reversal_is_booked_no_earlier_than_the_reversal():
    known = [DRAWN, *PAID_ON_TIME, repaid("2026-11-20", 50, "500.00")]
    taken_back = Reversed(date(2026, 12, 5), 51, of=50)
    found = posted(netherby(), known, [*known, taken_back], date(2026, 12, 31))
    assert steps(found) == rows("""
      # booked on  movement      principal  interest  in advance
      2026-12-05   repaid:50          0.00      0.00     -500.00
      2026-12-05   advance:19       372.12    127.88      500.00
    """)


def posted(terms: Terms, before: list[Event], after: list[Event], until: date) -> tuple[Step, ...]:
    """What is posted when `after` becomes known where the books say `before`, and every period is open."""
    return corrections(told_steps(terms, before, until), told_steps(terms, after, until), open_from=date.min)


def steps(found: Iterable[Step]) -> list[list[str]]:
    """What is to be booked as rows of text: on which day, for what, principal, interest due, in advance."""
    return [
        [
            step.on.isoformat(),
            step.name,
            *(f"{part / 100:.2f}" for part in (step.moved.principal, step.moved.interest, step.moved.in_advance)),
        ]
        for step in found
    ]


@st.composite
def lives(draw: st.DrawFn) -> tuple[Terms, list[Event]]:
    """A loan in two tranches with repayments at any time, some of them reversed."""
    first = draw(st.dates(date(2024, 1, 1), date(2027, 12, 31)))
    months = draw(st.integers(1, 24))
    lent = draw(st.integers(100, 10**7))
    rate = draw(st.decimals(0, Decimal("0.3"), places=4))
    terms = agreed_annuity(from_minor(lent, "GBP"), rate, months, first)
    drawn_on = terms.planned_drawn_on
    part = draw(st.integers(1, lent - 1))
    events: list[Event] = [
        Drawn(drawn_on, 1, from_minor(part, "GBP")),
        Drawn(drawn_on + timedelta(days=draw(st.integers(0, 25))), 2, from_minor(lent - part, "GBP")),
    ]
    for sequence in range(3, 3 + draw(st.integers(0, 12))):
        standing = [event for event in events if isinstance(event, Repaid) and not is_reversed(event, events)]
        if standing and draw(st.integers(0, 2)) == 0:
            target = draw(st.sampled_from(standing))
            on = target.effective_on + timedelta(days=draw(st.integers(0, 90)))
            events.append(Reversed(on, sequence, of=target.sequence))
        else:
            on = drawn_on + timedelta(days=draw(st.integers(0, 31 * months + 60)))
            events.append(Repaid(on, sequence, from_minor(draw(st.integers(1, lent)), "GBP")))
    return terms, events


def is_reversed(event: Event, events: Iterable[Event]) -> bool:
    """Whether one of the events reverses this one."""
    return any(isinstance(other, Reversed) and other.of == event.sequence for other in events)


def pence(money: Money) -> int:
    """Whole pence of a sum of money."""
    return to_minor(money.amount, "GBP")


def naive_balances(terms: Terms, events: Iterable[Event], as_of: date) -> tuple[int, int, int]:
    """Principal, interest due and in advance in pence: what was received paid down a list of what fell due."""
    by_then = [event for event in events if event.effective_on <= as_of]
    undone = {event.of for event in by_then if isinstance(event, Reversed)}
    drawn = [event for event in by_then if isinstance(event, Drawn)]
    received = sum(pence(e.amount) for e in by_then if isinstance(e, Repaid) and e.sequence not in undone)
    principal, interest = sum(pence(event.amount) for event in drawn), 0
    for row in schedule(terms, drawn):
        if row.due_on > as_of:
            break
        for_interest = min(received, pence(row.interest))
        received -= for_interest
        for_principal = min(received, pence(row.principal))
        received -= for_principal
        interest += pence(row.interest) - for_interest
        principal -= for_principal
    return principal, interest, received


@given(lives(), st.data())
def test_the_position_agrees_with_paying_down_a_list(life, data):
    terms, events = life
    as_of = data.draw(st.dates(terms.planned_drawn_on, terms.nominal_maturity + timedelta(days=120)))
    at = position(terms, events, as_of)
    found = (at.principal_outstanding, at.interest_due, at.in_advance)
    assert tuple(pence(money) for money in found) == naive_balances(terms, events, as_of)


@given(lives(), st.randoms())
def test_no_penny_is_lost_and_the_order_of_arrival_does_not_matter(life, random):
    terms, events = life
    end = terms.nominal_maturity + timedelta(days=120)
    at = position(terms, events, end)
    assert at.principal_paid + at.interest_paid + at.in_advance == at.received
    assert at.principal_outstanding + at.principal_paid == at.drawn == terms.principal
    assert at.principal_outstanding + at.interest_due == at.arrears
    assert at.settled == (not at.arrears)
    shuffled = list(events)
    random.shuffle(shuffled)
    assert position(terms, shuffled, end) == at


@given(lives())
def test_a_reversal_leaves_the_loan_as_if_nothing_had_happened(life):
    terms, events = life
    end = terms.nominal_maturity + timedelta(days=400)
    more = Repaid(terms.first_due_on, 100, pounds("123.45"))
    undone = Reversed(terms.first_due_on + timedelta(days=9), 101, of=100)
    assert position(terms, [*events, more, undone], end) == position(terms, events, end)


@given(lives(), st.data())
def test_books_kept_by_corrections_stand_as_the_replay_does(life, data):
    """Events that become known in any order: what is booked for each, summed up to any day, is the position."""
    terms, events = life
    end = terms.nominal_maturity + timedelta(days=400)
    booked: list[Step] = []
    for known in range(len(events)):
        booked += corrections(booked, told_steps(terms, events[: known + 1], end), open_from=date.min)
    as_of = data.draw(st.dates(terms.planned_drawn_on, end))
    assert added(step.moved for step in booked if step.on <= as_of) == added(
        movement.moved for movement in replay(terms, events, as_of).movements
    )


@given(lives(), st.data())
def test_reversals_before_the_books_open_need_no_telling_of_their_own(life, data):
    terms, events = life
    end = terms.nominal_maturity + timedelta(days=400)
    days = st.dates(terms.planned_drawn_on, end)
    undone = {event.of for event in events if isinstance(event, Reversed)}
    stand = [event for event in events if isinstance(event, Repaid) and event.sequence not in undone]
    for number, event in enumerate(data.draw(st.lists(st.sampled_from(stand), unique_by=id)) if stand else (), 200):
        events = [*events, Reversed(max(event.effective_on, data.draw(days)), number, of=event.sequence)]
    open_from = data.draw(days)
    told, shorter = told_steps(terms, events, end), told_steps(terms, events, end, open_from=open_from)
    assert set(corrections([], shorter, open_from=open_from)) == set(corrections([], told, open_from=open_from))


def added(moves: Iterable[Moved]) -> Moved:
    """All of them together."""
    total = STILL
    for moved in moves:
        total = total.plus(moved)
    return total
