"""Offering a kind of loan, and changing it from a day on; what was agreed before stays as it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from moneyed import Money

from ledger.domain.money import minor_digits
from loans.bank_holidays import business_days
from loans.domain.day_count import DayCount
from loans.domain.errors import OutsideProduct, ProductExists
from loans.domain.fees import ProductFee as Fee
from loans.domain.offer import AS_USUAL, Brings, Link, Offer, brings_content
from loans.domain.terms import MAX_MONTHS, MAX_RATE
from loans.domain.words import date_text
from loans.models import BaseRateIndex, Product, ProductFee, ProductVersion
from loans.models.money import PLACES

if TYPE_CHECKING:
    from ledger.models import Book

MOST_NOTICE_DAYS = 366


@dataclass(frozen=True, slots=True)
class More:
    """What else a product may bring than its limits, its rate and its calendar; left out it is as usual.

    With a link the rate follows an index. `effective_on` is the first day of the version; left out it is in force since
    the book was opened.
    """

    brings: Brings = AS_USUAL
    link: Link | None = None
    fees: tuple[Fee, ...] = ()
    effective_on: date | None = None


NOTHING_MORE = More()


def offer_product(
    *,
    book: Book,
    code: str,
    name: str,
    amounts: tuple[Money, Money],
    months: tuple[int, int],
    annual_rate: Decimal | None,
    payment_prefix: str,
    day_count: DayCount = DayCount.THIRTY_E_360,
    calendar: str = "GB-ENG",
    more: More = NOTHING_MORE,
    by: AbstractBaseUser | None = None,
) -> Product:
    """A kind of loan within limits, both inclusive. `payment_prefix` begins the reference of payments: HH-0108.

    Raises OutsideProduct where the limits make no sense, UnknownCalendar, and ProductExists for a code in use.
    """
    offer = Offer(
        amounts=amounts,
        months=months,
        annual_rate=annual_rate,
        link=more.link,
        brings=replace(more.brings, day_count=day_count, calendar=calendar),
        fees=more.fees,
    )
    _refuse_nonsense(offer)
    product = Product(book=book, code=code, name=name, payment_prefix=payment_prefix)
    try:
        with transaction.atomic():
            product.save(force_insert=True)
            _keep(product, offer, 1, more.effective_on or book.opened_on, by)
    except IntegrityError as error:
        raise ProductExists(
            f"{book} has a product {code!r} already. Choose another code; nothing was changed."
        ) from error
    return product


@transaction.atomic
def change_product(*, product: Product, offer: Offer, effective_on: date, by: AbstractBaseUser) -> ProductVersion:
    """The next version of a product, in force from a day on; applications and loans made before keep theirs.

    Raises OutsideProduct where the limits make no sense or the day lies before the business date or the version before,
    and UnknownCalendar.
    """
    locked = Product.objects.select_for_update(of=("self",)).select_related("book").get(pk=product.pk)
    latest = ProductVersion.objects.filter(product=locked).latest("version")
    _refuse_nonsense(offer)
    earliest = max(latest.effective_on, locked.book.business_date)
    if effective_on < earliest:
        raise OutsideProduct(
            "effective_on",
            f"A new version of {locked} is in force from {date_text(earliest)} on or later: applications of the days "
            f"before name the one before. Choose a day from then on; nothing was changed.",
        )
    if offer.amounts[0].currency.code != latest.min_amount.currency.code:
        raise OutsideProduct(
            "amounts",
            f"{locked} is lent in {latest.min_amount.currency}. Offer another product in "
            f"{offer.amounts[0].currency}; nothing was changed.",
        )
    return _keep(locked, offer, latest.version + 1, effective_on, by)


def _keep(
    product: Product, offer: Offer, number: int, effective_on: date, by: AbstractBaseUser | None
) -> ProductVersion:
    version = ProductVersion(
        product=product,
        version=number,
        effective_on=effective_on,
        min_months=offer.months[0],
        max_months=offer.months[1],
        annual_rate=offer.annual_rate,
        brings=brings_content(offer.brings),
        made_by_id=by.pk if by else None,
    )
    version.min_amount, version.max_amount = offer.amounts
    if offer.link:
        _link(version, offer.link)
    version.save(force_insert=True)
    ProductFee.objects.bulk_create(
        ProductFee(
            version=version,
            kind=fee.kind.value,
            amount=fee.amount,
            share=fee.share,
            settlement=fee.settlement.value,
            recognition=fee.recognition.value,
            grace_days=fee.grace_days,
        )
        for fee in offer.fees
    )
    return version


def _link(version: ProductVersion, link: Link) -> None:
    index = BaseRateIndex.objects.filter(book=version.product.book_id, code=link.index).first()
    if index is None:
        raise OutsideProduct(
            "index", f"There is no index {link.index!r} in this book. Add it with its rates first; nothing was changed."
        )
    version.index, version.notice_days = index, link.notice_days
    version.margin, version.floor, version.cap = link.rate.margin, link.rate.floor, link.rate.cap
    version.resets_every = str(link.resets_every or "")


def _refuse_nonsense(offer: Offer) -> None:
    _refuse_amounts(*offer.amounts)
    if not 1 <= offer.months[0] <= offer.months[1] <= MAX_MONTHS:
        raise OutsideProduct(
            "months", f"A term is from 1 to {MAX_MONTHS} months, the shortest first. Correct it; nothing was changed."
        )
    if (offer.annual_rate is None) == (offer.link is None):
        raise OutsideProduct(
            "annual_rate", "A product has a nominal rate, or one that follows an index: give one. Nothing was changed."
        )
    if offer.annual_rate is not None and not 0 <= offer.annual_rate < MAX_RATE:
        raise OutsideProduct(
            "annual_rate", "A nominal rate is from 0 to below 1: write 6% as 0.06. Nothing was changed."
        )
    if offer.link and not 0 <= offer.link.notice_days <= MOST_NOTICE_DAYS:
        raise OutsideProduct(
            "notice_days", f"Notice is given from 0 to {MOST_NOTICE_DAYS} days before. Nothing was changed."
        )
    business_days(offer.brings.calendar)


def _refuse_amounts(least: Money, most: Money) -> None:
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
