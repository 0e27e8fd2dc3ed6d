"""How much of a loan may still be repaid, year by year, before relief is withdrawn?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from moneyed import Money

from investors.domain.citr.loan import YEARS, CitrLoan
from investors.domain.citr.relief import Balances, part_of_money, second_year_end
from investors.domain.citr.withdrawal import KEPT
from investors.domain.result_sharing import capital_days
from ledger.domain.money import from_minor, to_minor


@dataclass(frozen=True, slots=True)
class Headroom:
    """A year of the five-year period: what stands of its balance, and what may be repaid without withdrawing relief.

    `permitted` is the least average balance; `repaid` what of the average of months 19 to 24 no longer stands at the
    end of the year, or now; `headroom` what may be repaid now, or on the year's first day, if nothing else is. Years 1
    and 2 permit nothing to be required, and have no headroom. `is_estimate` where months 19 to 24 are not over.
    """

    year: int
    since: date
    until: date
    permitted: Money | None
    repaid: Money
    headroom: Money | None
    is_estimate: bool


def headrooms(loan: CitrLoan, balances: Balances, *, as_of: date) -> tuple[Headroom, ...]:
    """Each year with what may be repaid in it; nothing is assumed to be drawn or repaid after `as_of`.

    ITA 2007 s362 by the average of each year: what is repaid late in a year weighs little in it.

    >>> loan = CitrLoan(date(2019, 6, 1), Money("10000.00", "GBP"))
    >>> third = headrooms(loan, [(date(2019, 6, 1), Money("10000.00", "GBP"))], as_of=date(2021, 12, 1))[2]
    >>> third.permitted.amount, third.headroom.amount
    (Decimal('7500.00'), Decimal('5013.73'))
    """
    base = second_year_end(loan, balances, as_of=as_of)
    found = list[Headroom]()
    for year in range(1, YEARS + 1):
        since, until = loan.year(year)
        stands = _standing(balances, min(max(as_of, since), until))
        repaid = max(base.amount - stands, 0 * stands)
        permitted = part_of_money(base.amount, KEPT[year]) if year in KEPT else None
        room = None if permitted is None else _room(balances, permitted, stands, since, until, as_of)
        found.append(Headroom(year, since, until, permitted, repaid, room, base.is_estimate))
    return tuple(found)


def _room(balances: Balances, permitted: Money, stands: Money, since: date, until: date, as_of: date) -> Money:
    """The largest repayment on the first day left after which the year's average is still the permitted balance."""
    first, currency = max(as_of, since), permitted.currency.code
    if first >= until:
        return 0 * permitted
    whole = (until - since).days * to_minor(permitted.amount, currency)
    spare = max(capital_days(balances, since, until) - whole, 0)
    return min(from_minor(spare // (until - first).days, currency), stands)


def _standing(balances: Balances, on: date) -> Money:
    found = [amount for day, amount in balances if day <= on]
    return found[-1] if found else 0 * balances[0][1]
