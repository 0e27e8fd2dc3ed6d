"""The bank's one credit for a run of Direct Debits, matched to the run: each of its loans is repaid on the day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from ledger.domain.errors import LedgerError
from ledger.queries import is_posted, unmatched_bank_lines
from ledger.services import set_against
from loans.debits import collections, debit_runs, run_lines
from loans.domain.errors import LoanError
from loans.domain.words import date_text
from loans.models import DebitLine, DebitOutcome, DebitRun, Loan
from loans.services.debit_returns import CameBack, take_collection_back
from loans.services.repayments import record_repayment

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from ledger.models import BankStatementLine, Book

WITHIN = timedelta(days=7)
"""So many days after the collection the bank credits it at the latest; a later line is matched by hand."""


@dataclass(frozen=True, slots=True)
class MatchedRun:
    """What became of a bank line that is the credit of a run: what was repaid, and what was refused and why."""

    line: BankStatementLine
    run: DebitRun
    repaid: tuple[DebitOutcome, ...]
    left: tuple[str, ...]


def match_debit_runs(*, book: Book, by: AbstractBaseUser) -> list[MatchedRun]:
    """Match every bank line that is the credit of one approved run, the oldest first; again, it changes nothing more.

    A line is a run's where it came on its day or within a week, into its account, and has what of the run is not paid;
    one that names the run is of no other. What could be of two is left for a person. Each collection is a step of its
    own: one that is refused leaves its part of the line in suspense.
    """
    runs = [run for run in debit_runs(book).filter(purpose="collect") if run.state == "approved"]
    open_ = {run.pk: (run, lines) for run in runs if (lines := unpaid(run_lines(run)))}
    matched = []
    for line in unmatched_bank_lines(book).order_by("booked_on", "pk"):
        run = _run_of(line, open_.values())
        if run is not None:
            matched.append(_match(line, run, open_.pop(run.pk)[1], by=by))
    return matched


def match_debit_returns(*, book: Book, by: AbstractBaseUser) -> list[DebitOutcome]:
    """Match every bank line by which a collection went back: it names the mandate and has the collection's amount.

    A return that no report told yet is recorded from the line. The line is set against the credit that had brought the
    money, so that neither is left in suspense. What could be of two collections is left for a person; again, it changes
    nothing more.
    """
    went_out = [line for line in unmatched_bank_lines(book).order_by("booked_on", "pk") if vars(line)["rest"] < 0]
    if not went_out:
        return []
    paid = collections(book).filter(outcomes__kind=DebitOutcome.Kind.PAID, outcomes__bank_line__isnull=False)
    return [outcome for line in went_out if (outcome := _went_back(line, paid, by=by)) is not None]


def _went_back(line: BankStatementLine, paid: QuerySet[DebitLine], *, by: AbstractBaseUser) -> DebitOutcome | None:
    text = f"{line.reference} {line.description}".upper()
    same = paid.filter(amount=-vars(line)["rest"], run__collect_on__lte=line.booked_on)
    named = [one for one in same if one.mandate.reference.upper() in text]
    found = [one for one in named if _credit_of(one).bank_account_id == line.bank_account_id and not _is_set_off(one)]
    if len(found) != 1:
        return None
    try:
        return _set_off(line, found[0], by=by)
    except (LoanError, LedgerError):
        return None


@transaction.atomic
def _set_off(line: BankStatementLine, one: DebitLine, *, by: AbstractBaseUser) -> DebitOutcome:
    back = CameBack(DebitOutcome.Kind.RETURNED, line.booked_on, bank_line_id=line.pk)
    outcome = take_collection_back(line=one, back=back, by=by)
    credit = _credit_of(one)
    set_against(line_id=line.pk, other_id=credit.pk, key=f"debit-back:{one.pk}", by=by, is_part=True)
    return outcome


def _credit_of(one: DebitLine) -> BankStatementLine:
    """The bank line that brought the money of a collection."""
    paid = (each for each in one.outcomes.all() if each.kind == DebitOutcome.Kind.PAID)
    return next(each.bank_line for each in paid if each.bank_line is not None)


def _is_set_off(one: DebitLine) -> bool:
    """Whether the bank's line of what came back is matched already."""
    return is_posted(one.run.book, f"bank-against:debit-back:{one.pk}")


def unpaid(lines: Iterable[DebitLine]) -> list[DebitLine]:
    """The collections of which no money has come."""
    return [line for line in lines if all(one.kind != DebitOutcome.Kind.PAID for one in line.outcomes.all())]


def _run_of(line: BankStatementLine, found: Iterable[tuple[DebitRun, Sequence[DebitLine]]]) -> DebitRun | None:
    """The run that a line is the credit of; none where it could be two, or is of none."""
    rest: int = vars(line)["rest"]
    fitting = [run for run, lines in found if _fits(line, rest, run, lines)]
    text = f"{line.reference} {line.description}".upper()
    named = [run for run in fitting if run.reference in text]
    candidates = named or fitting
    return candidates[0] if len(candidates) == 1 else None


def _fits(line: BankStatementLine, rest: int, run: DebitRun, lines: Sequence[DebitLine]) -> bool:
    """Whether a line could be the credit of a run: what came back before it was booked may be in it or not."""
    asked = sum(one.amount for one in lines)
    without_back = sum(one.amount for one in lines if not one.outcomes.all())
    is_its_day = run.collect_on <= line.booked_on <= run.collect_on + WITHIN
    return is_its_day and line.bank_account_id == run.setting.bank_account_id and rest in {asked, without_back}


def _match(line: BankStatementLine, run: DebitRun, lines: Sequence[DebitLine], *, by: AbstractBaseUser) -> MatchedRun:
    repaid, left = [], []
    for one in lines:
        if one.outcomes.all():
            continue
        try:
            repaid.append(_repay(line, run, one, by=by))
        except (LoanError, LedgerError) as refusal:
            left.append(f"{one.mandate.loan}: {refusal}")
    return MatchedRun(line, run, tuple(repaid), tuple(left))


@transaction.atomic
def _repay(line: BankStatementLine, run: DebitRun, one: DebitLine, *, by: AbstractBaseUser) -> DebitOutcome:
    """One collection repays its loan on the day of the collection, out of the bank's line."""
    Loan.objects.select_for_update(of=("self",)).get(pk=one.mandate.loan_id)
    event = record_repayment(
        loan=one.mandate.loan,
        amount=one.money,
        on=run.collect_on,
        bank_account=line.bank_account.code,
        bank_line_id=line.pk,
        by=by,
        key=f"debit:{one.pk}",
    )
    paid, _ = DebitOutcome.objects.get_or_create(
        line=one,
        kind=DebitOutcome.Kind.PAID,
        defaults={
            "on": run.collect_on,
            "words": f"With the bank line of {date_text(line.booked_on)}",
            "event": event,
            "bank_line_id": line.pk,
            "recorded_by_id": by.pk,
        },
    )
    return paid
