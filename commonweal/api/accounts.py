"""The figures of a business's accounts: given by the business itself or by staff, restated and never edited."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from moneyed import Money
from rest_framework import serializers

from borrowers import queries
from borrowers.domain.accounts import AccountsKind, AccountsSpan, Line
from borrowers.domain.errors import AccountsMalformed
from borrowers.services import give_accounts
from commonweal.access.rules import Side
from commonweal.api.fields import Day, Id, MoneyField, Shape, Strict, Text, Word, money_out
from commonweal.api.operations import Asked, BySide, Paged, Seen, named, operation
from commonweal.api.organisations import OrganisationOperation


class OfLine(MoneyField):
    """One figure of accounts as money, or null where it is not known."""

    def __init__(self, line: Line) -> None:
        super().__init__(source="*", read_only=True, allow_null=True, help_text=line.label)
        self.line = line

    def to_representation(self, value: Any) -> Any:
        known = value.money(self.line)
        return None if known is None else money_out(known)


class FiguresOut(Shape):
    """The figures; one that is not known is null, which is not nought."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """A field for each line."""
        return {line.value: OfLine(line) for line in Line}


class FiguresIn(Strict):
    """The figures that are known, all in one currency. Only the net assets may be below nought."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """A field for each line."""
        return {line.value: MoneyField(required=False, help_text=line.hint) for line in Line}


class AccountsOut(Shape):
    """The figures of a period that is over; `period_end` is the first day after it."""

    id = serializers.IntegerField()
    kind = Word(AccountsKind)
    period_start = Day()
    period_end = Day()
    currency = serializers.CharField()
    figures = FiguresOut(source="*")
    surplus = MoneyField(
        allow_null=True, help_text="Income less costs, depreciation and interest; null unless all are known."
    )
    replaces = serializers.IntegerField(source="replaces_id", allow_null=True, help_text="What they restate.")
    recorded_at = serializers.DateTimeField()


class AccountsForStaffOut(AccountsOut):
    """Accounts with who gave them, and why they restate others."""

    recorded_by = serializers.CharField(source="recorded_by.name")
    reason = serializers.CharField(help_text="Why earlier ones are restated; empty where none are.")


ACCOUNTS = BySide("AccountsShown", {Side.STAFF: AccountsForStaffOut, Side.BORROWER: AccountsOut})


class AccountsIn(Strict):
    """Accounts to be kept; with `replaces` they restate earlier ones of the same kind and days."""

    kind = Word(AccountsKind)
    period_start = Day()
    period_end = Day(help_text="The first day that no longer belongs to the period.")
    figures = FiguresIn()
    replaces = Id(required=False, help_text="The id of the accounts to be restated.")
    reason = Text(max_length=500, required=False, help_text="Why they are restated; needed with `replaces`.")


class AccountsList(OrganisationOperation):
    @operation(gives=ACCOUNTS, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The accounts of a business that stand, the latest days first; not what was restated since."""
        side = self.side_towards(self.organisation.pk)
        return self.paged(queries.current_accounts(self.organisation), lambda page: [Seen(side, row) for row in page])

    @operation(takes=AccountsIn, gives=ACCOUNTS, status=201)
    def post(self, asked: Asked) -> Any:
        """Keep the figures of a period that is over; a covenant that needs them is tested at once."""
        standing = queries.current_accounts(self.organisation)
        currency, figures = figures_in(asked["figures"])
        given = give_accounts(
            organisation=self.organisation,
            span=AccountsSpan(asked["period_start"], asked["period_end"]),
            kind=AccountsKind(asked["kind"]),
            currency=currency or self.book.base_currency,
            figures=figures,
            on=self.book.business_date,
            by=self.person,
            replaces=named(standing, "replaces", pk=asked["replaces"]) if "replaces" in asked else None,
            reason=asked.get("reason", ""),
        )
        return Seen(self.side_towards(self.organisation.pk), standing.get(pk=given.pk))


def figures_in(given: Mapping[str, Money]) -> tuple[str, dict[Line, Decimal]]:
    """The one currency of the figures and their amounts. Raises AccountsMalformed where there are several."""
    currencies = sorted({amount.currency.code for amount in given.values()})
    if len(currencies) > 1:
        raise AccountsMalformed(
            f"The figures are in {' and '.join(currencies)}. Give all in one currency; nothing was changed.", "figures"
        )
    return "".join(currencies), {Line(name): amount.amount for name, amount in given.items()}
