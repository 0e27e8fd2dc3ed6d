"""What has each lender in a loan, what moved, what was lost, and which money is there to lend?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from moneyed import Money

from investors.domain.entries import (
    LENDER_ACCOUNTS,
    LOSSES_BORNE,
    due_to_investor,
    participation_in_interest,
    participation_in_principal,
)
from investors.domain.funds import MoneyToLend
from investors.domain.own_terms import own_terms_text
from investors.domain.participation import SharingRule
from investors.domain.parts import nothing_moved, part_moved
from investors.models import Investor, Participation, ParticipationSet
from ledger.domain.entry import JournalEntry as EntryValue
from ledger.domain.money import from_minor
from ledger.queries import accounts, balances, entries, entries_on
from loans.models import Loan
from loans.models.money import plain

if TYPE_CHECKING:
    from ledger.models import Book, Seal
from investors.queries.shares import participations, sets_in_force
from investors.queries.sides import entry_value, lent_so_far

AFTER_EVERY_ENTRY = date(9999, 1, 1)


@dataclass(frozen=True, slots=True)
class Holding:
    """One lender's part of one loan on a day; amounts are positive. `ranks` counts the ranks of its lenders.

    Whoever has sold all of its part has a participation of nought, as long as interest is due to it or it bore a loss.
    `lost` is principal that was written off or waived; `came_back` is what came in of it afterwards.
    """

    investor: Investor
    loan: Loan
    rank: int
    ranks: int
    participation: Money
    whole: Money
    principal: Money
    interest_due: Money
    lost: Money
    came_back: Money
    rule: SharingRule
    annual_rate: Decimal | None
    servicing_fee: Decimal
    principal_from: date | None

    @property
    def is_held(self) -> bool:
        """Whether anything is left of it, or is to be told of it."""
        return bool(self.participation or self.principal or self.interest_due or self.lost)

    @property
    def own_terms(self) -> str:
        """What this lender has agreed for itself, in words; nothing where it has the loan's terms."""
        return own_terms_text(self.annual_rate, self.servicing_fee, self.principal_from)

    @property
    def share(self) -> Fraction:
        """The exact part of the loan that is this lender's."""
        return Fraction(self.participation.amount) / Fraction(self.whole.amount)


@dataclass(frozen=True, slots=True)
class Movements:
    """What moved in one lender's part of one loan over dates, both inclusive, as `investors.domain.parts` reads it.

    A reversal counts by what it does: principal that a repayment brought is funded again, interest is received less.
    """

    holding: Holding
    opening: Money
    funded: Money
    returned: Money
    interest_earned: Money
    interest_received: Money
    added: Money
    lost: Money
    came_back: Money
    bought: Money

    @property
    def is_moved(self) -> bool:
        """Whether there was anything at the beginning, or something moved."""
        moved = (self.opening, self.funded, self.returned, self.interest_earned, self.interest_received, self.bought)
        return any(moved) or bool(self.added or self.lost or self.came_back)

    @property
    def closing(self) -> Money:
        """The principal at the end."""
        return self.opening + self.funded + self.added + self.bought - self.returned - self.lost


def holdings(
    investor: Investor, book: Book, as_of: date, *, known_under: Seal | None = None, and_sold: bool = False
) -> list[Holding]:
    """What an investor has in each loan of a book on a day, by loan; with `known_under` as that seal knew it, and with
    `and_sold` what it has sold whole by then too."""
    shared = Loan.objects.filter(book=book, participation_sets__participations__investor=investor)
    found = _holdings(book, sets_in_force(shared, as_of), as_of, known_under)
    return [one for one in found if one.investor == investor and (and_sold or one.is_held)]


def holdings_of_book(book: Book, as_of: date) -> list[Holding]:
    """What every lender has in every loan of a book on a day, by loan and rank, in a fixed number of queries."""
    found = _holdings(book, sets_in_force(Loan.objects.filter(book=book), as_of), as_of, None)
    return [one for one in found if one.is_held]


