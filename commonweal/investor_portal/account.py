"""What moved in an investor's account with a fund since the beginning? It adds up to the money that the fund holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Q, Sum
from django.urls import reverse
from moneyed import Money

from commonweal.components import Fact
from commonweal.investor_portal.frame import Standing
from commonweal.templatetags.commonweal import day, money
from investors.domain.capital_entries import OF_ACTS
from investors.domain.entries import LOSSES_BORNE, due_to_investor, set_source
from investors.domain.parts import part_moved
from investors.queries import Holding, entry_value
from ledger.domain.entry import Kind
from ledger.domain.money import from_minor, to_minor
from ledger.queries import accounts, entries_on, postings

if TYPE_CHECKING:
    from ledger.models import JournalEntry

PRINCIPAL = "2410"
"""The line of the chart for participations in principal."""


class Movement(StrEnum):
    """A figure of the account, by its name in an address."""

    PAID_IN = "paid-in"
    LENT = "lent"
    PRINCIPAL = "principal"
    INTEREST = "interest"
    AFTER_LOSS = "after-loss"
    CHANGED_HANDS = "changed-hands"
    CAPITAL = "capital"
    GRANTED = "granted"
    PAID_OUT = "paid-out"

    @property
    def label(self) -> str:
        """The figure in words."""
        return _LABELS[self]


_LABELS = {
    Movement.PAID_IN: "Paid in",
    Movement.LENT: "Lent to borrowers",
    Movement.PRINCIPAL: "Principal that came back",
    Movement.INTEREST: "Interest that came back",
    Movement.AFTER_LOSS: "Came back after a loss",
    Movement.CHANGED_HANDS: "For parts sold, less parts bought",
    Movement.CAPITAL: "From the fund’s capital, less put into it",
    Movement.GRANTED: "Given as restricted grants",
    Movement.PAID_OUT: "Paid out to you",
}

NOTES = {
    Movement.LENT: "your part of the loans",
    Movement.CHANGED_HANDS: "with interest earned",
    Movement.CAPITAL: "distributed, less paid in on calls",
    Movement.PAID_OUT: "with tax withheld",
}
"""What is said beside a figure."""

OF_PAYOUTS = Q(entry__kind=Kind.PAYOUT) | Q(entry__reverses__isnull=False, entry__reverses__kind=Kind.PAYOUT)
"""What was paid out, less what came back."""

OF_CAPITAL = Q(entry__source__startswith=OF_ACTS) | Q(
    entry__reverses__isnull=False, entry__reverses__source__startswith=OF_ACTS
)
"""What an act on the fund's capital moved, less what was taken back; grants are among it, and told by themselves."""

OF_GRANTS = Q(entry__kind=Kind.GRANT) | Q(entry__reverses__isnull=False, entry__reverses__kind=Kind.GRANT)
"""What a funder gave for one purpose, less what was taken back."""


def account_facts(about: Standing, held_in: Sequence[Holding]) -> list[Fact]:
    """Paid in, lent, come back as principal, as interest or after a loss, and held; in one query.

    A reversal counts by what it does: principal that a repayment brought back counts as lent again. Interest that was
    made principal counts as come back, and lent again.
    """
    nought = from_minor(0, about.book.base_currency)
    lost, came_back = (sum((getattr(one, name) for one in held_in), nought) for name in ("lost", "came_back"))
    lent, debited, held, paid_in, sold, paid_out, capital, granted = _moved(about)
    returned = debited - lost
    interest = held - paid_in - sold - capital - granted + paid_out + lent - returned - came_back
    shown = {
        Movement.PAID_IN: paid_in,
        Movement.LENT: -lent,
        Movement.PRINCIPAL: returned,
        Movement.INTEREST: interest,
        **({Movement.AFTER_LOSS: came_back} if lost or came_back else {}),
        **({Movement.CHANGED_HANDS: sold} if sold else {}),
        **({Movement.CAPITAL: capital} if capital else {}),
        **({Movement.GRANTED: granted} if granted else {}),
        **({Movement.PAID_OUT: -paid_out} if paid_out else {}),
    }
    notes = {**NOTES, Movement.AFTER_LOSS: f"of {money(lost)} lost"}
    return [
        *(
            Fact(one.label, money(amount), notes.get(one, ""), _url(about, one), number=True)
            for one, amount in shown.items()
        ),
        Fact(f"Held for you, {day(about.as_of)}", money(held), "", reverse("investor:cash") + about.query, total=True),
    ]


def _url(about: Standing, one: Movement) -> str:
    return reverse("investor:moved", args=[one]) + about.query


@dataclass(frozen=True, slots=True)
class Moved:
    """An entry with what it adds to each figure of the account; what is the investor's counts as positive."""

    entry: JournalEntry
    adds: dict[Movement, Money]


def account_moves(about: Standing) -> list[Moved]:
    """Every entry up to the day, in order; what the entries add to a figure is the figure that the account shows."""
    mine = accounts(about.book).filter(node__code=PRINCIPAL, subject__endswith=f"/{about.investor.code}")
    codes = {*mine.values_list("code", flat=True), due_to_investor(about.investor.code)}
    found = entries_on(about.book, codes).select_related("reverses").filter(effective_on__lte=about.as_of)
    return [Moved(entry, _adds(entry, about)) for entry in found]


