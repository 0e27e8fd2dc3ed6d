"""For which tax years may relief be claimed, and when does a claim fall away?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import count

from investors.domain.citr.loan import CitrLoan
from investors.domain.citr.tax_year import TaxYear
from ledger.domain.words import date_text
from loans.domain.calendar import ONE_DAY


class EndedBy(StrEnum):
    """What ends claims, if it happens before a year's qualifying date. The value is stored, people read `words`."""

    DISPOSED = "disposed"
    REPAID = "repaid"
    OVER_LIMITS = "over-limits"
    ACCREDITATION_LOST = "accreditation-lost"
    INVESTOR_ACCREDITED = "investor-accredited"

    @property
    def words(self) -> str:
        """What happened, as the end of a sentence."""
        return ENDED_WORDS[self]

    @property
    def is_estimate(self) -> bool:
        """Whether it is our reading that the qualifying date decides here too (CITM6120 and 6130 were not read)."""
        return self in {EndedBy.ACCREDITATION_LOST, EndedBy.INVESTOR_ACCREDITED}


ENDED_WORDS = {
    EndedBy.DISPOSED: "the investor disposed of all or a part of the loan",
    EndedBy.REPAID: "the loan was wholly repaid",
    EndedBy.OVER_LIMITS: "repayments or value received exceeded the permitted limits",
    EndedBy.ACCREDITATION_LOST: "the institution lost its accreditation",
    EndedBy.INVESTOR_ACCREDITED: "the investor became an accredited institution itself",
}


@dataclass(frozen=True, slots=True)
class Ended:
    """Something that ends claims, and its day."""

    by: EndedBy
    on: date


@dataclass(frozen=True, slots=True)
class ClaimYear:
    """Whether relief for a tax year may be claimed, from which day, and why or why not."""

    tax_year: TaxYear
    claimable_from: date
    qualifying_on: date
    is_claimable: bool
    why: str
    is_estimate: bool = False


def qualifying_date(loan: CitrLoan, tax_year: TaxYear) -> date:
    """The next anniversary of the investment after the tax year has ended (ITA 2007 s354(3); CITM6100).

    >>> from moneyed import Money
    >>> loan = CitrLoan(date(2004, 1, 1), Money("10000.00", "GBP"))
    >>> qualifying_date(loan, TaxYear(2007))
    datetime.date(2009, 1, 1)
    """
    return next(day for day in map(loan.anniversary, count(1)) if day > tax_year.last_on)


def claim_years(loan: CitrLoan, ended: Iterable[Ended], *, as_of: date) -> tuple[ClaimYear, ...]:
    """Each tax year's claim: none before the year has ended, and none where claims ended before its qualifying date.

    ITA 2007 s335(5), s354; CITM6060, CITM6100.
    """
    known = sorted(ended, key=lambda each: (each.by.is_estimate, each.on))
    return tuple(_claim(loan, tax_year, known, as_of) for tax_year in loan.tax_years)


def _claim(loan: CitrLoan, tax_year: TaxYear, ended: Iterable[Ended], as_of: date) -> ClaimYear:
    opens, qualifies = tax_year.last_on + ONE_DAY, qualifying_date(loan, tax_year)
    first = next((each for each in ended if each.on < qualifies), None)
    if first is not None:
        why = (
            f"No claim: on {date_text(first.on)}, before the qualifying date {date_text(qualifies)}, {first.by.words}."
        )
        return ClaimYear(tax_year, opens, qualifies, False, why, first.by.is_estimate)
    if as_of < opens:
        return ClaimYear(tax_year, opens, qualifies, False, f"No claim before {date_text(opens)}: the tax year runs.")
    why = f"May be claimed since {date_text(opens)}."
    if as_of < qualifies:
        why += f" What ends claims before {date_text(qualifies)} would end this one."
    return ClaimYear(tax_year, opens, qualifies, True, why)
