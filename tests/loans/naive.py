"""Where would a patient clerk say that a loan stands? One walk, day by day, in exact fractions, sharing nothing.

A second telling of a loan's life to hold the engine against. It knows the terms, the calendar and the day counts, and
none of the engine: slow, plain, and in the order in which a day happens. Money is whole units (pence); interest is an
exact fraction of them until it falls due. Left out: flat interest, patterns, payment multiples, smoothing, balloons
(`amortised_to`), due dates that move back, and loans without an end.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache

from moneyed import Money

from loans.domain.allocation import Component, Instalments
from loans.domain.calendar import Recurrence
from loans.domain.conventions import Amortisation, Stub
from loans.domain.day_count import EQUAL_MONTHS, DayCount, nominal_fraction, year_fraction
from loans.domain.events import (
    Drawn,
    Event,
    FeeCharged,
    HolidayGranted,
    RateChanged,
    Recovered,
    Repaid,
    Restructured,
    Reversed,
    Waived,
    WrittenOff,
)
from loans.domain.fees import FeeKind, FeeSettlement, ProductFee
from loans.domain.rounding import RoundingMode
from loans.domain.servicing import HolidayInterest, Prepayment
from loans.domain.terms import Terms

DAY = timedelta(days=1)


class Refused(Exception):
    """The event with this sequence cannot be: it waives more than is owed."""

    def __init__(self, sequence: int, why: str) -> None:
        super().__init__(why)
        self.sequence = sequence


class Unforeseen(Refused):
    """The event with this sequence changes a loan that has ended already, of which the rules say nothing."""


@dataclass(frozen=True)
class Row:
    """What fell due on one day."""

    no: int
    due_on: date
    principal: int
    interest: int


@dataclass
class Claim:
    """What the borrower owes and has not paid yet."""

    no: int
    component: Component
    due_on: date
    unpaid: int


@dataclass(frozen=True)
class NaivePosition:
    """The evening of one day, in whole units."""

    principal_outstanding: int
    interest_due: int
    fees_due: int
    default_interest_due: int
    in_advance: int
    accrued_interest: int
    default_interest_accrued: int
    arrears: int
    days_past_due: int
    written_off: int
    recovered: int
    settlement_figure: int
    received: int
    rows: tuple[Row, ...]


def simulate(terms: Terms, events: Iterable[Event], as_of: date) -> NaivePosition:
    """Live every day from the first event to the evening of `as_of`. Raises Refused."""
    told = standing(events, as_of)
    loan = Loan(terms, start=min((event.effective_on for event in told), default=as_of))
    day = loan.start
    while True:
        loan.live(day, [event for event in told if event.effective_on == day])
        if day >= as_of:
            return loan.position(day)
        loan.sleep(day)
        day += DAY


def standing(events: Iterable[Event], as_of: date) -> list[Event]:
    """What has happened by `as_of` and has not been reversed by then, as recorded."""
    known = [event for event in events if event.effective_on <= as_of]
    undone = {event.of for event in known if isinstance(event, Reversed)}
    kept = [event for event in known if not isinstance(event, Reversed) and event.sequence not in undone]
    return sorted(kept, key=lambda event: event.sequence)


def due_dates(due: Recurrence, terms: Terms, start: date) -> list[date]:
    """The dates of a recurrence from `start` to the end of the terms, before any shift."""
    k = int(due.after)
    while due.nth(k) < start:
        k += 1
    if terms.maturity is None:
        return [due.nth(k + more) for more in range(terms.instalments or 0)]
    days = []
    while due.nth(k) < terms.maturity:
        days.append(due.nth(k))
        k += 1
    if days and terms.stub is Stub.LONG and due.nth(k) != terms.maturity:
        days.pop()
    return [*days, terms.maturity]


def dates_before(due: Recurrence, end: date) -> list[date]:
    """The dates of a recurrence before `end`."""
    days = []
    while (day := due.nth(len(days) + int(due.after))) < end:
        days.append(day)
    return days


class Agreement:
    """Terms on their way: the dates that are left of them, and how one amount is rounded."""

    def __init__(self, terms: Terms, start: date) -> None:
        self.terms, self.start = terms, start
        self.agreed_dates = due_dates(terms.cycle, terms, start)
        self.holidays: dict[date, HolidayInterest] = {}
        self.arrange()

    def arrange(self) -> None:
        """Say which days count for principal, and which for interest."""
        terms, dates = self.terms, self.agreed_dates
        interest = {*dates}
        if terms.interest_due and terms.principal_due:
            own = {*dates_before(terms.interest_due, dates[0] if terms.pays_level else dates[-1])}
            interest = own | ({*dates} if terms.pays_level else {dates[-1]})
        if terms.capitalise_interest_until:
            interest.add(terms.capitalise_interest_until)
        self.interest_dates = sorted(self.counting(day) for day in interest if day >= self.start)
        self.cycle = [self.counting(day) for day in dates]
        self.end = self.cycle[-1]
        self.principal_dates = [self.end] if terms.amortisation is Amortisation.BULLET else self.cycle
        self.dates = {*self.principal_dates, *self.interest_dates}

    def counting(self, day: date) -> date:
        """The day up to which interest runs that is due on `day`."""
        rule = self.terms.business_days
        return rule.shift(day) if rule and rule.interest_adjusted else day

    def extend(self, number: int) -> None:
        """Let the end come so many intervals of the same recurrence later."""
        if maturity := self.terms.maturity:
            maturity = replace(self.terms.cycle, anchor=maturity, after=False).nth(number)
        longer = self.terms.instalments and self.terms.instalments + number
        self.terms = replace(self.terms, maturity=maturity, instalments=longer)
        self.agreed_dates = due_dates(self.terms.cycle, self.terms, self.start)
        self.arrange()

    def pays_principal(self, day: date) -> bool:
        """Whether principal falls due on `day` by the kind of the loan."""
        if day not in self.principal_dates:
            return False
        if day == self.end:
            return True
        free = self.principal_dates[: self.terms.interest_only_periods]
        return day not in free and day not in self.holidays

    def interest_on(self, day: date) -> HolidayInterest:
        """What becomes of the interest that counts up to `day`; at the end there is no later date to wait for."""
        if day == self.end:
            return HolidayInterest.PAID
        if self.holidays.get(day, HolidayInterest.PAID) is not HolidayInterest.PAID:
            return self.holidays[day]
        if (until := self.terms.capitalise_interest_until) and day <= until:
            return HolidayInterest.CAPITALISED
        if day in self.interest_dates[: self.terms.deferred_interest_periods]:
            return HolidayInterest.DEFERRED
        return HolidayInterest.PAID

    def year_part(self, start: date, end: date) -> Fraction:
        """The part of a year that bears interest from one day to another, within one period."""
        period = bisect_right(self.interest_dates, start)
        if period < self.terms.interest_free_periods or period == len(self.interest_dates):
            return Fraction(0)
        return part_of_a_year(self.terms.day_count, self.terms.cycle, start, end)

    def units(self, amount: Money | Decimal) -> int:
        """An amount in whole units."""
        plain = amount.amount if isinstance(amount, Money) else amount
        return int(Fraction(plain) * 10**self.terms.rounded.places)

    def round(self, exact: Fraction) -> int:
        """The nearest whole unit; exactly half goes to the even one or, where that is agreed, away from nought."""
        if self.terms.rounded.mode is RoundingMode.HALF_UP and exact % 1 == Fraction(1, 2):
            return int(exact + (Fraction(1, 2) if exact > 0 else Fraction(-1, 2)))
        return round(exact)


@cache
def part_of_a_year(day_count: DayCount, due: Recurrence, start: date, end: date) -> Fraction:
    """The part of a year between two days by the convention."""
    if day_count is DayCount.NOMINAL:
        return Fraction(nominal_fraction(due, start, end))
    return year_fraction(day_count, start, end)


@dataclass
class Loan:
    """A loan as it stands, changed by each day that it lives through."""

    terms: Terms
    start: date
    agreement: Agreement = field(init=False)
    rate: Fraction = Fraction(0)
    to_come: int = 0
    """Principal that has not fallen due: interest accrues on this."""
    accrued: Fraction = Fraction(0)
    """Exact interest of the running period."""
    deferred: int = 0
    level: int | None = None
    """The level payment or principal part; None where it is to be solved on the next date that pays principal."""
    parts: dict[date, int] = field(default_factory=dict)
    """Principal parts that stay as they were planned."""
    last_row: int = 0
    last_due: int = 0
    pending: list[Row] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    in_advance: int = 0
    default_interest: Fraction = Fraction(0)
    default_charged: int = 0
    drawn: int = 0
    may_be_drawn: int = 0
    commitment: Fraction = Fraction(0)
    commitment_charged: int = 0
    watched: dict[int, date] = field(default_factory=dict)
    """On which morning each instalment costs a late fee if something of it is unpaid."""
    closed: bool = False
    received: int = 0
    written_off: int = 0
    recovered: int = 0
    lost: int = 0

    def __post_init__(self) -> None:
        self.begin(self.terms, self.start)
        self.accrued = Fraction(self.terms.accrued_interest) * 10**self.terms.rounded.places
        self.may_be_drawn = self.agreement.units(self.terms.principal)

    def begin(self, terms: Terms, day: date) -> None:
        """Let these terms hold from `day` on."""
        self.terms, self.agreement = terms, Agreement(terms, day)
        self.rate = Fraction(terms.annual_rate)
        for change in sorted(terms.rate_changes, key=lambda change: change.on):
            if change.on < day:
                self.rate = Fraction(change.annual_rate)
        self.parts = {}
        self.level = self.agreement.units(terms.payment) if terms.payment is not None else None

    # One day

    def live(self, day: date, events: Sequence[Event]) -> None:
        """One day in its order: drawdowns, what falls due, rates, everything else as recorded."""
        for event in events:
            if isinstance(event, Drawn):
                self.draw(event)
        self.charge_late(day)
        self.let_fall_due(day)
        self.change_agreed_rates(day)
        for event in events:
            if isinstance(event, RateChanged):
                self.change_rate(event.annual_rate)
        for event in events:
            self.meet(event, day)

    def sleep(self, day: date) -> None:
        """The night after `day`: a day's interest, and a day's default interest."""
        if self.to_come and self.rate:
            self.accrued += self.to_come * self.rate * self.agreement.year_part(day, day + DAY)
        if self.may_be_drawn > self.drawn and not self.closed and (day < self.agreement.end or self.pending):
            self.commitment += self.share_of(FeeKind.COMMITMENT) * (self.may_be_drawn - self.drawn) / 365
        late = self.terms.servicing.default_interest
        if late is None or not self.claims:
            return
        bearing = {Component.PRINCIPAL, Component.INTEREST} if late.on_interest else {Component.PRINCIPAL}
        owed = sum(
            claim.unpaid
            for claim in self.claims
            if claim.component in bearing and day >= claim.due_on + timedelta(days=late.grace_days)
        )
        if owed:
            self.default_interest += owed * Fraction(late.annual_rate) / 365

    def meet(self, event: Event, day: date) -> None:
        """One of the other events."""
        match event:
            case FeeCharged():
                if self.agreement.units(event.amount) > max(self.may_be_drawn, self.drawn):
                    raise Refused(event.sequence, "a fee above the loan")
                self.claim(self.last_due, Component.FEE, day, self.agreement.units(event.amount))
            case Repaid():
                self.repay(event, day)
            case Waived():
                self.waive(event)
            case HolidayGranted():
                self.grant_holiday(event, day)
            case Restructured():
                self.restructure(event, day)
            case WrittenOff():
                self.write_off(event)
            case Recovered():
                self.recover(event)

    # What falls due

    def let_fall_due(self, day: date) -> None:
        """The rows that count today, then the claims of today, then what is held pays them."""
        self.reckon_row(day)
        due = [row for row in self.pending if row.due_on == day]
        if not due:
            return
        self.charge_default_interest(day)
        for row in due:
            self.pending.remove(row)
            self.charge_commitment(row.no, day)
            self.make_claims(row)
        self.in_advance = self.pay(self.in_advance)

    def reckon_row(self, day: date) -> None:
        """Where interest or principal counts up to today, its row: it leaves what is to come."""
        plan = self.agreement
        if self.closed or day not in plan.dates:
            return
        if plan.pays_principal(day) and self.level is None:
            self.level = self.solve(day)
        of_period = self.agreement.round(self.accrued) if day in plan.interest_dates else 0
        interest = self.interest_of(day, of_period)
        principal = self.principal_of(day, of_period)
        self.to_come -= principal
        self.last_row += 1
        self.pending.append(Row(self.last_row, self.terms.shifted(day), principal, interest))

    def interest_of(self, day: date, of_period: int) -> int:
        """The interest that falls due: rounded once, paid, put off or added to principal."""
        if day not in self.agreement.interest_dates:
            return 0
        self.accrued = Fraction(0)
        self.deferred += of_period
        what = self.agreement.interest_on(day)
        if what is HolidayInterest.DEFERRED:
            return 0
        interest, self.deferred = self.deferred, 0
        if what is HolidayInterest.CAPITALISED:
            self.to_come += interest
            return 0
        return interest

    def principal_of(self, day: date, interest: int) -> int:
        """The principal that falls due by the kind of the loan; `interest` is that of the period, due or not."""
        if day == self.agreement.end:
            return self.to_come
        if not self.agreement.pays_principal(day):
            return 0
        if day in self.parts:
            return min(self.parts[day], self.to_come)
        assert self.level is not None
        if self.terms.amortisation is Amortisation.EQUAL_PRINCIPAL:
            return min(self.level, self.to_come)
        part = self.level - interest
        return min(max(part, 0) if self.is_never_negative(day) else part, self.to_come)

    def is_never_negative(self, day: date) -> bool:
        """What is put off is not added as well; and an annuity of equal months pays the interest of one interval."""
        if self.agreement.interest_on(day) is not HolidayInterest.PAID:
            return True
        cycle, terms = self.terms.cycle, self.terms
        began = max((due for due in self.agreement.interest_dates if due < day), default=self.agreement.start)
        is_long = began < cycle.nth(cycle.place(day) - 1)
        return terms.amortisation is Amortisation.ANNUITY and terms.day_count in EQUAL_MONTHS and not is_long

    def make_claims(self, row: Row) -> None:
        """What a row says is owed from its day on. Interest that the payment does not cover is principal to come."""
        self.rows.append(row)
        self.last_due = row.no
        self.claim(row.no, Component.INTEREST, row.due_on, row.interest + min(0, row.principal))
        self.claim(row.no, Component.PRINCIPAL, row.due_on, max(0, row.principal))
        late = self.fee(FeeKind.LATE)
        if late:
            self.watched[row.no] = row.due_on + (late.grace_days + 1) * DAY

    # Fees

    def fee(self, kind: FeeKind) -> ProductFee | None:
        """The fee of a kind, where one is agreed."""
        return next((fee for fee in self.terms.fees if fee.kind is kind), None)

    def share_of(self, kind: FeeKind) -> Fraction:
        fee = self.fee(kind)
        return Fraction(fee.share or 0) if fee else Fraction(0)

    def worth(self, fee: ProductFee, of: int) -> int:
        return self.agreement.units(fee.amount) if fee.amount is not None else round(Fraction(fee.share or 0) * of)

    def charge(self, units: int, settlement: FeeSettlement, day: date) -> None:
        """A fee that is due, kept back from what is paid out, or lent."""
        if settlement is FeeSettlement.PAID:
            self.claim(self.last_due, Component.FEE, day, units)
        if settlement is FeeSettlement.CAPITALISED:
            self.to_come += units
            self.solve_again()

    def charge_commitment(self, no: int, day: date) -> None:
        """What has come to be since the last time."""
        if (more := self.commitment_not_charged()) > 0:
            self.claim(no, Component.FEE, day, more)
            self.commitment_charged += more

    def commitment_not_charged(self) -> int:
        return round(self.commitment) - self.commitment_charged

    def charge_late(self, day: date) -> None:
        """What an instalment costs that is not paid by this morning."""
        of_plan = (Component.PRINCIPAL, Component.INTEREST)
        for no in [no for no, on in self.watched.items() if on == day]:
            unpaid = sum(claim.unpaid for claim in self.claims if claim.no == no and claim.component in of_plan)
            late = self.fee(FeeKind.LATE)
            if late and unpaid > 0:
                self.claim(no, Component.FEE, day, self.worth(late, unpaid))

    # What is owed

    def claim(self, no: int, component: Component, due_on: date, amount: int) -> None:
        """Owe something."""
        if amount:
            self.claims.append(Claim(no, component, due_on, amount))

    def charge_default_interest(self, day: date) -> None:
        """Claim what default interest has come to since it was last charged."""
        if (more := self.default_not_charged()) > 0:
            self.claim(self.last_due, Component.DEFAULT_INTEREST, day, more)
            self.default_charged += more

    def default_not_charged(self) -> int:
        return round(self.default_interest) - self.default_charged

    # The level payment

    def solve(self, day: date) -> int:
        """The level payment or part from `day` to the end, rounded once.

        What is left at the end falls by the same amount for each unit of the payment, so two tries tell all.
        """
        if self.terms.amortisation is Amortisation.EQUAL_PRINCIPAL:
            dates = [due for due in self.agreement.principal_dates if due >= day]
            return self.agreement.round(Fraction(self.to_come, len(dates)))
        if self.terms.amortisation is Amortisation.BULLET:
            return 0
        with_nothing, with_one = self.left_at_the_end(day, 0), self.left_at_the_end(day, 1)
        return self.agreement.round(with_nothing / (with_nothing - with_one))

    def left_at_the_end(self, day: date, payment: int) -> Fraction:
        """What is left to pay at the end when each date pays `payment`, without any rounding."""
        plan, balance, interest, since = self.agreement, Fraction(self.to_come), self.accrued, day
        for due in (due for due in plan.principal_dates if due >= day):
            interest += balance * self.rate * plan.year_part(since, due)
            balance, interest, since = balance + interest - payment, Fraction(0), due
        return balance

    def solve_again(self) -> None:
        """Forget the level payment, unless it is given: the next date that pays principal solves it."""
        self.parts = {}
        if self.terms.payment is None:
            self.level = None

    # Events

    def draw(self, event: Drawn) -> None:
        """Lend more."""
        if self.closed or event.effective_on > self.agreement.end:
            raise Unforeseen(event.sequence, "drawn after the end")
        self.to_come += self.agreement.units(event.amount)
        self.solve_again()
        arrangement = self.fee(FeeKind.ARRANGEMENT)
        if arrangement and not self.drawn:
            fee = self.worth(arrangement, self.agreement.units(self.terms.principal))
            self.charge(fee, arrangement.settlement, event.effective_on)
        self.drawn += self.agreement.units(event.amount)

    def change_agreed_rates(self, day: date) -> None:
        """Rates that the terms agree from `day` on."""
        for change in self.terms.rate_changes:
            if change.on == day:
                self.change_rate(change.annual_rate)

    def change_rate(self, annual_rate: Decimal) -> None:
        """Another rate from today on; an annuity's payment changes with it."""
        self.rate = Fraction(annual_rate)
        if self.terms.amortisation is Amortisation.ANNUITY:
            self.solve_again()

    def repay(self, event: Repaid, day: date) -> None:
        """Money comes in: it settles the loan, or pays claims, then principal or what is to come."""
        amount = self.agreement.units(event.amount)
        self.received += amount
        self.charge_default_interest(day)
        if event.settles and amount >= self.settlement_figure():
            self.settle(amount, day)
            return
        rest = self.pay(amount)
        prepayment = event.prepayment or self.terms.servicing.prepayment
        if prepayment is not Prepayment.NEXT_INSTALMENT:
            rest -= self.prepay(min(rest, self.to_come), prepayment, day)
        self.in_advance += rest

    def prepay(self, amount: int, prepayment: Prepayment, day: date) -> int:
        """Pay principal before it falls due."""
        if amount <= 0:
            return 0
        if prepayment is Prepayment.LAST_INSTALMENT:
            self.parts = {due: part for due, part in self.planned(day)[0].items() if part >= 0}
        if prepayment is Prepayment.SHORTER_TERM and self.level is None:
            self.level = self.planned(day)[1]
        self.to_come -= amount
        if prepayment is Prepayment.LOWER_PAYMENT:
            self.solve_again()
        return amount

    def planned(self, day: date) -> tuple[dict[date, int], int | None]:
        """The principal parts and the first level payment to come, were nothing to happen: a ghost lives to the end."""
        ghost, parts, first_level = copy(self), {}, self.level
        ghost.pending = []
        while day < ghost.agreement.end:
            ghost.accrued += ghost.to_come * ghost.rate * ghost.agreement.year_part(day, day + DAY)
            day += DAY
            before = ghost.last_row
            ghost.reckon_row(day)
            first_level = ghost.level if first_level is None else first_level
            ghost.change_agreed_rates(day)
            if ghost.last_row > before:
                parts[day] = ghost.pending[-1].principal
        return parts, first_level

    def settle(self, amount: int, day: date) -> None:
        """Everything falls due today and is paid."""
        self.charge_commitment(self.last_row + 1, day)
        for row in self.pending:
            self.make_claims(replace(row, due_on=day))
        if self.to_come or self.accrued_interest():
            self.last_row += 1
            self.make_claims(Row(self.last_row, day, self.to_come, self.accrued_interest()))
        self.stop()
        self.in_advance = self.pay(self.in_advance + amount)

    def stop(self) -> None:
        """Nothing accrues or falls due any more."""
        self.to_come, self.accrued, self.deferred, self.pending, self.closed = 0, Fraction(0), 0, [], True
        self.commitment = Fraction(self.commitment_charged)

    def pay(self, amount: int) -> int:
        """Pay claims in the agreed order; what is left of the money."""
        for claim in sorted(self.claims, key=self.rank):
            paid = min(amount, claim.unpaid)
            claim.unpaid -= paid
            amount -= paid
        self.claims = [claim for claim in self.claims if claim.unpaid]
        return amount

    def rank(self, claim: Claim) -> tuple[int, int]:
        """Within each instalment, or across all of them."""
        rule = self.terms.servicing.allocation
        named = claim.component in rule.components
        place = rule.components.index(claim.component) if named else len(rule.components)
        return (claim.no, place) if rule.instalments is Instalments.WITHIN else (place, claim.no)

    def waive(self, event: Waived) -> None:
        """Let the borrower off a part of what is owed, oldest first; default interest is charged up to the day."""
        if event.component is Component.DEFAULT_INTEREST:
            self.charge_default_interest(event.effective_on)
        amount = self.agreement.units(event.amount)
        if amount > self.owed(event.component):
            raise Refused(event.sequence, "waives more than is owed")
        self.strike_off(amount, event.component)

    def strike_off(self, amount: int, component: Component) -> int:
        """Shrink the claims of one component, oldest first; what is left of the amount."""
        for claim in sorted(self.claims, key=lambda claim: claim.no):
            if claim.component is component:
                part = min(amount, claim.unpaid)
                claim.unpaid -= part
                amount -= part
        self.claims = [claim for claim in self.claims if claim.unpaid]
        return amount

    def grant_holiday(self, event: HolidayGranted, day: date) -> None:
        """No principal on the next dates, and what becomes of their interest."""
        if self.closed or day >= self.agreement.end:
            raise Unforeseen(event.sequence, "a holiday after the end")
        if event.extends:
            self.agreement.extend(event.instalments)
        dates = [due for due in self.agreement.principal_dates if day < due < self.agreement.end]
        self.agreement.holidays |= dict.fromkeys(dates[: event.instalments], event.interest)
        self.solve_again()

    def restructure(self, event: Restructured, day: date) -> None:
        """All principal becomes that of new terms; interest so far falls due with their first."""
        if self.closed:
            raise Unforeseen(event.sequence, "restructured after the end")
        self.to_come = self.principal_outstanding()
        self.accrued, self.deferred = self.accrued + self.deferred, 0
        self.pending = [replace(row, principal=0) for row in self.pending]
        self.claims = [claim for claim in self.claims if claim.component is not Component.PRINCIPAL]
        self.begin(event.terms, day)
        self.may_be_drawn, self.watched = self.drawn, {}
        if event.fee is not None:
            new = self.fee(FeeKind.REARRANGEMENT)
            self.charge(self.agreement.units(event.fee), new.settlement if new else FeeSettlement.PAID, day)

    def write_off(self, event: WrittenOff) -> None:
        """Give up principal: what is late first, then what is to come. Without an amount, everything."""
        self.charge_default_interest(event.effective_on)
        outstanding = self.principal_outstanding()
        amount = outstanding if event.amount is None else min(outstanding, self.agreement.units(event.amount))
        self.written_off += amount
        self.lost += amount
        if event.amount is None:
            self.lost += sum(claim.unpaid for claim in self.claims if claim.component is not Component.PRINCIPAL)
            self.claims = []
            self.stop()
            return
        rest = self.strike_off(amount, Component.PRINCIPAL)
        self.prepay(self.strike_off_pending(rest), Prepayment.LOWER_PAYMENT, event.effective_on)

    def recover(self, event: Recovered) -> None:
        """Money that comes back of what was written off."""
        self.recovered += self.agreement.units(event.amount)
        if self.recovered > self.lost:
            raise Refused(event.sequence, "recovers more than was lost")

    def strike_off_pending(self, amount: int) -> int:
        """Shrink the principal of rows that are not due yet; what is left of the amount."""
        for place, row in enumerate(self.pending):
            part = min(amount, max(0, row.principal))
            self.pending[place] = replace(row, principal=row.principal - part)
            amount -= part
        return amount

    # Where it stands

    def owed(self, component: Component) -> int:
        return sum(claim.unpaid for claim in self.claims if claim.component is component)

    def principal_outstanding(self) -> int:
        return self.to_come + sum(row.principal for row in self.pending) + self.owed(Component.PRINCIPAL)

    def accrued_interest(self) -> int:
        return self.agreement.round(self.accrued) + self.deferred

    def settlement_figure(self) -> int:
        claims = sum(claim.unpaid for claim in self.claims)
        pending = sum(row.principal + row.interest for row in self.pending)
        not_charged = self.accrued_interest() + self.default_not_charged() + self.commitment_not_charged()
        return max(0, claims + pending + self.to_come + not_charged - self.in_advance)

    def position(self, as_of: date) -> NaivePosition:
        """Everything that a banker asks for."""
        late = [claim for claim in self.claims if claim.due_on < as_of]
        oldest = min((claim.due_on for claim in late), default=as_of)
        return NaivePosition(
            principal_outstanding=self.principal_outstanding(),
            interest_due=self.owed(Component.INTEREST),
            fees_due=self.owed(Component.FEE),
            default_interest_due=self.owed(Component.DEFAULT_INTEREST),
            in_advance=self.in_advance,
            accrued_interest=self.accrued_interest(),
            default_interest_accrued=self.default_not_charged(),
            arrears=sum(claim.unpaid for claim in late),
            days_past_due=(as_of - oldest).days,
            written_off=self.written_off,
            recovered=self.recovered,
            settlement_figure=self.settlement_figure(),
            received=self.received,
            rows=tuple(self.rows),
        )
