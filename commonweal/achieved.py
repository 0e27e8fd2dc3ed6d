"""What a business achieved, indicator by indicator: its promise, its answers over time, and words that it may reuse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString

from borrowers.domain.readings import Answer, number_text
from borrowers.models import Indicator, Organisation, Reading
from borrowers.queries import current_answers_of
from commonweal.documents import charts
from commonweal.templatetags.commonweal import day, span
from loans.models import ImpactTarget, Loan
from loans.queries import impact_targets_of

SHOWN = 6
"""So many of the latest periods stand in a chart."""


@dataclass(frozen=True, slots=True)
class Achieved:
    """One indicator of one business, with the promises about it and all that was said, the latest last."""

    organisation: Organisation
    indicator: Indicator
    targets: Sequence[ImpactTarget]
    answers: Sequence[Reading]

    @property
    def figures(self) -> list[Reading]:
        """The answers that are figures."""
        return [one for one in self.answers if one.answer == Answer.VALUE and one.value is not None]

    @property
    def sentence(self) -> str:
        """What changed since the earliest figure that is known, with its period."""
        known = self.figures
        if not known:
            return "Nothing is reported yet."
        said = f"{known[-1].words}, {_period(known[-1])}"
        if len(known) > 1:
            return f"{said}; it was {known[-2].words}, {_period(known[-2])}."
        return f"{said}."

    @property
    def chart(self) -> SafeString | str:
        """The figures as bars against the promise; nothing where there are fewer than two, or one is below nought."""
        known, targets = self.figures[-SHOWN:], self.targets
        rows = [charts.Bar(_year(one), one.value, _number(one.value)) for one in known if one.value is not None]
        first = targets[0] if targets else None
        if first is not None and first.baseline is not None:
            rows.insert(0, charts.Bar("Before", first.baseline, _number(first.baseline)))
        if len(rows) < 2 or any(row.value < 0 for row in rows):
            return ""
        prefix, title = f"a{self.organisation.pk}-{self.indicator.pk}", f"{self.indicator}: {self.sentence}"
        if first is None:
            return charts.bars(prefix, title=title, rows=rows)
        aim = charts.Bar("Aim", first.target, _number(first.target))
        return charts.progress(prefix, title=title, rows=rows, target=aim)


def achieved_by(organisations: Iterable[Organisation], loans: Iterable[Loan]) -> list[Achieved]:
    """What businesses promised with these loans and what they said, by business and indicator; two queries."""
    businesses = {one.pk: one for one in organisations}
    answers: dict[tuple[int, int], list[Reading]] = {}
    named: dict[int, Indicator] = {}
    targets: dict[tuple[int, int], list[ImpactTarget]] = {}
    for target in impact_targets_of(loans):
        targets.setdefault((target.loan.organisation_id, target.indicator_id), []).append(target)
        named[target.indicator_id] = target.indicator
    for reading in current_answers_of(businesses.values()):
        answers.setdefault((reading.organisation_id, reading.indicator_id), []).append(reading)
        named[reading.indicator_id] = reading.indicator
    return [
        Achieved(businesses[business], named[indicator], targets.get(key, []), answers.get(key, []))
        for key in sorted(targets.keys() | answers.keys(), key=lambda key: (key[0], key not in targets, key[1]))
        for business, indicator in [key]
    ]


def paragraph(organisation: Organisation, found: Sequence[Achieved]) -> str:
    """A few sentences that a business may put into its own report; every figure with its period."""
    known = [(one, one.figures) for one in found if one.organisation == organisation and one.figures]
    if not known:
        return ""
    said = [_said(one, figures) for one, figures in known]
    return f"{organisation}: {'; '.join(said)}."


def _said(one: Achieved, figures: Sequence[Reading]) -> str:
    says_unit = one.indicator.unit.lower() in one.indicator.name.lower()
    last, *earlier = [_number(each.value) if says_unit else each.words for each in reversed(figures)]
    before = f" ({earlier[0]} the time before)" if earlier else ""
    return f"{one.indicator.name.lower()} {last}{before}, {_period(figures[-1])}"


def _period(reading: Reading) -> str:
    if reading.indicator.measure == "stock":
        return f"on {day(reading.period.last_day)}"
    return span(reading.period_start, reading.period.last_day)


def _year(reading: Reading) -> str:
    return f"{reading.period.last_day:%b %Y}"


def _number(value: Decimal | None) -> str:
    return number_text(value) if value is not None else "–"
