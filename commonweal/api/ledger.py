"""The books: which there are, their accounts, what these stand at on any date, and how far they are sealed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from moneyed import Money
from rest_framework import serializers

from commonweal.api.errors import NothingToSeal
from commonweal.api.fields import Count, Day, MoneyField, Shape, Strict, Text, Word
from commonweal.api.operations import (
    Asked,
    BookOperation,
    Operation,
    Paged,
    books_concerning,
    named,
    narrowed,
    operation,
)
from ledger import queries
from ledger.domain.chart import AccountKind
from ledger.domain.money import from_minor
from ledger.queries import TrialBalanceRow
from ledger.services import seal, seal_text

if TYPE_CHECKING:
    from ledger.models import Book, Seal


class BookOut(Shape):
    """A fund's set of accounts, and whom to ask about it."""

    code = serializers.CharField()
    name = serializers.CharField()
    fund_name = serializers.CharField()
    base_currency = serializers.CharField()
    opened_on = Day()
    business_date = Day(help_text="Today, as far as this book is concerned.")
    year_end_month = serializers.IntegerField(help_text="The month in which its financial years end, from 1.")
    year_end_day = serializers.IntegerField(help_text="The last day of its financial years, in that month.")
    registration = serializers.CharField()
    address = serializers.CharField()
    contact_name = serializers.CharField()
    contact_phone = serializers.CharField()
    contact_email = serializers.CharField()


class ChartLineOut(Shape):
    """A line of the chart of accounts."""

    code = serializers.CharField()
    name = serializers.CharField()
    kind = Word(AccountKind)
    parent_ = serializers.CharField(source="parent.code", allow_null=True, default=None)


class AccountOut(Shape):
    """An account that postings are made to."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    line = serializers.CharField(source="node.code", help_text="The line of the chart that it stands under.")
    kind = Word(AccountKind, source="node.kind")
    subject = serializers.CharField(help_text="A loan, an investor, both, a bank account, or nothing.")
    currency = serializers.CharField()
    opened_on = Day()
    closed_on = Day(allow_null=True)


class SealOut(Shape):
    """The head of the book's chain at a moment."""

    number = serializers.IntegerField()
    position = serializers.IntegerField(help_text="How many entries it covers.")
    head = serializers.CharField()
    sealed_at = serializers.DateTimeField()
    text = serializers.SerializerMethodField(help_text="As it is printed: BOOK:NUMBER:POSITION:HASH.")

    def get_text(self, row: Any) -> str:
        """The seal as statements print it."""
        return str(seal_text(row))


class StatementRowOut(Shape):
    """A posting, with the balance after it."""

    entry = serializers.IntegerField(source="entry_id")
    effective_on = Day()
    narrative = serializers.CharField()
    kind = serializers.CharField()
    source_ = serializers.CharField()
    debit = MoneyField(allow_null=True)
    credit = MoneyField(allow_null=True)
    balance = MoneyField(help_text="Debits positive.")


class AccountStatementOut(Shape):
    """Opening balance, postings and closing balance over dates, both inclusive; debits positive."""

    account = AccountOut()
    from_ = Day(source="from_on")
    to = Day(source="to_on")
    seal = serializers.CharField(allow_null=True, help_text="Under which seal this was known; null for everything.")
    opening = MoneyField()
    closing = MoneyField()
    rows = StatementRowOut(many=True)


class TrialBalanceRowOut(Shape):
    """An account with what it stands at, on its side."""

    account = serializers.IntegerField(source="account_id")
    code = serializers.CharField()
    name = serializers.CharField()
    kind = Word(AccountKind)
    currency = serializers.CharField()
    debit = MoneyField(allow_null=True)
    credit = MoneyField(allow_null=True)


class TrialBalanceTotalOut(Shape):
    """Both sides of one currency; they are equal."""

    currency = serializers.CharField()
    debit = MoneyField()
    credit = MoneyField()


class TrialBalanceOut(Shape):
    """Every account that was posted to, with what it stood at."""

    as_of = Day()
    seal = serializers.CharField(allow_null=True, help_text="Under which seal this was known; null for everything.")
    rows = TrialBalanceRowOut(many=True)
    totals = TrialBalanceTotalOut(many=True)


