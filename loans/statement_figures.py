"""From ledger and engine to a loan statement: every figure as of the period's end and as known under its seal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from moneyed import Money

from borrowers.models import Organisation
from borrowers.queries import readings_of
from ledger.domain.money import from_minor
from ledger.queries import entries_known_since
from loans.domain.entries import repayments_in_advance
from loans.domain.position import InstalmentPosition, InstalmentStatus, Position
from loans.domain.words import date_text, money_text
from loans.loan_statement import (
    LoanStatement,
    NextPayment,
    Promise,
    Reading,
    ScheduleRow,
    ScheduleState,
    Transaction,
)
from loans.models import ImpactTarget, Loan
from loans.queries import impact_targets, position_of, terms_of
from loans.rate_words import charged_on, rate_in_words, repaid_in_words
from loans.statement_lines import CLAIMS, IN_ADVANCE, LOST, Line, lines_of, movements
from loans.statements import Balance, Earlier, KnownRow, KnownSince, Party, StatementHead

if TYPE_CHECKING:
    from ledger.models import Seal

STATES = {
    InstalmentStatus.PAID: ScheduleState.PAID,
    InstalmentStatus.PART_PAID: ScheduleState.PART,
    InstalmentStatus.LATE: ScheduleState.LATE,
    InstalmentStatus.DUE: ScheduleState.DUE,
}
"""Every other status says how what nobody paid of an instalment ended."""


def build_loan_statement(
    loan: Loan, head: StatementHead, *, known_under: Seal, earlier: Sequence[Earlier] = ()
) -> LoanStatement:
    """The statement of a loan for the period of `head`, which says what became known since `earlier` ones.

    Raises StatementDoesNotAdd where two readings disagree.
    """
    position = position_of(loan, head.last_day, known_under=known_under)
    lines = lines_of(loan, head.last_day, known_under=known_under)
    nought = from_minor(0, loan.currency)
    tables = {
        name: movements(f"{name.replace('_', ' ')} of {loan.reference}", name, lines, head.period_start, nought)
        for name in (*CLAIMS, IN_ADVANCE, LOST)
    }
    return LoanStatement(
        head=head,
        borrower=party_of(loan.organisation),
        loan=loan.reference,
        payment_reference=loan.payment_reference,
        terms=_terms(loan, position),
        **tables,
        transactions=tuple(_transactions(lines, head.period_start, nought)),
        schedule=tuple(schedule_row(row) for row in position.instalments),
        balances=_balances(lines, nought),
        next_payment=_next_payment(position),
        promise=_promise(loan, head.period_end),
        since=tuple(_known_since(loan, lines, earlier, known_under)),
    )


def _known_since(loan: Loan, lines: Sequence[Line], earlier: Sequence[Earlier], seal: Seal) -> Iterator[KnownSince]:
    """Of each earlier statement the lines dated by its last day that it did not know."""
    codes = [code(loan.reference) for code in (*CLAIMS.values(), repayments_in_advance)]
    nought = from_minor(0, loan.currency)
    for one in earlier:
        came = entries_known_since(
            loan.book, codes, position=one.position, known_under=seal, through=one.last_day
        ).values_list("pk", flat=True)
        new = set(came)
        rows = [
            KnownRow(line.on, line.what, f"E-{line.entry_id}", (line.owed(nought),))
            for line in lines
            if line.entry_id in new
        ]
        if rows:
            yield KnownSince(one.number, one.last_day, ("Owed",), tuple(rows))


def party_of(organisation: Organisation) -> Party:
    """A business as letters address it."""
    registration = ", ".join(f"{label} {number}" for label, number in organisation.registrations)
    return Party(organisation.name, organisation.address_lines, registration)


def _terms(loan: Loan, position: Position) -> tuple[tuple[str, str], ...]:
    terms = terms_of(loan, as_of=position.as_of)
    return (
        ("Amount", f"{money_text(terms.principal)} over {terms.months} months"),
        ("Interest", f"{rate_in_words(loan, position.annual_rate)}, {charged_on(terms)}"),
        ("Payments", f"{repaid_in_words(terms)}, the first on {date_text(terms.shifted(terms.first_due_on))}"),
        ("Last payment", date_text(position.last_due_on or terms.shifted(terms.first_due_on))),
    )


def _transactions(lines: Iterable[Line], first_day: date, nought: Money) -> Iterator[Transaction]:
    """What each entry of the period changed of all that is owed, in order, with what was owed after it."""
    owed = nought
    for line in lines:
        change = line.owed(nought)
        owed += change
        if line.on >= first_day:
            entry, lost = f"E-{line.entry_id}", line.moved.get(LOST)
            yield Transaction(line.on, line.what, change, owed, (entry,), line.cash, lost)


def schedule_row(row: InstalmentPosition) -> ScheduleRow:
    """An instalment as a statement prints it: what falls due, what of it is paid, and where it stands."""
    due = row.instalment
    return ScheduleRow(
        number=due.no,
        due_on=due.due_on,
        interest=due.interest,
        principal=due.principal,
        paid=row.paid,
        left=due.balance,
        state=STATES.get(row.status, ScheduleState.GIVEN_UP),
        days_late=row.days_late,
        given_up=row.given_up or None,
    )


def _balances(lines: Iterable[Line], nought: Money) -> tuple[Balance, ...]:
    """The principal after each day on which it moved, from the first drawdown on."""
    by_day: dict[date, Money] = {}
    principal = nought
    for line in lines:
        if "principal" in line.moved:
            principal += line.moved["principal"]
            by_day[line.on] = principal
    return tuple(Balance(on, amount) for on, amount in by_day.items())


def _next_payment(position: Position) -> NextPayment | None:
    due = position.next_payment
    return NextPayment(due.due_on, due.interest, due.principal, due.balance_after) if due else None


def _promise(loan: Loan, period_end: date) -> Promise | None:
    target = impact_targets(loan).filter(baseline__isnull=False).first()
    if target is None or target.baseline is None:
        return None
    return Promise(
        indicator=target.indicator.name,
        unit=target.indicator.unit,
        baseline=short(target.baseline),
        baseline_period=date_text(target.baseline_on) if target.baseline_on else "",
        target=short(target.target),
        target_by=target.target_by,
        readings=tuple(_readings(loan, target, period_end)),
    )


def _readings(loan: Loan, target: ImpactTarget, period_end: date) -> Iterable[Reading]:
    for reading in readings_of(loan.organisation, target.indicator).filter(period_end__lte=period_end):
        if reading.value is not None:
            told = f"to {date_text(reading.period.last_day)}"
            yield Reading(told, short(reading.value), reading.evidence, reading.grade)


def short(value: Decimal) -> Decimal:
    """A measured number without the noughts that its column adds: 4 and not 4.0000."""
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()
