"""What does a row say about one loan? Who borrowed, on which terms, and where it stands on the day it moves in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from borrowers.domain.errors import RegistrationMalformed
from borrowers.domain.places import Region
from borrowers.domain.registration import NEEDS, LegalForm, RegisteredNumbers
from ledger.domain.money import from_minor
from loans.domain.calendar import BusinessDays, Interval, MonthEnd, Recurrence, Unit, interval
from loans.domain.conventions import Amortisation
from loans.domain.day_count import DayCount
from loans.domain.errors import ImpossibleTerms
from loans.domain.moving_in.cells import (
    Cell,
    CellUnread,
    choice_in,
    count_in,
    day_in,
    is_empty,
    minor_in,
    rate_in,
    text_in,
)
from loans.domain.moving_in.findings import Columns, Part, RowReader
from loans.domain.servicing import USUAL, Servicing
from loans.domain.terms import MAX_MONTHS, Terms

LOANS = Columns(
    Part.LOANS,
    (
        *("reference", "business", "legal form", "place", "region", "product"),
        *("original amount", "agreed on", "drawn on", "rate", "instalments left", "next due on", "every"),
        *("amortisation", "principal not due"),
    ),
    (
        *("payment reference", "purpose", "company number", "charity number", "society number"),
        *("address", "postcode", "payment", "month end"),
        *("overdue principal", "overdue interest", "oldest due on", "accrued interest", "fees due", "in advance"),
    ),
)
NUMBERS = ("company number", "charity number", "society number")
EVERY = {
    "monthly": Interval(1, Unit.MONTH),
    "quarterly": Interval(3, Unit.MONTH),
    "half-yearly": Interval(6, Unit.MONTH),
    "yearly": Interval(1, Unit.YEAR),
}
KEPT, STICKS = "same day", "last day"
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,19}", re.ASCII)
_COLUMN_OF = {
    "principal": "principal not due",
    "currency": "principal not due",
    "annual_rate": "rate",
    "instalments": "instalments left",
    "payment": "payment",
    "accrued_interest": "accrued interest",
    "every": "every",
}
"""Which column is to be corrected where the terms refuse a field; any other is the next due date's."""


@dataclass(frozen=True, slots=True)
class Conventions:
    """What a product says of every loan that is made with it, and a row does not."""

    day_count: DayCount
    business_days: BusinessDays | None = None
    servicing: Servicing = USUAL


@dataclass(frozen=True, slots=True)
class MovedBusiness:
    """Who borrowed, as the row has it."""

    name: str
    legal_form: LegalForm
    numbers: RegisteredNumbers
    place: str
    region: Region
    address: str = ""
    postcode: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What makes it the same business in another row: its first registered number, or its name and place."""
        kept = (("company", self.numbers.company), ("society", self.numbers.society), ("charity", self.numbers.charity))
        named = (self.name.casefold(), self.place.casefold())
        return next(((register, number) for register, number in kept if number), named)


@dataclass(frozen=True, slots=True)
class Balances:
    """Where a loan stands on the evening before it moves in, in minor units."""

    principal_not_due: int = 0
    overdue_principal: int = 0
    overdue_interest: int = 0
    accrued_interest: int = 0
    fees_due: int = 0
    in_advance: int = 0


@dataclass(frozen=True, slots=True)
class MovedLoan:
    """One loan as it moves in: `terms` are those of what is left."""

    row: int
    reference: str
    payment_reference: str
    business: MovedBusiness
    product: str
    purpose: str
    original_minor: int
    agreed_on: date
    first_drawn_on: date
    oldest_due_on: date | None
    balances: Balances
    terms: Terms


def read_loan(
    row: RowReader, *, cut_over_on: date, currency: str, products: Mapping[str, Conventions]
) -> MovedLoan | None:
    """The loan of a row; None where the row's findings say why not."""
    reference = row.read("reference", _reference_in, "")
    paid_under = row.read("payment reference", _optional_reference, "") or reference
    purpose = row.read("purpose", lambda cell: text_in(cell, 500), "")
    business = read_business(row)
    product = row.read("product", lambda cell: _product_in(cell, products), "")
    agreed_on, drawn_on = _dates(row, cut_over_on)
    original = row.read("original amount", lambda cell: _positive(cell, currency), 0)
    balances = _balances(row, currency)
    oldest = _oldest(row, balances, cut_over_on, drawn_on)
    next_due = row.read("next due on", day_in, None)
    if next_due and next_due < cut_over_on:
        row.wrong("next due on", f"says {next_due}, before the day of moving in, {cut_over_on}. Say the date after it")
    terms = _terms(row, balances, next_due, cut_over_on, currency, products.get(product))
    if row.findings or business is None or terms is None:
        return None
    return MovedLoan(
        row=row.number,
        reference=reference,
        payment_reference=paid_under,
        business=business,
        product=product,
        purpose=purpose,
        original_minor=original,
        agreed_on=agreed_on,
        first_drawn_on=drawn_on,
        oldest_due_on=oldest,
        balances=balances,
        terms=terms,
    )


