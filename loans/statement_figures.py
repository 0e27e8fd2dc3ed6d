"""From ledger and engine to a loan statement: every figure as of the period's end and as known under its seal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from moneyed import Money

from borrowers.models import Organisation
from borrowers.queries import readings_of
from ledger.queries import AccountStatement, StatementRow, account, account_statement
from loans.domain.entries import interest_receivable, loan_principal
from loans.domain.position import InstalmentPosition, InstalmentStatus, Position
from loans.domain.words import date_text, money_text
from loans.models import ImpactTarget, Loan
from loans.queries import impact_targets, position_of, terms_of
from loans.rate_words import charged_on, rate_in_words, repaid_in_words
from loans.statements import (
    Balance,
    LoanStatement,
    Movement,
    Movements,
    NextPayment,
    Party,
    Promise,
    Reading,
    ScheduleRow,
    ScheduleState,
    StatementHead,
    Transaction,
)

if TYPE_CHECKING:
    from ledger.models import Account, Seal

STATES = {
    InstalmentStatus.PAID: ScheduleState.PAID,
    InstalmentStatus.PART_PAID: ScheduleState.PART,
    InstalmentStatus.LATE: ScheduleState.LATE,
    InstalmentStatus.DUE: ScheduleState.DUE,
}
"""Every other status says how what nobody paid of an instalment ended."""

GIVEN_UP_WORDS = {"waiver": "No longer asked for", "write-off": "Written off"}
PRINCIPAL_WORDS = {"drawdown": "Lent to you", "repayment": "Repaid", "reversal": "Corrected"} | GIVEN_UP_WORDS
INTEREST_WORDS = {
    "interest": "Interest charged",
    "repayment": "Interest paid",
    "reversal": "Corrected",
} | GIVEN_UP_WORDS


def build_loan_statement(loan: Loan, head: StatementHead, *, known_under: Seal) -> LoanStatement:
    """The statement of a loan for the period of `head`. Raises StatementDoesNotAdd where two readings disagree."""
    position = position_of(loan, head.last_day, known_under=known_under)
    principal, interest = (
        _statement(loan, code, head, known_under)
        for code in (loan_principal(loan.reference), interest_receivable(loan.reference))
    )
    return LoanStatement(
        head=head,
        borrower=party_of(loan.organisation),
        loan=loan.reference,
        payment_reference=loan.payment_reference,
        terms=_terms(loan, position),
        principal=movements(f"principal of {loan.reference}", principal, PRINCIPAL_WORDS),
        interest=movements(f"interest of {loan.reference}", interest, INTEREST_WORDS),
        transactions=_transactions(principal, interest),
        schedule=tuple(_schedule_row(row) for row in position.instalments),
        balances=_balances(principal.account, head.last_day, known_under),
        next_payment=_next_payment(position),
        promise=_promise(loan, head.period_end),
    )


def party_of(organisation: Organisation) -> Party:
    """A business as letters address it."""
    registration = ", ".join(f"{label} {number}" for label, number in organisation.registrations)
    return Party(organisation.name, organisation.address_lines, registration)


def movements(of: str, statement: AccountStatement, words: dict[str, str]) -> Movements:
    """An account's statement with its postings summed by kind of entry."""
    grouped: dict[str, list[StatementRow]] = defaultdict(list)
    for row in statement.rows:
        grouped[words.get(row.kind, "Other")].append(row)
    lines = tuple(
        Movement(
            name,
            sum((row.amount for row in rows), 0 * statement.opening),
            _dates(rows),
            tuple(f"E-{row.entry_id}" for row in rows),
        )
        for name, rows in grouped.items()
    )
    return Movements(of, statement.opening, lines, statement.closing)


def _dates(rows: list[StatementRow]) -> str:
    first, last = rows[0].effective_on, rows[-1].effective_on
    if first == last:
        return date_text(first)
    return f"{len(rows)} times, {date_text(first)} to {date_text(last)}"


def _statement(loan: Loan, code: str, head: StatementHead, seal: Seal) -> AccountStatement:
    found = account(loan.book, code, loan.currency)
    if found is None:
        raise LookupError(f"{loan} has no account {code}")
    return account_statement(found, head.period_start, head.last_day, known_under=seal)


def _terms(loan: Loan, position: Position) -> tuple[tuple[str, str], ...]:
    terms = terms_of(loan, as_of=position.as_of)
    return (
        ("Amount", f"{money_text(terms.principal)} over {terms.months} months"),
        ("Interest", f"{rate_in_words(loan, position.annual_rate)}, {charged_on(terms)}"),
        ("Payments", f"{repaid_in_words(terms)}, the first on {date_text(terms.shifted(terms.first_due_on))}"),
        ("Last payment", date_text(terms.shifted(terms.nominal_maturity or terms.first_due_on))),
    )


def _transactions(*statements: AccountStatement) -> tuple[Transaction, ...]:
    """What each entry changed of principal and interest together, in order, with what was owed after it."""
    changed: dict[tuple[date, int], Money] = {}
    said: dict[tuple[date, int], str] = {}
    for statement in statements:
        for row in statement.rows:
            key = (row.effective_on, row.entry_id)
            changed[key] = changed[key] + row.amount if key in changed else row.amount
            said[key] = row.narrative
    owed = sum((statement.opening for statement in statements), 0 * statements[0].opening)
    told = []
    for on, entry_id in sorted(changed):
        amount = changed[on, entry_id]
        if amount:
            owed += amount
            told.append(Transaction(on, said[on, entry_id], amount, owed, (f"E-{entry_id}",)))
    return tuple(told)


def _schedule_row(row: InstalmentPosition) -> ScheduleRow:
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


def _balances(principal: Account, last_day: date, seal: Seal) -> tuple[Balance, ...]:
    """The balance after each day on which it moved, from the first drawdown on."""
    whole = account_statement(principal, principal.opened_on, last_day, known_under=seal)
    by_day = {row.effective_on: row.balance for row in whole.rows}
    return tuple(Balance(on, amount) for on, amount in by_day.items())


def _next_payment(position: Position) -> NextPayment | None:
    due = position.next_payment
    return NextPayment(due.due_on, due.interest, due.principal, due.balance_after) if due else None


def _promise(loan: Loan, period_end: date) -> Promise | None:
    target = impact_targets(loan).first()
    if target is None:
        return None
    return Promise(
        indicator=target.indicator.name,
        unit=target.indicator.unit,
        baseline=short(target.baseline),
        baseline_period=date_text(target.baseline_on),
        target=short(target.target),
        target_by=target.target_by,
        readings=tuple(_readings(loan, target, period_end)),
    )


def _readings(loan: Loan, target: ImpactTarget, period_end: date) -> Iterable[Reading]:
    for reading in readings_of(loan.organisation, target.indicator).filter(period_end__lte=period_end):
        told = f"to {date_text(reading.period.last_day)}"
        yield Reading(told, short(reading.value), reading.evidence, reading.grade)


def short(value: Decimal) -> Decimal:
    """A measured number without the noughts that its column adds: 4 and not 4.0000."""
    whole = value.to_integral_value()
    return whole if value == whole else value.normalize()
