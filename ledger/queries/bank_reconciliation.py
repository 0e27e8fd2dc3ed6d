"""Does a bank account of the books come to what the bank says, and what of it has no place yet, as at a day?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from ledger.domain.entry import Kind
from ledger.models import BankStatement, BankStatementLine, Posting
from ledger.queries.account_balances import minor_balances
from ledger.queries.bank import latest_bank_statement
from ledger.queries.chart_of_accounts import accounts

if TYPE_CHECKING:
    from ledger.models import Account, BankAccount, Book

IN_TRANSIT = "1020"


@dataclass(frozen=True, slots=True)
class BankReconciliation:
    """A bank account as at the evening of a day, in minor units of its currency."""

    bank_account: BankAccount
    as_of: date
    statement: BankStatement | None
    """The last one by then that states a closing balance."""
    lines_since: int
    """What the lines booked after it and by the day come to."""
    books: int
    not_of_the_bank: Sequence[Posting]
    """What moved the account since that statement without a line of the bank."""
    in_suspense: Sequence[tuple[BankStatementLine, int]]
    """Lines with something unmatched that evening, each with what of it."""
    suspense: int
    """What the suspense account held, money in positive."""

    @property
    def bank(self) -> int | None:
        """What the bank says the account stood at; None where no statement states a balance."""
        if self.statement is None or self.statement.closing is None:
            return None
        return self.statement.closing + self.lines_since

    @property
    def difference(self) -> int | None:
        """The books less the bank; None where the bank says nothing."""
        return None if self.bank is None else self.books - self.bank

    @property
    def unexplained(self) -> int | None:
        """What of the difference no posting of `not_of_the_bank` made."""
        if self.difference is None:
            return None
        return self.difference - sum(posting.amount for posting in self.not_of_the_bank)

    @property
    def unmatched(self) -> int:
        """What the lines in suspense come to; it is what the suspense account holds."""
        return sum(rest for _, rest in self.in_suspense)


def bank_reconciliation(bank_account: BankAccount, as_of: date) -> BankReconciliation:
    """The bank's balance on a day against the books', and what waited in suspense that evening."""
    statement = latest_bank_statement(bank_account, through=as_of)
    since = statement.to_on if statement else date.min
    lines = BankStatementLine.objects.filter(bank_account=bank_account, booked_on__lte=as_of)
    other = Posting.objects.filter(
        account_id=bank_account.account_id, effective_on__gt=since, effective_on__lte=as_of
    ).exclude(entry__kind=Kind.BANK)
    stands = minor_balances(bank_account.book, [bank_account.account_id, bank_account.suspense_id], as_of)
    return BankReconciliation(
        bank_account=bank_account,
        as_of=as_of,
        statement=statement,
        lines_since=lines.filter(booked_on__gt=since).aggregate(sum=Sum("amount"))["sum"] or 0,
        books=stands.get(bank_account.account_id, 0),
        not_of_the_bank=list(other.select_related("entry").order_by("effective_on", "entry_id")) if statement else [],
        in_suspense=[(line, line.rest) for line in _unmatched(lines, as_of)],
        suspense=-stands.get(bank_account.suspense_id, 0),
    )


def bank_differences(book: Book, as_of: date) -> list[tuple[BankAccount, int, int]]:
    """The bank accounts that do not agree on a day: by the books and by the bank, in minor units.

    What the bank says is what `BankReconciliation.bank` is; an account without a statement is not among them.
    """
    told = BankStatement.objects.filter(bank_account__book=book, closing__isnull=False, to_on__lte=as_of)
    told = told.order_by("bank_account", "-to_on", "-pk").distinct("bank_account").select_related("bank_account")
    found = {statement.bank_account: statement for statement in told}
    since = [Q(bank_account=account, booked_on__gt=statement.to_on) for account, statement in found.items()]
    lines = BankStatementLine.objects.filter(reduce(or_, since, Q(pk=None)), booked_on__lte=as_of)
    moved = dict(lines.values("bank_account").annotate(sum=Sum("amount")).values_list("bank_account", "sum"))
    stands = minor_balances(book, [account.account_id for account in found], as_of)
    both = (
        (account, stands.get(account.account_id, 0), (statement.closing or 0) + moved.get(account.pk, 0))
        for account, statement in found.items()
    )
    return [(account, books, bank) for account, books, bank in both if books != bank]


def lines_in_suspense(book: Book, as_of: date) -> QuerySet[Any]:
    """The bank lines of a book of which something waited on the evening of a day (`rest`), with their bank accounts."""
    lines = BankStatementLine.objects.filter(bank_account__book=book, booked_on__lte=as_of)
    return _unmatched(lines, as_of).select_related("bank_account")


def in_transit(book: Book, as_of: date) -> list[tuple[Account, int]]:
    """What the fund has sent and no line of the bank has confirmed by a day: accounts, money out positive."""
    found = {account.pk: account for account in accounts(book).filter(node__code=IN_TRANSIT)}
    stands = minor_balances(book, list(found), as_of)
    return [(account, -stands[pk]) for pk, account in found.items() if stands.get(pk)]


def _unmatched(lines: QuerySet[BankStatementLine], as_of: date) -> QuerySet[Any]:
    """The lines of which something waited on the evening of a day: a match counts from its entry's day, until the day
    of the entry that reverses it."""
    by_then = Q(matches__entry__effective_on__lte=as_of) & (
        Q(matches__entry__reversed_by__isnull=True) | Q(matches__entry__reversed_by__effective_on__gt=as_of)
    )
    matched = Coalesce(Sum("matches__amount", filter=by_then), Value(0), output_field=BigIntegerField())
    return lines.annotate(rest=F("amount") - matched).exclude(rest=0).order_by("booked_on", "pk")