def read_business(row: RowReader) -> MovedBusiness | None:
    """Who borrowed; None where the row's findings say why not."""
    for column in ("business", "place"):
        row.needed(column)
    name = row.read("business", lambda cell: text_in(cell, 200), "")
    legal_form = row.read("legal form", _legal_form_in, None)
    region = row.read("region", lambda cell: Region(choice_in(cell, list(Region))), None)
    found: dict[str, str] = {}
    for column in NUMBERS:
        register = column.split()[0]
        try:
            numbers = RegisteredNumbers(**{register: row.read(column, lambda cell: text_in(cell, 20), "")})
            found[register] = getattr(numbers, register)
        except RegistrationMalformed as refusal:
            row.refused(column, refusal)
    if legal_form and (needed := NEEDS[legal_form]) and not found.get(needed.split()[0], "?"):
        row.wrong(needed.value, f"is empty, and a {legal_form.words} has one. Add it from the register")
    place = row.read("place", lambda cell: text_in(cell, 100), "")
    address = row.read("address", lambda cell: text_in(cell, 100), "")
    postcode = row.read("postcode", lambda cell: text_in(cell, 10), "")
    if row.findings or legal_form is None or region is None:
        return None
    return MovedBusiness(name, legal_form, RegisteredNumbers(**found), place, region, address, postcode)


def _dates(row: RowReader, cut_over_on: date) -> tuple[date, date]:
    for column in ("agreed on", "drawn on"):
        row.needed(column)
    agreed = row.read("agreed on", day_in, None) or cut_over_on
    drawn = row.read("drawn on", day_in, None) or cut_over_on
    if agreed > drawn:
        row.wrong("agreed on", f"says {agreed}, after {drawn}, on which it was drawn. Correct one of them")
    if drawn >= cut_over_on:
        row.wrong("drawn on", f"says {drawn}, not before the day of moving in, {cut_over_on}. Leave the loan out")
    return agreed, drawn


def _balances(row: RowReader, currency: str) -> Balances:
    def minor(column: str) -> int:
        return row.read(column, lambda cell: minor_in(cell, currency), 0)

    stands = Balances(
        principal_not_due=minor("principal not due"),
        overdue_principal=minor("overdue principal"),
        overdue_interest=minor("overdue interest"),
        accrued_interest=minor("accrued interest"),
        fees_due=minor("fees due"),
        in_advance=minor("in advance"),
    )
    if stands.in_advance and (stands.overdue_principal or stands.overdue_interest or stands.fees_due):
        row.wrong("in advance", "has money, while something is overdue. Let that money pay it first")
    if not stands.principal_not_due:
        row.wrong(
            "principal not due", "is nought. Keep a loan that only has arrears in the other system, or agree new terms"
        )
    return stands