def holdings_in(loan: Loan, as_of: date, *, known_under: Seal | None = None) -> list[Holding]:
    """What each lender has in a loan on a day, by rank."""
    found = _holdings(loan.book, sets_in_force([loan], as_of), as_of, known_under)
    return [one for one in found if one.is_held]


def cash_due(investor: Investor, book: Book, as_of: date, *, known_under: Seal | None = None) -> Money:
    """Money that the fund holds for an investor on a day: paid in and not lent, or come back and not paid out."""
    account = due_to_investor(investor.code)
    return -balances(book, [account], as_of, known_under=known_under)[account]


def money_to_lend(loan: Loan, on: date) -> MoneyToLend:
    """The money behind a loan for a drawdown on a day: the least of what there is that day and once all is posted."""
    shares = participations(loan, on)
    parts = shares.participations if shares else ()
    held = {part.investor: due_to_investor(part.investor) for part in parts}
    cash = list(accounts(loan.book).filter(node__code__in=("1010", "1020")).values_list("code", flat=True))
    every = list(accounts(loan.book).filter(node__code="2510", currency=loan.currency).values_list("code", flat=True))
    days = [balances(loan.book, sorted({*held.values(), *every, *cash}), day) for day in (on, AFTER_EVERY_ENTRY)]
    scarce = min(days, key=lambda stands: sum(stands[code].amount for code in cash))
    nought = from_minor(0, loan.currency)
    return MoneyToLend(
        at_bank=sum((scarce[code] for code in cash if code.startswith("1010/")), nought),
        on_its_way=-sum((scarce[code] for code in cash if code.startswith("1020/")), nought),
        lent=lent_so_far(loan),
        participations=parts,
        names=dict(Investor.objects.filter(code__in=held).values_list("code", "name")),
        held={investor: min(-stands[code] for stands in days) for investor, code in held.items()},
        held_for_all=max(-sum((stands[code] for code in every), nought) for stands in days),
    )


def movements(
    investor: Investor, book: Book, from_on: date, to_on: date, *, known_under: Seal | None = None
) -> list[Movements]:
    """What moved in each loan that an investor shares, by loan; with `known_under` as that seal knew it."""
    before = holdings(investor, book, from_on - timedelta(days=1), known_under=known_under)
    opening = {holding.loan: holding.principal for holding in before}
    found = [
        _movements(one, opening.get(one.loan), _entries_of(one, from_on, to_on, known_under))
        for one in holdings(investor, book, to_on, known_under=known_under, and_sold=True)
    ]
    return [one for one in found if one.holding.is_held or one.is_moved]


def _holdings(book: Book, sets: Iterable[ParticipationSet], as_of: date, known_under: Seal | None) -> list[Holding]:
    counting = list(sets)
    parts = [(shares, part) for shares in counting for part in shares.participations.all()]
    parts += _sold_out(counting)
    codes = {
        account(shares.loan.reference, part.investor.code) for shares, part in parts for account in LENDER_ACCOUNTS
    }
    standing = balances(book, sorted(codes), as_of, known_under=known_under)
    losses = _losses(book, as_of, known_under)
    found = [_holding(shares, part, standing, losses) for shares, part in parts]
    return sorted(found, key=lambda holding: (holding.loan.reference, holding.rank, holding.investor.code))


def _sold_out(sets: Iterable[ParticipationSet]) -> list[tuple[ParticipationSet, Participation]]:
    """Who took part before and has sold all of it: with a part of nought, on the terms that it had last."""
    by_loan = {shares.loan_id: shares for shares in sets if shares.follows_id is not None}
    if not by_loan:
        return []
    taken = Participation.objects.filter(participation_set__loan__in=by_loan).order_by("participation_set_id")
    last = {
        (one.participation_set.loan_id, one.investor_id): one
        for one in taken.select_related("investor", "participation_set")
        if one.participation_set_id <= by_loan[one.participation_set.loan_id].pk
    }
    found = []
    for (loan, _), one in last.items():
        if one.participation_set_id < by_loan[loan].pk:
            one.amount = 0
            found.append((by_loan[loan], one))
    return found


