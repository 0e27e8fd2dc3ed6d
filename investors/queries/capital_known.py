"""What did a seal know of a fund's capital, and what of an investor's holdings became known after another one?

An act that moved accounts is known by its entries. One that moved none, such as a call, is known by the time of its
decision; whatever was decided before an act that is known was known with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import TYPE_CHECKING

from django.db.models import Q
from moneyed import Money

from investors.domain.capital_act import ActKind, ActLine, Effect
from investors.domain.capital_register import DatedLine, Register
from investors.models import CapitalAct, CapitalDecision, CapitalLine, Investor
from investors.queries.capital import APPROVED
from ledger.queries import requests_under

if TYPE_CHECKING:
    from ledger.models import Book, Seal

ACT_KEY = "capital-act:"
"""What the keys of posting requests begin with; the number of the act follows."""


@dataclass(frozen=True, slots=True)
class CapitalChange:
    """An act that became known, and by how much it changes what may still be called of an investor."""

    act: CapitalAct
    callable: Money


def number_in(key: str) -> int:
    """The number of the act that posted under a key: `capital-act:12`, or `capital-act:15:99` of a reversal."""
    return int(key.removeprefix(ACT_KEY).partition(":")[0])


def acts_known_under(book: Book, seal: Seal) -> list[int]:
    """The keys of the acts that a seal covers, in the order in which they were decided."""
    covered = {number_in(key): known for key, known in requests_under(book, ACT_KEY, seal).items()}
    found = CapitalDecision.objects.filter(act__book=book, outcome=APPROVED).order_by("pk")
    decided = list(found.values_list("act_id", "act__number", "decided_at"))
    last = max((place for place, (_, number, _) in enumerate(decided, 1) if covered.get(number)), default=0)
    since = takewhile(lambda one: one[1] not in covered and one[2] <= seal.sealed_at, decided[last:])
    return [act for act, *_ in (*decided[:last], *since)]


def capital_changes(
    book: Book, investor: Investor, *, before: Sequence[int], now: Sequence[int], through: date
) -> Iterator[CapitalChange]:
    """The acts that concern an investor, dated by a day, that are known `now` and were not `before`, as decided."""
    known, came = list(before), [act for act in now if act not in set(before)]
    if not came:
        return
    concern = Q(lines__investor=investor) | Q(reverses__lines__investor=investor)
    acts = CapitalAct.objects.filter(concern, pk__in=came, effective_on__lte=through).distinct().in_bulk()
    lines, reversals = _own_lines(book, investor), _reversals(book)
    stands = _callable(book, lines, reversals, known, through)
    for act in came:
        known.append(act)
        after = _callable(book, lines, reversals, known, through) if act in acts else stands
        if act in acts:
            yield CapitalChange(acts[act], after - stands)
        stands = after


def _own_lines(book: Book, investor: Investor) -> list[tuple[int, DatedLine]]:
    found = CapitalLine.objects.filter(act__book=book, investor=investor).exclude(act__kind=ActKind.REVERSAL)
    rows = found.order_by("act_id", "line_number").values_list(
        *("act_id", "act__effective_on", "act__number", "fund_class__code", "effect", "amount", "residue")
    )
    return [
        (act, DatedLine(on, number, ActLine(code, investor.code, Effect(effect), minor, residue)))
        for act, on, number, code, effect, minor, residue in rows
    ]


def _reversals(book: Book) -> dict[int, tuple[int, date]]:
    """What reverses each act, and from which day on."""
    found = CapitalAct.objects.filter(book=book, reverses__isnull=False, decision__outcome=APPROVED)
    rows = found.values_list("reverses_id", "pk", "effective_on")
    return {act: (reversal, on) for act, reversal, on in rows if act is not None}


def _callable(
    book: Book,
    lines: Sequence[tuple[int, DatedLine]],
    reversals: dict[int, tuple[int, date]],
    known: Collection[int],
    on: date,
) -> Money:
    """What may still be called of an investor on a day, if these acts were all."""
    wanted = set(known)
    undone = {act: day for act, (reversal, day) in reversals.items() if reversal in wanted}
    mine = (DatedLine(one.on, one.act, one.line, undone.get(act)) for act, one in lines if act in wanted)
    register = Register(mine, book.base_currency)
    return sum((register.commitment(holder, on).callable for holder in register.holders), register.nought)
