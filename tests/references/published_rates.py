"""Published rates, transcribed with their source from public law and official reports: figures only.

Every case is short enough to be read beside its source: sums by time, runs of equal payments as one line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from loans.domain.calendar import add_months


@dataclass(frozen=True, slots=True)
class Case:
    """What is lent and repaid, and the rate in percent as the source prints it, to its last digit."""

    name: str
    flows: tuple[tuple[Fraction, Decimal], ...]
    percent: str


def once(time: Fraction | int, amount: str) -> Iterator[tuple[Fraction, Decimal]]:
    """One sum."""
    yield Fraction(time), Decimal(amount)


def monthly(amount: str, months: int, first: int = 1) -> Iterator[tuple[Fraction, Decimal]]:
    """Equal payments at the ends of months, in years."""
    return ((Fraction(month, 12), Decimal(amount)) for month in range(first, months + 1))


def periods(amount: str, first: Fraction | int, number: int) -> Iterator[tuple[Fraction, Decimal]]:
    """Equal payments one unit-period apart, in unit-periods."""
    return ((Fraction(first) + no, Decimal(amount)) for no in range(number))


def case(name: str, percent: str, *flows: Iterator[tuple[Fraction, Decimal]]) -> Case:
    """A case out of its flows in any order."""
    return Case(name, tuple(flow for each in flows for flow in each), percent)


DIRECTIVE_98_7 = (
    # Directive 98/7/EC, Annex III, A: calendar basis; B: standard months.
    case("A, first", "12.96", once(0, "-1000"), once(Fraction(546, 365), "1200")),
    case("A, second", "16.90", once(0, "-950"), once(Fraction(546, 365), "1200")),
    case("A, third", "13.07", once(0, "-1000"), once(1, "600"), once(2, "600")),
    case(
        *("A, fourth", "13.23", once(0, "-1000")),
        *(once(Fraction(90, 365), "272"), once(Fraction(181, 365), "272"), once(1, "544")),
    ),
    case("B, first", "12.92", once(0, "-1000"), once(Fraction(3, 2), "1200")),
    case("B, second", "16.85", once(0, "-950"), once(Fraction(3, 2), "1200")),
    case("B, third", "13.07", once(0, "-1000"), once(1, "600"), once(2, "600")),
    case(
        *("B, fourth", "13.19", once(0, "-1000")),
        *(once(Fraction(1, 4), "272"), once(Fraction(1, 2), "272"), once(1, "544")),
    ),
)

APRC = (
    # European Commission, DG FISMA, G. M. Soto, Examples for the calculation of the APRC, January 2015.
    case("1", "6.434412", once(0, "-200000"), once(0, "4000"), monthly("1432.86", 240)),
    case("3", "6.588554", once(0, "-200000"), once(0, "4000"), monthly("1449.53", 240)),
    case("5", "6.961575", once(0, "-200000"), once(0, "4000"), monthly("1490.18", 240)),
    case("7", "6.409523", once(0, "-200000"), once(0, "4000"), monthly("1199.10", 180), once(15, "142097.69")),
    case("26", "6.237362", once(0, "-200000"), once(0, "4000"), monthly("1660.94", 180)),
    case("27", "6.434402", once(0, "-170000"), once(0, "3400"), monthly("1217.93", 240)),
    case("29", "5.682613", once(0, "-200000"), once(0, "4008"), monthly("1352.61", 240)),
    case("40", "12.206644", once(0, "-200000"), once(0, "4000"), once(Fraction(1, 2), "207618.17")),
    case("42", "10.039962", once(0, "-200000"), once(0, "4000"), monthly("1250", 12), once(1, "200000")),
)

REGULATION_Z = (
    # 12 CFR 1026, Appendix J(c): times in unit-periods; periods per year; percent.
    (12, case("(1)(i)", "9.69", once(0, "-5000"), periods("230", 1, 24))),
    (12, case("(1)(ii)", "11.82", once(0, "-6000"), periods("200", 1 + Fraction(19, 30), 36))),
    (4, case("(1)(iv)", "8.97", once(0, "-10000"), periods("385", 1 + Fraction(39, 90), 40))),
    (12, case("(2)(i)", "10.08", once(0, "-5000"), once(1, "250"), periods("230", 2, 23))),
    (12, case("(3)(i)", "10.50", once(0, "-5000"), periods("230", 1, 23), once(24, "280"))),
    (12, case("(4)(i)", "10.90", once(0, "-5000"), once(1, "250"), periods("230", 2, 22), once(24, "280"))),
    (Fraction(365, 255), case("(5)(i)", "11.45", once(0, "-1000"), once(1, "1080"))),
)


def dated(lent_on: date, first_due_on: date, payment: str, number: int) -> list[tuple[date, Decimal]]:
    """200,000 lent less a fee of 4,000, and equal payments on one day of each month."""
    payments = [(add_months(first_due_on, no), Decimal(payment)) for no in range(number)]
    return [(lent_on, Decimal(-200_000)), (lent_on, Decimal(4_000)), *payments]


APRC_DATED = (
    # The same report: 12 January to 15 February 2013 is 1/12 + 3/366; 12 March to 1 May 2012 is 1/12 + 20/366.
    ("2, case 2", "6.434111", dated(date(2013, 1, 12), date(2013, 2, 15), "1433.56", 240)),
    ("18, case 2", "6.432478", dated(date(2012, 3, 12), date(2012, 5, 1), "1437.54", 240)),
)
