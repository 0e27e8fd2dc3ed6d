"""Which interest was an investor paid in a tax year, and what was withheld? Told from the payouts that stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from moneyed import Money

from investors.domain.citr.tax_year import TaxYear, tax_year_of
from investors.models import Investor, PayoutLine
from investors.queries import payout_entries, payout_lines
from ledger.domain.money import from_minor

if TYPE_CHECKING:
    from ledger.models import Book


@dataclass(frozen=True, slots=True)
class InterestPaid:
    """Interest that was paid on a day, the rate and amount of the tax that was withheld, and the journal entry."""

    paid_on: date
    payout: str
    gross: Money
    rate: Decimal
    tax: Money
    entry: str

    @property
    def net(self) -> Money:
        """What was left of it."""
        return self.gross - self.tax


@dataclass(frozen=True, slots=True)
class InterestCertificate:
    """What an investor was paid as interest in a tax year of a fund."""

    investor: Investor
    book: Book
    year: TaxYear
    payments: tuple[InterestPaid, ...]

    @property
    def number(self) -> str:
        """What it is called: `2025-26-TST`."""
        return f"{self.year}-{self.investor.code}"

    @property
    def gross(self) -> Money:
        """Interest before tax."""
        return self._sum("gross")

    @property
    def tax(self) -> Money:
        """What was withheld."""
        return self._sum("tax")

    @property
    def net(self) -> Money:
        """What was left of the interest."""
        return self._sum("net")

    def _sum(self, name: str) -> Money:
        nought = from_minor(0, self.book.base_currency)
        return sum((getattr(one, name) for one in self.payments), nought)


def interest_certificates(investor: Investor, book: Book) -> list[InterestCertificate]:
    """A certificate for each tax year that is over on the business date and in which interest was paid, latest first.

    Interest is paid on the day on which its payout was booked; what came back or was taken back was not paid.
    """
    found = payout_lines(book, investor=investor).filter(taken_back=None, interest__gt=0)
    lines = [one for one in found if tax_year_of(one.payout.effective_on).last_on < book.business_date]
    entries = payout_entries(book, lines)
    return [
        InterestCertificate(investor, book, year, tuple(_paid(one, entries[one.pk].pk) for one in reversed(list(of))))
        for year, of in groupby(lines, lambda one: tax_year_of(one.payout.effective_on))
    ]


def _paid(line: PayoutLine, entry: int) -> InterestPaid:
    parts = line.parts
    return InterestPaid(line.payout.effective_on, str(line.payout), parts.interest, parts.rate, parts.tax, f"E-{entry}")
