"""Are closed dates closed, in order, and does every balance stay what it was? By the services and by hand."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import Error as DatabaseError
from django.db import transaction

from ledger import queries
from ledger.domain import errors
from ledger.models import AccountClosing, Period, PeriodEvent
from ledger.services import add_chart_node, close_period, open_account, reopen_period
from ledger.services.periods import trial_balance_sha256
from tests.ledger.raw_rows import Rows, Statement, fingerprints, refusal, write
from tests.ledger.small_book import BANK, INCOME, LOAN, OPENED, SUSPENSE, SmallBook, make_book, simple_entry

pytestmark = pytest.mark.django_db

JANUARY, FEBRUARY, MARCH, APRIL = (date(2025, month, 1) - timedelta(days=1) for month in (2, 3, 4, 5))
"""The last days of these months."""
DAYS = [OPENED + timedelta(days=n) for n in range(-1, 130)]
OUT_OF_ORDER = "CW014"


@pytest.fixture
def small() -> SmallBook:
    return make_book()


def close(small: SmallBook, *through: date) -> PeriodEvent:
    """Close one period after another."""
    return [close_period(book=small.book, through=day, by=small.amina) for day in through][-1]


def reopen(small: SmallBook) -> PeriodEvent:
    return reopen_period(book=small.book, reason="a late invoice", by=small.tom)


def post_from_january_to_april(small: SmallBook) -> None:
    """An entry on every fourth day, and one on each side of every month's end."""
    days = {*range(0, 120, 4), *((end - OPENED).days + shift for end in (JANUARY, FEBRUARY, MARCH) for shift in (0, 1))}
    pairs = ((BANK, SUSPENSE), (LOAN, BANK), (BANK, INCOME))
    small.post(*[simple_entry(n + 1, on=OPENED + timedelta(days=n), accounts=pairs[n % 3]) for n in sorted(days)])


def every_balance(small: SmallBook) -> dict[date, dict[int, int]]:
    """The trial balance of every day, but for accounts at nought."""
    days = {day: queries.trial_balance(small.book, day) for day in DAYS}
    return {day: {row.account_id: row.minor for row in rows if row.minor} for day, rows in days.items()}


def test_closing_and_reopening_change_no_balance_of_any_day(small: SmallBook) -> None:
    post_from_january_to_april(small)
    before = every_balance(small)
    assert before[APRIL]
    for step in (lambda: close(small, JANUARY), lambda: close(small, FEBRUARY, MARCH, APRIL), lambda: reopen(small)):
        step()
        assert every_balance(small) == before


def test_a_late_entry_in_a_reopened_period_counts_and_closing_again_keeps_it(small: SmallBook) -> None:
    post_from_january_to_april(small)
    close(small, JANUARY, FEBRUARY)
    was = every_balance(small)
    first = reopen(small)
    small.post(simple_entry(7_000, on=FEBRUARY))
    again = close(small, FEBRUARY)
    assert (first.period_id, first.number, again.number) == (again.period_id, 2, 3)
    bank = small.id_of(BANK)
    now = every_balance(small)
    assert {day: now[day].get(bank, 0) - was[day].get(bank, 0) for day in DAYS} == {
        day: 7_000 if day >= FEBRUARY else 0 for day in DAYS
    }


def test_the_database_keeps_what_every_account_stood_at(small: SmallBook) -> None:
    post_from_january_to_april(small)
    for through in (JANUARY, FEBRUARY):
        event = close(small, through)
        kept = dict(AccountClosing.objects.filter(event=event).values_list("account_id", "balance"))
        assert kept == {row.account_id: row.minor for row in queries.trial_balance(small.book, through)}
        assert event.trial_balance_sha256 == trial_balance_sha256(small.book, through)


def test_the_hash_of_a_trial_balance_tells_any_change(small: SmallBook) -> None:
    small.post(simple_entry(5, on=OPENED))
    first = close(small, JANUARY).trial_balance_sha256
    reopen(small)
    small.post(simple_entry(1, on=JANUARY))
    assert close(small, JANUARY).trial_balance_sha256 != first


def test_only_dates_after_the_last_close_take_entries(small: SmallBook) -> None:
    close(small, JANUARY, FEBRUARY)
    for day in (OPENED, JANUARY, FEBRUARY):
        with pytest.raises(errors.PeriodClosed, match="Date it on or after 1 March 2025"):
            small.post(simple_entry(on=day))
    small.post(simple_entry(on=FEBRUARY + timedelta(days=1)))
    reopen(small)
    small.post(simple_entry(on=JANUARY + timedelta(days=1)))
    with pytest.raises(errors.PeriodClosed, match="Date it on or after 1 February 2025"):
        small.post(simple_entry(on=JANUARY))
    assert queries.closed_until(small.book) == date(2025, 2, 1)


