"""From the ledger to an investor's statement: holdings, cash and outcomes, as known under the statement's seal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Q
from moneyed import Money

from investors.class_figures import CapitalKnown, capital_known, changes_known, class_holdings
from investors.class_statements import ClassHolding
from investors.domain.capital_entries import capital_of
from investors.domain.entries import (
    LOSSES_BORNE,
    due_to_investor,
    participation_in_interest,
    participation_in_principal,
)
from investors.domain.participation import SharingRule
from investors.impact_sections import FundPicture, fund_picture
from investors.models import Investor
from investors.queries import ACT_KEY, known_since, movements, number_in, transfers
from investors.queries import Holding as Part
from investors.queries import Movements as Moved
from investors.statements import Holding, InvestorStatement, Note
from ledger.domain.entry import Kind
from ledger.domain.money import from_minor
from ledger.domain.seal import parse_seal
from ledger.queries import StatementRow, account, account_statement, balances, entries_known_since, postings, seals
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

YOURS = " “Yours” is your average part of that principal."

IMPACT_METHOD = (
    Note(
        "Supported",
        "All that the borrowers report for the year. Supported does not mean caused, and nothing is grossed up for "
        "those who gave no figure.",
    ),
    Note(
        "Our share",
        "The fund’s average principal outstanding over the year, divided by all that finances the borrower: debt, net "
        "assets and grants not in them yet by its latest accounts, and what the fund has lent since. "
        f"{YOURS.lstrip()} Where accounts are missing, or say less than our loan, nothing is claimed.",
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
"""How outcomes are told to one who funds the fund."""

FUND_METHOD = tuple(replace(note, text=note.text.replace(YOURS, "")) for note in IMPACT_METHOD)
"""The same of a whole fund, where nobody’s own part is told."""

OF_CLASSES = (
    Note(
        "Capital account",
        "What you paid in, and your part of what the fund earned and lost, as two people approved each act: its code "
        "begins with C. Losses are counted as the fund has allowed for them in its books.",
    ),
    Note(
        "Multiples",
        "What was paid out to you (DPI) and what your account stands at (RVPI), each over what you paid in; TVPI is "
        "both. They are after fees, and say “not yet” where nothing was paid in.",
    ),
    Note(
        "Rate of return",
        "The rate a year at which what you paid in, on its days, comes to what you were paid and what the account "
        "stands at on the last day (XIRR). It moves with the allowance for losses while loans run.",
    ),
    Note(
        "First-loss cover",
        "What the classes ranked after yours stand at, over all capital that they protect; “used” is what they have "
        "borne of losses. It moves with what others pay in, too.",
    ),
)
"""How the fund's own capital is told."""

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

CLASS_COLUMNS = ("Capital account", "May still be called")
"""The same for what it has in the fund's own capital; the last is what an act changes, also one without an entry."""


def build_investor_statement(
    investor: Investor,
    book: Book,
    head: StatementHead,
    *,
    known_under: Seal,
    earlier: Sequence[Earlier] = (),
    picture: FundPicture | None = None,
    capital: CapitalKnown | None = None,
) -> InvestorStatement:
    """The statement of an investor in a book, which says what became known since `earlier` ones; `picture` and
    `capital` are what the statements of a period share, read here where they are not given.

    Raises StatementDoesNotAdd where two readings disagree.
    """
    moved = movements(investor, book, head.period_start, head.last_day, known_under=known_under)
    parts = [one.holding for one in moved]
    positions = positions_of([part.loan for part in parts], head.last_day, known_under=known_under)
    held = tuple(_holding(one, positions[one.holding.loan.pk]) for one in moved)
    capital = capital or capital_known(book, head.period_end, known_under=known_under)
    classes = class_holdings(investor, book, head, known_under, capital)
    return InvestorStatement(
        head=head,
        investor=Party(investor.name, (), investor.registered_number),
        code=investor.code,
        holdings=held,
        cash=_cash(investor, book, head, held, known_under),
        balances=_balances(parts, book, head, known_under),
        impact=(picture or fund_picture(book, head.period_end, known_under=known_under)).impact(investor.code),
        remarks=tuple(_sales_known_since(investor, book, head, known_under)),
        method=_method(held, classes),
        since=tuple(_known_since(_Known(investor, book, parts, classes, capital), earlier, known_under)),
        classes=classes,
    )


