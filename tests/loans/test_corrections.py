"""When a life is told anew, the books follow by reversals and new entries, and closed periods stay as they are."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loans.domain.corrections import Step, corrections
from loans.domain.events import Drawn, Event, FeeCharged, Repaid, Reversed
from loans.domain.movements import STILL, Moved
from loans.domain.replay import replay, told_steps
from tests.loans.tables import annuity, pounds

TERMS = annuity("1000.00", "12%", 6, "2026-02-01")
LENT = Drawn(date(2026, 1, 1), 1, pounds("1000.00"))
END = date(2026, 9, 1)


def told(*events: Event) -> list[Step]:
    """Everything that moves the books to the end of the loan."""
    return told_steps(TERMS, [LENT, *events], END)


def stands(day: date, *events: Event) -> Moved:
    """Where the loan stands on a day."""
    return added(movement.moved for movement in replay(TERMS, [LENT, *events], day).movements if movement.on <= day)


class Books:
    """What was posted, one correction after another."""

    def __init__(self) -> None:
        self.booked: list[Step] = []

    def follow(self, life: list[Step], open_from: date) -> tuple[Step, ...]:
        found = corrections(self.booked, life, open_from=open_from)
        self.booked += found
        return found

    def at(self, day: date) -> Moved:
        return added(step.moved for step in self.booked if step.on <= day)


def added(moves) -> Moved:
    total = STILL
    for moved in moves:
        total = total.plus(moved)
    return total


def test_what_is_told_as_it_was_posted_is_left_alone():
    books = Books()
    assert len(books.follow(told(), date.min)) == 7
    assert books.follow(told(), date.min) == ()


def test_a_repayment_known_late_moves_the_books_by_what_it_changes():
    books = Books()
    first = Repaid(date(2026, 2, 10), 3, pounds("172.55"))
    books.follow(told(first), date.min)
    found = books.follow(told(Repaid(date(2026, 2, 1), 2, pounds("172.55")), first), date.min)
    assert [(step.on.isoformat(), step.name) for step in found] == [
        ("2026-02-01", "repaid:2"),
        ("2026-02-10", "repaid:3"),
        ("2026-03-01", "advance:2"),
    ]


def test_a_closed_period_is_not_touched():
    books = Books()
    late = Repaid(date(2026, 2, 10), 3, pounds("172.55"))
    books.follow(told(late), date.min)
    before = [books.at(date(2026, 1, 1) + timedelta(days=day)) for day in range(90)]
    found = books.follow(told(Repaid(date(2026, 2, 1), 2, pounds("100.00")), late), date(2026, 4, 1))
    assert found
    assert all(correction.on >= date(2026, 4, 1) for correction in found)
    assert before == [books.at(date(2026, 1, 1) + timedelta(days=day)) for day in range(90)]


DAYS = st.dates(date(2026, 1, 1), date(2026, 8, 31))


@st.composite
def growing_lives(draw) -> list[tuple[Event, date]]:
    """Events in the order in which they become known, each with the first day that was open then."""
    events: list[tuple[Event, date]] = []
    open_from = date.min
    for sequence in range(2, 2 + draw(st.integers(1, 8))):
        repaid = [event for event, _ in events if isinstance(event, Repaid)]
        if repaid and draw(st.booleans()):
            of = draw(st.sampled_from(repaid))
            if any(isinstance(event, Reversed) and event.of == of.sequence for event, _ in events):
                continue
            on = draw(st.dates(of.effective_on, END - timedelta(days=1)))
            event: Event = Reversed(on, sequence, of=of.sequence)
        elif draw(st.booleans()):
            event = FeeCharged(draw(DAYS), sequence, pounds("25.00"))
        else:
            event = Repaid(draw(DAYS), sequence, pounds(draw(st.sampled_from(["0.01", "50.00", "172.55", "400.00"]))))
        open_from = max(open_from, draw(st.sampled_from([date.min, date(2026, 3, 1), date(2026, 5, 1)])))
        events.append((event, open_from))
    return events


@given(growing_lives(), DAYS)
def test_the_books_stand_as_if_the_life_had_always_been_known(life, day):
    books, known = Books(), []
    books.follow(told(), date.min)
    open_from = date.min
    for event, open_from in life:
        known.append(event)
        books.follow(told(*known), open_from)
    day = max(day, open_from)
    assert books.at(day) == stands(day, *known)
    assert books.follow(told(*known), open_from) == ()
