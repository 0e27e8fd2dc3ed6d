"""When a life is told anew, the books follow by reversals and new entries, and closed periods stay as they are."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loans.domain.corrections import Booked, Correction, corrections
from loans.domain.events import Drawn, Event, FeeCharged, Repaid, Reversed
from loans.domain.movements import STILL, Moved, Movement
from loans.domain.replay import replay
from tests.loans.tables import annuity, pounds

TERMS = annuity("1000.00", "12%", 6, "2026-02-01")
LENT = Drawn(date(2026, 1, 1), 1, pounds("1000.00"))
END = date(2026, 9, 1)


def told(*events: Event) -> tuple[Movement, ...]:
    """Everything that moves to the end of the loan."""
    return replay(TERMS, [LENT, *events], END).movements


class Books:
    """Entries posted one after another, and which of them stand."""

    def __init__(self) -> None:
        self.entries: list[tuple[date, Moved]] = []
        self.standing: dict[str, Booked] = {}

    def post(self, found: tuple[Correction, ...]) -> None:
        for correction in found:
            self.entries.append((correction.on, correction.moved))
            if correction.reverses:
                del self.standing[correction.reverses.name]
            if movement := correction.books:
                self.standing[movement.name] = Booked(movement.name, movement.on, correction.on, movement.moved)

    def follow(self, life: tuple[Movement, ...], open_from: date) -> tuple[Correction, ...]:
        found = corrections(self.standing.values(), life, open_from=open_from)
        self.post(found)
        return found

    def at(self, day: date) -> Moved:
        return added(moved for on, moved in self.entries if on <= day)


def added(moves) -> Moved:
    total = STILL
    for moved in moves:
        total = total.plus(moved)
    return total


def test_what_is_told_as_it_was_posted_is_left_alone():
    books = Books()
    assert len(books.follow(told(), date.min)) == 7
    assert books.follow(told(), date.min) == ()


def test_a_repayment_known_late_reverses_what_it_changed_and_books_it_again():
    books = Books()
    first = Repaid(date(2026, 2, 10), 3, pounds("172.55"))
    books.follow(told(first), date.min)
    found = books.follow(told(Repaid(date(2026, 2, 1), 2, pounds("172.55")), first), date.min)
    said = [
        (c.on.isoformat(), c.reverses.name if c.reverses else None, c.books.name if c.books else None) for c in found
    ]
    assert said == [
        ("2026-02-10", "repaid:3", None),
        ("2026-02-01", None, "repaid:2"),
        ("2026-02-10", None, "repaid:3"),
        ("2026-03-01", None, "advance:2"),
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
            event: Event = Reversed(of.effective_on, sequence, of=of.sequence)
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
    assert books.at(day) == added(movement.moved for movement in told(*known) if movement.on <= day)
    assert books.follow(told(*known), open_from) == ()
