"""Which investors could waiting bank lines come from? Scored as for loans: by the reference, and by who paid before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from investors.models import Investor
from investors.services.matching import payment_reference
from ledger import queries as ledger
from ledger.domain.entry import Kind
from ledger.domain.payer_names import likeness, plain_name
from ledger.domain.suggestion import Part, Reason, Suggestion, suggestion
from loans.domain.references import payment_references_in

if TYPE_CHECKING:
    from ledger.models import BankStatementLine, Book

INVESTOR = "investor"
"""What money is for: to be lent, from an investor."""


def investor_suggestions(book: Book, lines: Sequence[BankStatementLine]) -> dict[int, list[Suggestion]]:
    """From which investors each waiting line (with its `rest`) of money that came in could be, by the line's key."""
    came_in = [line for line in lines if line.amount > 0]
    if not came_in:
        return {}
    investors = list(Investor.objects.order_by("pk"))
    paid = _paid_before(book, {line.counterparty for line in came_in})
    return {line.pk: [one for each in investors if (one := _from(line, each, paid))] for line in came_in}


def _paid_before(book: Book, payers: set[str]) -> dict[str, set[str]]:
    """The codes of the investors for whom each payer, by plain name, paid before."""
    entries = ledger.matched_by_payers(book, payers)
    kept = ledger.entries(book).filter(pk__in=[entry for _, entry in entries], kind=Kind.CONTRIBUTION)
    sources = dict(kept.order_by().values_list("pk", "source"))
    found: dict[str, set[str]] = defaultdict(set)
    for payer, entry in entries:
        if entry in sources:
            found[plain_name(payer)].add(sources[entry].partition(":")[2])
    return found


def _from(line: BankStatementLine, investor: Investor, paid: dict[str, set[str]]) -> Suggestion | None:
    reference, text = payment_reference(investor), f"{line.reference} {line.description}"
    alike = likeness(line.counterparty, investor.name)
    reasons = [
        Reason(80, f"it names {reference}") if payment_references_in(text, [reference]) else None,
        Reason(alike[0], f"{alike[1]} {investor}") if alike else None,
        Reason(50, f"{line.counterparty} paid in for {investor} before")
        if investor.code in paid.get(plain_name(line.counterparty), ())
        else None,
    ]
    part = Part(INVESTOR, investor.pk, abs(vars(line)["rest"]))
    return suggestion([part], f"Paid in by {investor}", reasons) if any(reasons) else None
