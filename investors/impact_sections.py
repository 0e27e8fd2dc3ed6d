"""From a fund's year to what an impact statement prints: shares rounded to be read, and in words what went wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from hashlib import sha256
from typing import TYPE_CHECKING

from moneyed import Money, get_currency

from borrowers.domain.outcomes import OutcomeArea, Use
from borrowers.domain.places import in_region
from borrowers.domain.readings import Direction, Grade, counted
from borrowers.places import scales
from borrowers.queries import readings_told, restatements_of, who_allows
from investors.domain.kinds import InvestorKind
from investors.domain.outcome_totals import Coverage, OutcomeTotal
from investors.domain.value import Proxy, value_of
from investors.impact import FirstLoss, Funders, Impact, Outcome, Restated, Told
from investors.impact_figures import FundYear, IndicatorTotal
from investors.models import Investor
from investors.queries import acts_known_under, capital_picture, fund_classes
from investors.queries.value import proxies_on
from ledger.domain.money import from_minor, minor_digits
from ledger.domain.words import date_text, money_text
from loans.by_place import LentByPlace, lent_by_place
from loans.ledger_answers import LedgerAnswer, ledger_answers
from loans.portfolio import BY_SECTOR, Group, Summary, groups, summary
from loans.principal_moved import LossCover, loss_cover, principal_moved
from loans.returns_queries import shown_stories_of, stories_of
from loans.statements import Movements

if TYPE_CHECKING:
    from borrowers.models import Organisation
    from ledger.models import Book, Seal

MOST_STORIES = 3
BORROWED_FUNDS = "borrowed funds"
WRITTEN_OFF = "FP9717"


@dataclass(frozen=True, slots=True)
class FundPicture:
    """All that the statements of one period share, read once: the year's readings and money, the loans, the places."""

    year: FundYear
    answers: tuple[LedgerAnswer, ...]
    health: Summary
    places: LentByPlace
    restated: tuple[Restated, ...]
    stories: tuple[Told, ...]
    sectors: tuple[Group, ...]
    cover: LossCover
    principal: Movements
    funders: tuple[Funders, ...]
    kept_back: int
    first_loss: FirstLoss | None
    proxies: Mapping[int, Proxy]

    def impact(self, reader: str | None = None) -> Impact:
        """What the fund's money, or one investor's, did."""
        found = self.year.figures(reader)
        scale = next(iter(scales()), None)
        last_day = found.end - timedelta(days=1)
        return Impact(
            start=found.start,
            last_day=last_day,
            currency=get_currency(self.year.book.base_currency),
            outcomes=tuple(
                _outcome(one, self.proxies.get(one.indicator.pk), is_of_one=reader is not None) for one in found.totals
            ),
            answers=self.answers,
            health=self.health,
            regions=tuple(self.places.by_region()),
            deciles=self.places.by_decile(scale) if scale else None,
            not_attributable=tuple(sorted((str(why), count) for why, count in found.not_attributable.items())),
            restated=self.restated,
            stories=self.stories,
            went_wrong=tuple(_went_wrong(self, found.totals)),
            sectors=self.sectors,
            cover=self.cover,
            principal=self.principal,
            funders=self.funders,
            kept_back=self.kept_back,
            first_loss=self.first_loss,
            is_of_one=reader is not None,
        )

    def said_sha256(self) -> str:
        """The fingerprint of what was said: every business's answers for the year with their grade, whether another
        reading came, what was restated, told and consented to, and where the money is. One query.

        No seal covers it: it changes when a reading is given or restated, though no entry is posted.
        """
        said = (repr((str(one), self.year.said_of(one))) for one in self.year.indicators)
        readings = readings_told([one.business.pk for one in self.year.money], self.year.end)
        return sha256("\n".join([repr(self.impact()), repr(readings), *said]).encode()).hexdigest()


