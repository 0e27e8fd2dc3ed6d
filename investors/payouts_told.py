"""What is a payout made of? What was held for an investor after the one before, what came since, and what stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from moneyed import Money

from investors.domain.entries import due_to_investor
from investors.models import PayoutLine
from investors.queries import payout_entries
from ledger.domain.entry import Kind
from ledger.domain.money import from_minor
from ledger.queries import postings
from loans.statements import Movement, Movements

if TYPE_CHECKING:
    from ledger.models import Posting

WORDS = {
    Kind.CONTRIBUTION: "Paid in by you",
    Kind.SALE: "Parts of loans that changed hands",
    Kind.CAPITAL: "Put into the fund’s own capital",
    Kind.DISTRIBUTION: "Distributed out of the fund’s own capital",
    Kind.GRANT: "Given as a restricted grant",
}
"""What is said of entries whose narrative is not an investor's to read."""

PAID_OUT_NOW = "Paid out by this payout, before tax"


@dataclass(frozen=True, slots=True)
class PayoutTold:
    """A line of a payout, and what became of the money held for its investor, in the order in which it was booked."""

    line: PayoutLine
    held: Movements


def payout_told(line: PayoutLine) -> PayoutTold:
    """What a line that was posted pays and what made it, to the penny; entries booked later change nothing of it.

    Raises StatementDoesNotAdd where the account says otherwise.
    """
    book, code = line.payout.book, line.investor.code
    entry = payout_entries(book, [line])[line.pk]
    mine = postings(book).filter(account__code=due_to_investor(code), entry_id__lte=entry.pk)
    found = list(mine.select_related("entry__reverses").order_by("entry_id", "line_no"))
    before = [one for one in found if one.entry_id < entry.pk]
    last = max((one.entry_id for one in before if one.entry.kind == Kind.PAYOUT), default=0)
    currency = line.payout.currency

    def sums(of: Iterable[Posting]) -> Money:
        return from_minor(-sum(one.amount for one in of), currency)

    groups: dict[str, list[Posting]] = {}
    for one in before:
        if one.entry_id > last:
            groups.setdefault(_words(one), []).append(one)
    moved = [
        Movement(words, sums(of), "", tuple(dict.fromkeys(f"E-{one.entry_id}" for one in of)))
        for words, of in groups.items()
    ]
    paid = Movement(PAID_OUT_NOW, -line.parts.amount, "", (f"E-{entry.pk}",))
    opening = sums(one for one in before if one.entry_id <= last)
    lines = (*(one for one in moved if one.amount), paid)
    return PayoutTold(line, Movements(f"money held for {code}", opening, lines, sums(found)))


def _words(posting: Posting) -> str:
    entry = posting.entry
    if entry.kind == Kind.APPORTIONMENT:
        return entry.narrative.partition(": ")[2] or entry.narrative
    if entry.reverses is not None and entry.reverses.kind == Kind.PAYOUT:
        return "A payout that is held for you again"
    return WORDS.get(Kind(entry.kind), "Corrections")