class SealQuery(Strict):
    """The knowledge that is asked for."""

    seal = Count(required=False, min_value=1, help_text="The number of a seal: only entries that it covers.")


class TrialBalanceQuery(SealQuery):
    """On which date, under which seal."""

    as_of = Day(required=False, help_text="The business date unless given.")


class AccountStatementQuery(SealQuery):
    """Over which dates, under which seal."""

    from_ = Day(required=False, help_text="A year before `to` unless given.")
    to = Day(required=False, help_text="The business date unless given.")


class AccountQuery(Paged):
    """Which accounts."""

    line = Text(required=False, max_length=20, help_text="Under one line of the chart, such as 1310.")
    subject = Text(required=False, max_length=80, help_text="Of one loan, investor or bank account.")


class BookList(Operation):
    @operation(gives=BookOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The books that the person deals with."""
        return self.paged(books_concerning(self.person))


class BookDetail(BookOperation):
    @operation(gives=BookOut)
    def get(self, asked: Asked) -> Any:
        """One book."""
        return self.book


class Chart(BookOperation):
    @operation(gives=ChartLineOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The chart of accounts, in order of code."""
        return self.paged(queries.chart(self.book).prefetch_related(None))


class AccountList(BookOperation):
    @operation(gives=AccountOut, query=AccountQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """The accounts, in order of code."""
        return self.paged(narrowed(queries.accounts(self.book), asked, {"line": "node__code", "subject": "subject"}))


class AccountStatement(BookOperation):
    @operation(gives=AccountStatementOut, query=AccountStatementQuery)
    def get(self, asked: Asked) -> Any:
        """The postings of one account with a running balance."""
        to_on = asked.get("to", self.book.business_date)
        from_on = min(asked.get("from") or to_on - timedelta(days=365), to_on)
        known_under = asked_seal(self.book, asked)
        said = queries.account_statement(self.account, from_on, to_on, known_under=known_under)
        return {
            "account": said.account,
            "from_on": said.from_on,
            "to_on": said.to_on,
            "seal": _text(known_under),
            "opening": said.opening,
            "closing": said.closing,
            "rows": said.rows,
        }

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.account = get_object_or_404(queries.accounts(self.book), pk=path["account"])


class TrialBalance(BookOperation):
    @operation(gives=TrialBalanceOut, query=TrialBalanceQuery)
    def get(self, asked: Asked) -> Any:
        """Every account's balance as at a date, and as it was known under a seal."""
        as_of = self.day(asked)
        known_under = asked_seal(self.book, asked)
        rows = queries.trial_balance(self.book, as_of, known_under=known_under)
        return {"as_of": as_of, "seal": _text(known_under), "rows": rows, "totals": list(_totals(rows))}


class SealList(BookOperation):
    @operation(gives=SealOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The seals of the book, the latest first."""
        return self.paged(queries.seals(self.book))

    @operation(gives=SealOut)
    def post(self, asked: Asked) -> Any:
        """Seal every entry whose transaction is over; where there is none new, the latest seal is given again."""
        found = seal(book=self.book)
        if found is None:
            raise NothingToSeal
        return found


def asked_seal(book: Book, asked: Asked) -> Seal | None:
    """The seal that a query names by its number. Raises ValidationError where the book has none such."""
    number = asked.get("seal")
    found: Seal | None = None if number is None else named(queries.seals(book), "seal", number=number)
    return found


def _text(seal: Seal | None) -> str | None:
    return None if seal is None else str(seal_text(seal))


def _totals(rows: Iterable[TrialBalanceRow]) -> Iterable[dict[str, str | Money]]:
    by_currency: dict[str, list[int]] = {}
    for row in rows:
        by_currency.setdefault(row.currency, []).append(row.minor)
    for currency, minor in sorted(by_currency.items()):
        debit, credit = sum(m for m in minor if m > 0), -sum(m for m in minor if m < 0)
        yield {"currency": currency, "debit": from_minor(debit, currency), "credit": from_minor(credit, currency)}
