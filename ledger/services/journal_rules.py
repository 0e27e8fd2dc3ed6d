"""What may a manual journal not say? Nothing ahead of the business date, nothing of a closed period, and nothing of the
bank that it did not say.

A bank's account moves by the lines of its statements; a journal takes such a line out of suspense, whole and by name of
its amount, so that suspense goes on holding exactly what nobody has matched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from ledger.domain.entry import Kind
from ledger.domain.errors import BankMovesByStatement, DatedAhead, NoSuchBankLine, PeriodClosed
from ledger.domain.money import from_minor
from ledger.domain.words import date_text, money_text
from ledger.models import Account, BankAccount, BankStatementLine, Book
from ledger.queries import bank_lines_with_rest, closed_until

if TYPE_CHECKING:
    from ledger.models import JournalEntry


def refuse_ahead(book: Book, on: date) -> None:
    """Raise DatedAhead for a day after a book's business date as it stands now."""
    today = Book.objects.values_list("business_date", flat=True).get(pk=book.pk)
    if on > today:
        raise DatedAhead(
            f"{date_text(on)} is after {date_text(today)}, the business date of {book}. "
            "Date it on or before that day, or wait until the day has come; nothing was changed."
        )


def refuse_closed(book: Book, on: date) -> None:
    """Raise PeriodClosed for a day of a closed period: what is prepared for it could not be posted."""
    open_from = closed_until(book)
    if open_from is not None and on < open_from:
        raise PeriodClosed(
            f"{date_text(on)} is in a closed period, so a journal of that day could not be posted. Date it on or after "
            f"{date_text(open_from)}, or reopen the latest closed period; nothing was prepared."
        )


def bank_lines_taken(
    *, book: Book, kind: Kind, on: date, postings: Iterable[tuple[Account, int]]
) -> list[BankStatementLine]:
    """The bank lines that a journal takes out of suspense: for each suspense account that it moves, the oldest waiting
    line of exactly that amount.

    Raises BankMovesByStatement for a posting to a bank's own account, but for an opening balance that comes before any
    statement, and NoSuchBankLine where no line of the amount waits.
    """
    moved: dict[int, int] = defaultdict(int)
    for account, minor in postings:
        moved[account.pk] += minor
    banks = BankAccount.objects.filter(book=book).select_related("account", "suspense").order_by("code")
    for bank in banks:
        if bank.account_id in moved and not (kind == Kind.OPENING and not bank.statements.exists()):
            raise BankMovesByStatement(_moves_by_statement(bank))
    return [_waiting_line(bank, moved[bank.suspense_id], on) for bank in banks if bank.suspense_id in moved]


def refuse_reversing_opening(entry: JournalEntry) -> None:
    """Raise BankMovesByStatement where bank statements rest on the opening balance that an entry brought."""
    if entry.kind != Kind.OPENING:
        return
    for posting in entry.postings.select_related("account"):
        bank = BankAccount.objects.filter(account_id=posting.account_id).select_related("account", "suspense").first()
        if bank is not None and bank.statements.filter(from_on__gt=entry.effective_on).exists():
            raise BankMovesByStatement(_moves_by_statement(bank))


def _moves_by_statement(bank: BankAccount) -> str:
    return (
        f"{bank.account.code} stands at what the bank says of {bank.name}: only the lines of its statements move it, "
        f"and its opening balance until the first one is in. Bring in the bank's statement; then take its line out of "
        f"{bank.suspense.code} by a journal of exactly the line's amount. Nothing was changed."
    )


def _waiting_line(bank: BankAccount, minor: int, on: date) -> BankStatementLine:
    waiting = bank_lines_with_rest().filter(bank_account=bank, booked_on__lte=on, rest=minor)
    line: BankStatementLine | None = waiting.order_by("booked_on", "pk").first() if minor else None
    if line is None:
        amount = money_text(from_minor(minor, bank.currency))
        raise NoSuchBankLine(
            f"No bank line of {amount}, booked on or before {date_text(on)}, waits on {bank.suspense.code}. Post "
            "exactly what is left of one line: money in as a debit, money out as a credit; nothing was changed."
        )
    return line
