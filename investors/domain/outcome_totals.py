"""What comes to a total of what many businesses said, and how far may it be believed? Pure and exact.

A total never stands alone: with it stand how many answered, by number and by money, the grade of its evidence, and the
parts that the fund's and one investor's money may claim. Nothing is grossed up, and silence is never nought. What may
not be added up is not: of unique people in several businesses the total is "at least" the largest single count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from borrowers.domain.outcomes import AddUp
from borrowers.domain.readings import Answer, Grade
from investors.domain.attribution import Attribution
from investors.domain.errors import AttributionRefused

WORST_FIRST = tuple(reversed(Grade))
"""Grades from the borrower's estimate up to the ledger."""

MUCH = Fraction(1, 5)
"""A grade that makes up more than this of a total is the total's, unless a worse one does."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one business said of an indicator for a period, and the money behind it.

    `answer` is None where it has not answered. `value`, `before` (a year earlier) and `target` are in the indicator's
    unit, `weight` in that of the figure an average is weighted by. `is_at_least` says that the value is the largest of
    several counts of people in the period. `average` is what it owed the fund on average over the period, in the fund's
    currency; `part` is the reader's part of that, between 0 and 1.
    """

    business: str
    average: Fraction
    attribution: Attribution
    part: Fraction = Fraction(1)
    answer: Answer | None = None
    value: Decimal | None = None
    grade: Grade | None = None
    is_at_least: bool = False
    before: Decimal | None = None
    target: Decimal | None = None
    weight: Decimal | None = None

    def __post_init__(self) -> None:
        if (self.answer is Answer.VALUE) != (self.value is not None and self.grade is not None):
            raise AttributionRefused(
                f"{self.business}: a figure has a value and a grade, any other answer has neither. "
                "Correct the reading; nothing was changed."
            )
        if not 0 <= self.part <= 1:
            raise AttributionRefused(
                f"{self.business}: a part of {self.part} is not from 0 to 1. Correct it; nothing was changed."
            )

    @property
    def figure(self) -> Fraction:
        """The value, exact; nought where there is none, which is never shown."""
        return Fraction(self.value) if self.value is not None else Fraction(0)


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many were asked and what they did: by number, and by their average balance."""

    asked: int
    reported: int
    nothing: int
    not_applicable: int
    refused: int
    silent: int
    by_value: Fraction | None
    """The part of the money that is with those who gave a figure; None where there is no money."""

    @property
    def by_number(self) -> Fraction | None:
        """The part of those asked who gave a figure."""
        return Fraction(self.reported, self.asked) if self.asked else None


@dataclass(frozen=True, slots=True)
class LikeForLike:
    """The sum of the businesses that gave a figure for both years; a fall in coverage is no fall in it."""

    businesses: int
    now: Fraction
    before: Fraction


@dataclass(frozen=True, slots=True)
class OutcomeTotal:
    """All that may be said of one indicator over many businesses; shares that cannot be attributed are None.

    `attributed` of the businesses that gave a figure have a part that may be claimed, over `at_risk` of money.
    """

    supported: Fraction | None
    is_at_least: bool
    our_share: Fraction | None
    yours: Fraction | None
    before: Fraction | None
    target: Fraction | None
    attributed: int
    at_risk: Fraction
    coverage: Coverage
    grade: Grade | None
    grades: tuple[tuple[Grade, Fraction], ...]
    like_for_like: LikeForLike | None

    @property
    def per_thousand(self) -> Fraction | None:
        """Our share for each 1,000 of the money at risk in the businesses it is of; None where there is no share."""
        if self.our_share is None or not self.at_risk:
            return None
        return self.our_share * 1000 / self.at_risk


def exact_sum(parts: Iterable[Fraction]) -> Fraction:
    """The sum of many fractions; those of one denominator add up as whole numbers, which costs a fifth.

    >>> exact_sum([Fraction(1, 2), Fraction(1, 3), Fraction(3, 2)])
    Fraction(7, 3)
    """
    over: dict[int, int] = defaultdict(int)
    for part in parts:
        over[part.denominator] += part.numerator
    return sum((Fraction(above, below) for below, above in over.items()), Fraction(0))


def outcome_total(rule: AddUp, said: Iterable[Said]) -> OutcomeTotal:
    """Put together what businesses said of an indicator by its rule; the businesses are different ones."""
    every = list(said)
    given = [one for one in every if one.value is not None]
    adds_up = rule.across_businesses or len(given) == 1
    claimed = [one for one in given if one.attribution.factor is not None] if adds_up else []
    grades = grade_split(given)
    return OutcomeTotal(
        supported=_together(rule, given, lambda one: one.value),
        is_at_least=rule is AddUp.UNIQUE_PEOPLE and (len(given) > 1 or any(one.is_at_least for one in given)),
        our_share=exact_sum(_claim(one) for one in claimed) if claimed else None,
        yours=exact_sum(_claim(one) * one.part for one in claimed) if claimed else None,
        before=_together(rule, given, lambda one: one.before),
        target=_together(rule, given, lambda one: one.target),
        attributed=len(claimed),
        at_risk=exact_sum(one.average for one in claimed),
        coverage=coverage(every),
        grade=_lowest(grades),
        grades=grades,
        like_for_like=_like_for_like(rule, given),
    )


def _claim(one: Said) -> Fraction:
    return (one.attribution.factor or Fraction(0)) * one.figure


def _together(rule: AddUp, said: Sequence[Said], figure: Callable[[Said], Decimal | None]) -> Fraction | None:
    """The figures of several businesses by their rule; None where there is none, or where they do not go together."""
    found = [(one, Fraction(value)) for one in said if (value := figure(one)) is not None]
    if not found:
        return None
    if rule.across_businesses or len(found) == 1:
        return exact_sum(value for _, value in found)
    if rule is AddUp.UNIQUE_PEOPLE:
        return max(value for _, value in found)
    weights = [(value, Fraction(one.weight)) for one, value in found if one.weight]
    if rule is AddUp.AVERAGE and len(weights) == len(found):
        return exact_sum(value * weight for value, weight in weights) / exact_sum(weight for _, weight in weights)
    return None


def coverage(said: Sequence[Said]) -> Coverage:
    """How many of those asked gave a figure, and what the others did."""
    whole = exact_sum(one.average for one in said)
    given = exact_sum(one.average for one in said if one.value is not None)
    counted = {answer: sum(one.answer is answer for one in said) for answer in Answer}
    return Coverage(
        asked=len(said),
        reported=counted[Answer.VALUE],
        nothing=counted[Answer.NOTHING],
        not_applicable=counted[Answer.NOT_APPLICABLE],
        refused=counted[Answer.REFUSED],
        silent=sum(one.answer is None for one in said),
        by_value=given / whole if whole else None,
    )


def grade_split(said: Iterable[Said]) -> tuple[tuple[Grade, Fraction], ...]:
    """Which part of a total each grade makes up, the best grade first; by number where the figures are all nought."""
    figures: dict[Grade, list[Fraction]] = defaultdict(list)
    for one in said:
        if one.grade is not None:
            figures[one.grade].append(abs(one.figure))
    is_nought = not any(any(found) for found in figures.values())
    weights = {grade: Fraction(len(found)) if is_nought else exact_sum(found) for grade, found in figures.items()}
    whole = exact_sum(weights.values())
    return tuple((grade, weights[grade] / whole) for grade in Grade if weights.get(grade))


def grade_of(said: Iterable[Said]) -> Grade | None:
    """The lowest grade that makes up more than a fifth of a total: it carries its weak parts."""
    return _lowest(grade_split(said))


def _lowest(split: Iterable[tuple[Grade, Fraction]]) -> Grade | None:
    parts = dict(split)
    return next((grade for grade in WORST_FIRST if parts.get(grade, Fraction(0)) > MUCH), None)


def _like_for_like(rule: AddUp, said: Sequence[Said]) -> LikeForLike | None:
    both = [(one.figure, Fraction(one.before)) for one in said if one.before is not None]
    if not both or not rule.across_businesses:
        return None
    return LikeForLike(len(both), exact_sum(now for now, _ in both), exact_sum(before for _, before in both))
