"""What does an investor have in each class of a fund, what moved it, and why?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from moneyed import Money

from investors.domain.capital import CapitalKind
from investors.domain.capital_act import ActKind, Effect, Holder
from investors.domain.capital_holding import (
    ONE_DAY,
    CapitalHolding,
    cover_below,
    earned,
    holding_lines,
    open_calls,
)
from investors.domain.capital_register import CAPITAL, Register
from investors.domain.fund_class import FundClass
from investors.domain.losses import FirstLossCover
from investors.models import CapitalAct, CapitalLine, Investor
from investors.queries.capital import APPROVED, capital_acts, capital_register, class_terms, standing_acts
from investors.queries.capital_moved_in import moved_in_dues, past_flows
from ledger.domain.words import date_text

if TYPE_CHECKING:
    from ledger.models import Book

WITHIN = {
    Effect.INCOME: "Within the class by what each has in it, day by day.",
    Effect.FEE: "The management fee is borne by what each has committed.",
    Effect.IMPAIRMENT: "Within the class by what each has in it.",
}
"""How a class's part of a result comes to its holders."""

OF_LOSSES = (" bears ", " gets back ")
"""What the sentences about losses and recoveries say, and those about claims do not."""


@dataclass(frozen=True, slots=True)
class CapitalPicture:
    """What the holdings of all investors of a fund are told from at the end of a day: one read serves them all.

    `due` says the due day of each call by its act, `covers` what protects each class, `past` the flows of each holder
    from before the fund came here.
    """

    until: date
    known: Register
    classes: Mapping[str, FundClass]
    due: Mapping[int, date]
    covers: Mapping[str, FirstLossCover | None]
    holders: frozenset[Holder]
    past: Mapping[Holder, Sequence[tuple[date, Money]]]
    moved_in_due: Mapping[Holder, Mapping[int, date]]

    def held_by(self, investor: Investor) -> list[Holder]:
        """The classes that an investor ever committed to, by rank."""
        return [holder for code in self.classes if (holder := (code, investor.code)) in self.holders]


def capital_picture(book: Book, until: date, *, among: Collection[int] | None = None) -> CapitalPicture:
    """A fund's capital at the end of a day; `among` as if these acts were all that there are."""
    known, classes = capital_register(book, among=among), class_terms(book, until, among=among)
    calls = standing_acts(book, ActKind.CALL, until, among=among)
    return CapitalPicture(
        until=until,
        known=known,
        classes=classes,
        due={act.number: date.fromisoformat(act.asked["due_on"]) for act in calls},
        covers={code: cover_below(known, classes, code, until) for code in classes},
        holders=frozenset(known.holders),
        past=past_flows(book, until, among=among) if known.has_past else {},
        moved_in_due=moved_in_dues(book, until, among=among) if known.has_past else {},
    )


def capital_holdings(
    book: Book, investor: Investor, since: date, until: date, *, picture: CapitalPicture | None = None
) -> list[CapitalHolding]:
    """What an investor has in each class it ever committed to, by rank, over days of which the last is included.

    `picture`, of the last day, is read here where it is not given.
    """
    found = picture or capital_picture(book, until)
    mine = found.held_by(investor)
    whys = _whys(book, investor) if mine else {}
    return [_holding(found, holder, since, whys.get(holder, {})) for holder in mine]


def _holding(
    found: CapitalPicture, holder: Holder, since: date, whys: Mapping[tuple[str, CapitalKind], str]
) -> CapitalHolding:
    known, until = found.known, found.until
    account = known.account(holder, since, until + ONE_DAY)
    return CapitalHolding(
        fund_class=found.classes[holder[0]],
        investor=holder[1],
        since=since,
        until=until,
        commitment=known.commitment(holder, until),
        calls=open_calls(known, holder, {**found.due, **found.moved_in_due.get(holder, {})}, until),
        account=account,
        lines=holding_lines(account, whys),
        earned=earned(known.movements(holder), known.nought, until, found.past.get(holder, ())),
        fees=-known.balance(holder, until, [CapitalKind.FEE]),
        cover=found.covers[holder[0]],
    )


def _whys(book: Book, investor: Investor) -> dict[Holder, dict[tuple[str, CapitalKind], str]]:
    """Why each movement of an investor's capital accounts came, by its holder, its source and its kind."""
    found = CapitalLine.objects.filter(investor=investor, act__book=book, act__decision__outcome=APPROVED)
    lines = found.exclude(act__kind=ActKind.REVERSAL).select_related("fund_class").order_by("act", "line_number")
    acts = {act.pk: act for act in capital_acts(book).filter(lines__in=lines).distinct()}
    whys: dict[Holder, dict[tuple[str, CapitalKind], str]] = {}
    for line in lines:
        effect = Effect(line.effect)
        if effect in CAPITAL:
            act, code = acts[line.act_id], line.fund_class.code
            mine, kind = whys.setdefault((code, investor.code), {}), CAPITAL[effect][0]
            kind = CapitalKind.MOVED_IN if act.what is ActKind.MOVED_IN else kind
            mine[str(act), kind] = why_of(act, line)
            mine[f"{act} reversed", kind] = _why_reversed(act)
    return whys


def why_of(act: CapitalAct, line: CapitalLine) -> str:
    """Why an act did something to a holder: what its line says, or its class's part of it, or what the act is for."""
    if line.why:
        return line.why
    if act.what is ActKind.RESULT:
        mine = (one["why"] for one in act.figures["classes"] if one["code"] == line.fund_class.code)
        return " ".join([_result_days(act), *_about(next(mine, []), line), WITHIN[Effect(line.effect)]])
    return act.words


def _about(sentences: Iterable[str], line: CapitalLine) -> list[str]:
    """Of the sentences about a class's result those on what it bore or got back, or those on what it earned."""
    if line.effect == Effect.FEE:
        return []
    bore = line.effect == Effect.IMPAIRMENT or line.amount < 0
    return [said for said in sentences if any(words in said for words in OF_LOSSES) is bore]


def _result_days(act: CapitalAct) -> str:
    first, last = (date.fromisoformat(act.figures[name]) for name in ("since", "until"))
    return f"The result from {date_text(first)} to {date_text(last)}."


def _why_reversed(act: CapitalAct) -> str:
    reversal = next((one for one in act.reversals.all() if getattr(one, "decision", None)), None)
    return f"{act} was taken back by {reversal}: {reversal.words}" if reversal else ""
