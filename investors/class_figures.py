"""From the acts on a fund's capital and the ledger to the classes on an investor's statement, as a seal knew them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from investors.class_statements import ClassHolding
from investors.domain.capital import CapitalKind
from investors.domain.capital_entries import capital_of
from investors.domain.capital_holding import CapitalHolding
from investors.models import Investor
from investors.queries import CapitalPicture, acts_known_under, capital_changes, capital_holdings, capital_picture
from ledger.domain.entry import Kind
from ledger.queries import StatementRow, account, account_statement
from loans.statements import KnownRow, Movement, Movements, StatementHead, must_equal

if TYPE_CHECKING:
    from ledger.models import Book, Seal


@dataclass(frozen=True, slots=True)
class CapitalKnown:
    """A fund's capital as a seal knew it at the end of a period: which acts, and all that its holders share."""

    acts: Sequence[int]
    picture: CapitalPicture


def capital_known(book: Book, end: date, *, known_under: Seal) -> CapitalKnown:
    """The capital of a fund up to and not including `end`, in a fixed number of queries."""
    acts = acts_known_under(book, known_under)
    return CapitalKnown(acts, capital_picture(book, end - timedelta(days=1), among=acts))


def class_holdings(
    investor: Investor, book: Book, head: StatementHead, seal: Seal, capital: CapitalKnown
) -> tuple[ClassHolding, ...]:
    """What an investor has in each class, by rank. Raises StatementDoesNotAdd where acts and ledger disagree."""
    held = capital_holdings(book, investor, head.period_start, head.last_day, picture=capital.picture)
    ranks = max((one.rank for one in capital.picture.classes.values()), default=0)
    return tuple(ClassHolding(one, ranks, _account(book, head, one, seal)) for one in held)


def _account(book: Book, head: StatementHead, held: CapitalHolding, seal: Seal) -> Movements:
    """The capital account by kind of movement, each with the entries that made it."""
    of, told = f"capital account in {held.fund_class.code}", held.account
    found = account(book, capital_of(held.fund_class.code, held.investor))
    rows: Sequence[StatementRow] = ()
    if found is not None:
        booked = account_statement(found, head.period_start, head.last_day, known_under=seal)
        must_equal(f"{of}: the acts before the period", told.opening, -booked.opening)
        must_equal(f"{of}: the acts", told.closing, -booked.closing)
        rows = booked.rows
    entries = {_place(row): f"E-{row.entry_id}" for row in rows}
    return Movements(
        of,
        told.opening,
        tuple(_movement(held, kind, entries) for kind in CapitalKind if any(m.kind is kind for m in told.movements)),
        told.closing,
    )


def _movement(held: CapitalHolding, kind: CapitalKind, entries: dict[str, str]) -> Movement:
    sources = dict.fromkeys(one.source for one in held.account.movements if one.kind is kind)
    return Movement(
        kind.words.capitalize(),
        held.account.total(kind),
        "",
        tuple(dict.fromkeys(entries[source] for source in sources if source in entries)),
    )


def _place(row: StatementRow) -> str:
    """The act that posted a row, as the movements of a capital account name it."""
    act = f"C-{row.source.removeprefix('capital:')}"
    return f"{act} reversed" if row.kind == Kind.REVERSAL else act


def changes_known(
    book: Book, investor: Investor, capital: CapitalKnown, *, before: Seal, through: date
) -> Iterator[tuple[int, KnownRow]]:
    """What became known of an investor's commitments after a seal: the number of each act, and what it changes of what
    may still be called, as a row that names the act."""
    earlier = acts_known_under(book, before)
    for change in capital_changes(book, investor, before=earlier, now=capital.acts, through=through):
        act = change.act
        yield act.number, KnownRow(act.effective_on, f"{act.what.words}: {act.words}", str(act), (change.callable,))
