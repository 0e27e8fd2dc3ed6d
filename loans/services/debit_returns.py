"""Collections that come back: unpaid, or claimed by the payer's bank; and what the banks report of mandates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from ledger.domain.bank_details import BankDetails
from ledger.domain.errors import BankDetailsMalformed
from loans.debit_advices import Advice, AdviceFile
from loans.debits import collections, mandates, standing
from loans.domain.direct_debit.mandate import MandateState, Scheme
from loans.domain.direct_debit.reasons import Reason, Report, reason_for
from loans.domain.errors import DebitAdviceRefused, DebitReturnRefused
from loans.domain.words import date_text, money_text
from loans.models import (
    DebitChallenge,
    DebitLine,
    DebitOutcome,
    DebitSetting,
    Loan,
    LoanEvent,
    Mandate,
    MandateChange,
)
from loans.services.mandates import change_mandate
from loans.services.repayments import reverse_repayment
from loans.services.some_loans import hold_loans

if TYPE_CHECKING:
    from ledger.models import Book

Kind, Change, Who = DebitOutcome.Kind, MandateChange.Change, MandateChange.Who
UNKNOWN = Reason("The bank gave no reason")
"""What a line of the bank's statement says by itself."""


@dataclass(frozen=True, slots=True)
class CameBack:
    """Why and when a collection came back: a code of its report, or none where only the statement tells of it."""

    kind: DebitOutcome.Kind
    on: date
    code: str = ""
    bank_line_id: int | None = None

    def report(self, scheme: str) -> Report:
        """In which report the code stands."""
        if scheme == Scheme.SEPA:
            return Report.SEPA
        return Report.DDICA if self.kind == Kind.CLAIMED else Report.ARUDD


@transaction.atomic
def take_collection_back(*, line: DebitLine, back: CameBack, by: AbstractBaseUser) -> DebitOutcome:
    """Record that a collection came back: its repayment is reversed, and the mandate follows the reason.

    What came back before is not taken back twice: the first record is the answer, and where that was the bank's line,
    which gives no reason, the mandate follows the reason that is told now. Raises DebitReturnRefused for what was never
    sent, a code that the report does not have or a day outside, and what `reverse_repayment` raises.
    """
    Loan.objects.select_for_update(of=("self",)).get(pk=line.mandate.loan_id)
    fresh = collections(line.run.book).filter(pk=line.pk).first()
    if fresh is None or fresh.run.state != "approved":
        raise DebitReturnRefused(
            f"{line.run} was not approved, so nothing of it was collected or can come back. Nothing was changed."
        )
    before = next((one for one in fresh.outcomes.all() if one.kind != Kind.PAID), None)
    if before is not None and before.code:
        return before
    reason = _reason(fresh, back)
    if before is not None:
        _follow_reason(fresh, back, reason, by)
        return before
    _refuse_day(fresh, back.on)
    paid = next((one for one in fresh.outcomes.all() if one.kind == Kind.PAID), None)
    outcome = DebitOutcome.objects.create(
        line=fresh,
        kind=back.kind,
        on=back.on,
        code=back.code,
        words=reason.words,
        event=_reverse(fresh, paid, back, reason, by) if paid else None,
        bank_line_id=back.bank_line_id,
        recorded_by_id=by.pk,
    )
    _follow_reason(fresh, back, reason, by)
    return outcome


