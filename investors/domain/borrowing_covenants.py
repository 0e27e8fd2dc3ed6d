"""Does the fund keep to what it promised its own lenders? Four tests, each told in a sentence.

Shares and multiples are exact fractions and compared as such; only what is shown is rounded, towards the breach.
`docs/maths/borrowing.md` works each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum
from fractions import Fraction

from moneyed import Money

from investors.domain.errors import FacilityRefused
from ledger.domain.money import from_minor, to_minor
from ledger.domain.words import date_text, money_text

MOST_DAYS_LATE = 3650


class CovenantKind(StrEnum):
    """What a lender to the fund has asked it to keep to."""

    BORROWING_BASE = "borrowing-base"
    ARREARS_SHARE = "arrears-share"
    INTEREST_COVER = "interest-cover"
    MINIMUM_CASH = "minimum-cash"

    @property
    def words(self) -> str:
        """The kind in words: `borrowing base`."""
        return self.value.replace("-", " ")


@dataclass(frozen=True, slots=True)
class Covenants:
    """What is agreed; what is None is not. Shares are fractions of one. Raises FacilityRefused for nonsense."""

    advance_rate: Decimal | None = None
    """What of the eligible loans may be drawn."""
    days_late: int = 90
    """A loan that is later than this is not eligible, and counts as in arrears."""
    arrears_share: Decimal | None = None
    """The most of the principal outstanding that may be of loans in arrears."""
    interest_cover: Decimal | None = None
    """How many times income from interest covers the interest on borrowings, over twelve months, at least."""
    minimum_cash: Money | None = None

    def __post_init__(self) -> None:
        for name, most in (("advance_rate", 1), ("arrears_share", 1), ("interest_cover", 100)):
            value = getattr(self, name)
            if value is not None and not 0 < value <= most:
                raise FacilityRefused(
                    f"{name.replace('_', ' ').capitalize()} is {value}: it has to be above nought and {most} at most. "
                    "Correct it; nothing was changed."
                )
        if not 0 <= self.days_late <= MOST_DAYS_LATE:
            raise FacilityRefused(
                f"A loan that is {self.days_late} days late cannot be the limit. Give 0 to {MOST_DAYS_LATE} days; "
                "nothing was changed."
            )
        if self.minimum_cash is not None and self.minimum_cash.amount <= 0:
            raise FacilityRefused(
                f"A minimum cash of {money_text(self.minimum_cash)} asks for nothing. Leave it out; "
                "nothing was changed."
            )

    def content(self) -> dict[str, object]:
        """What is agreed in plain words, for JSON."""
        found: dict[str, object] = {"days_late": self.days_late}
        for name in ("advance_rate", "arrears_share", "interest_cover"):
            if (value := getattr(self, name)) is not None:
                found[name] = f"{value.normalize():f}"
        if self.minimum_cash is not None:
            found["minimum_cash"] = str(self.minimum_cash.amount)
        return found

    @classmethod
    def read(cls, content: Mapping[str, object], currency: str) -> Covenants:
        """What `content` wrote. Raises FacilityRefused."""
        known = {each.name for each in fields(cls)}
        if unknown := set(content) - known:
            raise FacilityRefused(f"{', '.join(sorted(unknown))} is no covenant that is known. Nothing was changed.")
        said = {name: Decimal(str(value)) for name, value in content.items() if name != "days_late"}
        cash = said.pop("minimum_cash", None)
        return cls(
            days_late=int(str(content.get("days_late", 90))),
            minimum_cash=None if cash is None else Money(cash, currency),
            **said,
        )

    def __bool__(self) -> bool:
        return any((self.advance_rate, self.arrears_share, self.interest_cover, self.minimum_cash))


NO_COVENANTS = Covenants()


@dataclass(frozen=True, slots=True)
class FundFigures:
    """What the tests are made from, on one day: of the fund's own parts of its loans, and of all it has borrowed."""

    on: date
    eligible: Money
    """Principal of loans that are not later than agreed, and of which nothing is written off."""
    in_arrears: Money
    """Principal of loans that are later than agreed."""
    outstanding: Money
    interest_earned: Money
    """Over the twelve months that end on the day: interest on loans, less what is passed to participants."""
    interest_borne: Money
    """Over the same months: interest on borrowings."""
    cash: Money
    """At the bank and on its way, less what is held for investors."""
    drawn: Money
    """Principal of all that the fund has borrowed."""


@dataclass(frozen=True, slots=True)
class Tested:
    """What came of one test: the figure, its limit and how far it is from it, as texts, and all of it in a sentence."""

    kind: CovenantKind
    is_met: bool
    figure: str
    limit: str
    headroom: str
    sentence: str


