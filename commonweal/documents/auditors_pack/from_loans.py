"""The loan list of the pack, and its totals beside the control accounts of the books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple
from decimal import Decimal

from commonweal.documents.auditors_pack.about import PackAbout
from commonweal.documents.auditors_pack.tables import Row, Table
from ledger.domain.money import from_minor
from loans.list_at_end import Control, LoanAtEnd

LOANS = (
    "loan",
    "borrower",
    "product",
    "currency",
    "principal",
    "interest_due",
    "fees_due",
    "default_interest_due",
    "provision",
    "guaranteed",
    "in_advance",
    "arrears",
    "days_past_due",
    "stage",
    "annual_rate_percent",
    "matures_on",
    "drawn",
    "undrawn",
    "written_off",
    "books_1310",
    "books_1320",
    "books_1330",
    "books_1340",
    "books_1390",
    "booked_after_these_days",
)
CONTROLS = ("account", "account_name", "currency", "loan_list", "booked_after_these_days", "books", "difference")


def loan_list(listed: Sequence[LoanAtEnd]) -> Table:
    """A row for each loan."""
    return Table("05-loans", LOANS, lambda: map(_loan, listed))


def control_accounts(about: PackAbout, found: Sequence[Control]) -> Table:
    """The list's totals, less what was booked after these days, against what the books say."""
    currency = about.book.base_currency
    return Table("06-loans-and-control-accounts", CONTROLS, lambda: [_control(one, currency) for one in found])


def _loan(one: LoanAtEnd) -> Row:
    loan, exposure = one.loan, one.exposure

    def amount(minor: int) -> Decimal:
        return from_minor(minor, loan.currency).amount

    rate = None if one.annual_rate is None else one.annual_rate * 100
    return (
        loan.reference,
        loan.organisation.name,
        loan.product.name,
        loan.currency,
        *map(amount, astuple(one.told)),
        *map(amount, (exposure.guaranteed, one.in_advance, one.arrears)),
        exposure.days_past_due,
        one.stage.words,
        rate,
        one.matures_on,
        *map(amount, (one.drawn, one.undrawn, one.written_off)),
        *map(amount, astuple(one.booked)),
        ", ".join(f"{event.get_kind_display()} {event.number}" for event in one.booked_later),
    )


def _control(one: Control, currency: str) -> Row:
    figures = (one.listed, one.booked_later, one.books, one.difference)
    return (one.code, one.name, currency, *(from_minor(minor, currency).amount for minor in figures))
