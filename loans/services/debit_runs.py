"""Runs of Direct Debits: what is asked of the bank, made by one person and approved by another as exactly one file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction
from django.db.models import Max

from ledger.domain.money import to_minor
from ledger.services import approve as approve_content
from loans.debit_files import Row, file_of
from loans.debits import Collect, Rules, Standing, mandates, planned, rules_on, standings, to_collect
from loans.domain.direct_debit.mandate import MandateState, Scheme
from loans.domain.direct_debit.pain008 import SequenceType
from loans.domain.direct_debit.standard18 import TransactionCode
from loans.domain.direct_debit.working_days import working_day_after
from loans.domain.errors import DebitRunRefused
from loans.domain.position import Position
from loans.models import DebitDecision, DebitLine, DebitRun, Mandate, MandateChange
from loans.queries import positions_of
from loans.services.debit_refusals import judge_anew, refuse_collection, refuse_day, refuse_none_or_twice
from loans.services.debit_settings import credited_account
from loans.services.some_loans import hold_loans

if TYPE_CHECKING:
    from ledger.models import Book

ONE_RUN = "SELECT pg_advisory_xact_lock(7431, %s)"
Purpose, Decision = DebitRun.Purpose, DebitDecision.Decision


def proposed(book: Book, scheme: Scheme, collect_on: date) -> list[Collect]:
    """What a run of a day would collect as it stands: what is owed, and of that no more than was told."""
    found = to_collect(book, scheme, collect_on, book.business_date)
    return [Collect(one.standing.mandate, one.money) for one in found if one.amount > 0]


@transaction.atomic
def make_run(
    *, book: Book, scheme: Scheme, collect_on: date, asked: Sequence[Collect], by: AbstractBaseUser
) -> DebitRun:
    """Make the file that collects on a day, for a second person to approve. Nothing is sent and nothing is booked.

    Raises DebitRunRefused for a day on which the banks are closed or that no file reaches any more, for nothing, for
    more than is owed, and for what may not be presented again; MandateWithdrawn; AboveNotice.
    """
    rules = _rules(book, scheme)
    _one_at_a_time(book)
    refuse_day(rules, collect_on, book.business_date)
    stands = _locked(book, [one.mandate for one in asked])
    refuse_none_or_twice(asked)
    positions = positions_of([one.mandate.loan for one in stands.values()], book.business_date)
    drafts = []
    for one in sorted(asked, key=lambda each: (each.mandate.loan.reference, each.mandate.pk)):
        found = stands[one.mandate.pk]
        refuse_collection(found, positions[found.mandate.loan_id], one, collect_on)
        drafts.append(DebitLine(mandate=found.mandate, code=_code(found, positions, one, collect_on), again=one.again))
        drafts[-1].amount = to_minor(one.amount.amount, scheme.currency)
    return _keep(book, rules, Purpose.COLLECT, collect_on, drafts, stands, by=by)


def instructions_to_send(book: Book, on: date) -> list[tuple[Standing, TransactionCode]]:
    """What the payers' banks have to be told of Bacs mandates: those that are new, and those that ended here.

    A bank that ended a mandate itself, with a code, knows of it.
    """
    found = []
    for one in standings(mandates(book).filter(scheme=Scheme.BACS), on):
        sent = one.instructed
        was_lodged = TransactionCode.NEW_INSTRUCTION in sent
        if one.state is MandateState.SIGNED and not was_lodged:
            found.append((one, TransactionCode.NEW_INSTRUCTION))
        ended_here = one.cancelled is not None and not one.cancelled.code
        if ended_here and was_lodged and TransactionCode.CANCELLED_INSTRUCTION not in sent:
            found.append((one, TransactionCode.CANCELLED_INSTRUCTION))
    return sorted(found, key=lambda each: each[0].mandate.pk)


@transaction.atomic
def make_instructions(*, book: Book, by: AbstractBaseUser) -> DebitRun:
    """Make the file that tells the payers' banks of new and ended mandates (AUDDIS), for a second person to approve.

    Raises DebitRunRefused where there is nothing to tell.
    """
    rules = _rules(book, Scheme.BACS)
    _one_at_a_time(book)
    found = instructions_to_send(book, book.business_date)
    if not found:
        raise DebitRunRefused("No mandate is new or has ended here, so no bank has to be told. Nothing was made.")
    stands = _locked(book, [one.mandate for one, _ in found])
    drafts = [DebitLine(mandate=one.mandate, code=code, amount=0) for one, code in found]
    return _keep(book, rules, Purpose.INSTRUCT, rules.earliest_file(book.business_date), drafts, stands, by=by)


@transaction.atomic
def approve_run(*, run: DebitRun, shown_sha256: str, by: AbstractBaseUser, reason: str = "") -> DebitDecision:
    """Approve exactly the file that was shown; it may be sent from then on. New instructions count as lodged.

    Everything is judged anew. Raises DebitRunRefused for one's own, what is decided already, what was shown otherwise,
    is too late to send, or is no longer owed or to be collected so; MandateWithdrawn and AboveNotice.
    """
    locked = _undecided(run)
    _refuse_own(locked, by)
    if shown_sha256 != locked.sha256:
        raise DebitRunRefused(f"{locked} is not what was shown. Look at it again; nothing was changed.")
    today = locked.book.business_date
    rules = rules_on(locked.book, locked.setting.scheme, today)
    refuse_day(rules, locked.collect_on, today)
    lines = list(locked.lines.select_related("mandate__loan").order_by("no"))
    stands = _locked(locked.book, [line.mandate for line in lines])
    judge_anew(locked, lines, stands)
    _refuse_other_file(locked, lines, stands, rules)
    approval = approve_content(
        subject=f"debit-run:{locked.pk}",
        content_sha256=locked.sha256,
        made_by=locked.made_by,
        made_at=locked.made_at,
        checked_by=by,
        reason=reason.strip(),
    )
    decision = DebitDecision.objects.create(
        run=locked,
        decision=Decision.APPROVED,
        reason=reason.strip(),
        approval=approval,
        decided_by_id=by.pk,
        decided_on=today,
    )
    _lodge(lines, today, by)
    return decision


@transaction.atomic
def decline_run(*, run: DebitRun, reason: str, by: AbstractBaseUser) -> DebitDecision:
    """Decide against a colleague's run, and say why; it is never sent. Raises DebitRunRefused."""
    locked = _undecided(run)
    _refuse_own(locked, by)
    if not reason.strip():
        raise DebitRunRefused(f"Say why you decline {locked}: its maker will read it. Nothing was changed.")
    return _decide(locked, Decision.DECLINED, reason, by)