def _adds(entry: JournalEntry, about: Standing) -> dict[Movement, Money]:
    """What an entry adds, by the rules of `account_facts`, which sums the same in the database."""
    investor, currency = about.investor.code, about.book.base_currency
    lines = [(line.account.code, line.amount) for line in entry.postings.all()]
    cash = -sum(amount for code, amount in lines if code == due_to_investor(investor))
    changed_hands = entry.source.startswith(set_source(""))
    on_principal = (
        []
        if changed_hands
        else [amount for code, amount in lines if code.startswith(f"{PRINCIPAL}/") and code.endswith(f"/{investor}")]
    )
    lent, debited = (sum(amount for amount in on_principal if (amount > 0) is way) for way in (False, True))
    lost, came_back = _loss(entry, investor)
    kind, is_capital = _kind(entry), _is_capital(entry)
    found = {
        Movement.PAID_IN: cash if kind is None and not is_capital else 0,
        Movement.LENT: lent,
        Movement.PRINCIPAL: debited - lost,
        Movement.INTEREST: (cash if kind is Kind.APPORTIONMENT else 0) - lent - (debited - lost) - came_back,
        Movement.AFTER_LOSS: came_back,
        Movement.CHANGED_HANDS: cash if kind is Kind.SALE else 0,
        Movement.CAPITAL: cash if is_capital and kind is not Kind.GRANT else 0,
        Movement.GRANTED: cash if kind is Kind.GRANT else 0,
        Movement.PAID_OUT: cash if kind is Kind.PAYOUT else 0,
    }
    return {name: from_minor(units, currency) for name, units in found.items() if units}


def _kind(entry: JournalEntry) -> Kind | None:
    """Of which kind an entry on the money held is; None where it was paid in."""
    what_it_undid = entry.reverses.kind if entry.reverses else ""
    for kind in (Kind.PAYOUT, Kind.GRANT):
        if kind in (entry.kind, what_it_undid):
            return kind
    return next((kind for kind in (Kind.APPORTIONMENT, Kind.SALE) if entry.kind == kind), None)


def _is_capital(entry: JournalEntry) -> bool:
    """Whether an act on the fund's capital moved it, or took that back."""
    return any(one.source.startswith(OF_ACTS) for one in (entry, entry.reverses) if one)


def _loss(entry: JournalEntry, investor: str) -> tuple[int, int]:
    """Principal that an entry took from the investor as a loss, and what came back of one, in minor units."""
    value = entry_value(entry)
    accounts_moved = {posting.account for posting in value.postings}
    if LOSSES_BORNE not in accounts_moved:
        return 0, 0
    loans = {code.split("/")[1] for code in accounts_moved if code.startswith(f"{PRINCIPAL}/")} or {""}
    moved = [part_moved(value, loan, investor) for loan in loans]
    lost, came_back = (sum(_minor(getattr(one, name)) for one in moved) for name in ("lost", "came_back"))
    return lost, came_back


def _minor(amount: Money) -> int:
    return to_minor(amount.amount, amount.currency.code)


def _moved(about: Standing) -> tuple[Money, ...]:
    """Credits and debits on the participations in principal, what is held, what of that no loan brought, what came in
    for parts that were sold, what was paid out, what the fund's capital brought, and what was given as grants; what
    changed hands was not lent and has not come back."""
    mine = Q(account__subject__endswith=f"/{about.investor.code}", account__node__code=PRINCIPAL)
    lending = mine & ~Q(entry__source__startswith=set_source(""))
    cash = Q(account__code=due_to_investor(about.investor.code))
    of_loans = Q(entry__kind__in=[Kind.APPORTIONMENT, Kind.SALE])
    sums = (
        postings(about.book)
        .filter(mine | cash, effective_on__lte=about.as_of)
        .aggregate(
            lent=Sum("amount", filter=lending & Q(amount__lt=0)),
            debited=Sum("amount", filter=lending & Q(amount__gt=0)),
            held=Sum("amount", filter=cash),
            paid_in=Sum("amount", filter=cash & ~of_loans & ~OF_PAYOUTS & ~OF_CAPITAL),
            sold=Sum("amount", filter=cash & Q(entry__kind=Kind.SALE)),
            paid_out=Sum("amount", filter=cash & OF_PAYOUTS),
            capital=Sum("amount", filter=cash & OF_CAPITAL & ~OF_GRANTS),
            granted=Sum("amount", filter=cash & OF_GRANTS),
        )
    )
    amounts = {name: from_minor(minor or 0, about.book.base_currency) for name, minor in sums.items()}
    held, paid_in, sold, capital, granted = (
        -amounts[name] for name in ("held", "paid_in", "sold", "capital", "granted")
    )
    return -amounts["lent"], amounts["debited"], held, paid_in, sold, amounts["paid_out"], capital, granted
