"""Which rate does a loan's index give it, and may it bear another?"""

from __future__ import annotations

from collections.abc import Sequence

from loans.domain.errors import ActRefused
from loans.domain.events import Happened, RateChanged
from loans.domain.fees import percent_text
from loans.domain.linked_changes import rate_followed
from loans.domain.terms import Terms
from loans.domain.words import date_text
from loans.models import Loan
from loans.queries import base_rate_table, link_of


def refuse_own_rate(loan: Loan, terms: Terms, happened: Sequence[Happened], event: Happened) -> None:
    """Raise ActRefused for a change to a rate that the loan's index does not give: the next close would undo it.

    `happened` stands, by date. New terms with a rate of their own end the link.
    """
    if not isinstance(event, RateChanged) or loan.application is None:
        return
    version, on = loan.application.product_version, event.effective_on
    link = link_of(version)
    if link is None or version.index is None:
        return
    table = base_rate_table(version.index)
    rate = rate_followed(terms, happened, link.for_terms(terms.first_due_on), table, on)
    if rate is not None and rate != event.annual_rate:
        raise ActRefused(
            f"{loan.reference} follows {version.index}, which gives {percent_text(rate)} on {date_text(on)}. "
            f"Record the rate of {version.index}, or agree on new terms with a rate of their own; nothing was changed."
        )
