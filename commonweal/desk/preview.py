"""What would these terms mean? The schedule by the same engine as the live loan, with a chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from moneyed import Money

from commonweal.documents import charts
from commonweal.templatetags.commonweal import SYMBOLS, money
from ledger.domain.money import from_minor
from loans.domain.rates import in_percent
from loans.domain.schedule import Instalment, planned_schedule
from loans.domain.terms import Terms

CHARTED = 24
SHOWN = 9


@dataclass(frozen=True, slots=True)
class Preview:
    """A planned schedule, drawn one month before its first instalment."""

    terms: Terms
    rows: Sequence[Instalment]
    chart: SafeString

    @property
    def first(self) -> Sequence[Instalment]:
        """The instalments that a page shows."""
        return self.rows[:SHOWN]

    @property
    def count(self) -> int:
        """How many there are in all."""
        return len(self.rows)

    @property
    def charted(self) -> int:
        """How many the chart shows."""
        return min(CHARTED, len(self.rows))

    @property
    def level(self) -> Money:
        """What each instalment but the last comes to."""
        return self.rows[0].total

    @property
    def is_level(self) -> bool:
        """Whether every instalment but the last comes to the same."""
        return self.terms.pays_level and len({row.total_units for row in self.rows[:-1]}) <= 1

    @property
    def last(self) -> Money:
        """The last instalment, which takes the rounding."""
        return self.rows[-1].total

    @property
    def interest(self) -> Money:
        """All interest to the end."""
        return self._sum("interest")

    @property
    def principal(self) -> Money:
        """All principal: what is lent."""
        return self._sum("principal")

    @property
    def total(self) -> Money:
        """All that would be paid."""
        return self._sum("total")

    @property
    def calculator(self) -> str:
        """The public calculator's answer for such a loan, with rates to compare; empty in other currencies."""
        if self.terms.currency != "GBP":
            return ""
        asked = {
            "amount": f"{self.principal.amount:.2f}",
            "rate": f"{in_percent(self.terms.annual_rate, 4):f}",
            "months": str(self.count),
            "first": self.terms.first_due_on.isoformat(),
        }
        return f"{reverse('public:calculator')}?{urlencode(asked)}"

    def _sum(self, part: str) -> Money:
        return sum((getattr(row, part) for row in self.rows), from_minor(0, self.level.currency.code))


def preview_of(terms: Terms, prefix: str) -> Preview:
    """The schedule that terms would make; `prefix` is unique among the charts of a page."""
    rows = planned_schedule(terms)
    return Preview(terms, rows, _chart(rows, prefix))


def _title(shown: Sequence[Instalment]) -> str:
    first, last = shown[0], shown[-1]
    if len({row.total_units for row in shown[:-1]}) > 1:
        totals = [row.total for row in shown]
        return f"Instalments from {money(min(totals))} to {money(max(totals))} in the first {len(shown)}"
    return (
        f"Each instalment is {money(first.total)}; its interest falls from {money(first.interest)} to "
        f"{money(last.interest)} in the first {len(shown)}"
    )


def _chart(rows: Sequence[Instalment], prefix: str) -> SafeString:
    shown = rows[:CHARTED]
    currency = shown[0].total.currency.code
    return charts.stacked_columns(
        prefix,
        title=_title(shown),
        columns=[charts.Column(f"{row.due_on:%b %Y}", (row.principal.amount, row.interest.amount)) for row in shown],
        names=("Principal", "Interest"),
        sign=SYMBOLS.get(currency, currency),
        width=420,
        tall=230,
    )