def outcomes(covenants: Covenants, figures: FundFigures) -> tuple[Tested, ...]:
    """Every covenant that is agreed, tested on the figures of one day."""
    return tuple(one for test in TESTS for one in test(covenants, figures))


def borrowing_base(covenants: Covenants, figures: FundFigures) -> Money | None:
    """The most that may be drawn against the loans, rounded down; None where no base is agreed."""
    if covenants.advance_rate is None:
        return None
    eligible = to_minor(figures.eligible.amount, figures.eligible.currency.code)
    units = int(eligible * Fraction(covenants.advance_rate))
    return from_minor(units, figures.eligible.currency.code)


def _base(covenants: Covenants, figures: FundFigures) -> Iterator[Tested]:
    base = borrowing_base(covenants, figures)
    if base is None or covenants.advance_rate is None:
        return
    room = base - figures.drawn
    said = (
        f"{money_text(figures.drawn)} is drawn on {date_text(figures.on)} against a borrowing base of "
        f"{money_text(base)}: {percent(covenants.advance_rate)} of {money_text(figures.eligible)} of loans that are at "
        f"most {covenants.days_late} days late"
    )
    yield _told(CovenantKind.BORROWING_BASE, room.amount >= 0, money_text(figures.drawn), money_text(base), room, said)


def _arrears(covenants: Covenants, figures: FundFigures) -> Iterator[Tested]:
    most = covenants.arrears_share
    if most is None:
        return
    whole, late = Fraction(figures.outstanding.amount), Fraction(figures.in_arrears.amount)
    share = late / whole if whole else Fraction(0)
    allowed = from_minor(
        int(to_minor(figures.outstanding.amount, figures.outstanding.currency.code) * Fraction(most)),
        figures.outstanding.currency.code,
    )
    shown = _rounded(share * 100, ROUND_CEILING)
    said = (
        f"{money_text(figures.in_arrears)} of {money_text(figures.outstanding)} of loans, {shown}%, is more than "
        f"{covenants.days_late} days late on {date_text(figures.on)}; at most {percent(most)} may be"
    )
    room = allowed - figures.in_arrears
    yield _told(CovenantKind.ARREARS_SHARE, share <= Fraction(most), f"{shown}%", percent(most), room, said)


def _cover(covenants: Covenants, figures: FundFigures) -> Iterator[Tested]:
    least = covenants.interest_cover
    if least is None:
        return
    earned, borne = figures.interest_earned, figures.interest_borne
    said = (
        f"In the twelve months to {date_text(figures.on)} the loans earned {money_text(earned)} for the fund and its "
        f"borrowings cost {money_text(borne)} of interest"
    )
    if borne.amount <= 0:
        nothing = from_minor(0, earned.currency.code)
        yield _told(
            CovenantKind.INTEREST_COVER, True, "no interest yet", f"{least:f} times", max(earned, nothing), said
        )
        return
    times = Fraction(earned.amount) / Fraction(borne.amount)
    shown = _rounded(times, ROUND_FLOOR)
    units = to_minor(borne.amount, borne.currency.code) * Fraction(least)
    asked = from_minor(-(-units.numerator // units.denominator), borne.currency.code)
    said += f", {shown} times; at least {least:f} times is agreed"
    is_met = times >= Fraction(least)
    yield _told(CovenantKind.INTEREST_COVER, is_met, f"{shown} times", f"{least:f} times", earned - asked, said)


def _cash(covenants: Covenants, figures: FundFigures) -> Iterator[Tested]:
    least = covenants.minimum_cash
    if least is None:
        return
    has = f"The fund has {money_text(figures.cash)} of its own cash on {date_text(figures.on)}"
    said = f"{has}; at least {money_text(least)} is agreed"
    room = figures.cash - least
    yield _told(CovenantKind.MINIMUM_CASH, room.amount >= 0, money_text(figures.cash), money_text(least), room, said)


TESTS: tuple[Callable[[Covenants, FundFigures], Iterator[Tested]], ...] = (_base, _arrears, _cover, _cash)


def _told(kind: CovenantKind, is_met: bool, figure: str, limit: str, room: Money, said: str) -> Tested:
    """One test in a sentence that ends with how far it is from its limit."""
    end = f"{money_text(room)} of headroom" if is_met else f"{money_text(abs(room))} beyond the limit: a breach"
    return Tested(kind, is_met, figure, limit, money_text(room), f"{said}: {end}.")


def _rounded(value: Fraction, mode: str) -> Decimal:
    """To two places, towards the breach."""
    scaled = value * 100
    units = scaled.numerator // scaled.denominator
    if mode == ROUND_CEILING and units != scaled:
        units += 1
    return Decimal(units).scaleb(-2)


def percent(share: Decimal) -> str:
    """A share in per cent.

    >>> percent(Decimal("0.8"))
    '80%'
    """
    return f"{(share * 100).normalize():f}%"
