"""What would the holdings of another system come to here? Their capital moves from 3010, where the opening trial
balance has it for all owners together, to each holder's account; the dated flows before that are kept with the act."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from moneyed import Money

from investors.domain.capital_act import ActKind, Holder
from investors.domain.moved_in import faults, moved_holding, moved_in_asked, past_flow
from investors.domain.moved_in_rows import refuse_faults
from investors.models import Investor
from investors.queries.capital import standing_acts
from investors.queries.capital_asking import Asking, Told
from ledger.domain.chart import SURPLUS
from ledger.domain.money import from_minor
from ledger.domain.words import date_text
from ledger.queries import balances

if TYPE_CHECKING:
    from ledger.models import Book


def preview_moved_in(asking: Asking) -> Told:
    """Every holding as its row has it. Raises HoldingsDoNotTie with all that does not tie."""
    moved = moved_in_asked(asking.asked)
    surplus = -asking.minor(balances(asking.book, [SURPLUS], asking.on)[SURPLUS])
    refuse_faults(
        [
            *_unknown(asking, [(one.row, one.holder) for one in moved.holdings]),
            *faults(moved, on=asking.on, surplus=surplus, currency=asking.currency),
        ]
    )
    figures = {
        "made": {name: str(value) if name == "holders" else value for name, value in moved.made(surplus).items()},
        "surplus": surplus,
        "flows": str(len(moved.history)),
    }
    return [line for one in moved.holdings for line in one.lines()], figures


def past_flows(
    book: Book, until: date, *, among: Collection[int] | None = None
) -> dict[Holder, list[tuple[date, Money]]]:
    """The dated flows from before the fund came here, of what stands at the end of a day: paid in is negative."""
    found: dict[Holder, list[tuple[date, Money]]] = defaultdict(list)
    for act in standing_acts(book, ActKind.MOVED_IN, until, among=among):
        for flow in map(past_flow, act.asked["history"]):
            found[flow.fund_class, flow.investor].append((flow.on, from_minor(flow.signed, book.base_currency)))
    return found


def moved_in_dues(book: Book, until: date, *, among: Collection[int] | None = None) -> dict[Holder, dict[int, date]]:
    """When the calls are due that were open as holdings moved in, by holder and by the number of their act."""
    found: dict[Holder, dict[int, date]] = defaultdict(dict)
    for act in standing_acts(book, ActKind.MOVED_IN, until, among=among):
        for one in map(moved_holding, act.asked["holdings"]):
            if one.called_due is not None:
                found[one.holder][act.number] = one.called_due
    return found


def _unknown(asking: Asking, rows: list[tuple[int, Holder]]) -> list[str]:
    """Each row of a class or an investor that is not known here, or of a holder that stands here already."""
    known = set(
        Investor.objects.filter(code__in={holder[1] for _, holder in rows}).values_list("code", flat=True)
    )  # fmt: skip
    found = []
    for row, (fund_class, investor) in rows:
        place = f"Holdings, row {row}"
        if fund_class not in asking.classes:
            found.append(
                f"{place}: {asking.book} has no class {fund_class} on {date_text(asking.on)}. Record the class first, "
                "or correct its code."
            )
        if investor not in known:
            found.append(f"{place}: no investor is registered under {investor}. Register it first, or correct it.")
        if asking.known.has((fund_class, investor)):
            found.append(
                f"{place}: {investor} stands in {fund_class} here already, so nothing is moved in a second time. Leave "
                "the row out, or take back the act that brought it."
            )
    return found
