"""How did the principal of all loans of a fund move from one day to another, and what stands behind what may be lost?

From the ledger alone: opening and closing are balances of 1310 Loan principal, the movements its postings by the kind
of entry, so a table of them ties to the trial balance to the penny.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Sum
from django.db.models.functions import Coalesce
from moneyed import Money

from ledger.domain.entry import Kind
from ledger.domain.money import from_minor
from ledger.queries import accounts, minor_balances, postings
from loans.losses import guarantor_parts, set_aside
from loans.portfolio import running
from loans.statements import Movement, Movements

if TYPE_CHECKING:
    from ledger.models import Book, Seal

PRINCIPAL = "1310"

WORDS = {
    Kind.MOVED_IN: "Brought in from earlier books",
    Kind.DRAWDOWN: "Lent to community businesses",
    Kind.INTEREST: "Interest and fees made principal",
    Kind.REPAYMENT: "Repaid by them",
    Kind.WRITE_OFF: "Written off",
    Kind.WAIVER: "Waived",
}
"""The kinds of entry that have a line of their own, in its order; an entry that reverses one counts with it."""

OTHER = "Other entries"


@dataclass(frozen=True, slots=True)
class LossCover:
    """What stands behind the principal outstanding, in minor units of the book's currency."""

    set_aside: int
    """Provisions for losses."""
    guaranteed: int
    """The part of the principal that guarantors stand for and were not asked for yet."""
    guaranteed_loans: int
    asked: int = 0
    """What guarantors were asked for and is set against the principal, whether they have paid or not."""
    asked_loans: int = 0


def principal_moved(book: Book, from_on: date, to_on: date) -> Movements:
    """The principal of all loans in the book's currency, over dates that are both inclusive; four queries.

    Raises StatementDoesNotAdd where the balances and the postings of the ledger disagree.
    """
    mine = accounts(book).filter(node__code=PRINCIPAL, currency=book.base_currency)
    keys = list(mine.values_list("pk", flat=True))

    def stands(on: date) -> Money:
        found = minor_balances(book, keys, on) if keys else {}
        return from_minor(sum(found.values()), book.base_currency)

    moved = postings(book).filter(account__in=keys, effective_on__gte=from_on, effective_on__lte=to_on)
    kinds = moved.order_by().values_list(Coalesce("entry__reverses__kind", "entry__kind")).annotate(Sum("amount"))
    sums: dict[str, int] = {}
    for kind, minor in kinds:
        words = WORDS.get(Kind(kind), OTHER)
        sums[words] = sums.get(words, 0) + minor
    lines = [
        Movement(words, from_minor(sums[words], book.base_currency))
        for words in (*WORDS.values(), OTHER)
        if sums.get(words)
    ]
    return Movements(f"principal of {book.code}", stands(from_on - timedelta(days=1)), tuple(lines), stands(to_on))


def drawn_since(
    book: Book, since: Mapping[str, date], until: date, *, known_under: Seal | None = None
) -> dict[str, Decimal]:
    """What was drawn of loans from a day of each on and before `until`, by reference, in units; one query.

    `since` has the first day that counts by the loan's reference. A drawdown that was reversed counts no more; with
    `known_under`, only entries that it covers count.
    """
    if min(since.values(), default=until) >= until:
        return {}
    drawn = postings(book).filter(
        account__node__code=PRINCIPAL,
        account__currency=book.base_currency,
        effective_on__gte=min(since.values()),
        effective_on__lt=until,
    )
    if known_under is not None:
        drawn = drawn.filter(entry__sealed__position__lte=known_under.position)
    of_kind = drawn.alias(kind=Coalesce("entry__reverses__kind", "entry__kind")).filter(kind=Kind.DRAWDOWN)
    sums: dict[str, int] = defaultdict(int)
    for code, on, minor in of_kind.order_by().values_list("account__code", "effective_on").annotate(Sum("amount")):
        reference = code.partition("/")[2]
        if reference in since and on >= since[reference]:
            sums[reference] += minor
    return {reference: from_minor(minor, book.base_currency).amount for reference, minor in sums.items() if minor > 0}


def loss_cover(book: Book, on: date) -> LossCover:
    """What is set aside on a day, and which part of the principal is guaranteed; a fixed number of queries."""
    stands = running(book, on).filter(principal__gt=0).values_list("loan", "loan__reference", "principal")
    parts = guarantor_parts(book, on, {key: (reference, principal) for key, reference, principal in stands}).values()
    guaranteed, asked = [one.open for one in parts if one.open], [one.asked for one in parts if one.asked]
    return LossCover(sum(set_aside(book, on).values()), sum(guaranteed), len(guaranteed), sum(asked), len(asked))
