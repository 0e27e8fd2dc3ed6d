"""How does a business live with the fund? Its loan as agreed, what people did on which day, and what moved at the bank.

A life is data: it is told month by month beside the others, by the services that a real fund uses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from moneyed import Money

from borrowers.domain.sectors import Sector
from borrowers.services import register_organisation
from borrowers.services.organisations import Business
from commonweal.access.models import BorrowerMembership, User
from commonweal.demo import story
from commonweal.jobs.lending import lend, share
from commonweal.jobs.servicing import approve_act
from investors.domain.participation import Participation
from ledger.queries import unmatched_bank_lines
from loans import services as lending
from loans.domain.events import Happened
from loans.models import Application, Loan, LoanEvent, Product
from loans.queries import asked_terms_sha256, loan_by_reference, position_of
from loans.services import Asked
from loans.servicing_queries import in_transit

if TYPE_CHECKING:
    from ledger.models import BankStatementLine, Book


@dataclass(frozen=True, slots=True)
class Cast:
    """The people of the story as they log in."""

    by_email: dict[str, User]

    def __getitem__(self, person: story.Person) -> User:
        return self.by_email[person.email]


@dataclass(frozen=True, slots=True)
class Told:
    """The fund and its people, while their story is told."""

    book: Book
    cast: Cast


Act = Callable[[Told, Loan], object]
"""What somebody does about a loan on a day."""


@dataclass(frozen=True, slots=True)
class ByHand:
    """Money that moved under a reference that the fund does not know, and what somebody does with its line.

    It is matched once the file of its month is in; or, with `found_on`, once the file of that day's month is.
    """

    on: date
    amount: Callable[[Loan], Money]
    reference: str
    match: Callable[[Told, Loan, BankStatementLine], object]
    found_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A business and its loan.

    Between two days of `on_time` it pays each instalment with its fees on the day; `paid` is what else it pays. A
    drawdown leaves the bank on its own day, less what is kept back from it.
    """

    reference: str
    business: Business
    sector: Sector
    person: story.Person | None = None
    product: Callable[[Told], Product]
    asked: Asked
    purpose: str
    because: str
    """Why Tom approves it."""
    agreed_on: date
    draws: Mapping[date, Money]
    on_time: tuple[tuple[date, date], ...] = ()
    paid: Mapping[date, Money] = field(default_factory=dict)
    acts: tuple[tuple[date, Act], ...] = ()
    by_hand: tuple[ByHand, ...] = ()


def agree(life: Life, told: Told) -> Loan:
    """The loan as Priya and Tom agree it; the lenders share it by their usual parts."""
    loan = agree_alone(life, told)
    parts = [Participation(one.code, one.rank, one.share * life.asked.amount) for one in story.NEIGHBOURS]
    share(loan=loan, effective_on=life.agreed_on, participations=parts, by=told.cast[story.AMINA])
    return loan


def agree_alone(life: Life, told: Told) -> Loan:
    """Priya prepares the loan and Tom approves it; it is lent out of the fund's own money."""
    organisation = register_organisation(
        name=life.business.name,
        legal_form=life.business.legal_form,
        numbers=life.business.numbers,
        address=life.business.address,
        sector=life.sector,
    )
    if life.person:
        BorrowerMembership.objects.create(user=told.cast[life.person], organisation=organisation)
    application = lending.apply(
        product=life.product(told),
        organisation=organisation,
        asked=life.asked,
        purpose=life.purpose,
        on=life.agreed_on,
        by=told.cast[story.PRIYA],
    )
    return approved(application, told, life.agreed_on, life.because)


def approved(application: Application, told: Told, on: date, because: str) -> Loan:
    """What Priya prepared, submitted by her and approved by Tom."""
    submitted = lending.submit(application=application, on=on, by=told.cast[story.PRIYA])
    sha256 = asked_terms_sha256(submitted)
    return lending.approve(application=submitted, shown_sha256=sha256, on=on, by=told.cast[story.TOM], reason=because)


def acts_of(
    lives: tuple[Life, ...], told: Told, first: date, last: date
) -> Iterator[tuple[date, Callable[[], object]]]:
    """What people do in a month, in order: drawdowns and all else."""
    found = [(on, life, _draw(on, amount)) for life in lives for on, amount in life.draws.items()]
    found += [(on, life, act) for life in lives for on, act in life.acts]
    for on, life, act in sorted(found, key=lambda one: one[0]):
        if first <= on <= last:
            yield on, _done(act, told, life)


def transfers_of(lives: tuple[Life, ...], told: Told, first: date, last: date) -> Iterator[story.Transfer]:
    """What the bank moves for some businesses in a month, once everything that people did in it is done."""
    for life in lives:
        loan, name = _loan(life, told), life.business.name
        for on in life.draws:
            if first <= on <= last:
                yield story.Transfer(on, -in_transit(loan, last), name, loan.payment_reference)
        for on, amount in _payments(life, loan, last):
            if first <= on <= last:
                yield story.Transfer(on, amount, name, loan.payment_reference)
        for one in life.by_hand:
            if first <= one.on <= last:
                yield story.Transfer(one.on, one.amount(loan), name, one.reference)


def match_by_hand(lives: tuple[Life, ...], told: Told, first: date, last: date) -> None:
    """What Amina does with the lines that a month's file left in suspense."""
    for life in lives:
        for one in life.by_hand:
            if first <= (one.found_on or one.on) <= last:
                waiting = unmatched_bank_lines(told.book).filter(booked_on=one.on, reference=one.reference)
                one.match(told, _loan(life, told), waiting.get())


def agreed(event: Callable[[Loan], Happened], reason: str) -> Act:
    """What Priya proposes and Tom approves, as it was shown to him."""

    def act(told: Told, loan: Loan) -> LoanEvent:
        proposal = lending.propose(loan=loan, event=event(loan), reason=reason, by=told.cast[story.PRIYA])
        shown = proposal.content_sha256
        return approve_act(proposal=proposal, shown_sha256=shown, by=told.cast[story.TOM], reason="As proposed")

    return act


def _payments(life: Life, loan: Loan, last: date) -> Iterator[tuple[date, Money]]:
    yield from life.paid.items()
    for row in position_of(loan, last).instalments:
        due_on = row.instalment.due_on
        if row.unpaid and any(first <= due_on <= through for first, through in life.on_time):
            yield due_on, row.unpaid + position_of(loan, due_on).fees_due


def _draw(on: date, amount: Money) -> Act:
    def act(told: Told, loan: Loan) -> LoanEvent:
        return lend(loan=loan, amount=amount, on=on, by=told.cast[story.AMINA], key=f"demo:drawn:{on}")

    return act


def _done(act: Act, told: Told, life: Life) -> Callable[[], object]:
    return lambda: act(told, _loan(life, told))


def _loan(life: Life, told: Told) -> Loan:
    found = loan_by_reference(told.book, life.reference)
    if found is None:
        raise LookupError(f"the story's loan {life.reference} is missing; start again with an empty database")
    return found
