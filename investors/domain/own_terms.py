"""What is agreed with a loan's lenders beside amounts and ranks: can it be kept, and how is it said?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from investors.domain.errors import TermsBeyondTheLoan
from investors.domain.participation import Participation, ParticipationSet
from ledger.domain.money import from_minor, to_minor
from ledger.domain.words import date_text, money_text
from loans.domain.fees import percent_text
from loans.domain.schedule import Instalment


def own_terms_text(annual_rate: Decimal | None, servicing_fee: Decimal, principal_from: date | None) -> str:
    """A lender's own terms in words; nothing where it has none.

    >>> own_terms_text(Decimal("0.05"), Decimal("0.0025"), date(2029, 1, 1))
    '5% a year of its own; servicing fee 0.25% a year; no principal before 1 January 2029'
    """
    said = []
    if annual_rate is not None:
        said.append(f"{percent_text(annual_rate.normalize())} a year of its own")
    if servicing_fee:
        said.append(f"servicing fee {percent_text(servicing_fee.normalize())} a year")
    if principal_from is not None:
        said.append(f"no principal before {date_text(principal_from)}")
    return "; ".join(said)


def refuse_unkeepable(shares: ParticipationSet, annual_rate: Decimal, instalments: Sequence[Instalment]) -> None:
    """Refuse terms of lenders that the loan cannot keep: `annual_rate` is what it earns at the start, as a fraction.

    Raises TermsBeyondTheLoan where the lenders' rates, less their servicing fees, come to more than the loan
    earns; where one takes no principal before a day after the last instalment; and where, on a day on which principal
    falls due, nobody takes any.
    """
    _refuse_more_than_is_earned(shares, annual_rate)
    if instalments:
        _refuse_too_late(shares, instalments[-1])
        _refuse_nobody(shares, instalments)


def _refuse_more_than_is_earned(shares: ParticipationSet, annual_rate: Decimal) -> None:
    if all(one.annual_rate is None for one in shares.participations):
        return
    promised = sum((_a_year(one, annual_rate) for one in shares.participations), Decimal(0))
    earned = shares.whole.amount * annual_rate
    if promised > earned:
        currency = shares.whole.currency.code
        more, earns = (
            from_minor(to_minor(round(amount, 2), currency), currency) for amount in (promised - earned, earned)
        )
        raise TermsBeyondTheLoan(
            f"The lenders' own rates come to {money_text(more)} a year more than the {money_text(earns)} that "
            f"{shares.loan} earns at {percent_text(annual_rate.normalize())}. Lower a rate; nothing was changed."
        )


def _a_year(one: Participation, annual_rate: Decimal) -> Decimal:
    own = annual_rate if one.annual_rate is None else one.annual_rate
    return one.amount.amount * (own - one.servicing_fee)


def _refuse_too_late(shares: ParticipationSet, last: Instalment) -> None:
    for one in shares.participations:
        if one.principal_from is not None and one.principal_from > last.due_on:
            raise TermsBeyondTheLoan(
                f"{one.investor} takes no principal before {date_text(one.principal_from)}, and the last instalment of "
                f"{shares.loan} falls due on {date_text(last.due_on)}. Give an earlier day; nothing was changed."
            )


def _refuse_nobody(shares: ParticipationSet, instalments: Sequence[Instalment]) -> None:
    days = [one.principal_from for one in shares.participations]
    waited_for = [day for day in days if day is not None]
    if len(waited_for) < len(days):
        return
    for one in instalments:
        if one.principal and one.due_on < min(waited_for):
            raise TermsBeyondTheLoan(
                f"{money_text(one.principal)} of the principal of {shares.loan} falls due on {date_text(one.due_on)}, "
                f"and no lender takes any before {date_text(min(waited_for))}. "
                "Let one of them take it; nothing was changed."
            )