@transaction.atomic
def withdraw_run(*, run: DebitRun, by: AbstractBaseUser) -> DebitDecision:
    """Take one's own run back before anybody decided. Raises DebitRunRefused."""
    locked = _undecided(run)
    if locked.made_by_id != by.pk:
        raise DebitRunRefused(
            f"{locked} was made by {locked.made_by}, who alone may withdraw it. Decline it instead; "
            "nothing was changed."
        )
    return _decide(locked, Decision.WITHDRAWN, "", by)


def _refuse_own(run: DebitRun, by: AbstractBaseUser) -> None:
    if run.made_by_id == by.pk:
        raise DebitRunRefused(
            f"You made {run} yourself, so somebody else has to decide. Ask a colleague; nothing was changed."
        )


def _rules(book: Book, scheme: Scheme) -> Rules:
    rules = rules_on(book, scheme, book.business_date)
    if rules.setting is None:
        raise DebitRunRefused(
            "Nobody has said how this book collects by this scheme. Set its number and bank account first; nothing was "
            "made."
        )
    return rules


def _locked(book: Book, found: Iterable[Mandate]) -> dict[int, Standing]:
    """The mandates as they stand, while nobody else changes or collects from them; loans are locked in one order."""
    keys = {one.pk for one in found}
    loans = Mandate.objects.filter(pk__in=keys, book=book).values_list("loan", flat=True)
    hold_loans(loans)
    fresh = mandates(book).filter(pk__in=keys)
    return {one.mandate.pk: one for one in standings(fresh, book.business_date)}


