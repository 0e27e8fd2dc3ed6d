"""How do principal and interest run from one due date to the next? The one walk behind every schedule and position.

The walk knows a balance of principal that has not fallen due yet, the exact interest on it since the last interest
date, and the rule by which the next due date divides them. Whoever walks decides what happens in between: a drawdown,
a change of rate, a prepayment, a holiday. On one day the order is drawdown, what falls due, change of rate.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import islice, pairwise

from loans.domain.calendar import ONE_DAY
from loans.domain.conventions import Amortisation, InterestMethod
from loans.domain.day_count import EQUAL_MONTHS
from loans.domain.due_dates import INTEREST, MATURITY, PRINCIPAL, Due, due_dates, solving_dates
from loans.domain.instalment import Instalment, row_of
from loans.domain.level_payment import level_payment
from loans.domain.rounding import divide
from loans.domain.servicing import HolidayInterest
from loans.domain.terms import Terms
from loans.domain.year_parts import Ratio, YearParts

ANNUITY = Amortisation.ANNUITY
CAPITALISED, DEFERRED = HolidayInterest.CAPITALISED, HolidayInterest.DEFERRED

NOUGHT = Fraction(0)
NO_INTEREST = (0, 1)


class Walk:
    """One loan on its way, from the first day that bears interest; amounts are whole units.

    `balance` is principal that has not fallen due; `payment` the level payment (or principal part) in force.
    """

    def __init__(self, terms: Terms, drawn_on: date, numbered_from: int = 0) -> None:
        self.terms = terms
        self._drawn_on, self._numbered_from = drawn_on, numbered_from
        self.balance = self.deferred = self.capitalised = 0
        self.payment: int | None = None
        self.first_payment: int | None = None
        self.has_negative_parts = False
        self._at = 0
        self._plan_dates()
        self._holidays: Mapping[int, HolidayInterest] = {}
        self._kept_parts: Mapping[int, int] = {}
        self._since = self._period_start = drawn_on
        self._period_no = self._principal_no = 0
        self._rounding, self._scale = terms.rounded, terms.scale
        self._accrued = Fraction(terms.accrued_interest) * 10**self._scale.places if terms.accrued_interest else NOUGHT
        self._flat_base = 0
        self._flat_exact, self._flat_charged = NOUGHT, 0
        if terms.interest_method is InterestMethod.FLAT:
            self._flat_base = self._rounding.units(terms.principal.amount, "principal")
        self._plain = terms.pays_level and not terms.pattern and not self._flat_base
        self._plain = self._plain and terms.capitalise_interest_until is None
        self._first_plain_period = max(terms.interest_free_periods, terms.deferred_interest_periods)
        self._agreed = tuple(sorted(terms.rate_changes, key=lambda change: change.on))
        self._set(terms.annual_rate)
        self._must_solve = terms.payment is None
        if terms.payment is not None:
            self.payment = self.first_payment = self._rounding.units(terms.payment, "payment")

    @property
    def next_due(self) -> Due | None:
        """The next due date; none after the last."""
        return self.dues[self._at] if self._at < len(self.dues) else None

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to fall due, unless more is drawn."""
        if self._at == len(self.dues):
            return True
        return self.terms.endless and self._at > 0 and self.is_cleared

    @property
    def is_cleared(self) -> bool:
        """Whether neither principal nor interest is left in the plan."""
        return not self.balance and not self.deferred and not self._accrued

    def _plan_dates(self) -> None:
        """The due dates, the dates over which payments are solved, and the year fractions between them."""
        self.dues = due_dates(self.terms, self._drawn_on)
        self._solving, self._solved_to = solving_dates(self.terms, self._drawn_on, self.dues), 0
        self._ahead: list[Ratio] = []
        self._solved_over: list[Ratio] = []
        first_principal_on = next(due.accrues_to for due in self.dues if due.pays & PRINCIPAL)
        self._parts = YearParts(self.terms, first_principal_on, self.dues[-1].accrues_to)

    def change_rate(self, annual_rate: Decimal) -> None:
        """Another rate from the day that the walk has reached; an annuity's payment is solved again.

        A payment that was given is kept where it alone decides when the loan ends.
        """
        self._set(annual_rate)
        if self.terms.amortisation is ANNUITY:
            self.solve_again()

    def draw(self, units: int) -> None:
        """More principal, from the day that the walk has reached."""
        self.balance += units
        self._kept_parts = {}
        if self.terms.payment is None:
            self.solve_again()

    def solve_again(self) -> None:
        """Solve the payment on the next date that pays principal. One that alone decides when the loan ends stays."""
        decides_the_end = self.terms.endless and self.terms.payment is not None
        if not decides_the_end and self.terms.amortisation in (ANNUITY, Amortisation.EQUAL_PRINCIPAL):
            self._must_solve = True
        self._kept_parts = {}

    def accrue(self, until: date) -> None:
        """Take interest up to a day inside the period into account, before something changes on that day."""
        if until > self._since and self._at < len(self.dues):
            ends_on = next((due.accrues_to for due in self.dues[self._at :] if due.pays & INTEREST), until)
            self._accrue_part(until, ends_on)

    def run(self, before: date | None = None) -> list[Instalment]:
        """All that falls due before a day, or to the end, and the changes of rate that are agreed until then."""
        rows = []
        while self._agreed and (before is None or self._agreed[0].on < before):
            change, self._agreed = self._agreed[0], self._agreed[1:]
            rows += self._run(change.on + ONE_DAY)
            self.accrue(change.on)
            self.change_rate(change.annual_rate)
        return rows + self._run(before)

    def _run(self, before: date | None) -> list[Instalment]:
        rows = []
        while (due := self.next_due) and (due.accrues_to < before if before else not self.is_over):
            rows.append(self.fall_due())
            if self._is_steady():
                rows += self._stride(before)
        return rows

    def _is_steady(self) -> bool:
        """Whether the instalments that come are level ones, and all that happens is interest and principal."""
        return (
            self._plain
            and not self._must_solve
            and not self._accrued
            and self._principal_no > self.terms.interest_only_periods
            and self._period_no >= self._first_plain_period
            and not self.deferred
            and not self._kept_parts
            and not any(place >= self._at for place in self._holidays)
        )

    def _stride(self, before: date | None) -> list[Instalment]:
        """Level instalments in one loop: the same answers as `fall_due`, which every row of every loan costs."""
        balance, payment, since, scale = self.balance, self.payment or 0, self._since, self._scale
        no, mode, usual, rows = self._numbered_from + self._at, self._rounding.mode, PRINCIPAL | INTEREST, []
        for due, (numerator, denominator) in zip(self.dues[self._at :], self._growths_to_come(), strict=True):
            nominal, accrues_to, due_on, pays = due
            if pays != usual or (before is not None and accrues_to >= before):
                break
            interest, rest = divmod(balance * numerator, denominator)
            twice = rest + rest
            if twice > denominator:
                interest += 1
            elif twice == denominator:
                interest = divide(balance * numerator, denominator, mode)
            principal = payment - interest
            if not 0 <= principal < balance:
                break
            no, since, balance = no + 1, accrues_to, balance - principal
            rows.append((no, due_on, nominal, principal, interest, balance, 0, scale))
        self.balance, self._since, self._period_start = balance, since, since
        self._at += len(rows)
        self._period_no += len(rows)
        self._principal_no += len(rows)
        return list(map(row_of, rows))

    def _growths_to_come(self) -> Iterable[Ratio]:
        """The growth of each period from here on: those that the payment was solved over, or one after another."""
        if self._solved_over:
            return islice(self._solved_over, len(self._solved_over) - (len(self.dues) - self._at), None)
        days = [self._since, *(due.accrues_to for due in self.dues[self._at :])]
        return (self._growth(start, end, self._period_no) for start, end in pairwise(days))

    def fall_due(self) -> Instalment:
        """Move to the next due date and say what falls due on it."""
        due = self.dues[self._at]
        self._at += 1
        if self.terms.endless and self._clears(due):
            due = due._replace(pays=PRINCIPAL | INTEREST | MATURITY)
        own, exact = 0, NO_INTEREST
        if due.pays & INTEREST:
            exact = self._end_period(due.accrues_to)
            own = self._round_interest(exact, due)
        else:
            self.accrue(due.accrues_to)
        principal = self._principal_part(due, own, exact)
        self.balance -= principal
        interest, capitalised = self._payable(due, own) if due.pays & INTEREST else (0, 0)
        self.balance += capitalised
        return Instalment(
            self._numbered_from + self._at,
            due.due_on,
            due.nominal,
            principal,
            interest,
            self.balance,
            capitalised,
            self._scale,
        )

    def _accrue_part(self, until: date, ends_on: date) -> None:
        if self._period_no >= self.terms.interest_free_periods:
            numerator, denominator = self._parts.part(self._period_start, ends_on, self._since, until)
            rate, unit = self._rate
            self._accrued += Fraction((self._flat_base or self.balance) * rate * numerator, unit * denominator)
        self._since = until

    def _clears(self, due: Due) -> bool:
        """Whether a principal part is the last one, so that interest falls due with it."""
        if self.terms.amortisation is not Amortisation.EQUAL_PRINCIPAL or not due.pays & PRINCIPAL:
            return False
        return self._principal_no >= self.terms.interest_only_periods and self.balance <= (self.payment or 0)

    def _set(self, annual_rate: Decimal) -> None:
        self.annual_rate = annual_rate
        self._rate = annual_rate.as_integer_ratio()
        self._solved_over = []

    def _end_period(self, ends_on: date) -> Ratio:
        """The exact interest of the period that ends now, in units."""
        if not self._accrued and self._since == self._period_start:
            exact = self._growth(self._since, ends_on, self._period_no)
            exact = ((self._flat_base or self.balance) * exact[0], exact[1])
        else:
            self._accrue_part(ends_on, ends_on)
            exact, self._accrued = self._accrued.as_integer_ratio(), NOUGHT
        self._since = self._period_start = ends_on
        self._period_no += 1
        return exact

    def _growth(self, start: date, end: date, period_no: int) -> Ratio:
        """Interest of a whole period for each unit that bears it."""
        if period_no < self.terms.interest_free_periods:
            return NO_INTEREST
        numerator, denominator = self._parts.whole(start, end)
        rate, unit = self._rate
        return rate * numerator, unit * denominator

    def _growths(self, days: list[date]) -> list[Ratio]:
        """The growth of each of the periods between the days: those ahead, up to the last that is solved for."""
        number = len(days) - 1
        if self._period_no < self.terms.interest_free_periods:
            return [self._growth(start, end, self._period_no + k) for k, (start, end) in enumerate(pairwise(days))]
        if len(self._ahead) < number:
            self._ahead = self._parts.wholes(days)
        rate, unit = self._rate
        parts = self._ahead[len(self._ahead) - number :]
        return [(rate * numerator, unit * denominator) for numerator, denominator in parts]

    def _round_interest(self, exact: Ratio, due: Due) -> int:
        """Rounded once per period; of a flat loan the whole term's interest is rounded once more, and the last takes
        the difference."""
        own = divide(exact[0], exact[1], self._rounding.mode)
        if self._flat_base:
            self._flat_exact += Fraction(*exact)
            if due.pays & MATURITY:
                own = divide(*self._flat_exact.as_integer_ratio(), self._rounding.mode) - self._flat_charged
                self.has_negative_parts = self.has_negative_parts or own < 0
            self._flat_charged += own
        return own

    def _payable(self, due: Due, own: int) -> tuple[int, int]:
        """Of the period's interest, and of what was deferred before: what falls due, and what is capitalised."""
        owed, self.deferred = own + self.deferred, 0
        if due.pays & MATURITY:
            return owed, 0
        until, holiday = self.terms.capitalise_interest_until, self._holidays.get(self._at - 1)
        if holiday is CAPITALISED:
            return 0, owed
        if until is not None and due.nominal <= until:
            self.capitalised += owed
            return 0, owed
        if holiday is DEFERRED or self._period_no <= self.terms.deferred_interest_periods:
            self.deferred = owed
            return 0, 0
        return owed, 0

    def _principal_part(self, due: Due, own: int, exact: Ratio) -> int:
        """The principal that falls due: what the kind of the loan asks for, and never more than there is."""
        rest = self.balance if due.pays & MATURITY else 0
        if not due.pays & PRINCIPAL or self.terms.amortisation is Amortisation.BULLET:
            return rest
        self._principal_no += 1
        no = self._principal_no - self.terms.interest_only_periods
        if no <= 0 or self._is_held_back(due) or not self.terms.pattern.weight(no, due.nominal):
            return rest
        if self._at - 1 in self._kept_parts:
            return min(self._kept_parts[self._at - 1], self.balance)
        if self._must_solve:
            self.payment, self._must_solve = self._solve(due, no, exact), False
            self.first_payment = self.payment if self.first_payment is None else self.first_payment
        if due.pays & MATURITY:
            return rest
        asked = self._weighted(no, due.nominal)
        if self.terms.pays_level:
            asked -= own
            is_put_off = self._period_no <= self.terms.deferred_interest_periods
            if asked < 0 and (is_put_off or self._pays_its_interest(due)):
                asked = 0
            self.has_negative_parts = self.has_negative_parts or asked < 0
        return min(asked, self.balance)

    def _pays_its_interest(self, due: Due) -> bool:
        """Whether a solved payment pays at least the interest of the period that has just ended: where months count as
        equal, and the period is one interval of the schedule. Else the payment stays level and the part is negative."""
        is_solved = self.terms.amortisation is ANNUITY and self.terms.payment is None
        if not is_solved or self.terms.day_count not in EQUAL_MONTHS:
            return False
        start = self.dues[self._at - 2].nominal if self._at > 1 else self._drawn_on
        return self.terms.cycle.nth(self.terms.cycle.place(due.nominal) - 1) <= start

    def _is_held_back(self, due: Due) -> bool:
        """In a holiday; and level payments begin after the last day on which interest is capitalised."""
        until = self.terms.capitalise_interest_until
        return self._at - 1 in self._holidays or (self.terms.pays_level and until is not None and due.nominal <= until)

    def _weighted(self, no: int, nominal: date) -> int:
        weight, payment = self.terms.pattern.weight(no, nominal), self.payment or 0
        return payment if weight == 1 else divide(payment * weight.numerator, weight.denominator, self._rounding.mode)

    def _solve(self, due: Due, no: int, exact: Ratio) -> int:
        """The level payment (or principal part) from this due date on, on what is owed now, at the rate in force."""
        while self._solved_to < len(self._solving) and self._solving[self._solved_to].nominal <= due.nominal:
            self._solved_to += 1
        steps = [due, *self._solving[self._solved_to :]]
        days, weights = [step.accrues_to for step in steps], self._weights(no, steps)
        if self.terms.amortisation is Amortisation.EQUAL_PRINCIPAL:
            return self._part_of(self.balance - self.capitalised, sum(weights))
        if self.terms.pattern:
            days = [day for day, weight in zip(days, weights, strict=True) if weight]
            weights = [weight for weight in weights if weight]
        growths = self._growths(days)
        if self._flat_base:
            return self._flat_payment(growths, sum(weights), divide(*exact, self._rounding.mode))
        is_of_dues = self.terms.amortised_to is None and len(growths) == len(self.dues) - self._at
        self._solved_over = growths if is_of_dues else []
        return level_payment(self._rounding, self.balance, exact, weights, growths)

    def _weights(self, no: int, steps: list[Due]) -> list[Fraction | int]:
        return self.terms.pattern.weights(no, [step.nominal for step in steps])

    def _flat_payment(self, growths: list[Ratio], weights: Fraction | int, own: int) -> int:
        """(Principal + the whole term's interest, rounded once) over the payments; what was charged before is off."""
        whole = self._flat_exact + self._flat_base * sum((Fraction(*growth) for growth in growths), NOUGHT)
        interest = divide(*whole.as_integer_ratio(), self._rounding.mode) - (self._flat_charged - own)
        return self._part_of(self.balance + interest, weights)

    def _part_of(self, units: int, weights: Fraction | int) -> int:
        return self._rounding.payment(units * weights.denominator, weights.numerator)
