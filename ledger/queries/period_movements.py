"""How did each account move over the days of a period, apart from the journal that carried the year's result?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q, Sum

from ledger.domain.chart import AccountKind
from ledger.domain.entry import Kind
from ledger.domain.money import from_minor
from ledger.models import Posting
from ledger.queries.account_balances import minor_balances
from ledger.queries.chart_of_accounts import accounts

if TYPE_CHECKING:
    from ledger.models import Account, Book


@dataclass(frozen=True, slots=True)
class PeriodMovement:
    """An account over the days of a period, in minor units; balances are signed, debits positive."""

    account: Account
    opening: int
    debits: int
    credits: int
    year_end: int
    """What year-end journals and reversals of them moved, which debits and credits leave out."""

    @property
    def kind(self) -> AccountKind:
        """Which of the five kinds of account it is."""
        return AccountKind(self.account.node.kind)

    @property
    def before_year_end(self) -> int:
        """The balance on the last day before the result was carried forward."""
        return self.opening + self.debits - self.credits

    @property
    def closing(self) -> int:
        """The balance at the end of the last day."""
        return self.before_year_end + self.year_end

    def amount(self, minor: int) -> Decimal:
        """One of its figures as a plain decimal."""
        return from_minor(minor, self.account.currency).amount


def period_movements(book: Book, from_on: date, to_on: date) -> list[PeriodMovement]:
    """Every account that was posted to by `to_on`, in order of code, over dates that are both inclusive."""
    opening = minor_balances(book, None, from_on - timedelta(days=1))
    carried = Q(entry__kind=Kind.YEAR_END) | Q(entry__reverses__kind=Kind.YEAR_END)
    moved = Posting.objects.filter(account__book=book, effective_on__gte=from_on, effective_on__lte=to_on)
    sums = {
        row["account_id"]: (row["debits"] or 0, -(row["credits"] or 0), row["year_end"] or 0)
        for row in moved.values("account_id").annotate(
            debits=Sum("amount", filter=~carried & Q(amount__gt=0)),
            credits=Sum("amount", filter=~carried & Q(amount__lt=0)),
            year_end=Sum("amount", filter=carried),
        )
    }
    return [
        PeriodMovement(account, opening.get(account.pk, 0), *sums.get(account.pk, (0, 0, 0)))
        for account in accounts(book)
        if account.pk in opening or account.pk in sums
    ]
