"""What an act on a fund's capital comes to, as it is shown: its lines with names, sums, and the figures behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from moneyed import Money

from commonweal.templatetags.commonweal import day, money
from investors.domain.capital_act import ActKind, ActLine, Effect
from investors.queries import fund_classes, investors_named
from ledger.domain.money import from_minor

if TYPE_CHECKING:
    from ledger.models import Book


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line of an act as it is shown."""

    fund_class: str
    investor: str
    effect: str
    amount: Money
    why: str


@dataclass(frozen=True, slots=True)
class FigureTable:
    """The figures that explain an act: a caption, headings, and rows of a label, amounts and sentences."""

    caption: str
    headings: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Money], Sequence[str]]]


def shown_act(book: Book, what: ActKind, lines: Sequence[ActLine], figures: Any) -> dict[str, Any]:
    """The lines of an act with names, their sums, and the figures that explain it."""
    classes = {one.code: one.name for one in fund_classes(book)}
    names = dict(investors_named(sorted({line.investor for line in lines})))

    def amount(minor: int) -> Money:
        return from_minor(minor, book.base_currency)

    rows = [
        LineRow(classes[one.fund_class], str(names[one.investor]), one.effect.words, amount(one.minor), one.why)
        for one in lines
        if one.minor
    ]
    sums = [
        (effect.words, amount(sum(line.minor for line in lines if line.effect is effect)))
        for effect in Effect
        if any(line.effect is effect and line.minor for line in lines)
    ]
    explain = _EXPLAIN.get(what)
    return {"rows": rows, "sums": sums, "explained": explain(book, figures, classes) if explain else []}


def _fee_figures(book: Book, figures: Any, classes: dict[str, str]) -> list[FigureTable]:
    rows = [
        (
            f"{day(one['since'])} to {day(one['until'])}",
            [from_minor(one["of"], book.base_currency)],
            [f"{float(one['rate']) * 100:.2f}% a year of what is {one['base'].replace('-', ' ')}"],
        )
        for one in figures["lines"]
    ]
    rows.append(("The fee", [from_minor(figures["amount"], book.base_currency)], []))
    return [FigureTable("How the fee is worked out", ("Days", "Of", ""), rows)]


def _result_figures(book: Book, figures: Any, classes: dict[str, str]) -> list[FigureTable]:
    def amounts(of: Any, names: Sequence[str]) -> list[Money]:
        return [from_minor(of[name], book.base_currency) for name in names]

    what: list[tuple[str, Sequence[Money], Sequence[str]]] = [
        ("Income less costs", amounts(figures, ["income"]), []),
        ("Management fee", [-one for one in amounts(figures, ["fees"])], []),
        ("Losses less recoveries", [-one for one in amounts(figures, ["impairment"])], []),
    ]
    shares = [
        (classes[one["code"]], amounts(one, ("income", "fee", "impairment", "owed")), one["why"])
        for one in figures["classes"]
    ]
    days = f"{_day(figures['since'])} to {_day(figures['until'])}, and what became known of earlier days"
    return [
        FigureTable(f"What is shared: {days}", ("", "Amount", ""), what),
        FigureTable("By class, first rank first", ("Class", "Income", "Fee", "Losses", "Still owed", "Why"), shares),
    ]


def _distribution_figures(book: Book, figures: Any, classes: dict[str, str]) -> list[FigureTable]:
    steps = [
        (
            one["label"][:1].upper() + one["label"][1:],
            [from_minor(one[name], book.base_currency) for name in ("claim", "paid", "short", "left")],
            one["why"],
        )
        for one in figures["steps"]
    ]
    found, free = (money(from_minor(figures[name], book.base_currency)) for name in ("found", "free"))
    caption = f"{found} of {free} that is free, first step first ({figures['waterfall']})"
    return [FigureTable(caption, ("Step", "Claimed", "Paid", "Short", "Left", "Why"), steps)]


def _day(text: str) -> str:
    return day(date.fromisoformat(text))


_EXPLAIN = {
    ActKind.FEE: _fee_figures,
    ActKind.RESULT: _result_figures,
    ActKind.DISTRIBUTION: _distribution_figures,
}