def fund_picture(book: Book, end: date, *, known_under: Seal | None = None) -> FundPicture:
    """The year of a book up to and not including `end`, in a fixed number of queries.

    Money and averages are as the seal knew them; how loans stand, and what was said, as on the day that this is read.
    """
    year = FundYear(book, end, known_under=known_under)
    last_day = end - timedelta(days=1)
    businesses = [one.business for one in year.money]
    named = who_allows(businesses, Use.NAMED)
    told = [story for story, _ in shown_stories_of(businesses) if story.told_on <= last_day]
    every = stories_of(businesses).filter(told_on__lte=last_day).count()
    return FundPicture(
        year=year,
        answers=ledger_answers(book, year.start, last_day),
        health=summary(book, last_day),
        places=lent_by_place(book, last_day),
        restated=tuple(_restated(year, businesses, named)),
        stories=tuple(
            Told(story.title, _name(story.organisation, named), story.text, story.told_on)
            for story in told[:MOST_STORIES]
        ),
        sectors=tuple(groups(book, last_day, BY_SECTOR)),
        cover=loss_cover(book, last_day),
        principal=principal_moved(book, year.start, last_day),
        funders=tuple(_funders(year)),
        kept_back=every - len(told),
        first_loss=_first_loss(book, last_day, known_under),
        proxies=proxies_on(book, last_day),
    )


def share_text(value: Fraction | None) -> Decimal | None:
    """A share rounded to be read: two decimals below one, one below a thousand, whole above; half to even.

    What is below a hundredth keeps one digit that says something, so that what is there is never printed as nought.

    >>> [str(share_text(Fraction(text))) for text in ("0.12", "2.4", "21.37", "2960.4", "0.00437", "0")]
    ['0.12', '2.4', '21.4', '2960', '0.004', '0']
    """
    if value is None:
        return None
    places = Decimal("0.01") if abs(value) < 1 else Decimal("0.1") if abs(value) < 1000 else Decimal(1)
    while value and abs(value) < Fraction(places):
        places /= 10
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    rounded = exact.quantize(places, ROUND_HALF_EVEN)
    return rounded.to_integral_value() if rounded == rounded.to_integral_value() else rounded.normalize()


def _outcome(one: IndicatorTotal, proxy: Proxy | None, *, is_of_one: bool) -> Outcome:
    indicator, total = one.indicator, one.total
    covered = total.coverage
    return Outcome(
        indicator=indicator.name,
        area=OutcomeArea(indicator.area).words if indicator.area else "",
        iris=indicator.iris_id,
        sdg=", ".join(indicator.sdg_targets),
        supported=share_text(total.supported),
        our_share=share_text(total.our_share),
        yours=share_text(total.yours) if is_of_one else None,
        before=share_text(total.before),
        reported=covered.reported,
        asked=covered.asked,
        by_value=_decimal(covered.by_value),
        grade=str(total.grade or ""),
        evidence=_grades(total),
        unit=indicator.unit,
        is_at_least=total.is_at_least,
        target=share_text(total.target),
        per_thousand=share_text(total.per_thousand),
        attributed=total.attributed,
        others=_others(covered),
        value=value_of(total.our_share, proxy),
    )


def _decimal(part: Fraction | None) -> Decimal | None:
    return None if part is None else Decimal(part.numerator) / Decimal(part.denominator)


def _grades(total: OutcomeTotal) -> str:
    """One grade in words, or the split of several."""
    if len(total.grades) == 1:
        return Grade(total.grades[0][0]).words
    return ", ".join(f"{grade} {round(part * 100)}%" for grade, part in total.grades)


def _others(covered: Coverage) -> str:
    said = (
        (covered.nothing, "nothing to report"),
        (covered.not_applicable, "does not apply"),
        (covered.refused, "rather not say"),
        (covered.silent, "no answer"),
    )
    return ", ".join(f"{count} {words}" for count, words in said if count)


def _first_loss(book: Book, on: date, seal: Seal | None) -> FirstLoss | None:
    """What the classes of the last rank bore by the end of a day, and what is left of them to bear more."""
    if not fund_classes(book).exists():
        return None
    found = capital_picture(book, on, among=acts_known_under(book, seal) if seal else None)
    ranks = sorted({one.rank for one in found.classes.values()})
    if len(ranks) < 2:
        return None
    cover = next(found.covers[code] for code, one in found.classes.items() if one.rank == ranks[-2])
    names = " and ".join(one.name for one in found.classes.values() if one.rank == ranks[-1])
    return FirstLoss(names, cover.used, cover.remaining) if cover else None


