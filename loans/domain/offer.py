"""What does a product bring to a loan's terms, within which limits, and what does it leave open?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal

from moneyed import Money

from loans.domain.calendar import MONTHLY, BusinessDayConvention, BusinessDays, Interval, Recurrence
from loans.domain.conventions import Amortisation, InterestMethod, Pattern, Tranche
from loans.domain.day_count import DayCount
from loans.domain.errors import ImpossibleTerms
from loans.domain.fees import ProductFee, one_of_each
from loans.domain.linked_rates import LinkedRate
from loans.domain.plain_words import Fields, every, many, one_of, text, whole
from loans.domain.servicing import USUAL, Servicing
from loans.domain.terms import MAX_MONTHS, MAX_RATE, Terms
from loans.domain.terms_content import written
from loans.domain.terms_reading import HolidaysOf, read_servicing

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Brings:
    """The conventions that every loan of a product is made with. Raises ImpossibleTerms.

    `interest_only_periods` is the most that an application may ask for; `months_without` are calendar months (1 to 12)
    in which no instalment is asked for.
    """

    amortisation: Amortisation = Amortisation.ANNUITY
    interest_method: InterestMethod = InterestMethod.DECLINING
    day_count: DayCount = DayCount.THIRTY_E_360
    calendar: str = "GB-ENG"
    convention: BusinessDayConvention = BusinessDayConvention.FOLLOWING
    every: Interval = MONTHLY
    interest_only_periods: int = 0
    months_without: tuple[int, ...] = ()
    servicing: Servicing = USUAL

    def __post_init__(self) -> None:
        if not self.every.months:
            raise ImpossibleTerms(
                "every", f"Instalments of a product are months apart, not {self.every}. Write 1M, 3M or 1Y."
            )
        if not 0 <= self.interest_only_periods <= MAX_MONTHS:
            raise ImpossibleTerms(
                "interest_only_periods", f"Interest-only periods are from 0 to {MAX_MONTHS}. Correct their number."
            )
        months = set(self.months_without)
        if not months <= set(range(1, MONTHS_A_YEAR + 1)) or len(months) == MONTHS_A_YEAR:
            raise ImpossibleTerms(
                "months_without", "Months are numbered from 1 (January) to 12, and one of them has an instalment."
            )
        late = self.servicing.default_interest
        if late and (not 0 <= late.annual_rate < MAX_RATE or not 0 <= late.grace_days <= 366):
            raise ImpossibleTerms(
                "default_interest", "Default interest is from 0 to below 1 a year, after 0 to 366 days of grace."
            )


AS_USUAL = Brings()
"""Level monthly instalments, and nothing special."""


@dataclass(frozen=True, slots=True)
class Link:
    """That the rate follows an index, by its code: each change from its own day, or on days so far apart, counted from
    the first due date. The borrower is told so many days before a change."""

    index: str
    rate: LinkedRate
    notice_days: int = 0
    resets_every: Interval | None = None

    def for_terms(self, first_due_on: date) -> LinkedRate:
        """The link of one loan, with the days on which its rate is set anew."""
        return replace(self.rate, resets=Recurrence(first_due_on, self.resets_every) if self.resets_every else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One version of a product, whole: limits (inclusive), its price, what it brings, and its fees.

    The price is a nominal annual rate, or a link to an index. Raises ImpossibleTerms where a fee is given twice.
    """

    amounts: tuple[Money, Money]
    months: tuple[int, int]
    annual_rate: Decimal | None = None
    link: Link | None = None
    brings: Brings = AS_USUAL
    fees: tuple[ProductFee, ...] = ()

    def __post_init__(self) -> None:
        one_of_each(self.fees)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a product leaves open, as somebody asks for it: the amount, the nominal annual rate as a fraction, the term,
    the first due date, and where it is wished planned drawdowns that make the amount, periods of interest alone, and
    the payment of a loan whose payment is given. Without a rate it is the product's own."""

    amount: Money
    annual_rate: Decimal | None
    months: int
    first_due_on: date
    drawdowns: tuple[Tranche, ...] = ()
    interest_only_periods: int = 0
    payment: Decimal | None = None


def terms_for(offer: Offer, asked: Asked, annual_rate: Decimal, holidays_of: HolidaysOf) -> Terms:
    """The terms that what is asked makes with a product, at a rate, with the product's fees.

    Raises ImpossibleTerms, naming the field, and UnknownCalendar.
    """
    brings = offer.brings
    if not 1 <= asked.months <= MAX_MONTHS:
        raise ImpossibleTerms(
            "months", f"A term of {asked.months} months is not possible: it is from 1 to {MAX_MONTHS} months."
        )
    if not 0 <= annual_rate < MAX_RATE:
        raise ImpossibleTerms(
            "annual_rate",
            f"A nominal rate of {annual_rate} is not possible: write 6% as 0.06, from 0 to below 1.",
        )
    instalments, rest = divmod(asked.months, brings.every.months)
    if rest:
        raise ImpossibleTerms(
            "months",
            f"{asked.months} months do not hold a whole number of instalments {brings.every.months} months apart. "
            "Choose another term; nothing was changed.",
        )
    tranches = tuple(sorted(asked.drawdowns, key=lambda tranche: tranche.on))
    return Terms(
        principal=asked.amount,
        annual_rate=annual_rate,
        principal_due=Recurrence(asked.first_due_on, brings.every),
        instalments=instalments,
        drawn_on=tranches[0].on if tranches else None,
        drawdowns=tranches if len(tranches) > 1 else _one_of_the_whole(tranches, asked),
        amortisation=brings.amortisation,
        interest_method=brings.interest_method,
        day_count=brings.day_count,
        payment=asked.payment,
        pattern=Pattern(by_month=tuple((month, Decimal(0)) for month in sorted(set(brings.months_without)))),
        business_days=BusinessDays(brings.calendar, holidays_of(brings.calendar), brings.convention),
        interest_only_periods=asked.interest_only_periods,
        servicing=brings.servicing,
        fees=offer.fees,
    )


def _one_of_the_whole(tranches: tuple[Tranche, ...], asked: Asked) -> tuple[Tranche, ...]:
    """One drawdown of everything says no more than its day does."""
    return () if tranches and tranches[0].amount == asked.amount else tranches


def brings_content(brings: Brings) -> dict[str, object]:
    """What a product brings as plain JSON; whatever is as usual is written too."""
    content = {each.name: written(getattr(brings, each.name)) for each in fields(brings)}
    return content | {"every": str(brings.every)}


def read_brings(content: Mapping[str, object]) -> Brings:
    """The inverse of `brings_content`. Raises ImpossibleTerms."""
    given = Fields(content, "brings")
    found = Brings(
        amortisation=given.take("amortisation", one_of(Amortisation)),
        interest_method=given.take("interest_method", one_of(InterestMethod)),
        day_count=given.take("day_count", one_of(DayCount)),
        calendar=given.take("calendar", text),
        convention=given.take("convention", one_of(BusinessDayConvention)),
        every=given.take("every", every),
        interest_only_periods=given.take("interest_only_periods", whole),
        months_without=given.take("months_without", many(whole)),
        servicing=given.take("servicing", read_servicing),
    )
    given.end()
    return found