def _known_since(of: _Known, earlier: Sequence[Earlier], seal: Seal) -> Iterator[KnownSince]:
    """Of each earlier statement the entries and acts dated by its last day that it did not know."""
    accounts = of.accounts
    for one in earlier:
        came = entries_known_since(
            of.book, set().union(*accounts), position=one.position, known_under=seal, through=one.last_day
        )
        acts = dict(of.changes(one))
        rows = []
        for entry in came.select_related("request"):
            row = _known_row(entry, accounts, of.book)
            rows.append(replace(row, amounts=(*row.amounts, *of.of_act(acts.pop(_act_of(entry), None)))))
        nothing = tuple(from_minor(0, of.book.base_currency) for _ in accounts)
        rows += [replace(row, amounts=(*nothing, *row.amounts)) for row in acts.values() if any(row.amounts)]
        if rows:
            rows.sort(key=lambda row: row.on)
            yield KnownSince(one.number, one.last_day, of.columns, tuple(rows))


@dataclass(frozen=True, slots=True)
class _Known:
    """Whose accounts and acts can make an earlier statement read otherwise: of loans, of classes, or of both."""

    investor: Investor
    book: Book
    parts: list[Part]
    classes: tuple[ClassHolding, ...]
    capital: CapitalKnown

    @property
    def of_loans(self) -> bool:
        return bool(self.parts or not self.classes)

    @property
    def columns(self) -> tuple[str, ...]:
        return (*(KNOWN_COLUMNS if self.of_loans else KNOWN_COLUMNS[-1:]), *(CLASS_COLUMNS if self.classes else ()))

    @property
    def accounts(self) -> tuple[set[str], ...]:
        """The accounts of each column that entries move, in their order."""
        loans, code = [part.loan.reference for part in self.parts], self.investor.code
        lent = {participation_in_principal(loan, code) for loan in loans}
        interest = {participation_in_interest(loan, code) for loan in loans}
        capital = {capital_of(one.code, code) for one in self.classes}
        of_loans = (lent, interest) if self.of_loans else ()
        return (*of_loans, {due_to_investor(code)}, *((capital,) if self.classes else ()))

    def changes(self, earlier: Earlier) -> Iterator[tuple[int, KnownRow]]:
        """What acts changed of what may still be called; nothing for who has no class."""
        if self.classes:
            before = seals(self.book).get(number=parse_seal(earlier.seal).number)
            yield from changes_known(self.book, self.investor, self.capital, before=before, through=earlier.last_day)

    def of_act(self, row: KnownRow | None) -> tuple[Money, ...]:
        """The last column of an entry's row: what its act changes of what may still be called."""
        if not self.classes:
            return ()
        return row.amounts if row else (from_minor(0, self.book.base_currency),)


def _act_of(entry: JournalEntry) -> int:
    """The number of the act that posted an entry; nought where none did."""
    key = entry.request.key
    return number_in(key) if key.startswith(ACT_KEY) else 0


def _known_row(entry: JournalEntry, accounts: tuple[set[str], ...], book: Book) -> KnownRow:
    """What an entry changes on each group of the investor's accounts; what is the investor's counts as positive."""
    lines = [(line.account.code, line.amount) for line in entry.postings.all()]
    changes = [-sum(minor for code, minor in lines if code in mine) for mine in accounts]
    what = entry.narrative.partition(": ")[2] if entry.kind == Kind.APPORTIONMENT else entry.narrative
    amounts = tuple(from_minor(minor, book.base_currency) for minor in changes)
    return KnownRow(entry.effective_on, what or entry.narrative, f"E-{entry.pk}", amounts)


def _method(held: tuple[Holding, ...], classes: tuple[ClassHolding, ...]) -> tuple[Note, ...]:
    of_loans: tuple[Note, ...] = METHOD[:2] if held or not classes else ()
    if any(one.sharing or one.own_terms for one in held):
        of_loans = tuple(SHARED_AS_AGREED if note is SHARED_ALIKE else note for note in of_loans)
    return (*of_loans, *(OF_CLASSES if classes else ()), *METHOD[2:])


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
        for kind in (Kind.CONTRIBUTION, Kind.APPORTIONMENT, Kind.SALE, Kind.CAPITAL, Kind.DISTRIBUTION, Kind.GRANT)
    }
    shared, sold = by_kind[Kind.APPORTIONMENT], by_kind[Kind.SALE]
    capital, distributed, granted = (by_kind[kind] for kind in (Kind.CAPITAL, Kind.DISTRIBUTION, Kind.GRANT))
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
        _line("Put into the fund’s own capital", -_sum(capital, nought), capital),
        _line("Distributed out of the fund’s own capital", -_sum(distributed, nought), distributed),
        _line("Given as a restricted grant", -_sum(granted, nought), granted),
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
