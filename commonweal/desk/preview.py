"""What would these terms mean? The schedule of an application by the same engine as the live loan, with a chart."""

from __future__ import annotations

from typing import Any

from commonweal.documents import charts
from commonweal.templatetags.commonweal import SYMBOLS, day_short, money
from ledger.domain.money import from_minor
from loans.domain.schedule import Instalment
from loans.models import Application
from loans.queries import schedule_asked

SHOWN = 24
FIRST = 9


def preview_of(application: Application) -> dict[str, Any]:
    """The first instalments, the totals and the chart for a page."""
    rows = schedule_asked(application)
    currency = application.amount.currency.code
    nought = from_minor(0, currency)
    totals = {name: sum((getattr(row, name) for row in rows), nought) for name in ("interest", "principal", "total")}
    return {
        "preview": rows[:FIRST],
        "count": len(rows),
        "preview_totals": totals,
        "level": rows[0].total,
        "last": rows[-1].total,
        "chart": _chart(application, rows, currency),
        "shown": min(SHOWN, len(rows)),
    }


def _chart(application: Application, rows: tuple[Instalment, ...], currency: str) -> str:
    columns = [
        charts.Column(day_short(row.due_on)[-8:], (row.principal.amount, row.interest.amount)) for row in rows[:SHOWN]
    ]
    first, last = rows[0], rows[min(SHOWN, len(rows)) - 1]
    return charts.stacked_columns(
        f"preview-{application.pk}",
        title=f"Each instalment is {money(first.total)}; its interest falls from {money(first.interest)} to "
        f"{money(last.interest)} in the first {min(SHOWN, len(rows))}",
        columns=columns,
        names=("Principal", "Interest"),
        sign=SYMBOLS.get(currency, currency),
    )