def _losses(book: Book, as_of: date, known_under: Seal | None) -> dict[str, list[EntryValue]]:
    """The lenders' sides of all losses and recoveries of a book, by the reference of the loan; there are few."""
    found = list(entries_on(book, [LOSSES_BORNE], known_under=known_under).filter(effective_on__lte=as_of))
    if not found:
        return {}
    answers = {entry.pk: entry.source.removeprefix("apportion:E") for entry in found}
    numbers = [int(number) for number in answers.values() if number.isdecimal()]
    caused = {str(pk): source for pk, source in entries(book).filter(pk__in=numbers).values_list("pk", "source")}
    by_loan: dict[str, list[EntryValue]] = defaultdict(list)
    for entry in found:
        value = entry_value(entry)
        moved = {code.split("/")[1] for code in (p.account for p in value.postings) if code.startswith("2410/")}
        caused_by = caused.get(answers[entry.pk], "").removeprefix("loan:")
        for reference in moved or {caused_by}:
            by_loan[reference].append(value)
    return by_loan


def _holding(
    shares: ParticipationSet, part: Participation, standing: dict[str, Money], losses: dict[str, list[EntryValue]]
) -> Holding:
    loan, code = shares.loan, part.investor.code
    moved = nothing_moved(loan.currency)
    for value in losses.get(loan.reference, ()):
        moved += part_moved(value, loan.reference, code)
    return Holding(
        investor=part.investor,
        loan=loan,
        rank=part.rank,
        ranks=len({other.rank for other in shares.participations.all()}),
        participation=from_minor(part.amount, loan.currency),
        whole=plain(shares.terms.principal),
        principal=-standing[participation_in_principal(loan.reference, code)],
        interest_due=-standing[participation_in_interest(loan.reference, code)],
        lost=moved.lost,
        came_back=moved.came_back,
        rule=SharingRule(shares.rule),
        annual_rate=part.annual_rate,
        servicing_fee=part.servicing_fee,
        principal_from=part.principal_from,
    )


def _entries_of(holding: Holding, from_on: date, to_on: date, known_under: Seal | None) -> list[EntryValue]:
    """The entries on a lender's accounts for a loan over dates, both inclusive, and what came back after a loss."""
    loan = holding.loan
    codes = [account(loan.reference, holding.investor.code) for account in LENDER_ACCOUNTS]
    moving = entries_on(loan.book, codes, known_under=known_under)
    found = [entry_value(entry) for entry in moving.filter(effective_on__gte=from_on, effective_on__lte=to_on)]
    if not (holding.lost or holding.came_back):
        return found
    losses = _losses(loan.book, to_on, known_under).get(loan.reference, [])
    return found + [one for one in losses if one.effective_on >= from_on and not _is_on_the_loan(one, loan)]


def _is_on_the_loan(entry: EntryValue, loan: Loan) -> bool:
    starts = tuple(account(loan.reference, "") for account in LENDER_ACCOUNTS)
    return any(posting.account.startswith(starts) for posting in entry.postings)


def _movements(holding: Holding, opening: Money | None, found: Iterable[EntryValue]) -> Movements:
    moved = nothing_moved(holding.loan.currency)
    for value in found:
        moved += part_moved(value, holding.loan.reference, holding.investor.code)
    return Movements(
        holding,
        opening or from_minor(0, holding.loan.currency),
        funded=moved.funded,
        returned=moved.returned,
        interest_earned=moved.interest_earned,
        interest_received=moved.interest_received,
        added=moved.added,
        lost=moved.lost,
        came_back=moved.came_back,
        bought=moved.bought,
    )
