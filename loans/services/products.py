"""Offering a kind of loan."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from moneyed import Money

from ledger.domain.money import minor_digits
from loans.bank_holidays import business_days
from loans.domain.day_count import DayCount
from loans.domain.errors import OutsideProduct, ProductExists
from loans.domain.terms import MAX_MONTHS, MAX_RATE
from loans.models import Product
from loans.models.money import PLACES

if TYPE_CHECKING:
    from ledger.models import Book


def offer_product(
    *,
    book: Book,
    code: str,
    name: str,
    amounts: tuple[Money, Money],
    months: tuple[int, int],
    annual_rate: Decimal,
    payment_prefix: str,
    day_count: DayCount = DayCount.THIRTY_E_360,
    calendar: str = "GB-ENG",
) -> Product:
    """A kind of loan within limits, both inclusive. `payment_prefix` begins the reference of payments: HH-0108.

    Raises OutsideProduct where the limits make no sense, UnknownCalendar, and ProductExists for a code in use.
    """
    least, most = amounts
    if least.currency != most.currency or not 0 < least.amount <= most.amount:
        raise OutsideProduct(
            "amounts",
            "The least amount is above nought and not above the greatest, in one currency. Correct them; "
            "nothing was changed.",
        )
    if minor_digits(least.currency.code) != PLACES:
        raise OutsideProduct(
            "amounts",
            f"Agreements are kept with {PLACES} decimals; {least.currency} has other ones. Choose another "
            "currency; nothing was changed.",
        )
    if not 1 <= months[0] <= months[1] <= MAX_MONTHS:
        raise OutsideProduct(
            "months", f"A term is from 1 to {MAX_MONTHS} months, the shortest first. Correct it; nothing was changed."
        )
    if not 0 <= annual_rate < MAX_RATE:
        raise OutsideProduct(
            "annual_rate", "A nominal rate is from 0 to below 1: write 6% as 0.06. Nothing was changed."
        )
    business_days(calendar)
    product = Product(
        book=book,
        code=code,
        name=name,
        min_months=months[0],
        max_months=months[1],
        annual_rate=annual_rate,
        payment_prefix=payment_prefix,
        day_count=day_count,
        calendar=calendar,
    )
    product.min_amount, product.max_amount = amounts
    try:
        with transaction.atomic():
            product.save(force_insert=True)
    except IntegrityError as error:
        raise ProductExists(
            f"{book} has a product {code!r} already. Choose another code; nothing was changed."
        ) from error
    return product
