"""Who shares which loan, what has each lender in it, and which loan entries still wait for their lenders' side?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet
from moneyed import Money

from investors.domain.entries import (
    LENDER_ACCOUNTS,
    Change,
    change_by,
    due_to_investor,
    is_shared_by_hand,
    no_change,
    participation_in_interest,
    participation_in_principal,
    parts_in,
    source_of,
)
from investors.domain.errors import NotApportionable
from investors.domain.funds import MoneyToLend
from investors.domain.participation import Participation as Part
from investors.domain.participation import ParticipationSet as Parts
from investors.models import Investor, Participation, ParticipationSet
from ledger.domain.entry import JournalEntry as EntryValue
from ledger.domain.entry import Posting as PostingValue
from ledger.domain.money import from_minor
from ledger.queries import accounts, balances, books, codes_moved_since, entries_on, sources_on
from loans.domain.entries import interest_receivable, loan_principal
from loans.models import Loan
from loans.models.money import plain

if TYPE_CHECKING:
    from ledger.models import Book, JournalEntry, Seal

AFTER_EVERY_ENTRY = date(9999, 1, 1)


@dataclass(frozen=True, slots=True)
class Holding:
    """One lender's part of one loan on a day; amounts are positive. `ranks` counts the ranks of its lenders."""

    investor: Investor
    loan: Loan
    rank: int
    ranks: int
    participation: Money
    whole: Money
    principal: Money
    interest_due: Money

    @property
    def share(self) -> Fraction:
        """The exact part of the loan that is this lender's."""
        return Fraction(self.participation.amount) / Fraction(self.whole.amount)


@dataclass(frozen=True, slots=True)
class Movements:
    """What moved in one lender's part of one loan over dates, both inclusive: opening + funded - returned = closing.

    A reversal counts by what it does: principal that a repayment brought is funded again, interest is received less.
    """

    holding: Holding
    opening: Money
    funded: Money
    returned: Money
    interest_earned: Money
    interest_received: Money

    @property
    def closing(self) -> Money:
        """The principal at the end."""
        return self.opening + self.funded - self.returned


@dataclass(frozen=True, slots=True)
class WaitingEntry:
    """A loan entry that moves a shared loan and has no lenders' side yet."""

    entry_id: int
    value: EntryValue
    change: Change


@dataclass(frozen=True, slots=True)
class LendersSide:
    """How far a shared loan is apportioned: the total so far, what waits, and what no rule covers (entry, reason).

    `by_hand` are the entries that carry their lenders' lines themselves; they are no part of the total.
    """

    total: Change
    waiting: tuple[WaitingEntry, ...]
    without_rule: tuple[tuple[int, str], ...]
    by_hand: tuple[EntryValue, ...]


def investors() -> QuerySet[Investor]:
    """All investors, by name."""
    return Investor.objects.order_by("name", "pk")


def investor_by_code(code: str) -> Investor | None:
    """The investor with this code, if there is one."""
    return Investor.objects.filter(code=code).first()


def investors_in(book: Book) -> QuerySet[Investor]:
    """The investors for whom a book has an account: those who share a loan or have put money in."""
    codes = accounts(book).filter(node__code="2510").values("subject")
    return investors().filter(code__in=codes)


def books_of(investor: Investor) -> QuerySet[Book]:
    """The books that an investor deals with, by name."""
    found = books().filter(accounts__node__code="2510", accounts__subject=investor.code)
    return found.distinct().order_by("name", "pk")


def shared_loans(book: Book) -> QuerySet[Loan]:
    """The loans of a book that have participations, by reference."""
    return Loan.objects.filter(book=book, participation_sets__isnull=False).distinct().order_by("reference", "pk")


def moved_since(book: Book, request: int) -> QuerySet[Loan]:
    """The loans whose principal or interest was posted to by the posting request with this number or a later one.

    Those that nobody shares are among them: somebody may be recording who does, and holds the loan meanwhile.
    """
    codes = codes_moved_since(book, request)
    starts = (loan_principal(""), interest_receivable(""))
    references = {code.removeprefix(start) for start in starts for code in codes if code.startswith(start)}
    return Loan.objects.filter(book=book, reference__in=references).order_by("reference", "pk")


