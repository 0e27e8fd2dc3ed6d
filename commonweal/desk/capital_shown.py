"""What an act on a fund's capital comes to, as it is shown: its lines with names, sums, and the figures behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from moneyed import Money

from commonweal.templatetags.commonweal import day, money
from investors.domain.capital_act import ActKind, ActLine, Effect
from investors.domain.capital_register import MOVED_CAPITAL
from investors.domain.distribution import cash_used
from investors.domain.restricted_grant import Purpose
from investors.queries import fund_classes, investors_named
from ledger.domain.money import from_minor
from loans.domain.rates import rate_text

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
    """The figures that explain an act: a caption, headings, and rows of a label, amounts and sentences; `title` where
    it is not the usual one."""

    caption: str
    headings: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Money], Sequence[str]]]
    title: str = ""


def shown_act(book: Book, what: ActKind, lines: Sequence[ActLine], figures: Any) -> dict[str, Any]:
    """The lines of an act with names, their sums, and the figures that explain it."""
    classes = {one.code: one.name for one in fund_classes(book)}
    names = dict(investors_named(sorted({line.investor for line in lines})))

    def amount(minor: int) -> Money:
        return from_minor(minor, book.base_currency)

    rows = [
        LineRow(classes[one.fund_class], str(names[one.investor]), _words(what, one.effect), amount(one.minor), one.why)
        for one in lines
        if one.minor and what is not ActKind.TRANSFER
    ]
    totals = {effect: sum(line.minor for line in lines if line.effect is effect) for effect in Effect}
    sums = [(_words(what, effect), amount(minor)) for effect, minor in totals.items() if minor]
    explain = _EXPLAIN.get(what)
    return {"rows": rows, "sums": sums, "explained": explain(book, figures, classes) if explain else []}


def _words(what: ActKind, effect: Effect) -> str:
    return effect.words.replace("transferred,", "moved in,") if what is ActKind.MOVED_IN else effect.words


def _fee_figures(book: Book, figures: Any, classes: dict[str, str]) -> list[FigureTable]:
    rows = [
        (
            f"{day(one['since'])} to {day(one['until'])}",
            [from_minor(one["of"], book.base_currency)],
            [f"{rate_text(Decimal(one['rate']))} a year of what is {one['base'].replace('-', ' ')}"],
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
        *_later_figures(book, figures.get("later")),
        FigureTable("By class, first rank first", ("Class", "Income", "Fee", "Losses", "Still owed", "Why"), shares),
    ]


def _later_figures(book: Book, later: Any) -> list[FigureTable]:
    """What became known of days that were shared before."""
    if not later:
        return []
    rows: list[tuple[str, Sequence[Money], Sequence[str]]] = [
        (one["entry"], [from_minor(one["adds"], book.base_currency)], [f"{_day(one['on'])}: {one['words']}"])
        for one in later["entries"]
    ]
    if later["more"]["count"] != "0":
        adds = from_minor(later["more"]["adds"], book.base_currency)
        rows.append((f"{later['more']['count']} more entries", [adds], []))
    caption = f"Of that, known only after {later['act']} had shared the result through {_day(later['through'])}"
    return [FigureTable(caption, ("Entry", "Adds", "Why"), rows)]


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
    corrects = [
        (classes[one["code"]], [from_minor(one["amount"], book.base_currency)], [one["why"]])
        for one in figures.get("corrects", ())
    ]
    return [
        FigureTable(caption, ("Step", "Claimed", "Paid", "Short", "Left", "Why"), steps),
        _what_stays(book, figures),
        *(
            [FigureTable("What it corrects of earlier distributions", ("Class", "Amount", "Why"), corrects)]
            * bool(corrects)
        ),
    ]


def _what_stays(book: Book, figures: Any) -> FigureTable:
    """What a distribution pays out, and of what stays in the fund why it does."""
    used = cash_used(figures)
    parts = (
        ("In reserve", used.reserve),
        ("For the management fee that is owed", used.fees),
        ("Free, and not distributed", used.not_distributed),
        ("Claimed by nobody", used.unclaimed),
    )
    lines = [("Paid to investors", used.paid_out), *(one for one in parts if one[1]), ("Stays in the fund", used.stays)]
    rows: list[tuple[str, Sequence[Money], Sequence[str]]] = [
        (label, [from_minor(minor, book.base_currency)], []) for label, minor in lines
    ]
    caption = "Of what is free and what was in reserve"
    return FigureTable(caption, ("", "Amount", ""), rows, title="What stays in the fund")


def _transfer_figures(book: Book, figures: Any, classes: dict[str, str]) -> list[FigureTable]:
    def row(label: str, held: int, moves: int) -> tuple[str, Sequence[Money], Sequence[str]]:
        return label, [from_minor(minor, book.base_currency) for minor in (held, moves, held - moves)], []

    parts = [(Effect(one["part"]), one["held"], one["moves"]) for one in figures["parts"]]
    rows = [row(effect.words.partition(", ")[2].capitalize(), held, moves) for effect, held, moves in parts]
    stands = [(held, moves) for effect, held, moves in parts if effect in MOVED_CAPITAL]
    rows.append(row("The capital account", sum(held for held, _ in stands), figures["capital"]))
    names = dict(investors_named([figures["seller"], figures["buyer"]]))
    seller, buyer = (str(names[figures[name]]) for name in ("seller", "buyer"))
    said = "no price is recorded"
    if figures["price"] is not None:
        said = f"the price of {money(from_minor(figures['price'], book.base_currency))} is theirs"
    caption = f"What moves from {seller} to {buyer}; {said}"
    return [FigureTable(caption, ("Part", f"{seller} has", "Moves", "Stays", ""), rows)]


def _equalisation_figures(book: Book, figures: Any, classes: dict[str, str]) -> list[FigureTable]:
    names = dict(investors_named(sorted(one["investor"] for one in figures["partners"])))
    columns = ("committed", "drawn", "capital", "interest")
    rows: list[tuple[str, Sequence[Money], Sequence[str]]] = [
        (str(names[one["investor"]]), [from_minor(one[name], book.base_currency) for name in columns], [])
        for one in figures["partners"]
    ]
    drawn = money(from_minor(figures["drawn"], book.base_currency))
    caption = f"{drawn} is drawn; each comes to its share of it, with interest of {rate_text(Decimal(figures['rate']))}"
    headings = ("Investor", "Committed", "Drawn before", "Pays, or gets (−)", "Interest", "")
    return [FigureTable(caption, headings, rows)]


def _deed_figures(book: Book, figures: Any, classes: dict[str, str]) -> list[FigureTable]:
    rows: list[tuple[str, Sequence[Money], Sequence[str]]] = [
        (f"{place}. {one['label'][:1].upper()}{one['label'][1:]}", [], [_share_words(one)])
        for place, one in enumerate(figures["steps"], 1)
    ]
    return [FigureTable(f"Version {figures['version']}, first to be paid first", ("Claim", "Why"), rows)]


def _share_words(step: Any) -> str:
    return f"{rate_text(Decimal(step['rate']))} of what {step['of']} is paid" if step["of"] else step["code"]


def _class_figures(book: Book, figures: Any, classes: dict[str, str]) -> list[FigureTable]:
    rows: list[tuple[str, Sequence[Money], Sequence[str]]] = [
        (figures["name"], [], [f"{figures['code']}: {figures['terms']}"])
    ]
    return [FigureTable("The class, as the deed has it", ("Class", "Why"), rows)]


def _terms_figures(book: Book, figures: Any, classes: dict[str, str]) -> list[FigureTable]:
    rows: list[tuple[str, Sequence[Money], Sequence[str]]] = [
        ("Before", [], [figures["before"]]),
        ("From then on", [], [figures["after"]]),
    ]
    return [FigureTable("The terms of the class", ("", "Why"), rows)]


def _fee_terms_figures(book: Book, figures: Any, classes: dict[str, str]) -> list[FigureTable]:
    rows: list[tuple[str, Sequence[Money], Sequence[str]]] = [
        ("Before", [], [figures["before"]]),
        ("Then", [], [figures["after"]]),
    ]
    return [FigureTable("What the fund pays to be managed", ("", ""), rows)]


def _grant_figures(book: Book, figures: Any, classes: dict[str, str]) -> list[FigureTable]:
    before, after = (from_minor(figures[name], book.base_currency) for name in ("before", "after"))
    changes = (("Left before", before), ("Changes", after - before), ("Left then", after))
    rows: list[tuple[str, Sequence[Money], Sequence[str]]] = [(label, [amount], []) for label, amount in changes]
    return [FigureTable(f"The grant, given for {Purpose(figures['purpose']).words}", ("", "Amount", ""), rows)]


def _moved_in_figures(book: Book, figures: Any, classes: dict[str, str]) -> list[FigureTable]:
    def amounts(minor: int) -> Sequence[Money]:
        return [from_minor(minor, book.base_currency)]

    rows: list[tuple[str, Sequence[Money], Sequence[str]]] = [
        (name.capitalize(), amounts(minor), ["ties"]) for name, minor in figures["made"].items() if name != "holders"
    ]
    rows.insert(0, ("On 3010 for all owners, before", amounts(figures["surplus"]), []))
    caption = f"Control totals of {figures['made']['holders']} holders, with {figures['flows']} dated flows from before"
    return [FigureTable(caption, ("Total", "Amount", ""), rows)]


def _day(text: str) -> str:
    return day(date.fromisoformat(text))


_EXPLAIN = {
    ActKind.FEE_TERMS: _fee_terms_figures,
    ActKind.FEE: _fee_figures,
    ActKind.RESULT: _result_figures,
    ActKind.DISTRIBUTION: _distribution_figures,
    ActKind.TRANSFER: _transfer_figures,
    ActKind.EQUALISATION: _equalisation_figures,
    ActKind.DEED: _deed_figures,
    ActKind.CLASS: _class_figures,
    ActKind.TERMS: _terms_figures,
    ActKind.GRANT_RECEIVED: _grant_figures,
    ActKind.GRANT_APPLIED: _grant_figures,
    ActKind.MOVED_IN: _moved_in_figures,
}
