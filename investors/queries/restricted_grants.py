"""Which restricted grants does a fund have, what is left of each, and what may they still pay for?"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from moneyed import Money

from investors.domain.capital_act import ActKind
from investors.domain.grant_entries import APPLIED, MADE
from investors.domain.restricted_grant import GrantMovement, Purpose, RestrictedGrant
from investors.models import CapitalAct
from investors.queries.capital import IMPAIRMENT_NODES, approved_acts
from ledger.domain.chart import AccountKind
from ledger.domain.money import from_minor
from ledger.queries import period_movements

if TYPE_CHECKING:
    from ledger.models import Book

NOT_OPERATING = (*IMPAIRMENT_NODES, "5010", MADE)
"""Costs that are losses, the lenders' own, or grants themselves."""

OF_GRANTS = (ActKind.GRANT, ActKind.GRANT_RECEIVED, ActKind.GRANT_APPLIED)


def restricted_grants(book: Book) -> dict[str, RestrictedGrant]:
    """All grants that stand, by code, with everything that happened to them, from one query."""
    agreed: dict[str, CapitalAct] = {}
    moved: dict[str, list[GrantMovement]] = defaultdict(list)
    for act in approved_acts(book).filter(kind__in=OF_GRANTS).order_by("effective_on", "number"):
        code = act.asked["grant"]
        if act.what is not ActKind.GRANT:
            moved[code] += _movements(book, act)
        elif act.reversed_on is None:
            agreed[code] = act
    return {code: _grant(book, act.asked, moved[code]) for code, act in sorted(agreed.items())}


def _grant(book: Book, asked: dict[str, Any], moved: list[GrantMovement]) -> RestrictedGrant:
    promised = from_minor(asked["minor"], book.base_currency)
    return RestrictedGrant(asked["grant"], asked["funder"], Purpose(asked["purpose"]), promised, tuple(moved))


def _movements(book: Book, act: Any) -> list[GrantMovement]:
    is_receipt = act.what is ActKind.GRANT_RECEIVED
    amount = from_minor(act.asked["minor"] * (1 if is_receipt else -1), book.base_currency)
    found = [GrantMovement(act.effective_on, amount, str(act), is_receipt)]
    if act.reversed_on:
        found.append(GrantMovement(act.reversed_on, -amount, f"{act} reversed", is_receipt))
    return found


def may_still_pay_for(book: Book, purpose: Purpose, on: date) -> Money:
    """The costs or losses in the books through a day that no grant has paid for yet."""
    minor = 0
    for one in period_movements(book, book.opened_on, on):
        code = one.account.node.code
        is_cost = one.kind is AccountKind.EXPENSE and code not in NOT_OPERATING
        of_purpose = is_cost if purpose is Purpose.OPERATING else code in LOSSES
        if one.account.currency == book.base_currency and (of_purpose or code == APPLIED[purpose]):
            minor += one.debits - one.credits
    return from_minor(max(minor, 0), book.base_currency)


LOSSES = tuple(code for code in IMPAIRMENT_NODES if code != APPLIED[Purpose.FIRST_LOSS])
