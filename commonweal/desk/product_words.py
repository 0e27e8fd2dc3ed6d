"""What a product is, in plain words: its limits, its price, and what it brings to every loan."""

from __future__ import annotations

from commonweal.templatetags.commonweal import money, percent
from loans.domain.offer_words import offer_in_words
from loans.models import Application, ProductVersion
from loans.queries import offer_of
from loans.rate_words import link_named


def limits_in_words(version: ProductVersion) -> str:
    """From how much to how much, and for how long."""
    amounts = f"{money(version.min_amount)} to {money(version.max_amount)}"
    return f"{amounts}, {version.min_months} to {version.max_months} months"


def price_in_words(version: ProductVersion) -> str:
    """The rate, or what it follows."""
    return link_named(version) or f"usually {percent(version.annual_rate)} a year"


def brings(version: ProductVersion) -> str:
    """What every loan of it is made with."""
    return offer_in_words(offer_of(version))


def rate_in_words(application: Application) -> str:
    """The rate that is asked for, fixed or as it follows an index."""
    rate = f"{percent(application.annual_rate)} a year"
    version = application.product_version
    return f"{rate} now: {price_in_words(version)}" if version.index_id else f"{rate}, fixed"
