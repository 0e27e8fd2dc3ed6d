"""Until when can a collection still come back, so that its money is not spent meanwhile?

Bacs: what a payer's bank does not pay is reported (ARUDD) one or two working days after the collection. SEPA core: for
eight weeks a payer has its money back without giving a reason. An indemnity claim, or one that a collection was never
authorised, can come much later: no window ends those.
"""

from __future__ import annotations

from collections.abc import Container
from datetime import date, timedelta

from loans.domain.direct_debit.mandate import Scheme
from loans.domain.direct_debit.working_days import working_day_after

BACS_DAYS = 2
"""Working days after a collection in which it is sent back unpaid."""

SEPA_DAYS = 56
"""Days after a collection in which the payer may have it back: eight weeks."""


def clears_on(scheme: Scheme, collect_on: date, holidays: Container[date]) -> date:
    """The first day on which a collection of a day counts as paid for good.

    >>> clears_on(Scheme.BACS, date(2026, 4, 30), frozenset({date(2026, 5, 4)}))
    datetime.date(2026, 5, 6)
    """
    if scheme is Scheme.SEPA:
        return collect_on + timedelta(days=SEPA_DAYS + 1)
    return working_day_after(collect_on, BACS_DAYS + 1, holidays)