def _oldest(row: RowReader, stands: Balances, cut_over_on: date, drawn_on: date) -> date | None:
    oldest = row.read("oldest due on", day_in, None)
    is_overdue = stands.overdue_principal or stands.overdue_interest
    if is_overdue and oldest is None:
        row.wrong("oldest due on", "is empty, and something is overdue. Write since when the oldest of it is due")
    if oldest and not is_overdue:
        row.wrong("oldest due on", f"says {oldest}, and nothing is overdue. Leave it empty, or give what is")
    if oldest and not drawn_on <= oldest < cut_over_on:
        row.wrong("oldest due on", f"says {oldest}; it lies from {drawn_on} to before {cut_over_on}. Correct it")
    return oldest


def _terms(
    row: RowReader,
    stands: Balances,
    next_due: date | None,
    cut_over_on: date,
    currency: str,
    conventions: Conventions | None,
) -> Terms | None:
    rate = row.read("rate", rate_in, Decimal(0))
    left = row.read("instalments left", lambda cell: count_in(cell, 12 * MAX_MONTHS), 0)
    every = row.read("every", _interval_in, None)
    kinds = [kind.value for kind in Amortisation]
    amortisation = row.read("amortisation", lambda cell: Amortisation(choice_in(cell, kinds)), None)
    payment = row.read("payment", lambda cell: minor_in(cell, currency), 0)
    ends = row.read("month end", lambda cell: KEPT if is_empty(cell) else choice_in(cell, (KEPT, STICKS)), KEPT)
    row.needed("next due on")
    if row.findings or conventions is None or every is None or amortisation is None or next_due is None:
        return None
    try:
        return Terms(
            principal=from_minor(stands.principal_not_due, currency),
            annual_rate=rate,
            principal_due=Recurrence(next_due, every, month_end=MonthEnd.STICK if ends == STICKS else MonthEnd.CLAMP),
            instalments=left,
            drawn_on=cut_over_on,
            amortisation=amortisation,
            payment=from_minor(payment, currency).amount if payment else None,
            accrued_interest=from_minor(stands.accrued_interest, currency).amount,
            day_count=conventions.day_count,
            business_days=conventions.business_days,
            servicing=conventions.servicing,
        )
    except ImpossibleTerms as refusal:
        row.refused(_COLUMN_OF.get(refusal.field, "next due on"), refusal)
        return None


def _reference_in(cell: Cell) -> str:
    text = text_in(cell, 20)
    if not _REFERENCE.fullmatch(text):
        raise CellUnread(f"says {text!r}. Write up to 20 letters, digits, hyphens and full stops, such as L-0108")
    return text


def _optional_reference(cell: Cell) -> str:
    return "" if is_empty(cell) else _reference_in(cell)


def _product_in(cell: Cell, products: Mapping[str, Conventions]) -> str:
    code = text_in(cell, 40)
    if code not in products:
        offered = ", ".join(products) or "none yet"
        raise CellUnread(
            f"says {code!r}, and the fund has no such product. It has: {offered}. Offer it first or correct it"
        )
    return code


def _positive(cell: Cell, currency: str) -> int:
    minor = minor_in(cell, currency)
    if not minor:
        raise CellUnread("is nought. Write how much was lent at first")
    return minor


def _legal_form_in(cell: Cell) -> LegalForm:
    text = text_in(cell, 60)
    by_words = {form.words: form for form in LegalForm}
    if text.casefold() in by_words:
        return by_words[text.casefold()]
    return LegalForm(choice_in(text, [form.value for form in LegalForm]))


def _interval_in(cell: Cell) -> Interval:
    text = text_in(cell, 20)
    if text.casefold() in EVERY:
        return EVERY[text.casefold()]
    try:
        return interval(text.upper())
    except ImpossibleTerms:
        raise CellUnread(f"says {text!r}. Write {', '.join(EVERY)}, or an interval such as 2W or 4M") from None