def _one_at_a_time(book: Book) -> None:
    """Who makes a run of a book at the same time waits, and sees this one."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_RUN, [book.pk])


def _code(found: Standing, positions: dict[int, Position], one: Collect, collect_on: date) -> str:
    """Which collection of its mandate it is: first, regular, presented again, or the last."""
    is_sepa = found.rules.scheme is Scheme.SEPA
    if one.again is not None:
        return str(one.again.code if is_sepa else TransactionCode.REPRESENTED)
    later = planned(positions[found.mandate.loan_id], found.rules, collect_on)
    is_first, is_last = not found.asked, not any(day > collect_on for day in later)
    if is_sepa:
        if is_first:
            return SequenceType.ONE_OFF if is_last else SequenceType.FIRST
        return SequenceType.FINAL if is_last else SequenceType.RECURRENT
    if is_first:
        return TransactionCode.FIRST
    return TransactionCode.FINAL if is_last else TransactionCode.REGULAR


def _keep(
    book: Book,
    rules: Rules,
    purpose: DebitRun.Purpose,
    collect_on: date,
    drafts: Sequence[DebitLine],
    stands: dict[int, Standing],
    *,
    by: AbstractBaseUser,
) -> DebitRun:
    last = DebitRun.objects.filter(book=book).aggregate(last=Max("number"))["last"] or 0
    run = DebitRun(
        book=book,
        number=last + 1,
        purpose=purpose,
        setting=rules.setting,
        collect_on=collect_on,
        made_on=book.business_date,
        total=sum(line.amount for line in drafts),
        made_by_id=by.pk,
    )
    for no, line in enumerate(drafts, start=1):
        line.run, line.no = run, no
    run.file = rendered(run, drafts, stands, rules)
    run.sha256 = hashlib.sha256(run.file.encode()).hexdigest()
    run.save()
    DebitLine.objects.bulk_create(drafts)
    return run


def rendered(run: DebitRun, lines: Sequence[DebitLine], stands: dict[int, Standing], rules: Rules) -> str:
    """The file of a run, from its rows."""
    rows = [Row(line, stands[line.mandate_id].details) for line in lines]
    processing_on = working_day_after(run.collect_on, -1, rules.holidays)
    return file_of(run, rows, credited_account(run.setting), processing_on)


def _refuse_other_file(run: DebitRun, lines: Sequence[DebitLine], stands: dict[int, Standing], rules: Rules) -> None:
    if rendered(run, lines, stands, rules) != run.file:
        raise DebitRunRefused(
            f"{run} is not what its mandates say any more: an account has changed since it was made. Decline it and "
            "have it made anew; nothing was changed."
        )


def _undecided(run: DebitRun) -> DebitRun:
    _one_at_a_time(run.book)
    found = DebitRun.objects.select_related("book", "setting__bank_account", "made_by").get(pk=run.pk)
    decided = DebitDecision.objects.filter(run=found).select_related("decided_by").first()
    if decided is not None:
        raise DebitRunRefused(
            f"{decided.decided_by} has decided {found} already: {decided.get_decision_display().lower()}. "
            "Look at it; nothing was changed."
        )
    return found


def _decide(run: DebitRun, decision: DebitDecision.Decision, reason: str, by: AbstractBaseUser) -> DebitDecision:
    return DebitDecision.objects.create(
        run=run,
        decision=decision,
        reason=reason.strip(),
        decided_by_id=by.pk,
        decided_on=run.book.business_date,
    )


def _lodge(lines: Iterable[DebitLine], on: date, by: AbstractBaseUser) -> None:
    """What was told to the payers' banks counts as lodged; five working days without an answer make it live."""
    for line in lines:
        if line.code == TransactionCode.NEW_INSTRUCTION:
            MandateChange.objects.create(
                mandate=line.mandate,
                change=MandateChange.Change.LODGED,
                on=on,
                who=MandateChange.Who.FUND,
                words=f"With {line.run}",
                recorded_by_id=by.pk,
            )