def test_periods_follow_one_another_from_the_opening_day(small: SmallBook) -> None:
    close(small, OPENED, JANUARY, MARCH)
    reopen(small)
    close(small, MARCH)
    spans = list(Period.objects.filter(book=small.book).values_list("starts_on", "ends_on"))
    assert spans[0][0] == OPENED
    assert all(one[1] == other[0] for one, other in pairwise(spans))
    assert len(spans) == 3


def test_closing_twice_gives_the_close_that_stands(small: SmallBook) -> None:
    assert close(small, JANUARY) == close(small, JANUARY)
    assert PeriodEvent.objects.count() == 1


@pytest.mark.parametrize("through", [OPENED, JANUARY - timedelta(days=1), date(2024, 12, 31), date(2020, 1, 1)])
def test_a_close_reaches_further_than_the_last(small: SmallBook, through: date) -> None:
    close(small, JANUARY)
    before = fingerprints()
    with pytest.raises(errors.PeriodOutOfOrder, match="is closed through 31 January 2025 already"):
        close(small, through)
    assert fingerprints() == before


def test_a_first_close_covers_a_day_at_least(small: SmallBook) -> None:
    with pytest.raises(errors.PeriodOutOfOrder, match="nothing was closed"):
        close(small, OPENED - timedelta(days=1))


def test_what_was_reopened_is_closed_to_its_own_end_first(small: SmallBook) -> None:
    close(small, JANUARY, FEBRUARY)
    reopen(small)
    for through in (MARCH, JANUARY + timedelta(days=5)):
        with pytest.raises(errors.PeriodOutOfOrder, match=r"runs to 28 February 2025\. Close it to that day first"):
            close(small, through)


def test_periods_are_reopened_from_the_latest_back(small: SmallBook) -> None:
    close(small, JANUARY, FEBRUARY)
    assert reopen(small).period.ends_on == date(2025, 3, 1)
    assert reopen(small).period.ends_on == date(2025, 2, 1)
    with pytest.raises(errors.PeriodOutOfOrder, match="No period of Small is closed, so none can be reopened"):
        reopen(small)


def test_a_period_is_not_reopened_without_a_reason(small: SmallBook) -> None:
    close(small, JANUARY)
    with pytest.raises(errors.ReasonNeeded, match="Say why the period is reopened"):
        reopen_period(book=small.book, reason=" ", by=small.tom)
    assert queries.closed_until(small.book) == date(2025, 2, 1)


def test_books_are_closed_apart(small: SmallBook) -> None:
    other = make_book("another", (small.tom, small.amina))
    close(small, JANUARY)
    other.post(simple_entry(on=OPENED))
    with pytest.raises(errors.PeriodOutOfOrder):
        reopen(other)


def event_rows(small: SmallBook, through: date, number: int, kind: str) -> Rows:
    """An event of the period through a day, written by hand."""
    period = Period.objects.get(book=small.book, ends_on=through + timedelta(days=1))
    row = {"period_id": period.pk, "number": number, "kind": kind, "trial_balance_sha256": "", "reason": ""}
    return Rows([Statement("ledger_periodevent", [row | {"recorded_by_id": small.tom.pk}])])


