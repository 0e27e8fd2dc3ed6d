"""Which rate does a loan's index give it, and may it bear another?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from loans.domain.errors import ActRefused, TwoPeopleNeeded
from loans.domain.events import Happened, RateChanged
from loans.domain.fees import percent_text
from loans.domain.linked_changes import rate_borne, rate_followed
from loans.domain.terms import Terms
from loans.domain.words import date_text
from loans.models import Loan
from loans.queries import base_rate_table, link_of


def refuse_own_rate(loan: Loan, terms: Terms, happened: Sequence[Happened], event: Happened) -> None:
    """Raise ActRefused for a change to a rate that the loan's index does not give: the next close would undo it; and
    TwoPeopleNeeded for a lower rate that no index gives, which costs the fund money.

    `happened` stands, by date. New terms with a rate of their own end the link.
    """
    if not isinstance(event, RateChanged):
        return
    on, index = event.effective_on, loan.application.product_version.index if loan.application else None
    given = _rate_given(loan, terms, happened, on)
    if given is not None and given != event.annual_rate:
        raise ActRefused(
            f"{loan.reference} follows {index}, which gives {percent_text(given)} on {date_text(on)}. "
            f"Record the rate of {index}, or agree on new terms with a rate of their own; nothing was changed."
        )
    borne = rate_borne(terms, happened, on)
    if given is None and event.annual_rate < borne:
        raise TwoPeopleNeeded(
            f"{percent_text(event.annual_rate)} is less than the {percent_text(borne)} that {loan.reference} bears on "
            f"{date_text(on)}. That costs the fund money, so two people decide: propose new terms with that rate; "
            "nothing was changed."
        )


def _rate_given(loan: Loan, terms: Terms, happened: Sequence[Happened], on: date) -> Decimal | None:
    """The rate that a loan's index gives on a day; None where it follows none, or no more."""
    version = loan.application.product_version if loan.application else None
    link = link_of(version) if version else None
    if version is None or link is None or version.index is None:
        return None
    table = base_rate_table(version.index)
    return rate_followed(terms, happened, link.for_terms(terms.first_due_on), table, on)
