"""What became known of days whose result was shared already? It is shared with the next result, entry by entry.

An entry tells of earlier days where it is dated on one of them and was recorded since, or where it corrects what stands
there and is dated on the first open day because those days were closed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q, Sum
from moneyed import Money

from investors.domain.period_result import Result
from investors.models import CapitalAct
from ledger.domain.chart import AccountKind
from ledger.domain.entry import Kind
from ledger.domain.money import from_minor
from ledger.queries import postings
from loans.domain.movements import Happening
from loans.models import Booking

if TYPE_CHECKING:
    from ledger.models import Book

IN_ITS_COURSE = (Kind.YEAR_END, Kind.ACCRUAL)
"""What carries forward or is taken back the next day, and corrects nothing."""

GROWS = f"{Happening.DEFAULT_INTEREST}:"
"""What is booked under one name again and again in the course of things."""

RESULT = (AccountKind.INCOME.value, AccountKind.EXPENSE.value)


@dataclass(frozen=True, slots=True)
class LaterEntry:
    """An entry that changes the result of earlier days: its number, its day, what it says, and what it adds to income
    less costs, to the management fee, and to losses less recoveries."""

    number: int
    on: date
    words: str
    result: Result

    @property
    def adds(self) -> Money:
        """What it adds to the result."""
        return self.result.income - self.result.fees - self.result.impairment


@dataclass(frozen=True, slots=True)
class KnownLater:
    """What became known of the days up to `through`, which an act had shared."""

    shared_by: str
    through: date
    entries: tuple[LaterEntry, ...]
    nought: Money

    @property
    def result(self) -> Result:
        """All of it together, as a part of the result that is shared with it."""
        parts = [one.result for one in self.entries]
        return Result(
            *(sum((getattr(p, name) for p in parts), self.nought) for name in ("income", "fees", "impairment"))
        )


def known_later(book: Book, last: CapitalAct, until: date, fee: Iterable[str], losses: Iterable[str]) -> KnownLater:
    """What was recorded after an act shared the result, and changes the days up to it; entries through `until` count.

    `fee` and `losses` are the lines of the chart of management fees, and of losses and recoveries.
    """
    own = postings(book).filter(account__node__kind__in=RESULT, account__currency=book.base_currency)
    own = own.filter(entry__request__recorded_at__gt=last.decision.decided_at, effective_on__lte=until)
    own = own.exclude(entry__kind__in=IN_ITS_COURSE).exclude(entry__reverses__kind__in=IN_ITS_COURSE)
    before = Booking.objects.filter(loan=OuterRef("loan"), name=OuterRef("name"), booked_on__lte=last.effective_on)
    moved_on = Booking.objects.filter(Exists(before), entry=OuterRef("entry")).exclude(name__startswith=GROWS)
    corrects = Q(entry__reverses__effective_on__lte=last.effective_on) | Q(Exists(moved_on))
    found = own.filter(Q(effective_on__lte=last.effective_on) | corrects).order_by("effective_on", "entry_id")
    sums = found.values("entry_id", "effective_on", words=F("entry__narrative"))
    rows = sums.annotate(
        fees=Sum("amount", filter=Q(account__node__code__in=list(fee)), default=0),
        impairment=Sum("amount", filter=Q(account__node__code__in=list(losses)), default=0),
        whole=Sum("amount"),
    )

    def result(row: Any) -> Result:
        income = row["fees"] + row["impairment"] - row["whole"]
        minors = (income, row["fees"], row["impairment"])
        return Result(*(from_minor(minor, book.base_currency) for minor in minors))

    entries = [LaterEntry(row["entry_id"], row["effective_on"], row["words"], result(row)) for row in rows]
    nought = from_minor(0, book.base_currency)
    return KnownLater(str(last), last.effective_on, tuple(one for one in entries if one.adds), nought)
