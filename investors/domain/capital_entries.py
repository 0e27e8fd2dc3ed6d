"""Which accounts does each act on a fund's capital move? To be read by an accountant from top to bottom.

    3110 Capital of investors      (per class and investor)
    3121 Income shared    3122 Management fee shared    3123 Losses shared
    2150 Management fee owed       5065 Management fee
    2510 Money held for investors  (per investor)
    3010 Accumulated surplus       (where an opening trial balance has the capital of all owners together)

A transfer moves capital from one investor to another, and its price is theirs; at a later close those who join pay
those who were there. Neither is income of the fund.

What was shared stands on 3121 to 3123 as the other side of the capital accounts, so income and costs keep telling what
the fund earned, and net assets never change by sharing them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from moneyed import Money

from investors.domain.capital_act import ActKind, ActLine, Effect
from investors.domain.capital_register import CAPITAL
from investors.domain.entries import due_to_investor
from ledger.domain.chart import SURPLUS
from ledger.domain.entry import JournalEntry, Kind, credit, debit, signed
from ledger.domain.money import from_minor

INCOME_SHARED, FEE_SHARED, LOSSES_SHARED = "3121", "3122", "3123"
FEE_OWED, MANAGEMENT_FEE = "2150", "5065"

SHARED = {Effect.INCOME: INCOME_SHARED, Effect.FEE: FEE_SHARED, Effect.IMPAIRMENT: LOSSES_SHARED}
"""The other side of what is shared."""

ENTRY_KINDS = {
    ActKind.PAYMENT: Kind.CAPITAL,
    ActKind.FEE: Kind.MANAGEMENT_FEE,
    ActKind.RESULT: Kind.RESULT,
    ActKind.DISTRIBUTION: Kind.DISTRIBUTION,
    ActKind.TRANSFER: Kind.CAPITAL,
    ActKind.EQUALISATION: Kind.CAPITAL,
    ActKind.MOVED_IN: Kind.CAPITAL,
}
"""The kinds of act that move accounts."""

TO_HELD_MONEY = {
    Effect.PAID_IN: -1,
    Effect.INCOME_DISTRIBUTED: 1,
    Effect.CAPITAL_RETURNED: 1,
    Effect.RECALLABLE: 1,
    Effect.EQUALISED_IN: -1,
    Effect.EQUALISED_OUT: 1,
    Effect.CATCH_UP_PAID: -1,
    Effect.CATCH_UP_RECEIVED: 1,
}
"""What is paid to the money held for an investor, or out of it."""


def capital_of(fund_class: str, investor: str) -> str:
    """The capital account of an investor in a class."""
    return f"3110/{fund_class}/{investor}"


OF_ACTS = "capital:"
"""With what the sources of acts' entries begin."""


def source_of_act(number: int) -> str:
    """What an entry of an act gives as its source."""
    return f"{OF_ACTS}{number}"


def capital_entries(
    kind: ActKind, number: int, on: date, lines: Iterable[ActLine], currency: str, narrative: str
) -> list[JournalEntry]:
    """The entry of an act, none where it moves no account; lines of an account are summed."""
    moved: dict[str, int] = defaultdict(int)
    for line in lines:
        if line.effect in CAPITAL:
            moved[capital_of(line.fund_class, line.investor)] -= CAPITAL[line.effect][1] * line.minor
            if kind is ActKind.MOVED_IN:
                moved[SURPLUS] += line.minor
        if line.effect in SHARED:
            moved[SHARED[line.effect]] += line.minor
        if line.effect in TO_HELD_MONEY:
            moved[due_to_investor(line.investor)] -= TO_HELD_MONEY[line.effect] * line.minor
    postings = tuple(signed(code, from_minor(moved[code], currency)) for code in sorted(moved) if moved[code])
    if not postings:
        return []
    return [JournalEntry(on, narrative[:500], postings, kind=ENTRY_KINDS[kind], source=source_of_act(number))]


def fee_entry(number: int, on: date, amount: Money, narrative: str) -> JournalEntry:
    """The fund owes its manager the fee of a period."""
    return JournalEntry(
        on,
        narrative[:500],
        (debit(MANAGEMENT_FEE, amount), credit(FEE_OWED, amount)),
        kind=Kind.MANAGEMENT_FEE,
        source=source_of_act(number),
    )