@transaction.atomic
def challenge_claim(*, outcome: DebitOutcome, words: str, on: date, by: AbstractBaseUser) -> DebitChallenge:
    """Record that the fund disputes an indemnity claim, and why. Raises DebitReturnRefused."""
    Loan.objects.select_for_update(of=("self",)).get(pk=outcome.line.mandate.loan_id)
    if outcome.kind != Kind.CLAIMED or DebitChallenge.objects.filter(outcome=outcome).exists():
        raise DebitReturnRefused(
            "Only an indemnity claim is challenged, and once. Look at what came of the collection; nothing was changed."
        )
    if not words.strip():
        raise DebitReturnRefused("Say why the claim is wrong: the payer's bank reads it. Nothing was changed.")
    return DebitChallenge.objects.create(outcome=outcome, words=words.strip(), on=on, recorded_by_id=by.pk)


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of a file of advices: collections that came back, mandates that changed, and what nobody knows."""

    back: tuple[DebitOutcome, ...]
    changed: tuple[MandateChange, ...]
    left: tuple[str, ...]

    @property
    def words(self) -> str:
        """One sentence for the person who brought it."""
        left = f" Look at by hand: {'; '.join(self.left)}." if self.left else ""
        return f"{len(self.back)} collections came back, {len(self.changed)} mandates changed.{left}"


@transaction.atomic
def follow_advices(*, book: Book, file: AdviceFile, by: AbstractBaseUser) -> Followed:
    """Do what a file of advices reports; brought again, it changes nothing more.

    Raises DebitAdviceRefused for another service user's file or one of a day to come; then nothing of it is recorded.
    """
    _refuse_file(book, file)
    named = mandates(book).filter(scheme=Scheme.BACS, reference__in=[advice.reference for advice in file.advices])
    hold_loans(named.values_list("loan", flat=True))
    back, changed, left = [], [], []
    for advice in file.advices:
        mandate = mandates(book).filter(scheme=Scheme.BACS, reference=advice.reference).first()
        reason = reason_for(advice.report, advice.code)
        if mandate is None or reason is None:
            why = "no such mandate" if mandate is None else f"no such reason: {advice.code or 'none'}"
            left.append(f"{advice.reference or 'no reference'} ({why})")
        elif advice.minor is not None:
            line = _collection(mandate, advice)
            if line is None:
                left.append(f"{advice.reference} (no such collection)")
            else:
                back.append(take_collection_back(line=line, back=_came_back(advice, book), by=by))
        else:
            changed += _follow(mandate, advice, reason, book.business_date, by)
    return Followed(tuple(back), tuple(changed), tuple(left))


def _came_back(advice: Advice, book: Book) -> CameBack:
    kind = Kind.CLAIMED if advice.report is Report.DDICA else Kind.RETURNED
    return CameBack(kind, advice.on or book.business_date, advice.code)


def _collection(mandate: Mandate, advice: Advice) -> DebitLine | None:
    """The collection of this amount that came back by this advice already; or else the latest by its day that has not
    come back, or of which the bank's line alone told that it did."""
    asked = collections(mandate.book).filter(mandate=mandate, amount=advice.minor or 0, run__collect_on__lte=advice.on)
    sent = [line for line in asked if line.run.state == "approved"]
    known = [one for one in sent if any(_is_known(each, advice) for each in one.outcomes.all())]
    could = [line for line in sent if all(_leaves_open(one, advice) for one in line.outcomes.all())]
    return next(iter([*known, *could]), None)


def _is_known(outcome: DebitOutcome, advice: Advice) -> bool:
    return outcome.kind != Kind.PAID and outcome.code == advice.code and outcome.on == advice.on


def _leaves_open(outcome: DebitOutcome, advice: Advice) -> bool:
    """Whether an advice can still be of a collection of which this came: a claim is of no other day than its line."""
    if outcome.kind == Kind.PAID:
        return True
    return not outcome.code and (advice.report is Report.ARUDD or outcome.on == advice.on)


