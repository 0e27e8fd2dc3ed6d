"""What does an impact statement say, and does it hold together? The part that every reader has alike, and its figures.

Sections 5 to 11 of the fourteen: where the money is, how the loans stand, outcomes, ids and targets, stories, what went
wrong, method. Who reads it, its money and its seal stand on the statement around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from moneyed import Currency, Money

from investors.domain.value import Valued
from ledger.domain.money import from_minor
from loans.by_place import PlaceGroup
from loans.domain.by_place import Spread
from loans.ledger_answers import LedgerAnswer
from loans.portfolio import Group, Summary
from loans.principal_moved import LossCover
from loans.statements import Movements, Row, StatementDoesNotAdd

YOURS = "yours"
"""What a reader's own part of an outcome is called among the figures; on a whole fund's there is none."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row of what the borrowers did; a share that cannot be attributed is None, never nought.

    `reported` of `asked` borrowers gave a figure; `by_value` is their part of the money, as a fraction. `supported` is
    None where figures do not go together; `is_at_least` where it is only the largest of counts that may overlap.
    Raises StatementDoesNotAdd when more reported than were asked, or a share is more than what it is a share of.
    """

    indicator: str
    area: str
    iris: str
    sdg: str
    supported: Decimal | None
    our_share: Decimal | None
    yours: Decimal | None
    before: Decimal | None
    reported: int
    asked: int
    by_value: Decimal | None
    grade: str
    evidence: str
    unit: str = ""
    is_at_least: bool = False
    target: Decimal | None = None
    per_thousand: Decimal | None = None
    attributed: int = 0
    others: str = ""
    """What those who gave no figure said, in words."""
    value: Valued | None = None
    """What our share is said to be worth, by a proxy of the fund that counts on the last day; it is no money."""

    def __post_init__(self) -> None:
        if not 0 <= self.reported <= self.asked:
            raise StatementDoesNotAdd(
                f"{self.indicator}: {self.reported} reported, but {self.asked} were asked. "
                "Correct the readings; nothing was issued."
            )
        shares = [part for part in (self.supported, self.our_share, self.yours) if part is not None]
        if self.supported is not None and self.supported >= 0 and sorted(shares, reverse=True) != shares:
            raise StatementDoesNotAdd(
                f"{self.indicator}: yours is part of our share, and our share of what we supported. "
                "Correct the shares; nothing was issued."
            )

    def rows(self, number: int) -> Iterator[Row]:
        """The outcome as figures; its evidence grade stands with the total."""
        supported = "supported, at least" if self.is_at_least else "supported"
        values = ((supported, self.supported), ("our share", self.our_share), (YOURS, self.yours))
        source = f"{self.grade}: {self.evidence}"
        for measure, value in (*values, ("year before", self.before), ("target", self.target)):
            yield "impact", number, None, self.indicator, measure, value, self.unit or None, source
        for measure, count in (
            ("borrowers reported", self.reported),
            ("borrowers asked", self.asked),
            ("borrowers attributed", self.attributed),
        ):
            yield "impact", number, None, self.indicator, measure, count, None, None
        yield "impact", number, None, self.indicator, "coverage by value", self.by_value, None, None
        yield "impact", number, None, self.indicator, "our share per 1,000 at risk", self.per_thousand, None, None
        if self.value:
            proxy, unit = self.value.proxy, self.value.net.currency.code
            told = (("one unit", proxy.unit), ("before deductions", self.value.gross), ("said to be", self.value.net))
            for measure, amount in told:
                item = f"value, no money: {measure}"
                yield "impact", number, proxy.as_of, self.indicator, item, amount.amount, unit, proxy.source
            for name, part in proxy.deductions.named:
                yield (
                    "impact",
                    number,
                    proxy.as_of,
                    self.indicator,
                    f"value, no money: {name}",
                    part,
                    None,
                    proxy.source,
                )


@dataclass(frozen=True, slots=True)
class Restated:
    """A figure that was corrected: whose, of what, for which days, what it was and is, and why."""

    business: str
    indicator: str
    period: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class Told:
    """What a business tells in its own words, and lets the fund show."""

    title: str
    business: str
    text: str
    told_on: date


@dataclass(frozen=True, slots=True)
class Funders:
    """Those of one kind whose money is in the loans: how many, and their mean principal of the year in minor units.

    `kind` is "" for what no lender has: the fund's own.
    """

    kind: str
    count: int
    units: int


@dataclass(frozen=True, slots=True)
class FirstLoss:
    """The classes of the fund's capital that bear losses first, by name: what they bore so far, and what is left."""

    classes: str
    used: Money
    left: Money