def sets_in_force(loans: Iterable[Loan], as_of: date) -> QuerySet[ParticipationSet]:
    """Of each loan the participations that count on a day: the last set recorded, if it is effective by then."""
    later = ParticipationSet.objects.filter(loan=OuterRef("loan"), pk__gt=OuterRef("pk"))
    return (
        ParticipationSet.objects.filter(~Exists(later), loan__in=loans, effective_on__lte=as_of)
        .select_related("loan__organisation", "loan__book", "terms")
        .prefetch_related("participations__investor")
    )


def participations(loan: Loan, as_of: date) -> Parts | None:
    """Who shares a loan on a day, or None where nobody does yet."""
    standing = sets_in_force([loan], as_of).first()
    return as_value(standing) if standing else None


def as_value(standing: ParticipationSet) -> Parts:
    """The immutable value of a recorded set."""
    currency = standing.loan.currency
    return Parts(
        loan=standing.loan.reference,
        effective_on=standing.effective_on,
        whole=plain(standing.terms.principal),
        participations=tuple(
            Part(part.investor.code, part.rank, from_minor(part.amount, currency))
            for part in standing.participations.all()
        ),
    )


def holdings(investor: Investor, book: Book, as_of: date, *, known_under: Seal | None = None) -> list[Holding]:
    """What an investor has in each loan of a book on a day, by loan; with `known_under` as that seal knew it."""
    shared = Loan.objects.filter(book=book, participation_sets__participations__investor=investor)
    found = _holdings(book, sets_in_force(shared, as_of), as_of, known_under)
    return [holding for holding in found if holding.investor == investor]


def holdings_of_book(book: Book, as_of: date) -> list[Holding]:
    """What every lender has in every loan of a book on a day, by loan and rank, in a fixed number of queries."""
    return _holdings(book, sets_in_force(Loan.objects.filter(book=book), as_of), as_of, None)


def holdings_in(loan: Loan, as_of: date, *, known_under: Seal | None = None) -> list[Holding]:
    """What each lender has in a loan on a day, by rank."""
    return _holdings(loan.book, sets_in_force([loan], as_of), as_of, known_under)


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
    days = [balances(loan.book, [*held.values(), *cash], day) for day in (on, AFTER_EVERY_ENTRY)]
    scarce = min(days, key=lambda stands: sum(stands[code].amount for code in cash))
    nought = from_minor(0, loan.currency)
    return MoneyToLend(
        at_bank=sum((scarce[code] for code in cash if code.startswith("1010/")), nought),
        on_its_way=-sum((scarce[code] for code in cash if code.startswith("1020/")), nought),
        lent=lenders_side(loan).total.principal,
        participations=parts,
        names=dict(Investor.objects.filter(code__in=held).values_list("code", "name")),
        held={investor: min(-stands[code] for stands in days) for investor, code in held.items()},
    )


def movements(
    investor: Investor, book: Book, from_on: date, to_on: date, *, known_under: Seal | None = None
) -> list[Movements]:
    """What moved in each loan that an investor shares, by loan; with `known_under` as that seal knew it."""
    before = holdings(investor, book, from_on - timedelta(days=1), known_under=known_under)
    opening = {holding.loan: holding.principal for holding in before}
    return [
        _movements(holding, opening.get(holding.loan), _entries_of(holding, from_on, to_on, known_under))
        for holding in holdings(investor, book, to_on, known_under=known_under)
    ]


