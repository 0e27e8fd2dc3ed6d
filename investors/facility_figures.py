"""From ledger and engine to the statement of a lender to the fund: as of the period's end, as known under its seal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from moneyed import Money

from investors.domain.borrowing_covenants import CovenantKind
from investors.domain.borrowing_entries import (
    borrowed,
    fees_accrued,
    fees_owed,
    interest_accrued,
    interest_owed,
    paid_in_advance,
)
from investors.facility_statement import CovenantRow, FacilityStatement, Outstanding
from investors.models import BorrowingBooking, Facility
from investors.queries.borrowings import FacilityLife, agreement_of, covenant_tests, facility_terms, lives_of
from ledger.domain.entry import Kind
from ledger.domain.money import from_minor
from ledger.queries import balances, entries_known_since, postings
from loans.domain.events import RateChanged
from loans.domain.movements import Happening
from loans.domain.offer_words import KINDS, interval_in_words
from loans.domain.position import Position
from loans.domain.rates import rate_text
from loans.domain.words import date_text, money_text
from loans.loan_statement import NextPayment, Transaction
from loans.statement_figures import schedule_row
from loans.statement_lines import Line, movements
from loans.statements import Balance, Earlier, KnownRow, KnownSince, Movements, Party, StatementHead

if TYPE_CHECKING:
    from ledger.models import JournalEntry, Seal

OWED = {"principal": borrowed, "interest": interest_owed, "fees": fees_owed}
"""What the fund owes, by the account that holds it; credits add to it."""

IN_ADVANCE = "in_advance"

SAID = {
    Happening.DRAWN: "Drawn by the fund",
    Happening.FELL_DUE: "Interest due",
    Happening.CAPITALISED: "Interest added to what is lent",
    Happening.SETTLED: "Interest to the day of settlement",
    Happening.FEE: "Fee charged",
    Happening.COMMITMENT_FEE: "Commitment fee due",
    Happening.REPAID: "Paid by the fund",
    Happening.ADVANCE_APPLIED: "Paid from money in advance",
    Happening.RESTRUCTURED: "What was due, lent anew under new terms",
}
"""How a movement reads to the lender."""


def build_facility_statement(
    facility: Facility, head: StatementHead, *, known_under: Seal, earlier: Sequence[Earlier] = ()
) -> FacilityStatement:
    """The statement of a facility for the period of `head`, which says what became known since `earlier` ones.

    Raises StatementDoesNotAdd where ledger and engine disagree.
    """
    (life,) = lives_of([facility], known_under=known_under)
    position = life.at(head.last_day)
    lines = facility_lines(facility, head.last_day, known_under=known_under)
    nought = from_minor(0, facility.currency)
    codes = [interest_accrued(facility.reference), fees_accrued(facility.reference)]
    accrued = balances(facility.book, codes, head.last_day, known_under=known_under)
    lender = facility.lender
    return FacilityStatement(
        head=head,
        lender=Party(lender.name, registration=lender.registered_number),
        facility=facility.reference,
        agreement=life.agreement.reference,
        terms=tuple(_terms(facility, life, position)),
        **facility_tables(facility, lines, head.period_start),
        engine=Outstanding(
            position.principal_outstanding, position.interest_due, position.fees_due, position.in_advance
        ),
        transactions=tuple(_transactions(lines, head.period_start, nought)),
        schedule=tuple(schedule_row(row) for row in position.instalments),
        balances=tuple(_balances(lines, nought)),
        accrued=-sum(accrued.values(), nought),
        undrawn=nought if head.last_day > life.agreement.available_until else position.undrawn,
        covenants=tuple(covenants_by(facility, head.last_day)),
        next_payment=_next_payment(position),
        since=tuple(_known_since(facility, lines, earlier, known_under)),
    )


def facility_tables(facility: Facility, lines: Sequence[Line], since: date) -> dict[str, Movements]:
    """Principal, interest, fees and what was paid in advance: before a day, what moved since, and now."""
    nought = from_minor(0, facility.currency)
    return {
        name: movements(f"{name.replace('_', ' ')} of {facility}", name, lines, since, nought)
        for name in (*OWED, IN_ADVANCE)
    }


def facility_lines(facility: Facility, through: date, *, known_under: Seal | None = None) -> tuple[Line, ...]:
    """Every entry up to a day that moved what the fund owes under a facility, as its lender reads it, in order."""
    tables = {code(facility.reference): name for name, code in OWED.items()}
    tables[paid_in_advance(facility.reference)] = IN_ADVANCE
    found = postings(facility.book).filter(
        account__code__in=tables,
        account__currency=facility.currency,
        effective_on__lte=through,
    )
    if known_under is not None:
        found = found.filter(entry__sealed__position__lte=known_under.position)
    nought = from_minor(0, facility.currency)
    entries: dict[int, JournalEntry] = {}
    moved: dict[int, dict[str, Money]] = {}
    for posting in found.select_related("entry", "account"):
        name = tables[posting.account.code]
        amount = from_minor(posting.amount if name == IN_ADVANCE else -posting.amount, facility.currency)
        entries[posting.entry_id] = posting.entry
        mine = moved.setdefault(posting.entry_id, {})
        mine[name] = mine.get(name, nought) + amount
    booked = BorrowingBooking.objects.filter(facility=facility, entry__in=list(entries)).order_by("pk")
    names = dict(booked.values_list("entry_id", "name"))
    again = set(_again(names))
    lines = [_line(entries[key], names.get(key, ""), moved[key], is_again=key in again) for key in entries]
    return tuple(sorted(lines, key=lambda line: (line.on, line.entry_id)))


def covenants_by(facility: Facility, on: date) -> Iterator[CovenantRow]:
    """Each promise as it was tested last by a day, in the order in which they are agreed."""
    latest = {row.kind: row for row in covenant_tests(facility).filter(on__lte=on).order_by("on", "revision")}
    for kind in CovenantKind:
        if row := latest.get(kind.value):
            told = (row.figure, row.limit, row.headroom, row.sentence)
            yield CovenantRow(kind.words.capitalize(), row.on, row.is_met, *told)


def _line(entry: JournalEntry, name: str, moved: dict[str, Money], *, is_again: bool) -> Line:
    kind, _, _ = name.rpartition(":")
    said = SAID.get(Happening(kind), "") if kind else ""
    is_reversal = entry.kind == Kind.REVERSAL
    more = ", taken back" if is_reversal else ", worked out again" if is_again else ""
    return Line(
        entry_id=entry.pk,
        on=entry.effective_on,
        what=f"{said}{more}" if said else entry.narrative,
        happening=None,
        is_correction=is_reversal or is_again,
        moved=moved,
        cash=None,
    )


def _again(names: dict[int, str]) -> Iterator[int]:
    """The entries of what was booked before and has changed since."""
    seen: set[str] = set()
    for entry, name in names.items():
        if name in seen:
            yield entry
        seen.add(name)


def _terms(facility: Facility, life: FacilityLife, position: Position) -> Iterator[tuple[str, str]]:
    """What is agreed, as it stood at the end of the period."""
    agreed = facility_terms(facility).filter(decision__outcome="approved", effective_on__lte=position.as_of).first()
    agreement = agreement_of(agreed) if agreed else life.agreement
    terms = agreement.terms
    changed = any(isinstance(one, RateChanged) and one.effective_on <= position.as_of for one in life.standing)
    yield "Amount", money_text(agreement.amount)
    now = "now " if changed else ""
    yield "Interest", f"{now}{rate_text(position.annual_rate)} a year, {str(terms.day_count).upper()}"
    every = interval_in_words(terms.cycle.every)
    first = date_text(terms.first_due_on)
    yield "Repayment", f"{KINDS[terms.amortisation]}: {terms.instalments}, {every} from {first}"
    yield "May be drawn", f"{date_text(agreement.effective_on)} to {date_text(agreement.available_until)}"
    if terms.fees:
        yield "Fees", "; ".join(fee.in_words(terms.currency) for fee in terms.fees)
    yield "Security", agreement.security or "None"


def _transactions(lines: Iterable[Line], first_day: date, nought: Money) -> Iterator[Transaction]:
    """What each entry of the period changed of all that is owed, in order, with what was owed after it."""
    owed = nought
    for line in lines:
        change = _change(line, nought)
        owed += change
        if line.on >= first_day:
            yield Transaction(line.on, line.what, change, owed, (f"E-{line.entry_id}",))


def _change(line: Line, nought: Money) -> Money:
    owed = sum((line.moved.get(name, nought) for name in OWED), nought)
    return owed - line.moved.get(IN_ADVANCE, nought)


def _balances(lines: Iterable[Line], nought: Money) -> Iterator[Balance]:
    """The principal after each day on which it moved, from the first draw on."""
    by_day: dict[date, Money] = {}
    principal = nought
    for line in lines:
        if "principal" in line.moved:
            principal += line.moved["principal"]
            by_day[line.on] = principal
    yield from (Balance(on, amount) for on, amount in by_day.items())


def _next_payment(position: Position) -> NextPayment | None:
    due = position.next_payment
    return NextPayment(due.due_on, due.interest, due.principal, due.balance_after) if due else None


def _known_since(
    facility: Facility, lines: Sequence[Line], earlier: Sequence[Earlier], seal: Seal
) -> Iterator[KnownSince]:
    """Of each earlier statement the lines dated by its last day that it did not know."""
    codes = [code(facility.reference) for code in (*OWED.values(), paid_in_advance)]
    nought = from_minor(0, facility.currency)
    for one in earlier:
        came = entries_known_since(
            facility.book, codes, position=one.position, known_under=seal, through=one.last_day
        ).values_list("pk", flat=True)
        new = set(came)
        rows = [
            KnownRow(line.on, line.what, f"E-{line.entry_id}", (_change(line, nought),))
            for line in lines
            if line.entry_id in new
        ]
        if rows:
            yield KnownSince(one.number, one.last_day, ("Owed",), tuple(rows))
