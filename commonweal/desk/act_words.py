"""An event in words: what it says, fact by fact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from typing import Any

from moneyed import Money

from commonweal.components import Fact
from commonweal.templatetags.commonweal import day, money, percent
from loans.domain.events import Event, Restructured

NOT_SAID = frozenset({"sequence", "effective_on", "of", "overdue", "terms"})

LABELS = {
    "amount": "Amount",
    "annual_rate": "Nominal rate a year",
    "capitalises": "Unpaid interest and fees become principal",
    "component": "What of",
    "earned_by": "Income in equal parts until",
    "extends": "The loan ends as much later",
    "fees": "Fees due",
    "in_advance": "In advance",
    "instalments": "Instalments without principal",
    "interest": "Interest meanwhile",
    "kind": "What for",
    "prepayment": "Money beyond what is due",
    "principal": "Principal",
    "settlement": "How it is paid",
    "settles": "Ends the loan",
}

WRITTEN: dict[type, Callable[[Any], str]] = {
    Money: money,
    bool: lambda value: "Yes" if value else "No",
    date: day,
}


def event_facts(event: Event) -> list[Fact]:
    """What an event says beyond its kind; what is left open is left out."""
    found = [Fact("Counts from", day(event.effective_on))]
    for each in fields(event):
        value = getattr(event, each.name)
        if each.name not in NOT_SAID and value is not None:
            found.append(Fact(LABELS[each.name], _written(each.name, value), number=isinstance(value, Money)))
    if isinstance(event, Restructured):
        terms = event.terms
        found += [
            Fact("Principal", money(terms.principal), number=True),
            Fact("Nominal rate a year", percent(terms.annual_rate)),
            Fact("Instalments", str(terms.instalments or "until it is repaid"), f"first due {day(terms.first_due_on)}"),
        ]
    return found


def _written(name: str, value: Any) -> str:
    if name == "annual_rate":
        return percent(value)
    writer = WRITTEN.get(type(value), lambda other: str(other).capitalize())
    return writer(value)
