"""From the ledger to an investor's statement: holdings, cash and outcomes, as known under the statement's seal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q
from moneyed import Money

from investors.domain.entries import (
    LOSSES_BORNE,
    due_to_investor,
    participation_in_interest,
    participation_in_principal,
)
from investors.domain.participation import SharingRule
from investors.impact_sections import FundPicture, fund_picture
from investors.models import Investor
from investors.queries import Holding as Part
from investors.queries import Movements as Moved
from investors.queries import known_since, movements, transfers
from investors.statements import Holding, InvestorStatement, Note
from ledger.domain.entry import Kind
from ledger.domain.money import from_minor
from ledger.queries import StatementRow, account, account_statement, balances, entries_known_since, postings
from loans.domain.position import Position
from loans.queries import positions_of
from loans.statements import Balance, Earlier, KnownRow, KnownSince, Movement, Movements, Party, StatementHead

if TYPE_CHECKING:
    from ledger.models import Book, JournalEntry, Seal

SHARED_ALIKE = Note(
    "Sharing", "Each repayment is shared in proportion to the agreed amounts, to the penny over the whole life."
)
SHARED_AS_AGREED = Note(
    "Sharing",
    "Each repayment is shared as the lenders of the loan agreed, to the penny over the whole life: where ranks count, "
    "or a lender has terms of its own, its row says so.",
)

IMPACT_METHOD = (
    Note(
        "Supported",
        "All that the borrowers report for the year. Supported does not mean caused, and nothing is grossed up for "
        "those who gave no figure.",
    ),
    Note(
        "Our share",
        "The fund’s average principal outstanding over the year, divided by the borrower’s debt and net assets by its "
        "latest accounts. “Yours” is your average part of that principal. Where accounts are missing, or say less than "
        "our loan, nothing is claimed.",
    ),
    Note(
        "Totals",
        "Counts of unique people are never added over borrowers: “at least” is the largest of them. A total carries "
        "the lowest grade of evidence that makes up more than a fifth of it.",
    ),
    Note(
        "As known",
        "The seal covers the money. How loans stand, and what borrowers report, is as on the day of issue.",
    ),
    Note(
        "Evidence",
        "L ledger; A independent validation; B third-party record; C the borrower's measurement; D estimate.",
    ),
)
"""How outcomes are told, to whoever reads them."""

METHOD = (
    Note(
        "Holdings", "Your part of each loan: what you funded, less the principal that came back. The shares are agreed."
    ),
    SHARED_ALIKE,
    Note(
        "Cash",
        "What you paid in and what came back, less what was lent; the fund owes it to you.",
    ),
    *IMPACT_METHOD,
)

KNOWN_COLUMNS = ("Principal", "Interest fallen due", "Held for you")
"""What an entry changes for an investor."""


def build_investor_statement(
    investor: Investor,
    book: Book,
    head: StatementHead,
    *,
    known_under: Seal,
    earlier: Sequence[Earlier] = (),
    picture: FundPicture | None = None,
) -> InvestorStatement:
    """The statement of an investor in a book, which says what became known since `earlier` ones; `picture` is what the
    statements of a period share, read here where it is not given.

    Raises StatementDoesNotAdd where two readings disagree.
    """
    moved = movements(investor, book, head.period_start, head.last_day, known_under=known_under)
    parts = [one.holding for one in moved]
    positions = positions_of([part.loan for part in parts], head.last_day, known_under=known_under)
    held = tuple(_holding(one, positions[one.holding.loan.pk]) for one in moved)
    return InvestorStatement(
        head=head,
        investor=Party(investor.name, (), investor.registered_number),
        code=investor.code,
        holdings=held,
        cash=_cash(investor, book, head, held, known_under),
        balances=_balances(parts, book, head, known_under),
        impact=(picture or fund_picture(book, head.period_end, known_under=known_under)).impact(investor.code),
        remarks=tuple(_sales_known_since(investor, book, head, known_under)),
        method=_method(held),
        since=tuple(_known_since(investor, book, parts, earlier, known_under)),
    )


def _known_since(
    investor: Investor, book: Book, parts: list[Part], earlier: Sequence[Earlier], seal: Seal
) -> Iterator[KnownSince]:
    """Of each earlier statement the entries dated by its last day that it did not know."""
    loans = [part.loan.reference for part in parts]
    accounts = (
        {participation_in_principal(loan, investor.code) for loan in loans},
        {participation_in_interest(loan, investor.code) for loan in loans},
        {due_to_investor(investor.code)},
    )
    for one in earlier:
        came = entries_known_since(
            book, set().union(*accounts), position=one.position, known_under=seal, through=one.last_day
        )
        rows = [_known_row(entry, accounts, book) for entry in came]
        if rows:
            yield KnownSince(one.number, one.last_day, KNOWN_COLUMNS, tuple(rows))


def _known_row(entry: JournalEntry, accounts: tuple[set[str], ...], book: Book) -> KnownRow:
    """What an entry changes on each group of the investor's accounts; what is the investor's counts as positive."""
    lines = [(line.account.code, line.amount) for line in entry.postings.all()]
    changes = [-sum(minor for code, minor in lines if code in mine) for mine in accounts]
    what = entry.narrative.partition(": ")[2] if entry.kind == Kind.APPORTIONMENT else entry.narrative
    amounts = tuple(from_minor(minor, book.base_currency) for minor in changes)
    return KnownRow(entry.effective_on, what or entry.narrative, f"E-{entry.pk}", amounts)


def _method(held: tuple[Holding, ...]) -> tuple[Note, ...]:
    if not any(one.sharing or one.own_terms for one in held):
        return METHOD
    return tuple(SHARED_AS_AGREED if note is SHARED_ALIKE else note for note in METHOD)


def _holding(moved: Moved, position: Position) -> Holding:
    part = moved.holding
    return Holding(
        loan=part.loan.reference,
        borrower=str(part.loan.organisation),
        place=part.loan.organisation.place,
        rank=part.rank,
        ranks=part.ranks,
        share=Decimal(part.share.numerator) / Decimal(part.share.denominator),
        opening=moved.opening,
        funded=moved.funded,
        returned=moved.returned,
        closing=part.principal,
        interest_earned=moved.interest_earned,
        interest_received=moved.interest_received,
        added=moved.added,
        lost=moved.lost,
        came_back=moved.came_back,
        bought=moved.bought,
        days_late=position.days_past_due,
        ended=_ended(position),
        sharing="" if part.rule is SharingRule.ALIKE else part.rule.words,
        own_terms=part.own_terms,
    )


def _sales_known_since(investor: Investor, book: Book, head: StatementHead, seal: Seal) -> Iterator[Note]:
    """Which sales, of this period or before it, turned out otherwise than they were known when they were agreed."""
    concerned = Q(seller=investor) | Q(buyer=investor)
    for sale in transfers(book).filter(concerned, effective_on__lt=head.period_end).order_by("pk"):
        if words := known_since(sale, known_under=seal, since=head.period_start):
            yield Note(f"A part of {sale.loan} that changed hands.", words)


def _cash(investor: Investor, book: Book, head: StatementHead, held: tuple[Holding, ...], seal: Seal) -> Movements:
    """The fund's debt to the investor, seen from the investor's side: what came in adds, what was lent takes away."""
    nought = from_minor(0, book.base_currency)
    found = account(book, due_to_investor(investor.code))
    if found is None:
        return Movements(f"cash of {investor.code}", nought, (), nought)
    statement = account_statement(found, head.period_start, head.last_day, known_under=seal)
    by_kind = {
        kind: [row for row in statement.rows if row.kind == kind]
        for kind in (Kind.CONTRIBUTION, Kind.APPORTIONMENT, Kind.SALE)
    }
    shared, sold = by_kind[Kind.APPORTIONMENT], by_kind[Kind.SALE]
    other = [row for row in statement.rows if row.kind not in by_kind]
    back = _rows_on([LOSSES_BORNE], book, shared)
    shared = [row for row in shared if row not in back]
    with_interest = _rows_on([participation_in_interest(one.loan, investor.code) for one in held], book, shared)
    lines = (
        _line("Paid in", -_sum(by_kind[Kind.CONTRIBUTION], nought), by_kind[Kind.CONTRIBUTION]),
        _line("Lent to borrowers", -sum((one.funded for one in held), nought), [row for row in shared if row.debit]),
        _line("Principal returned", sum((one.returned for one in held), nought), [row for row in shared if row.credit]),
        _line("Interest received", sum((one.interest_received for one in held), nought), with_interest),
        _line("Came back after a loss", sum((one.came_back for one in held), nought), back),
        _line("Received for parts sold, less paid for parts bought", -_sum(sold, nought), sold),
        _line("Paid out to you, and corrections", -_sum(other, nought), other),
    )
    return Movements(
        f"cash of {investor.code}",
        -statement.opening,
        tuple(line for line in lines if line.amount),
        -statement.closing,
    )


def _line(words: str, amount: Money, rows: list[StatementRow]) -> Movement:
    return Movement(words, amount, "", tuple(f"E-{row.entry_id}" for row in rows))


def _rows_on(codes: list[str], book: Book, rows: list[StatementRow]) -> list[StatementRow]:
    """The rows whose entries move any of these accounts as well."""
    entries = {row.entry_id for row in rows}
    found = set(postings(book).filter(account__code__in=codes, entry__in=entries).values_list("entry", flat=True))
    return [row for row in rows if row.entry_id in found]


def _sum(rows: list[StatementRow], nought: Money) -> Money:
    return sum((row.amount for row in rows), nought)


def _balances(parts: list[Part], book: Book, head: StatementHead, seal: Seal) -> tuple[Balance, ...]:
    """The principal held at each quarter end, from the one before the first drawdown to the end of the period."""
    codes = [participation_in_principal(part.loan.reference, part.investor.code) for part in parts]
    ends = [*_quarter_ends(book.opened_on, head.last_day), head.last_day]
    told = []
    for on in dict.fromkeys(ends):
        stands = balances(book, codes, on, known_under=seal) if codes else {}
        told.append(Balance(on, -sum(stands.values(), from_minor(0, book.base_currency))))
    first = next((place for place, balance in enumerate(told) if balance.amount), len(told) - 1)
    return tuple(told[max(0, first - 1) :])


def _quarter_ends(first: date, last: date) -> Iterator[date]:
    """The last days of March, June, September and December from `first` to before `last`."""
    starts = (date(year, month, 1) for year in range(first.year, last.year + 2) for month in (1, 4, 7, 10))
    yield from (end for start in starts if first <= (end := start - timedelta(days=1)) < last)


def _ended(position: Position) -> str:
    if position.settled:
        return "Repaid"
    return "Written off" if position.written_off and not position.principal_outstanding else ""
