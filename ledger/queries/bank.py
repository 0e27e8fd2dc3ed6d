"""What did the bank say, and what of it waits in suspense?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db.models import BigIntegerField, Exists, F, Max, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Upper
from moneyed import Money

from ledger.domain.money import from_minor
from ledger.models import BankAccount, BankCsvMapping, BankLineMatch, BankStatement, BankStatementLine, Book

MOST_REMEMBERED = 5_000
"""So many earlier matches are looked at to learn who pays for what; the latest ones."""


def bank_accounts(book: Book) -> QuerySet[BankAccount]:
    """The bank accounts of a book."""
    return BankAccount.objects.filter(book=book).select_related("account", "suspense", "book").order_by("code")


def bank_lines(book: Book) -> QuerySet[BankStatementLine]:
    """The bank lines of a book, the latest first."""
    found = BankStatementLine.objects.filter(bank_account__book=book)
    return found.select_related("statement", "bank_account").order_by("-booked_on", "-pk")


def bank_lines_with_rest() -> QuerySet[Any]:
    """Bank lines with `rest`: what of each is still in suspense, in minor units with the sign of the line."""
    standing = Q(matches__entry__reversed_by__isnull=True)
    return BankStatementLine.objects.annotate(
        rest=F("amount") - Coalesce(Sum("matches__amount", filter=standing), Value(0), output_field=BigIntegerField())
    )


def unmatched_bank_lines(book: Book) -> QuerySet[Any]:
    """The bank lines of a book that have something left in suspense (`rest`), the latest first."""
    found = bank_lines_with_rest().filter(bank_account__book=book).exclude(rest=0)
    return found.select_related("statement", "bank_account").order_by("-booked_on", "-pk")


def rest_of_bank_line(line: BankStatementLine) -> Money:
    """What a line of `unmatched_bank_lines` has left in suspense, with its sign."""
    return from_minor(vars(line)["rest"], line.bank_account.currency)


def latest_bank_statement(bank_account: BankAccount, *, through: date | None = None) -> BankStatement | None:
    """The statement that tells how far a bank account agrees with the bank; of those over by `through`, if given.

    Statements that state no closing balance tell nothing of that.
    """
    found = _told_first().filter(bank_account=bank_account)
    if through is not None:
        found = found.filter(to_on__lte=through)
    return found.order_by("-to_on", "-pk").first()


def latest_bank_statements() -> QuerySet[BankStatement]:
    """The latest statement with a closing balance of each bank account, with the account."""
    found = _told_first().order_by("bank_account", "-to_on", "-pk")
    return found.distinct("bank_account").select_related("bank_account")


def _told_first() -> QuerySet[BankStatement]:
    """The statements with a closing balance, each as it came in first: one that says the same balances of the same day
    again does not come after what followed the first."""
    same = {name: OuterRef(name) for name in ("bank_account", "to_on", "opening", "closing")}
    before = BankStatement.objects.filter(**same, pk__lt=OuterRef("pk"))
    return BankStatement.objects.filter(~Exists(before), closing__isnull=False)


def statements_through(book: Book, on: date) -> dict[str, date | None]:
    """Up to which day each bank account that is open on a day has statements, by its name; None where it has none."""
    stands = Q(account__closed_on__isnull=True) | Q(account__closed_on__gt=on)
    found = (
        bank_accounts(book)
        .filter(stands, account__opened_on__lte=on)
        .annotate(told_to=Max("statements__to_on"))
        .order_by("name")
    )
    return dict(found.values_list("name", "told_to"))


def csv_mapping(bank_account: BankAccount) -> BankCsvMapping | None:
    """The mapping of a bank account's CSV files that is in force."""
    return BankCsvMapping.objects.filter(bank_account=bank_account).order_by("-version").first()


def last_bank_statement_in(bank_account: BankAccount) -> BankStatement | None:
    """The statement that was brought in last, whether it states a balance or not."""
    return BankStatement.objects.filter(bank_account=bank_account).order_by("-pk").first()


def bank_line_amount(line: BankStatementLine) -> Money:
    """What a bank line brought (positive) or took (negative)."""
    return from_minor(line.amount, line.bank_account.currency)


def matched_by_payers(book: Book, payers: Collection[str]) -> list[tuple[str, int]]:
    """Who paid what before: a payer as the bank named it, and an entry that took a line of it out of suspense."""
    asked = {payer.upper() for payer in payers if payer}
    found = BankLineMatch.objects.filter(line__bank_account__book=book, entry__reversed_by__isnull=True)
    named = found.annotate(payer=Upper("line__counterparty")).filter(payer__in=asked)
    return list(named.order_by("-entry_id").values_list("line__counterparty", "entry_id")[:MOST_REMEMBERED])


def lines_of_opposite_amount(book: Book, lines: Collection[BankStatementLine], *, days: int) -> list[Any]:
    """Lines (with `rest`) of a book that could undo some of these: of the opposite amount, near in days, and waiting
    whole or matched whole."""
    if not lines:
        return []
    booked = [line.booked_on for line in lines]
    span = (min(booked) - timedelta(days=days), max(booked) + timedelta(days=days))
    found = bank_lines_with_rest().filter(
        bank_account__book=book, amount__in={-line.amount for line in lines}, booked_on__range=span
    )
    whole = found.filter(Q(rest=F("amount")) | Q(rest=0)).select_related("bank_account")
    return list(whole.prefetch_related("matches__entry__reversed_by").order_by("booked_on", "pk"))


def standing_matches(line: BankStatementLine) -> list[BankLineMatch]:
    """What takes a line out of suspense, the latest first; what was reversed since does not."""
    found = [one for one in line.matches.all() if getattr(one.entry, "reversed_by", None) is None]
    return sorted(found, key=lambda one: -one.entry_id)