def period_rows(small: SmallBook, starts_on: date, ends_on: date) -> Rows:
    row = {"book_id": small.book.pk, "starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat()}
    return Rows([Statement("ledger_period", [row])])


@pytest.mark.parametrize("way", ["insert", "copy", "merge"])
class TestByHand:
    """January and February are closed, March stands open."""

    @pytest.fixture(autouse=True)
    def closed(self, small: SmallBook) -> None:
        post_from_january_to_april(small)
        close(small, JANUARY, FEBRUARY, MARCH)
        reopen(small)

    def refused(self, rows: Rows, way: str, says: str, code: str = OUT_OF_ORDER) -> None:
        before = fingerprints()
        with pytest.raises(DatabaseError) as caught:
            write(rows, way)
        found, message = refusal(caught.value)
        assert (found, says in message) == (code, True), message
        assert fingerprints() == before

    @pytest.mark.parametrize(
        ("through", "number", "kind", "says"),
        [
            (FEBRUARY, 2, "closed", "is closed already"),
            (MARCH, 3, "reopened", "is open already"),
            (JANUARY, 2, "reopened", "Only the latest closed period, which ends before 2025-03-01"),
            (MARCH, 2, "closed", "is closed already"),
            (MARCH, 9, "closed", "is closed already"),
            (FEBRUARY, 2, "deleted", "is closed or reopened, and not 'deleted'"),
            (FEBRUARY, 2, "", "is closed or reopened"),
            (FEBRUARY, 2, "CLOSED", "is closed or reopened"),
        ],
    )
    def test_events_out_of_order(
        self, small: SmallBook, way: str, through: date, number: int, kind: str, says: str
    ) -> None:
        self.refused(event_rows(small, through, number, kind), way, says)

    def test_a_close_over_an_open_period(self, small: SmallBook, way: str) -> None:
        write(period_rows(small, MARCH + timedelta(days=1), APRIL + timedelta(days=1)), way)
        self.refused(event_rows(small, APRIL, 1, "closed"), way, "cannot be closed before the ones before it")

    @pytest.mark.parametrize(
        ("starts_on", "ends_on"),
        [(APRIL, APRIL), (date(2025, 4, 2), APRIL), (JANUARY, MARCH), (date(2026, 1, 1), date(2026, 2, 1))],
    )
    def test_periods_out_of_order(self, small: SmallBook, way: str, starts_on: date, ends_on: date) -> None:
        self.refused(period_rows(small, starts_on, ends_on), way, "The next period starts on 2025-04-01")

    def test_a_period_without_days(self, small: SmallBook, way: str) -> None:
        first = MARCH + timedelta(days=1)
        self.refused(period_rows(small, first, first), way, "ledger_period_has_days", "23514")

    def test_a_close_brings_its_closings_with_it(self, small: SmallBook, way: str) -> None:
        """Nobody can close a period and leave the balances after it without what stood before."""
        before = every_balance(small)
        write(event_rows(small, MARCH, 3, "closed"), way)
        assert every_balance(small) == before
        event = PeriodEvent.objects.order_by("-pk").first()
        assert AccountClosing.objects.filter(event=event).count() == 4


class TestAccountsByHand:
    """An account belongs to a line of its own book's chart, and carries its code."""

    def row(self, small: SmallBook, **changed: object) -> Rows:
        node = small.book.chart.get(code="1310")
        row = {
            "book_id": small.book.pk,
            "node_id": node.pk,
            "subject": "L-0009",
            "code": "1310/L-0009",
            "name": "Loan principal, L-0009",
            "currency": "GBP",
            "opened_on": OPENED.isoformat(),
            "closed_on": None,
        }
        return Rows([Statement("ledger_account", [row | changed])])

    def test_an_honest_one_stands(self, small: SmallBook) -> None:
        write(self.row(small))

    @pytest.mark.parametrize("way", ["insert", "copy", "merge"])
    def test_others_are_refused(self, small: SmallBook, way: str) -> None:
        other = make_book("another", (small.tom, small.amina))
        wrong = [
            {"node_id": other.book.chart.get(code="1310").pk},
            {"book_id": other.book.pk},
            {"code": "1310/L-0010"},
            {"code": "4010"},
            {"subject": ""},
            {"opened_on": (OPENED - timedelta(days=1)).isoformat()},
        ]
        for changed in wrong:
            with pytest.raises(DatabaseError) as caught, transaction.atomic():
                write(self.row(small, **changed), way)
            code, message = refusal(caught.value)
            assert (code, "does not stand under a line of its own book's chart" in message) == ("CW010", True), changed

    def test_opened_again_under_other_terms(self, small: SmallBook) -> None:
        first = open_account(book=small.book, node="1310", subject="L-0009", on=JANUARY)
        assert open_account(book=small.book, node="1310", subject="L-0009", on=FEBRUARY) == first
        with pytest.raises(errors.AlreadyExists, match="stands since 31 January 2025"):
            open_account(book=small.book, node="1310", subject="L-0009", on=OPENED)
        with pytest.raises(errors.BeforeBookOpened):
            open_account(book=small.book, node="1310", subject="L-0010", on=OPENED - timedelta(days=1))
        with pytest.raises(errors.UnknownAccount, match="has no line 9999"):
            open_account(book=small.book, node="9999", on=OPENED)
        with pytest.raises(errors.AlreadyExists, match="has a line 1310 already"):
            add_chart_node(book=small.book, code="1310", name="Loans again", kind="asset")
