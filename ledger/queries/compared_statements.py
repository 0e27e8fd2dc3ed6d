"""Do the books say what each statement of a bank account says, and is there a file for every day?"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from django.db.models import Count, Sum
from moneyed import Money

from ledger.domain.money import from_minor
from ledger.models import BankAccount, BankStatement, Posting

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ComparedStatement:
    """A statement beside the books: what it opens and closes with, what the books say on those evenings, and which days
    before it no file tells of."""

    statement: BankStatement
    lines: int
    opening: Money | None
    books_before: Money
    closing: Money | None
    books: Money
    uncovered: tuple[date, date] | None

    @property
    def difference(self) -> Money | None:
        """By how much the books differ from the bank on the last day; None where the statement states no balance."""
        return None if self.closing is None else self.books - self.closing

    @property
    def opening_difference(self) -> Money | None:
        """The same on the evening before its first day."""
        return None if self.opening is None else self.books_before - self.opening

    @property
    def no_file_from(self) -> date | None:
        """The first day before it of which no file tells."""
        return self.uncovered[0] if self.uncovered else None

    @property
    def no_file_to(self) -> date | None:
        """The last one."""
        return self.uncovered[1] if self.uncovered else None

    @property
    def is_gap(self) -> bool:
        """Whether money may have moved on days that no file tells of: balances that agree on both sides rule it out."""
        return self.uncovered is not None and bool(self.opening is None or self.opening_difference)

    @property
    def agrees(self) -> bool:
        """Whether nothing of it is left to explain."""
        return not (self.difference or self.opening_difference or self.is_gap)


def compared_statements(bank_account: BankAccount) -> list[ComparedStatement]:
    """Every statement of a bank account beside the books as they stand now, the latest first, in two queries."""
    statements = BankStatement.objects.filter(bank_account=bank_account).annotate(times=Count("lines"))
    found = list(statements.order_by("from_on", "to_on", "pk"))
    days, balances = _balances(bank_account)
    compared, covered = list[ComparedStatement](), None
    for statement in found:
        compared.append(_compared(bank_account, statement, days, balances, covered))
        covered = max(statement.to_on, covered or statement.to_on)
    return compared[::-1]


def _balances(bank_account: BankAccount) -> tuple[list[date], list[int]]:
    """The days on which the account moved, and how it stood on each evening."""
    moved = Posting.objects.filter(account_id=bank_account.account_id).values_list("effective_on")
    rows = list(moved.annotate(sum=Sum("amount")).order_by("effective_on"))
    return [on for on, _ in rows], list(accumulate(int(minor) for _, minor in rows))


def _compared(
    bank_account: BankAccount,
    statement: BankStatement,
    days: Sequence[date],
    balances: Sequence[int],
    covered: date | None,
) -> ComparedStatement:
    def money(minor: int | None) -> Money | None:
        return None if minor is None else from_minor(minor, bank_account.currency)

    def books_on(on: date) -> Money:
        at = bisect_right(days, on)
        return from_minor(balances[at - 1] if at else 0, bank_account.currency)

    gap = covered is not None and statement.from_on > covered + A_DAY
    return ComparedStatement(
        statement=statement,
        lines=vars(statement)["times"],
        opening=money(statement.opening),
        books_before=books_on(statement.from_on - A_DAY),
        closing=money(statement.closing),
        books=books_on(statement.to_on),
        uncovered=(covered + A_DAY, statement.from_on - A_DAY) if covered is not None and gap else None,
    )