def _follow(mandate: Mandate, advice: Advice, reason: Reason, today: date, by: AbstractBaseUser) -> list[MandateChange]:
    """What a report about a mandate changes; what it says already changes nothing."""
    found = standing(mandate, today)
    on = min(max(advice.on or today, mandate.signed_on), today)
    given: dict[str, Any] = {
        "mandate": mandate,
        "on": on,
        "who": Who.BANK,
        "code": advice.code,
        "words": reason.words,
        "by": by,
    }
    details = _new_details(found.details, advice)
    if reason.ends:
        is_over = found.state is MandateState.CANCELLED
        return [] if is_over else [change_mandate(change=Change.CANCELLED, **given)]
    if advice.code == "R":
        return [] if found.state.stands else [change_mandate(change=Change.REINSTATED, **given)]
    if details is not None and details != found.details:
        return [change_mandate(change=Change.AMENDED, details=details, **given)]
    return []


def _new_details(before: BankDetails, advice: Advice) -> BankDetails | None:
    if not advice.new_sort_code or not advice.new_account_number:
        return None
    try:
        return BankDetails(before.account_name, advice.new_sort_code, advice.new_account_number)
    except BankDetailsMalformed as refusal:
        raise DebitAdviceRefused(f"The new account of {advice.reference} is malformed: {refusal}") from refusal


def _refuse_file(book: Book, file: AdviceFile) -> None:
    numbers = set(DebitSetting.objects.filter(book=book, scheme=Scheme.BACS).values_list("identifier", flat=True))
    if file.user_number.strip() not in numbers:
        raise DebitAdviceRefused(
            f"The file is for service user {file.user_number or 'unknown'}, and {book} collects as "
            f"{', '.join(sorted(numbers)) or 'nobody yet'}. Choose the book that it is of; nothing of it was recorded."
        )
    ahead = [one.on for one in file.advices if one.minor is not None and one.on and one.on > book.business_date]
    if ahead:
        raise DebitAdviceRefused(
            f"The file is of {date_text(max(ahead))}, after {date_text(book.business_date)}, the business date of "
            f"{book}. Bring it in when that day has come; nothing of it was recorded."
        )


def _reason(line: DebitLine, back: CameBack) -> Reason:
    if not back.code:
        return UNKNOWN
    report = back.report(line.mandate.scheme)
    reason = reason_for(report, back.code)
    if reason is None:
        raise DebitReturnRefused(
            f"{back.code} is no reason of {report.upper()}. Choose one of those it has; nothing was changed."
        )
    return reason


def _refuse_day(line: DebitLine, on: date) -> None:
    today = line.run.book.business_date
    if today < line.run.collect_on:
        raise DebitReturnRefused(
            f"{money_text(line.money)} of {line.mandate.loan} is collected on {date_text(line.run.collect_on)}: "
            "nothing of it can come back before. Look at the run; nothing was changed."
        )
    if not line.run.collect_on <= on <= today:
        raise DebitReturnRefused(
            f"{money_text(line.money)} of {line.mandate.loan} was collected on {date_text(line.run.collect_on)}; it "
            f"comes back from that day to {date_text(today)}, the business date. Correct the day; nothing was changed."
        )


def _reverse(
    line: DebitLine, paid: DebitOutcome, back: CameBack, reason: Reason, by: AbstractBaseUser
) -> LoanEvent | None:
    """The reversal of the repayment; one that somebody made by hand already is taken as it is."""
    if paid.event is None:
        return None
    by_hand = LoanEvent.objects.filter(reverses=paid.event).first()
    if by_hand is not None:
        return by_hand
    code = f" ({back.code})" if back.code else ""
    return reverse_repayment(
        event=paid.event,
        on=max(back.on, paid.event.effective_on),
        reason=f"Direct Debit {Kind(back.kind).label.lower()}: {reason.words}{code}",
        by=by,
        key=f"debit-back:{line.pk}",
    )


def _follow_reason(line: DebitLine, back: CameBack, reason: Reason, by: AbstractBaseUser) -> None:
    """The mandate ends where the reason says so."""
    if not reason.ends:
        return
    change_mandate(
        mandate=line.mandate,
        change=Change.CANCELLED,
        who=Who.BANK,
        on=max(back.on, line.mandate.signed_on),
        code=back.code,
        words=reason.words,
        by=by,
    )