@dataclass(frozen=True, slots=True)
class Impact:
    """What the money did in the year that ends with the statement: `start` to `last_day`, both counted.

    `health`, `cover`, `sectors` and `regions` are those of the fund's loans on the last day, `deciles` on one scale,
    None where no table of places is loaded. `principal` is how the fund's principal moved in the year, `funders` whose
    it was; `first_loss` is None where no class of capital ranks behind another. `is_of_one` says whether it tells one
    reader's part beside the fund's. `not_attributable` says of how many businesses nothing may be claimed, and why;
    `kept_back` how many stories their tellers do not let us show.
    """

    start: date
    last_day: date
    currency: Currency
    outcomes: tuple[Outcome, ...]
    answers: tuple[LedgerAnswer, ...]
    health: Summary
    regions: tuple[PlaceGroup, ...]
    deciles: Spread | None
    not_attributable: tuple[tuple[str, int], ...] = ()
    restated: tuple[Restated, ...] = ()
    stories: tuple[Told, ...] = ()
    went_wrong: tuple[str, ...] = ()
    sectors: tuple[Group, ...] = ()
    cover: LossCover | None = None
    principal: Movements | None = None
    funders: tuple[Funders, ...] = ()
    kept_back: int = 0
    first_loss: FirstLoss | None = None
    is_of_one: bool = False

    def rows(self) -> Iterator[Row]:
        """Every figure, one a row, under `loans.statements.COLUMNS`."""
        yield "year", 1, self.start, None, "first day", self.start, None, None
        yield "year", 2, self.last_day, None, "last day", self.last_day, None, None
        for number, outcome in enumerate(self.outcomes, start=1):
            yield from (row for row in outcome.rows(number) if self.is_of_one or row[4] != YOURS)
        for number, answer in enumerate(self.answers, start=1):
            item = f"{answer.iris} {answer.words}"
            yield "ledger", number, self.last_day, item, "answer", *answer.amount, "L: ledger"
        for number, band in enumerate(self.health.bands, start=1):
            item = f"from {band.first_day} days late"
            yield "health", number, self.last_day, item, "loans", band.loans, None, None
            yield "health", number, self.last_day, item, "principal", *self._money(band.principal), None
        if self.cover:
            told = {"set aside": self.cover.set_aside, "guaranteed": self.cover.guaranteed}
            for measure, units in (told | {"asked of guarantors": self.cover.asked}).items():
                yield "health", None, self.last_day, "cover", measure, *self._money(units), None
        if self.first_loss:
            for measure, amount in (("used so far", self.first_loss.used), ("left", self.first_loss.left)):
                item = f"first loss: {self.first_loss.classes}"
                yield "health", None, self.last_day, item, measure, amount.amount, amount.currency.code, None
        if self.principal:
            yield from self.principal.rows("principal", (self.start, self.last_day))
        for number, one in enumerate(self.funders, start=1):
            item = one.kind or "the fund itself"
            yield "funders", number, None, item, "funders", one.count or None, None, None
            yield "funders", number, None, item, "average principal of the year", *self._money(one.units), None
        for number, sector in enumerate(self.sectors, start=1):
            item = sector.name or "unknown"
            yield "sector", number, self.last_day, item, "principal", *self._money(sector.principal), None
        for number, group in enumerate(self.regions, start=1):
            item = group.name or "unknown"
            yield "region", number, self.last_day, item, "principal", *self._money(group.units), None
        for number, share in enumerate(self.deciles.shares if self.deciles else (), start=1):
            yield "decile", number, self.last_day, share.name, "principal", *self._money(share.units), None
        for number, (why, count) in enumerate(self.not_attributable, start=1):
            yield "attribution", number, None, why, "businesses", count, None, None
        for number, row in enumerate(self.restated, start=1):
            item = f"{row.business}, {row.indicator}, {row.period}"
            yield "restated", number, None, item, "was", row.before, None, row.why
            yield "restated", number, None, item, "is", row.after, None, row.why
        for number, story in enumerate(self.stories, start=1):
            yield "story", number, story.told_on, story.title, "told by", story.business, None, None
        yield "story", None, None, None, "told and not shown", self.kept_back, None, None
        for number, words in enumerate(self.went_wrong, start=1):
            yield "went wrong", number, None, None, "sentence", words, None, None

    def _money(self, minor: int) -> tuple[Decimal, str]:
        return from_minor(minor, self.currency.code).amount, self.currency.code
