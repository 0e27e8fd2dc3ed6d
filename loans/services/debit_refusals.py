"""What a run of Direct Debits is refused for, when it is made and again when it is approved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ledger.domain.money import to_minor
from loans.debits import IN_FLIGHT, Collect, Rules, Standing, collections, outcome_of, owed_by
from loans.domain.calendar import add_months, is_business_day
from loans.domain.direct_debit.mandate import Scheme
from loans.domain.direct_debit.notice import hold_to_notice
from loans.domain.direct_debit.reasons import Report, reason_for
from loans.domain.direct_debit.working_days import working_day_after
from loans.domain.errors import DebitRunRefused
from loans.domain.position import Position
from loans.domain.words import date_text, money_text
from loans.models import DebitLine, DebitOutcome, DebitRun
from loans.queries import positions_of
from loans.services.mandates import refuse_withdrawn


def refuse_day(rules: Rules, collect_on: date, today: date) -> None:
    """Raise DebitRunRefused for a day on which the scheme is closed, or that a file of today does not reach."""
    if not is_business_day(collect_on, rules.holidays):
        following = working_day_after(collect_on, 1, rules.holidays)
        raise DebitRunRefused(
            f"The banks are closed on {date_text(collect_on)}. Collect on {date_text(following)}, the next working "
            "day; nothing was changed."
        )
    first = rules.earliest_file(today)
    if collect_on < first:
        raise DebitRunRefused(
            f"A file of {date_text(today)} collects from {date_text(first)} on, and not on {date_text(collect_on)}: "
            "the bank needs the days between. Choose a later day; nothing was changed."
        )


def refuse_collection(found: Standing, position: Position, one: Collect, collect_on: date) -> None:
    """Raise what stands in the way of a collection: a mandate that ended, no notice, or no such debt."""
    refuse_withdrawn(found)
    loan, minor = found.mandate.loan.reference, to_minor(one.amount.amount, found.rules.scheme.currency)
    if one.amount.currency.code != found.rules.scheme.currency or minor <= 0:
        raise DebitRunRefused(
            f"{money_text(one.amount)} cannot be collected for {loan}. Give a positive amount in "
            f"{found.rules.scheme.currency}; nothing was changed."
        )
    if one.again is not None:
        _refuse_again(found, one, minor, collect_on)
    else:
        _refuse_beyond_notice(found, minor, collect_on)
    _refuse_beyond_debt(found, minor, owed_by(found, position, collect_on), collect_on)


def judge_anew(run: DebitRun, lines: Sequence[DebitLine], stands: dict[int, Standing]) -> None:
    """Raise where a payer has withdrawn, has paid otherwise, or was told of less since a run was made."""
    if run.purpose != DebitRun.Purpose.COLLECT:
        return
    positions = positions_of([one.mandate.loan for one in stands.values()], run.book.business_date)
    for line in lines:
        found = stands[line.mandate_id]
        refuse_withdrawn(found)
        if line.again_id is None:
            _refuse_beyond_notice(found, line.amount, run.collect_on)
        owed = owed_by(found, positions[found.mandate.loan_id], run.collect_on, besides=line)
        _refuse_beyond_debt(found, line.amount, owed, run.collect_on)


def _refuse_beyond_notice(found: Standing, minor: int, collect_on: date) -> None:
    allowed = found.allowed_on(collect_on)
    words = money_text(found.money(minor)), money_text(found.money(allowed or 0))
    hold_to_notice(found.mandate.loan.reference, minor, allowed, collect_on, words)


def _refuse_beyond_debt(found: Standing, minor: int, owed: int, collect_on: date) -> None:
    if minor > owed:
        raise DebitRunRefused(
            f"{found.mandate.loan.reference} owes {money_text(found.money(owed))} by {date_text(collect_on)}, what is "
            f"asked for already taken off, and not {money_text(found.money(minor))}. Collect no more than that; "
            "nothing was changed."
        )


def may_again(line: DebitLine) -> str:
    """Why a collection may not be presented once more; empty where it may."""
    outcome, setting = outcome_of(line), line.run.setting
    if outcome is None or outcome.kind != DebitOutcome.Kind.RETURNED:
        return "it did not come back"
    report = Report.SEPA if setting.scheme == Scheme.SEPA else Report.ARUDD
    reason = reason_for(report, outcome.code)
    if not setting.presents_again or reason is None or not reason.again:
        return "its reason does not allow it"
    if line.again_id is not None or any(each.run.state in IN_FLIGHT for each in line.presented_again.all()):
        return "it was presented again already"
    return ""


def _refuse_again(found: Standing, one: Collect, minor: int, collect_on: date) -> None:
    line = collections(found.mandate.book).filter(pk=one.again.pk).first() if one.again else None
    why = "it is of another mandate" if line is None or line.mandate_id != found.mandate.pk else may_again(line)
    if line is not None and not why and minor > line.amount:
        why = f"it was of {money_text(line.money)}"
    if line is not None and not why and collect_on > add_months(line.run.collect_on, 1):
        why = f"a month after {date_text(line.run.collect_on)} is over"
    if why:
        raise DebitRunRefused(
            f"This collection of {found.mandate.loan.reference} is not presented again: {why}. Give notice of a new "
            "one; nothing was changed."
        )


def refuse_none_or_twice(asked: Sequence[Collect]) -> None:
    """Raise DebitRunRefused for nothing at all, or one mandate twice."""
    if not asked:
        raise DebitRunRefused("Nothing is chosen to be collected. Choose at least one payment; nothing was made.")
    if len({one.mandate.pk for one in asked}) < len(asked):
        raise DebitRunRefused("A mandate is asked twice in one run. Ask each once; nothing was made.")
