"""Which loans could waiting bank lines be for? What is read for the scorer, in as many queries for many lines as for
one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import F

from ledger import queries as ledger
from ledger.domain.money import to_minor
from ledger.domain.payer_names import plain_name
from ledger.domain.suggestion import Suggestion
from loans.domain.entries import payment_on_its_way
from loans.domain.errors import LoanError
from loans.domain.quote import settlement_quote
from loans.domain.suggestions import Hints, KnownLoans, Line, LoanKnown, LoanStands, suggestions_for
from loans.lives_queries import events_by_loan, first_terms_by_loan
from loans.models import Instalment, Loan, LoanEvent, Standing
from loans.servicing_queries import AFTER_EVERY_ENTRY

if TYPE_CHECKING:
    from ledger.models import BankStatementLine, Book

WINDOW = timedelta(days=45)
"""Instalments so far before or after a line are what it may pay."""

MOST_QUOTES = 20
"""So many settlements are worked out for one page; each takes the telling of a loan's life."""

MOST_OF_AN_AMOUNT = 500


def loan_suggestions(book: Book, lines: Sequence[BankStatementLine]) -> dict[int, list[Suggestion]]:
    """What each waiting line (with its `rest`) could be for among the loans of a book, by the line's key."""
    asked = {line.pk: _line(line) for line in lines}
    known = _known(book)
    payers = _payers(book, asked.values())
    hints = {key: known.hints(line, payers) for key, line in asked.items()}
    by_amount = _by_amount(book, asked.values())
    thought_of = {
        key: _thought_of(known, hints[key], by_amount.get(line.minor, frozenset())) for key, line in asked.items()
    }
    stands = _stands(book, {loan for found in thought_of.values() for loan in found}, asked.values())
    sent = _on_their_way(book, known)
    quotes = _quotes(asked, hints, stands)
    rivals = Counter({minor: len(found) for minor, found in by_amount.items()})
    return {
        key: suggestions_for(
            line, known, hints[key], _of_line(key, line, thought_of[key], stands, sent, quotes), rivals
        )
        for key, line in asked.items()
    }


def _line(line: BankStatementLine) -> Line:
    text = f"{line.reference} {line.description}"
    return Line(line.booked_on, vars(line)["rest"], line.bank_account.currency, line.counterparty, text)


def _known(book: Book) -> KnownLoans:
    columns = ("pk", "reference", "payment_reference", "organisation_id", "organisation__name")
    rows = Loan.objects.filter(book=book, standings__isnull=False).order_by("pk").distinct().values_list(*columns)
    return KnownLoans({row[0]: LoanKnown(*row) for row in rows})


def _payers(book: Book, lines: Iterable[Line]) -> Mapping[str, set[int]]:
    """For which loans each payer, by plain name, paid before."""
    entries = ledger.matched_by_payers(book, {line.payer for line in lines})
    loans = dict(
        LoanEvent.objects.filter(entry_id__in=[entry for _, entry in entries]).values_list("entry_id", "loan_id")
    )
    found: dict[str, set[int]] = defaultdict(set)
    for payer, entry in entries:
        if entry in loans:
            found[plain_name(payer)].add(loans[entry])
    return found


def _by_amount(book: Book, lines: Iterable[Line]) -> dict[int, frozenset[int]]:
    """Loans that wait for exactly the amount of a line: what is due and unpaid, or an instalment near its day."""
    came_in = [line for line in lines if line.minor > 0]
    if not came_in:
        return {}
    amounts, found = {line.minor for line in came_in}, defaultdict[int, set[int]](set)
    now = Standing.objects.as_at(book.business_date).filter(loan__book=book, unpaid_due__in=amounts)
    due = Instalment.objects.filter(loan__book=book, due_on__range=_span(came_in, timedelta(days=10)))
    due = due.annotate(whole=F("principal") + F("interest")).filter(whole__in=amounts)
    for loan, minor in now.values_list("loan_id", "unpaid_due")[:MOST_OF_AN_AMOUNT]:
        found[minor].add(loan)
    for loan, minor in due.values_list("loan_id", "whole")[:MOST_OF_AN_AMOUNT]:
        found[minor].add(loan)
    return {minor: frozenset(loans) for minor, loans in found.items()}


