"""What would end a loan, what becomes of it if more is paid, and how would it go on? Nothing is recorded by asking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from moneyed import Money

from loans.domain import outlook
from loans.domain.conventions import InterestMethod
from loans.domain.errors import EventRefused
from loans.domain.events import Event, Happened, Restructured
from loans.domain.fees import FeeKind
from loans.domain.outlook import Outlook
from loans.domain.position import InstalmentPosition, Position, position
from loans.domain.quote import SettlementQuote, settlement_quote
from loans.domain.rates import nominal_of_flat
from loans.domain.replay import live
from loans.domain.reschedule import arrears_but_principal, rescheduled
from loans.domain.servicing import Prepayment
from loans.domain.terms import Terms
from loans.domain.words import date_text
from loans.models import Loan
from loans.queries import events_of, first_terms_of

CHOICES = (Prepayment.NEXT_INSTALMENT, Prepayment.SHORTER_TERM, Prepayment.LOWER_PAYMENT)
"""What a business may choose between; what its agreement says besides comes first."""


@dataclass(frozen=True, slots=True)
class Price:
    """What a loan costs a year, as fractions: on what is still owed, and where interest is flat on what was lent."""

    on_what_is_owed: Decimal
    flat: Decimal | None


@dataclass(frozen=True, slots=True)
class Quote:
    """What ends a loan on a day, if nothing is paid until then and if everything is paid as planned."""

    if_nothing_is_paid: SettlementQuote
    if_paid_as_planned: SettlementQuote
    until_then: tuple[InstalmentPosition, ...]
    """What falls due until then and has still to come in."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What becomes of more money under one of the choices; `is_agreed` is what happens unless another is asked for."""

    prepayment: Prepayment
    outlook: Outlook
    is_agreed: bool

    @property
    def saved(self) -> Money:
        """The interest that is not paid because of it, if any."""
        return max(-self.outlook.costs, 0 * self.outlook.costs)


@dataclass(frozen=True, slots=True)
class PayingMore:
    """What becomes of a sum that is paid on a day beyond the planned payments."""

    on: date
    extra: Money
    ends_with: Money
    """What would end the loan that day."""
    choices: tuple[Choice, ...]
    """None where the sum is enough to end the loan."""


def price_of(loan: Loan, on: date) -> Price:
    """The rate in force on a day; of a flat loan also what it comes to on what is still owed."""
    terms, events = first_terms_of(loan), events_of(loan)
    life = live(terms, events, on)
    in_force, rate = (life.terms, life.walk.annual_rate) if life else (terms, terms.annual_rate)
    if in_force.interest_method is not InterestMethod.FLAT or not in_force.months:
        return Price(rate, None)
    return Price(nominal_of_flat(rate, in_force.months), rate)


def quote_on(loan: Loan, on: date) -> Quote:
    """What ends a loan on a day, not before its book's business date."""
    terms, events, today = first_terms_of(loan), events_of(loan), loan.book.business_date
    kept_up = outlook.as_usual(terms, events, today, on)
    return Quote(
        if_nothing_is_paid=settlement_quote(terms, events, on),
        if_paid_as_planned=settlement_quote(terms, kept_up, on),
        until_then=outlook.payments_between(position(terms, events, today), on),
    )


def paying_more(loan: Loan, extra: Money, on: date) -> PayingMore:
    """What becomes of a sum beyond the planned payments, which are taken to be paid on their days.

    Raises EventRefused and ImpossibleTerms.
    """
    terms, today = first_terms_of(loan), loan.book.business_date
    events = outlook.as_usual(terms, events_of(loan), today, on)
    ends_with = settlement_quote(terms, events, on).total
    agreed = _agreed(terms, events, on)
    choices: Sequence[Choice] = ()
    if extra < ends_with:
        choices = [
            Choice(choice, outlook.paying_more(terms, events, extra, on, choice), choice is agreed)
            for choice in dict.fromkeys((agreed, *CHOICES))
        ]
    return PayingMore(on, extra, ends_with, tuple(choices))


def outlook_of(loan: Loan, event: Happened) -> Outlook:
    """How a loan would go on after an event on its book's business date or before.

    Raises EventRefused and ImpossibleTerms.
    """
    return outlook.what_if(first_terms_of(loan), events_of(loan), event, loan.book.business_date)


def new_terms(
    loan: Loan,
    on: date,
    *,
    capitalises: bool = False,
    instalments: int | None = None,
    first_due_on: date | None = None,
    annual_rate: Decimal | None = None,
    fee: Money | None = None,
) -> Restructured:
    """How all principal that is owed on a day would go on: what is not said stays as it is.

    Without a first date the dates stay; with one there are new dates from there on. A rearrangement fee is charged if
    one is given. Raises EventRefused for a loan that
    is not drawn yet, and ImpossibleTerms.
    """
    terms, events = first_terms_of(loan), events_of(loan)
    life = live(terms, events, on)
    if life is None:
        raise EventRefused(f"{loan} is not drawn on {date_text(on)}, so nothing can go on. Nothing was changed.")
    terms = rescheduled(
        life.terms,
        position(terms, events, on),
        capitalises=capitalises,
        instalments=instalments,
        first_due_on=first_due_on,
        annual_rate=life.walk.annual_rate if annual_rate is None else annual_rate,
    )
    return Restructured(on, 0, terms, capitalises, fee)


def rearrangement_fee(loan: Loan, on: date) -> Money | None:
    """What the agreement asks for new terms on a day, on the principal outstanding; None where it asks for nothing."""
    life = live(first_terms_of(loan), events_of(loan), on)
    fee = life.fees.get(FeeKind.REARRANGEMENT) if life else None
    return fee.of(life.terms.scale.money(life.principal)) if life and fee else None


def longer_terms(loan: Loan, more: int) -> Restructured:
    """What would spread all that is left over so many more payments, on the dates that are planned.

    Interest and fees that are late are added to what is left. Raises EventRefused and ImpossibleTerms.
    """
    on = loan.book.business_date
    at = position(first_terms_of(loan), events_of(loan), on)
    left = sum(1 for row in at.instalments if row.instalment.due_on > on)
    return new_terms(loan, on, capitalises=bool(arrears_but_principal(at)), instalments=left + more)


def _agreed(terms: Terms, events: Sequence[Event], on: date) -> Prepayment:
    """What the terms in force say about money that comes early."""
    life = live(terms, events, on)
    return (life.terms if life else terms).servicing.prepayment


def regular_payment(at: Position) -> Money | None:
    """What is asked for on most of the dates to come: the commonest figure, the nearest of equals."""
    coming = [row.instalment.total for row in at.instalments if row.instalment.due_on > at.as_of]
    paying = [total for total in coming if total.amount]
    return max(dict.fromkeys(paying), key=paying.count) if paying else None
