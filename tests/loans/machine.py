"""A loan that lives at random beside the pure engine: what may happen to it, and what must hold after every step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeVar

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from moneyed import Money

from ledger.checks import examine
from ledger.domain.money import from_minor
from ledger.models import JournalEntry
from ledger.queries import entry_postings
from ledger.services import close_period, move_business_date
from loans import queries
from loans.checks import CHECKS
from loans.domain.allocation import Component
from loans.domain.calendar import Recurrence, add_months
from loans.domain.conventions import Amortisation, InterestMethod
from loans.domain.corrections import Step
from loans.domain.entries import AGAIN
from loans.domain.errors import LoanError
from loans.domain.events import (
    Event,
    FeeCharged,
    Happened,
    HolidayGranted,
    RateChanged,
    Refunded,
    Restructured,
    Resumed,
    Reversed,
    Suspended,
    Waived,
    WrittenOff,
)
from loans.domain.fees import FeeKind, FeeRecognition, FeeSettlement, ProductFee
from loans.domain.movements import Moved, total_of
from loans.domain.offer import Brings
from loans.domain.replay import replay, told_steps
from loans.domain.reschedule import arrears_but_principal
from loans.domain.servicing import DefaultInterest, FlatSettlement, HolidayInterest, Prepayment, Servicing
from loans.domain.terms import Terms
from loans.models import Booking, Loan, LoanEvent
from loans.services import (
    Circumstances,
    HowRepaid,
    More,
    Preview,
    approve_proposal,
    bring_up_to_date,
    draw_down,
    offer_product,
    preview,
    preview_taking_back,
    propose,
    record,
    record_recovery,
    record_repayment,
    reverse_event,
)
from loans.services.act_refusals import COSTS_MONEY
from tests.loans.builders import DRAWN_ON, Fund, asked, make_fund, make_loan

LATE = DefaultInterest(Decimal("0.08"), grace_days=5, on_interest=True)
LATER = FeeRecognition.OVER_THE_TERM
FEES = (
    ProductFee(FeeKind.ARRANGEMENT, share=Decimal("0.02"), settlement=FeeSettlement.DEDUCTED, recognition=LATER),
    ProductFee(FeeKind.COMMITMENT, share=Decimal("0.01")),
    ProductFee(FeeKind.LATE, amount=Decimal("15.00"), grace_days=7),
    ProductFee(FeeKind.REARRANGEMENT, amount=Decimal("100.00"), settlement=FeeSettlement.CAPITALISED),
)
PRODUCTS = {
    "level": More(),
    "level and dear when late": More(
        brings=Brings(servicing=Servicing(default_interest=LATE, prepayment=Prepayment.SHORTER_TERM)), fees=FEES[2:]
    ),
    "equal principal with fees": More(
        brings=Brings(
            amortisation=Amortisation.EQUAL_PRINCIPAL, servicing=Servicing(prepayment=Prepayment.LOWER_PAYMENT)
        ),
        fees=FEES,
    ),
    "flat": More(
        brings=Brings(
            interest_method=InterestMethod.FLAT,
            servicing=Servicing(default_interest=LATE, flat_settlement=FlatSettlement.RULE_OF_78),
        )
    ),
}
PRINCIPAL = 600_000
AMOUNTS = st.sampled_from([51_639, 51_639, 103_278, PRINCIPAL]) | st.integers(1, 150_000)
BACK = st.sampled_from([0, 0, 0, 1, 20, 45, 100])
"""How many days before the business date something really happened."""

T = TypeVar("T")


@dataclass(frozen=True)
class Closed:
    """A close: through which day, and how many events were known then."""

    through: date
    known: int


def make_live_loans() -> tuple[Fund, list[Loan]]:
    """A fund on the day of the first drawdowns, with a loan of each product, none of them drawn."""
    fund = make_fund(today=DRAWN_ON)
    loans = []
    for number, (name, more) in enumerate(PRODUCTS.items()):
        product = offer_product(
            book=fund.book,
            code=f"live-{number}",
            name=name,
            amounts=(from_minor(100, "GBP"), from_minor(PRINCIPAL, "GBP")),
            months=(1, 60),
            annual_rate=Decimal("0.09"),
            payment_prefix=f"L{number}",
            more=more,
        )
        asks = asked("6000.00", 12, rate="0.09")
        loans.append(make_loan(replace(fund, product=product), asks, shop=str(8200 + number)))
    return fund, loans


class LoanLives(RuleBasedStateMachine):
    """One loan, its books, and the events that the engine is told; what is refused must change nothing."""

    def __init__(self, fund: Fund, loans: list[Loan]) -> None:
        super().__init__()
        self._undo = transaction.atomic()
        self._undo.__enter__()
        self.fund, self.loans = fund, loans
        self.events: list[Event] = []
        self.closes: list[Closed] = []
        self.keys = 0

    def teardown(self) -> None:
        try:
            if self.events:
                self._all_agrees()
        finally:
            transaction.set_rollback(True)
            self._undo.__exit__(None, None, None)

    @initialize(which=st.integers(0, len(PRODUCTS) - 1), part=st.sampled_from([PRINCIPAL, PRINCIPAL, 350_000]))
    def begin(self, which: int, part: int) -> None:
        self.loan = self.loans[which]
        self.terms: Terms = queries.first_terms_of(self.loan)
        self.today = DRAWN_ON
        self.fund.book.refresh_from_db()
        self._draw(part, DRAWN_ON)

    # Time

    @rule(days=st.sampled_from([1, 15, 31, 31, 61, 100]), catches_up=st.booleans())
    def days_pass(self, days: int, catches_up: bool) -> None:
        self.today += timedelta(days=days)
        move_business_date(book=self.fund.book, to=self.today)
        self.fund.book.refresh_from_db()
        if catches_up:
            self._catch_up(self.today)
        self._agrees()

    @precondition(lambda self: self.today.replace(day=1) > self._open_from())
    @rule()
    def close_the_month(self) -> None:
        through = self.today.replace(day=1) - timedelta(days=1)
        self._catch_up(through)
        close_period(book=self.fund.book, through=through, by=self.fund.tom)
        self.closes.append(Closed(through, len(self.events)))
        self._agrees()

    # What may happen

    @rule(minor=st.integers(1, 250_000), back=BACK)
    def draw_more(self, minor: int, back: int) -> None:
        self._draw(minor, self._day(back))

    @rule(minor=AMOUNTS, back=BACK, prepayment=st.none() | st.sampled_from(Prepayment))
    def repay(self, minor: int, back: int, prepayment: Prepayment | None) -> None:
        how = HowRepaid(prepayment=prepayment, books_later=True)
        self._repay(from_minor(minor, "GBP"), self._day(back), how)

    @rule(back=BACK)
    def settle(self, back: int) -> None:
        on = self._day(back)
        total = queries.position_of(self.loan, on).quote.total
        if total:
            self._repay(total, on, HowRepaid(settles=True, books_later=True))

    @rule(minor=st.integers(1, 50_000), back=BACK)
    def recover(self, minor: int, back: int) -> None:
        on, amount = self._day(back), from_minor(minor, "GBP")
        self._try(
            lambda key: record_recovery(
                loan=self.loan, amount=amount, on=on, bank_account="MAIN", by=self.fund.priya, key=key
            )
        )

    @rule(
        minor=st.integers(1, 5_000),
        back=BACK,
        settlement=st.sampled_from(FeeSettlement),
        months=st.sampled_from([0, 6]),
    )
    def charge_fee(self, minor: int, back: int, settlement: FeeSettlement, months: int) -> None:
        on = self._day(back)
        earned_by = add_months(on, months) if months else None
        self._act(FeeCharged(on, 0, from_minor(minor, "GBP"), settlement=settlement, earned_by=earned_by))

    @rule(minor=st.integers(1, 3_000), back=BACK, component=st.sampled_from(Component))
    def waive(self, minor: int, back: int, component: Component) -> None:
        self._act(Waived(self._day(back), 0, from_minor(minor, "GBP"), component))

    @rule(rate=st.sampled_from(["0", "0.05", "0.13"]), back=BACK)
    def change_rate(self, rate: str, back: int) -> None:
        self._act(RateChanged(self._day(back), 0, Decimal(rate)))

    @rule(number=st.integers(1, 3), interest=st.sampled_from(HolidayInterest), extends=st.booleans(), back=BACK)
    def pause(self, number: int, interest: HolidayInterest, extends: bool, back: int) -> None:
        self._act(HolidayGranted(self._day(back), 0, number, interest, extends))

    @rule(
        months=st.sampled_from([6, 12, 24]),
        capitalises=st.booleans(),
        fee=st.none() | st.integers(1, 20_000).map(lambda minor: from_minor(minor, "GBP")),
        back=BACK,
    )
    def restructure(self, months: int, capitalises: bool, fee: Money | None, back: int) -> None:
        on = self._day(back)
        at = queries.position_of(self._fresh(), on)
        principal = at.principal_outstanding + arrears_but_principal(at) * int(capitalises)
        if not principal:
            return
        due = Recurrence(on, self.terms.cycle.every, after=True)
        terms = replace(
            self.terms, principal=principal, drawn_on=on, principal_due=due, instalments=months, business_days=None
        )
        self._act(Restructured(on, 0, terms, capitalises, fee))

    @rule(minor=st.none() | st.integers(1, 100_000), back=BACK)
    def write_off(self, minor: int | None, back: int) -> None:
        self._act(WrittenOff(self._day(back), 0, None if minor is None else from_minor(minor, "GBP")))

    @rule(minor=st.integers(1, 60_000), back=BACK)
    def refund(self, minor: int, back: int) -> None:
        self._act(Refunded(self._day(back), 0, from_minor(minor, "GBP")))

    @rule(back=BACK)
    def suspend(self, back: int) -> None:
        self._act(Suspended(self._day(back), 0))

    @rule(back=BACK)
    def resume(self, back: int) -> None:
        self._act(Resumed(self._day(back), 0))

    @precondition(lambda self: len(self.events) > 1)
    @rule(which=st.integers(0, 50), back=BACK)
    def take_back(self, which: int, back: int) -> None:
        numbers = [event.sequence for event in self.events if not isinstance(event, Reversed)]
        if not numbers:
            return
        event = LoanEvent.objects.get(loan=self.loan, number=numbers[which % len(numbers)])
        on = max(event.effective_on, self._day(back))
        last = self._last_entry()
        shown = self._outcome(lambda: preview_taking_back(event=event, on=on))
        done = self._try(
            lambda key: reverse_event(event=event, on=on, reason="taken back", by=self.fund.tom, key=key),
        )
        self._is_as_shown(done, shown, on, last)

    # How it is done

    def _draw(self, minor: int, on: date) -> None:
        amount = from_minor(minor, "GBP")
        self._try(lambda key: draw_down(loan=self.loan, amount=amount, on=on, by=self.fund.priya, key=key))

    def _repay(self, amount: Money, on: date, how: HowRepaid) -> None:
        self._try(
            lambda key: record_repayment(
                loan=self.loan, amount=amount, on=on, bank_account="MAIN", by=self.fund.priya, key=key, how=how
            )
        )

    def _act(self, event: Happened) -> None:
        """An act as it is recorded, after a look at what it would do: the look and the books must say the same."""
        last, two_people = self._last_entry(), isinstance(event, COSTS_MONEY)
        shown = self._outcome(lambda: preview(loan=self._fresh(), event=event, books_later=True))

        def act(key: str) -> LoanEvent:
            loan = self._fresh()
            if two_people:
                proposal = propose(loan=loan, event=event, reason="A reason", by=self.fund.priya)
                return approve_proposal(proposal=proposal, shown_sha256=proposal.content_sha256, by=self.fund.tom)
            later = Circumstances(books_later=True)
            return record(loan=loan, event=event, by=self.fund.tom, key=key, circumstances=later)

        self._is_as_shown(self._try(act), shown, event.effective_on, last)

    def _is_as_shown(self, done: LoanEvent | None, shown: Preview | None, on: date, last: int) -> None:
        assert bool(done) == bool(shown), (done, shown, self.events)
        if shown and done:
            assert sorted(map(_told, shown.entries)) == sorted(map(_booked, self._entries_after(last))), self.events
            assert queries.position_of(self._fresh(), max(on, self.today)) == shown.after

    def _try(self, act: Callable[[str], LoanEvent]) -> LoanEvent | None:
        """The event that was recorded, and told to the engine too; or nothing, where it was refused."""
        self.keys += 1
        recorded = self._outcome(lambda: act(f"machine:{self.keys}"))
        if recorded is not None:
            (self.event,) = queries.events_of(self.loan)[len(self.events) :]
            self.events.append(self.event)
        self._agrees()
        return recorded

    def _outcome(self, act: Callable[[], T]) -> T | None:
        try:
            with transaction.atomic():
                return act()
        except LoanError:
            return None

    def _fresh(self) -> Loan:
        return Loan.objects.select_related("book").get(pk=self.loan.pk)

    def _catch_up(self, on: date) -> None:
        bring_up_to_date(loan=self.loan, on=on, by=self.fund.priya)

    def _day(self, back: int) -> date:
        return max(DRAWN_ON, self.today - timedelta(days=back))

    def _open_from(self) -> date:
        return self.closes[-1].through + timedelta(days=1) if self.closes else date.min

    def _last_entry(self) -> int:
        return int(JournalEntry.objects.filter(book=self.fund.book).order_by("-pk").values_list("pk", flat=True)[0])

    def _entries_after(self, last: int) -> list[JournalEntry]:
        return list(JournalEntry.objects.filter(book=self.fund.book, pk__gt=last))

    # What must hold

    def _agrees(self) -> None:
        """On open days the ledger stands where the engine does; on closed ones where it did at their close."""
        posted_until = self._posted_until()
        for on in self._days(posted_until):
            known = self._known_on(on)
            should = total_of(replay(self.terms, known, on).movements)._replace(recovered=0)
            assert queries.booked_balances(self.loan, on) == should, (on, self.events)

    def _posted_until(self) -> date:
        due = self._fresh().next_action_on
        return min(self.today, due - timedelta(days=1)) if due else self.today

    def _known_on(self, on: date) -> list[Event]:
        """The events that count for the books of a day: all, or those that were known when its period was closed."""
        known = next((close.known for close in self.closes if on <= close.through), None)
        return self.events[:known]

    def _days(self, until: date) -> list[date]:
        """The days on which to look: of each event, the day before and after, each close, and the last posted one."""
        one = timedelta(days=1)
        days = {until, *(close.through + days * one for close in self.closes for days in (0, 1))}
        days |= {event.effective_on + days * one for event in self.events for days in (-1, 0, 1, 30)}
        return sorted(day for day in days if DRAWN_ON <= day <= until)

    def _all_agrees(self) -> None:
        """Once everything is posted: every rule finds nothing, and what changed closed days is listed as such."""
        self._catch_up(self.today)
        self._agrees()
        findings = examine(self.fund.book, CHECKS)
        assert findings == [], (findings, self.events)
        self._corrections_are_listed()

    def _corrections_are_listed(self) -> None:
        rows = list(Booking.objects.filter(loan=self.loan).select_related("entry").order_by("pk"))
        told = told_steps(self.terms, self.events, self.today)
        for close in self.closes:
            before = [row for row in rows if row.booked_on <= close.through]
            for name in {step.name for step in told} | {row.name for row in before}:
                was = _sum(_step(row) for row in before if row.name == name)
                should = _sum(step for step in told if step.name == name and step.on <= close.through)
                if was == should:
                    continue
                later = [row for row in rows if row.name == name and row.booked_on > close.through]
                assert later, (name, close)
                if was != Moved():
                    assert any(AGAIN in row.entry.narrative or row.entry.reverses_id for row in later), (name, close)
        for name in {row.name for row in rows}:
            assert _sum(_step(row) for row in rows if row.name == name) == _sum(
                step for step in told if step.name == name
            )


def _step(row: Booking) -> Step:
    return Step(row.name, row.booked_on, Moved(*(getattr(row, column) for column in Moved._fields)))


def _sum(steps: object) -> Moved:
    total = Moved()
    for step in steps:  # type: ignore[attr-defined]
        total = total.plus(step.moved)
    return total


def _told(entry: object) -> tuple[object, ...]:
    """An entry as a preview shows it."""
    lines = sorted((line.account, line.amount.amount) for line in entry.postings)  # type: ignore[attr-defined]
    return (entry.effective_on, entry.narrative, lines)  # type: ignore[attr-defined]


def _booked(entry: JournalEntry) -> tuple[object, ...]:
    """The same as it stands."""
    lines = sorted((line.account.code, from_minor(line.amount, "GBP").amount) for line in entry_postings(entry))
    return (entry.effective_on, entry.narrative, lines)
