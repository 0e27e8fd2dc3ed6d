"""How is a loan priced and repaid, in words that follow what is agreed? `7.25% a year now: Bank Rate + 3%, …`"""

from __future__ import annotations

from decimal import Decimal

from loans.domain.allocation import Component, Instalments
from loans.domain.conventions import Amortisation, InterestMethod
from loans.domain.fees import percent_text
from loans.domain.offer_words import PREPAID, interval_in_words, link_in_words
from loans.domain.terms import Terms
from loans.models import Loan, ProductVersion
from loans.queries import link_of

KINDS = {
    Amortisation.ANNUITY: "level",
    Amortisation.EQUAL_PRINCIPAL: "equal principal",
    Amortisation.GIVEN_PAYMENT: "a given payment",
    Amortisation.BULLET: "interest only, principal at the end",
}

MANY = {Component.FEE: "fees"}


def link_named(version: ProductVersion) -> str:
    """How the rate of a version follows its index, by the index's name; "" where it is fixed."""
    link = link_of(version)
    if link is None or version.index is None:
        return ""
    return link_in_words(link).replace(link.index, version.index.name, 1)


def rate_in_words(loan: Loan, annual_rate: Decimal) -> str:
    """The rate that a loan bears, fixed or as it follows an index; a loan that was moved in follows none."""
    follows = link_named(loan.application.product_version) if loan.application else ""
    rate = f"{percent_text(annual_rate)} a year"
    return f"{rate} now: {follows}" if follows else f"{rate}, fixed"


def charged_on(terms: Terms) -> str:
    """What the rate is charged on."""
    return "on all that was lent" if terms.interest_method is InterestMethod.FLAT else "on what is still owed"


def repaid_in_words(terms: Terms) -> str:
    """How principal and interest fall due: `monthly, level`."""
    return f"{interval_in_words(terms.cycle.every)}, {KINDS[terms.amortisation]}"


def kept_to_in_words(terms: Terms) -> str:
    """What money that comes in pays first, and what becomes of what is left."""
    rule = terms.servicing.allocation
    order = ", ".join(MANY.get(component, component) for component in rule.components)
    whole = "the oldest instalment first" if rule.instalments is Instalments.WITHIN else "each of all instalments"
    return f"Money pays {order}, in this order, {whole}; {PREPAID[terms.servicing.prepayment]}."