def _thought_of(known: KnownLoans, hints: Hints, waiting: Collection[int]) -> set[int]:
    """The loans that a line hints at with those beside them, and those that wait for its amount."""
    return {beside for key in hints.by_loan for beside in known.beside(key)} | {
        key for key in waiting if key in known.loans
    }


def _stands(book: Book, keys: Collection[int], lines: Iterable[Line]) -> dict[int, LoanStands]:
    due: dict[int, list[tuple[date, int]]] = defaultdict(list)
    rows = Instalment.objects.filter(loan__in=keys, due_on__range=_span(lines, WINDOW)).order_by("loan_id", "no")
    for loan, due_on, principal, interest in rows.values_list("loan_id", "due_on", "principal", "interest"):
        due[loan].append((due_on, principal + interest))
    now = Standing.objects.as_at(book.business_date).filter(loan__in=keys)
    return {
        row.loan_id: LoanStands(
            unpaid=row.unpaid_due,
            instalments=tuple(due[row.loan_id]),
            is_written_off=bool(row.written_off) and not row.principal,
        )
        for row in now
    }


def _on_their_way(book: Book, known: KnownLoans) -> dict[int, int]:
    """What was sent to each borrower and is not confirmed by the bank."""
    by_code = {payment_on_its_way(loan.label): key for key, loan in known.loans.items()}
    codes = dict(ledger.accounts(book).filter(node__code="1020").values_list("pk", "code"))
    balances = ledger.minor_balances(book, [pk for pk, code in codes.items() if code in by_code], AFTER_EVERY_ENTRY)
    return {by_code[codes[pk]]: -minor for pk, minor in balances.items() if minor < 0}


def _quotes(
    asked: Mapping[int, Line], hints: Mapping[int, Hints], stands: Mapping[int, LoanStands]
) -> dict[tuple[int, date], int]:
    """What would settle the loans that a line hints at and that wait for another amount."""
    wanted = [
        (loan, line.on)
        for key, line in asked.items()
        if line.minor > 0
        for loan in hints[key].by_loan
        if loan in stands and line.minor > stands[loan].unpaid and not _is_instalment(line, stands[loan])
    ][:MOST_QUOTES]
    keys = {loan for loan, _ in wanted}
    if not keys:
        return {}
    terms, events = first_terms_by_loan(keys), events_by_loan(keys)
    found = {}
    for loan, on in wanted:
        try:
            total = settlement_quote(terms[loan], events[loan], on).total
        except LoanError:
            continue
        found[loan, on] = to_minor(total.amount, total.currency.code)
    return found


def _is_instalment(line: Line, at: LoanStands) -> bool:
    return any(amount == line.minor for _, amount in at.instalments)


def _of_line(
    key: int,
    line: Line,
    thought_of: Collection[int],
    stands: Mapping[int, LoanStands],
    sent: Mapping[int, int],
    quotes: Mapping[tuple[int, date], int],
) -> dict[int, LoanStands]:
    """Where the loans stand that one line may be for."""
    if line.minor < 0:
        return {
            loan: LoanStands(on_its_way=minor)
            for loan, minor in sent.items()
            if loan in thought_of or minor == -line.minor
        }
    return {
        loan: LoanStands(
            stands[loan].unpaid,
            stands[loan].instalments,
            quotes.get((loan, line.on)),
            is_written_off=stands[loan].is_written_off,
        )
        for loan in thought_of
        if loan in stands
    }


def _span(lines: Iterable[Line], around: timedelta) -> tuple[date, date]:
    days = [line.on for line in lines]
    return (min(days) - around, max(days) + around) if days else (date.max, date.min)