def lenders_side(loan: Loan) -> LendersSide:
    """How far the entries of a shared loan are apportioned, in order of date and number."""
    answered = answered_sources(loan)
    total, waiting, without_rule, by_hand = no_change(loan.currency), [], [], []
    for entry in loan_entries(loan):
        value = entry_value(entry)
        if is_shared_by_hand(value, loan.reference):
            by_hand.append(value)
            continue
        try:
            change = change_by(value, loan.reference, loan.currency)
        except NotApportionable as error:
            without_rule.append((entry.pk, str(error)))
            continue
        if source_of(entry.pk) in answered:
            total += change
        elif change:
            waiting.append(WaitingEntry(entry.pk, value, change))
    return LendersSide(total, tuple(waiting), tuple(without_rule), tuple(by_hand))


def loan_entries(loan: Loan) -> QuerySet[JournalEntry]:
    """The entries that move a loan's principal or interest receivable, by date and number, postings at hand."""
    codes = [loan_principal(loan.reference), interest_receivable(loan.reference)]
    return entries_on(loan.book, codes)


def answered_sources(loan: Loan) -> set[str]:
    """The sources of the entries on a loan's participation accounts: which loan entries have their lenders' side."""
    return sources_on(loan.book, lender_accounts(loan))


def entry_value(entry: JournalEntry) -> EntryValue:
    """The immutable value of an entry that stands."""
    lines = sorted(entry.postings.all(), key=lambda posting: posting.line_no)
    return EntryValue(
        entry.effective_on,
        entry.narrative,
        tuple(PostingValue(line.account.code, line.amount, line.account.currency) for line in lines),
        kind=entry.kind,
        source=entry.source,
        reverses=entry.reverses_id,
        approval=entry.approval_id,
    )


def lender_accounts(loan: Loan) -> list[str]:
    """The codes of the participation accounts of everybody who shares a loan or did."""
    lenders = Participation.objects.filter(participation_set__loan=loan)
    codes = lenders.order_by("investor__code").values_list("investor__code", flat=True).distinct()
    return [account(loan.reference, code) for code in codes for account in LENDER_ACCOUNTS]


def _holdings(book: Book, sets: Iterable[ParticipationSet], as_of: date, known_under: Seal | None) -> list[Holding]:
    parts = [(shares, part) for shares in sets for part in shares.participations.all()]
    codes = {
        account(shares.loan.reference, part.investor.code) for shares, part in parts for account in LENDER_ACCOUNTS
    }
    standing = balances(book, sorted(codes), as_of, known_under=known_under)
    found = [_holding(shares, part, standing) for shares, part in parts]
    return sorted(found, key=lambda holding: (holding.loan.reference, holding.rank, holding.investor.code))


def _holding(shares: ParticipationSet, part: Participation, standing: dict[str, Money]) -> Holding:
    loan, code = shares.loan, part.investor.code
    return Holding(
        investor=part.investor,
        loan=loan,
        rank=part.rank,
        ranks=len({other.rank for other in shares.participations.all()}),
        participation=from_minor(part.amount, loan.currency),
        whole=plain(shares.terms.principal),
        principal=-standing[participation_in_principal(loan.reference, code)],
        interest_due=-standing[participation_in_interest(loan.reference, code)],
    )


def _entries_of(holding: Holding, from_on: date, to_on: date, known_under: Seal | None) -> QuerySet[JournalEntry]:
    """The entries on a lender's accounts for a loan over dates, both inclusive."""
    codes = [account(holding.loan.reference, holding.investor.code) for account in LENDER_ACCOUNTS]
    found = entries_on(holding.loan.book, codes, known_under=known_under)
    return found.filter(effective_on__gte=from_on, effective_on__lte=to_on)


def _movements(holding: Holding, opening: Money | None, entries: Iterable[JournalEntry]) -> Movements:
    nought = from_minor(0, holding.loan.currency)
    funded = returned = earned = received = nought
    for entry in entries:
        own, whole = parts_in(entry_value(entry), holding.loan.reference, holding.investor.code)
        if whole.principal.amount > 0:
            funded += own.principal
        else:
            returned -= own.principal
        earned += own.interest_earned
        received += own.interest_received
    return Movements(holding, opening or nought, funded, returned, earned, received)
