"""The impact statement of a whole fund: its cover, its first page, and what changed since the one that it replaces."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from moneyed import Currency, Money

from commonweal.documents.glance import glance_of_fund
from commonweal.documents.impact import impact_context
from commonweal.documents.words import number, period, symbol
from commonweal.templatetags.commonweal import ABSENT, day, money, percent
from investors.impact import Impact
from investors.impact_statement import Changed, ImpactStatement
from loans.statements import StatementHead

TEMPLATE = "documents/impact_statement.html"
TAX = (
    "This statement is about the whole fund and carries no tax figures. Interest certificates, and certificates of "
    "community investment tax relief where somebody has them, stand on each investor’s own documents."
)
DISCLAIMER = "Not advice, and not an offer to invest. Investors’ own money stands on their own statements."
SEALED = "The money is told by the entries that this seal covers, and no later ones:"
SECTIONS = {
    "year": "The year",
    "impact": "What it helped to do",
    "ledger": "From the ledger",
    "health": "Health of the loans",
    "principal": "How the principal moved",
    "funders": "Whose money it was",
    "sector": "By field",
    "region": "By nation and region",
    "decile": "By deprivation of the place",
    "attribution": "Nothing is claimed",
    "story": "Stories",
    "went wrong": "What went wrong",
}
"""What the sections of the attached figures are called."""


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A figure that differs, as it is printed: of what, and what it was and is."""

    section: str
    words: str
    was: str
    now: str


def context(statement: ImpactStatement) -> dict[str, Any]:
    """What the template needs for a statement that is issued."""
    head = statement.head
    return {
        **shown_of_fund(statement.impact),
        "head": head,
        "cover_facts": _cover(head, statement.impact),
        "method": statement.method,
        "made": f"By {head.issuer.name} from its books and the borrowers’ returns, on {day(head.issued_on)}, "
        f"{head.status}. One person had it prepared, another published it.",
        "sealed": SEALED,
        "seal": head.seal,
        "since": statement.changed.statement if statement.changed else "",
        "changed": [changed_row(one, statement.impact.currency) for one in statement.changed.figures]
        if statement.changed
        else [],
    }


def shown_of_fund(impact: Impact) -> dict[str, Any]:
    """What every impact statement of a fund shows, issued or not."""
    return {
        **impact_context(impact),
        "glance": glance_of_fund(impact),
        "tax": TAX,
        "disclaimer": DISCLAIMER,
        "sign": symbol(impact.currency),
        "thousand": f"{symbol(impact.currency)}1,000",
    }


def changed_row(one: Changed, currency: Currency) -> ChangedRow:
    """A difference in words, its figures with their units."""
    item = f"{one.item}: {one.measure}" if one.item and one.measure != "answer" else one.item or one.measure
    was, now = (_figure(text, one, currency) for text in (one.was, one.now))
    return ChangedRow(SECTIONS.get(one.section, one.section.capitalize()), item[:1].upper() + item[1:], was, now)


def _figure(text: str, one: Changed, currency: Currency) -> str:
    """A figure of the attached file as it is printed; a dash where there is none."""
    if not text:
        return ABSENT
    try:
        value = Decimal(text)
    except ArithmeticError:
        return text
    if one.unit == currency.code:
        return money(Money(value, currency))
    if one.measure == "coverage by value":
        return percent(value, 0)
    return f"{number(value)} {one.unit}".strip()


def _cover(head: StatementHead, impact: Impact) -> list[tuple[str, str]]:
    return [
        ("Statement", f"{head.number}, {head.status}"),
        ("Statements of", period(head.period_start, head.period_end)),
        ("Loans outstanding", str(impact.health.loans)),
        ("Figures as at", day(head.last_day)),
        ("Issued", day(head.issued_on)),
        ("Replaces", head.replaces or "nothing; first issue"),
        ("Books sealed", head.sealed.short),
    ]
