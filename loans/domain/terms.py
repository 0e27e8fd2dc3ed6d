"""What was agreed? The terms of a loan as one value; `docs/maths/schedule.md` works examples.

The fields are those of `calculate schedule`, so that a line of that command, an approved application and a live loan
are the same thing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from moneyed import Money

from loans.domain.calendar import ONE_DAY, BusinessDays, Recurrence, add_months
from loans.domain.conventions import LEVEL, Amortisation, InterestMethod, Pattern, RateChange, Stub, Tranche
from loans.domain.day_count import DayCount
from loans.domain.errors import ImpossibleTerms
from loans.domain.fees import ProductFee
from loans.domain.rounding import Rounding, Scale, rounding_of
from loans.domain.sense import refuse_nonsense
from loans.domain.servicing import USUAL, Servicing

MAX_MONTHS = 480
MAX_RATE = Decimal(1)
"""Products are offered below this rate (100% a year)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of a loan. Rates are fractions of one a year: 0.06 is 6%.

    Raises ImpossibleTerms, naming the field, what is wrong and what would do.
    """

    principal: Money
    annual_rate: Decimal
    principal_due: Recurrence | None = None
    """When principal falls due; with `interest_due` absent, interest too."""
    interest_due: Recurrence | None = None
    instalments: int | None = None
    """Principal due dates, the last is maturity (for a bullet: interest due dates)."""
    maturity: date | None = None
    """Last day; what is still owed falls due on it. Neither given: payments go on until the loan is clear."""
    amortised_to: date | None = None
    """The payment is solved to end there; an earlier maturity then carries a balloon."""
    drawn_on: date | None = None
    """The first day that bears interest. None where it is not known yet: one interval before the first due date."""
    drawdowns: tuple[Tranche, ...] = ()
    """Planned drawdowns, the first of them on `drawn_on`; none: the whole principal is drawn then."""
    amortisation: Amortisation = Amortisation.ANNUITY
    interest_method: InterestMethod = InterestMethod.DECLINING
    day_count: DayCount = DayCount.THIRTY_E_360
    payment: Decimal | None = None
    """Level payment or principal part, given instead of solved."""
    pattern: Pattern = LEVEL
    stub: Stub = Stub.SHORT
    business_days: BusinessDays | None = None
    capitalise_interest_until: date | None = None
    accrued_interest: Decimal = Decimal(0)
    """Interest that had accrued before `drawn_on`; it falls due with the first interest."""
    rate_changes: tuple[RateChange, ...] = ()
    interest_only_periods: int = 0
    deferred_interest_periods: int = 0
    interest_free_periods: int = 0
    discount: Decimal = Decimal(0)
    """Kept back from the first drawdown; negative is a premium."""
    rounding: Rounding | None = None
    """None: to the currency's smallest unit, half to even."""
    servicing: Servicing = USUAL
    """What is agreed about money that comes early or late."""
    fees: tuple[ProductFee, ...] = ()
    """What is charged besides interest, one fee of a kind."""

    def __post_init__(self) -> None:
        refuse_nonsense(self)

    @property
    def currency(self) -> str:
        """ISO 4217 code of the currency that is lent and repaid."""
        return str(self.principal.currency.code)

    @property
    def endless(self) -> bool:
        """Whether payments go on until one of them clears the loan."""
        return self.instalments is None and self.maturity is None

    @property
    def pays_level(self) -> bool:
        """Whether a payment is fixed and principal is what interest leaves of it."""
        return self.amortisation in (Amortisation.ANNUITY, Amortisation.GIVEN_PAYMENT)

    @property
    def scale(self) -> Scale:
        """What the engine's whole units stand for."""
        return Scale(self.currency, self.rounded.places)

    @property
    def rounded(self) -> Rounding:
        """How amounts and level payments are rounded."""
        return self.rounding or rounding_of(self.currency)

    @property
    def cycle(self) -> Recurrence:
        """The recurrence by which instalments fall due. Raises ImpossibleTerms where none is agreed."""
        due = self.principal_due or self.interest_due
        if self.amortisation is Amortisation.BULLET:
            due = self.interest_due or due
        if due is None and self.maturity:
            return Recurrence(self.maturity)
        if due is None:
            raise ImpossibleTerms("principal_due", "Say when principal falls due: a first date and an interval.")
        return due

    @property
    def first_due_on(self) -> date:
        """The first date on which principal falls due (for a bullet, interest), before any shift."""
        return self.cycle.nth(int(self.cycle.after))

    @property
    def planned_drawn_on(self) -> date:
        """The first day of interest; where none is agreed, a preview assumes one interval before the first date."""
        return self.drawn_on or self.cycle.nth(int(self.cycle.after) - 1)

    @property
    def nominal_maturity(self) -> date | None:
        """The last due date, before any shift; None where payments go on until the loan is clear."""
        if self.maturity or self.instalments is None:
            return self.maturity
        return self.cycle.nth(self.first_no + self.instalments - 1)

    @property
    def first_no(self) -> int:
        """How many intervals from its anchor the first due date lies: dates before the first day are not counted."""
        first = int(self.cycle.after)
        if self.drawn_on is None or self.cycle.nth(first) >= self.drawn_on:
            return first
        return self.cycle.place(self.drawn_on - ONE_DAY) + 1

    @property
    def months(self) -> int:
        """Months from the first day of interest to maturity, one that has begun counted whole; 0 without an end."""
        if self.drawn_on is None and self.instalments:
            return self.instalments * self.cycle.every.months
        start, end = self.planned_drawn_on, self.nominal_maturity
        if end is None:
            return 0
        months = 12 * (end.year - start.year) + end.month - start.month
        return months + (add_months(start, months) < end)

    def shifted(self, day: date) -> date:
        """The day on which something nominally due on `day` falls due."""
        return self.business_days.shift(day) if self.business_days else day


def annuity(
    principal: Money,
    annual_rate: Decimal,
    months: int,
    first_due_on: date,
    day_count: DayCount = DayCount.THIRTY_E_360,
    business_days: BusinessDays | None = None,
) -> Terms:
    """Monthly level instalments, the first nominally due on `first_due_on`. Raises ImpossibleTerms."""
    if not 1 <= months <= MAX_MONTHS:
        raise ImpossibleTerms(
            "months", f"A term of {months} months is not possible: it is from 1 to {MAX_MONTHS} months."
        )
    if not 0 <= annual_rate < MAX_RATE:
        raise ImpossibleTerms(
            "annual_rate",
            f"A nominal rate of {annual_rate} is not possible: write 6% as 0.06, from 0 to below 1.",
        )
    return Terms(
        principal=principal,
        annual_rate=annual_rate,
        principal_due=Recurrence(first_due_on),
        instalments=months,
        day_count=day_count,
        business_days=business_days,
    )