def _funders(year: FundYear) -> Iterator[Funders]:
    """Whose money was in the loans, by kind, the most first; what no lender has is the fund's own. One query.

    What is no investor's code is a facility that the fund borrowed under.
    """
    mean: dict[str, Fraction] = defaultdict(Fraction)
    for one in year.money:
        mean[""] += one.average * (1 - sum(one.parts.values(), Fraction(0)))
        for code, part in one.parts.items():
            mean[code] += one.average * part
    kinds = dict(Investor.objects.filter(code__in=mean).values_list("code", "kind"))
    by_kind: dict[str, list[Fraction]] = defaultdict(list)
    for code, amount in mean.items():
        if amount:
            by_kind[_kind(code, kinds)].append(amount)
    unit = 10 ** minor_digits(year.book.base_currency)
    found = [
        Funders(kind, len(amounts) if kind else 0, round(sum(amounts, Fraction(0)) * unit))
        for kind, amounts in by_kind.items()
    ]
    yield from sorted(found, key=lambda one: (not one.kind, -one.units, one.kind))


def _kind(code: str, kinds: Mapping[str, str]) -> str:
    if not code:
        return ""
    return InvestorKind(kinds[code]).words if code in kinds else BORROWED_FUNDS


def _restated(year: FundYear, businesses: Sequence[Organisation], named: set[int]) -> Iterator[Restated]:
    """Figures for these or earlier days that were corrected in the year or since."""
    for now in restatements_of(businesses):
        before = now.replaces
        if before is not None and now.recorded_at.date() >= year.start and now.period_end <= year.end:
            yield Restated(
                business=_name(now.organisation, named),
                indicator=str(now.indicator),
                period=f"{date_text(now.period_start)} to {date_text(now.period.last_day)}",
                before=_said(before.value, now.indicator.unit),
                after=_said(now.value, now.indicator.unit),
                why=now.reason,
            )


def _said(value: Decimal | None, unit: str) -> str:
    return "no figure" if value is None else counted(value, unit)


def _name(business: Organisation, named: set[int]) -> str:
    """Its name where it allows that, else what and where it is."""
    if business.pk in named:
        return str(business)
    kind = business.sector.lower() if business.sector else "community business"
    return f"A business {in_region(business.region)} ({kind})" if business.region else f"A business ({kind})"


def _went_wrong(picture: FundPicture, totals: Sequence[IndicatorTotal]) -> Iterator[str]:
    """Losses, lateness, silence and steps back, each in a sentence with its figure; first money, then outcomes."""
    book = picture.year.book
    for one in picture.answers:
        if one.iris == WRITTEN_OFF and isinstance(one.value, Money) and one.value:
            yield f"{money_text(one.value)} of principal was written off in the year."
    risk = picture.health.at_risk[0]
    if risk.loans:
        amount = money_text(from_minor(risk.principal, book.base_currency))
        yield f"{_counted(risk.loans, 'loan is', 'loans are')} over {risk.days} days late, with {amount} outstanding."
    if picture.health.restructured.loans:
        yield f"{_counted(picture.health.restructured.loans, 'loan runs', 'loans run')} under new terms."
    for total in totals:
        yield from _fell_short(total)


def _fell_short(one: IndicatorTotal) -> Iterator[str]:
    name, total = one.indicator.name, one.total
    if total.coverage.silent:
        asked = total.coverage.asked
        yield f"{name}: {total.coverage.silent} of {asked} asked gave no answer, so the total is too low or unknown."
    like = total.like_for_like
    if like is None or like.now == like.before:
        return
    went = "fell" if like.now < like.before else "rose"
    if went == _WORSE[Direction(one.indicator.direction)]:
        both = _counted(like.businesses, "business", "businesses")
        moved = f"{_figure(like.before, one.indicator.unit)} to {_figure(like.now, one.indicator.unit)}"
        yield f"{name} {went} from {moved} in the {both} that reported both years."


_WORSE = {Direction.INCREASE: "fell", Direction.MAINTAIN: "fell", Direction.DECREASE: "rose"}
"""What is a step back, by which way is better."""


def _figure(value: Fraction, unit: str) -> str:
    return counted(share_text(value) or Decimal(0), unit)


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
