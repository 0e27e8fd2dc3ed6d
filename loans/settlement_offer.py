"""What would settle a loan on a day and on the days after, for whoever wants to pay it all off?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from moneyed import Money

from loans.domain.quote import SettlementQuote, settlement_quote
from loans.models import Loan
from loans.queries import events_of, first_terms_of

VALID_DAYS = 7
"""For so many days after its own a quote says each day's figure."""


@dataclass(frozen=True, slots=True)
class SettlementOffer:
    """A quote for a day, and the figure of each day until it ends; money on the way then changes it."""

    loan: Loan
    quote: SettlementQuote
    days: tuple[tuple[date, Money], ...]

    @property
    def valid_until(self) -> date:
        """The last day for which it says a figure."""
        return self.days[-1][0]

    @property
    def parts(self) -> tuple[tuple[str, Money], ...]:
        """What the figure is made of; what is nought is left out, but for the principal."""
        quote = self.quote
        named = (
            ("Interest that is due", quote.interest_due),
            ("Interest of the running period", quote.accrued_interest),
            ("Fees", quote.fees),
            ("Default interest", quote.default_interest),
            ("Less what is held in advance", -quote.in_advance),
        )
        return (("Principal", quote.principal), *((label, amount) for label, amount in named if amount))


def settlement_offer(loan: Loan, on: date) -> SettlementOffer:
    """The quote for a day that may lie ahead: what falls due until then is in it, as if nothing more came in.

    Raises ImpossibleTerms and EventRefused.
    """
    terms, events = first_terms_of(loan), events_of(loan)
    days = [on + timedelta(days=after) for after in range(VALID_DAYS + 1)]
    quotes = [settlement_quote(terms, events, one) for one in days]
    return SettlementOffer(loan, quotes[0], tuple((one.on, one.total) for one in quotes))
