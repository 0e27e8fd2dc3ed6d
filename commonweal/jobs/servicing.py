"""Acts on a live loan: recorded on the loan, then shared among its lenders, and told to the business, in one step."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, TypedDict

from django.db import transaction
from moneyed import Money

from commonweal.access.models import User
from commonweal.jobs.letters import ask_to_send
from commonweal.letters.writing import tell_answer, tell_consent, tell_consent_counted
from investors.domain.consent import Majority
from investors.models import ConsentAnswer, ConsentAsked, Investor
from investors.queries.consents import consents
from investors.services import answer_consent, apportion, ask_consent, refuse_without_consent
from ledger.queries import rest_of_bank_line
from loans.domain.events import Happened
from loans.models import (
    Answer,
    BorrowerRequest,
    Loan,
    LoanEvent,
    Proposal,
    RequestAnswer,
    WaiverDecision,
    WaiverProposal,
)
from loans.services import (
    Circumstances,
    HowRepaid,
    answer_request,
    approve_proposal,
    approve_waiver,
    decline_proposal,
    record,
    record_recovery,
    record_repayment,
)

if TYPE_CHECKING:
    from ledger.models import BankStatementLine

PLAIN = Circumstances()


@transaction.atomic
def act_on(*, loan: Loan, event: Happened, by: User, key: str, circumstances: Circumstances = PLAIN) -> LoanEvent:
    """Record an act that one person may do, with its lenders' side. Raises what `loans.services.record` raises."""
    recorded = record(loan=loan, event=event, by=by, key=key, circumstances=circumstances)
    apportion(loan=loan, by=by)
    return recorded


@transaction.atomic
def approve_act(*, proposal: Proposal, shown_sha256: str, by: User, reason: str = "", words: str = "") -> LoanEvent:
    """Approve and do what a colleague proposed, with its lenders' side; a request behind it is granted, and answered.

    Raises ConsentMissing where its lenders were asked and do not agree, and what `loans.services.approve_proposal`
    raises.
    """
    refuse_without_consent(proposal)
    recorded = approve_proposal(proposal=proposal, shown_sha256=shown_sha256, by=by, reason=reason)
    apportion(loan=proposal.loan, by=by)
    if proposal.request is not None:
        reply(request=proposal.request, answer=Answer.GRANTED, words=words or "We have agreed to it.", by=by)
    return recorded


@transaction.atomic
def waive_breach(
    *, proposal: WaiverProposal, shown_sha256: str, on: date, by: User, reason: str = ""
) -> WaiverDecision:
    """Let exactly the breach pass that was shown, where the lenders of the loan agree, if they were asked.

    Raises ConsentMissing, and what `loans.services.approve_waiver` raises.
    """
    refuse_without_consent(proposal)
    return approve_waiver(proposal=proposal, shown_sha256=shown_sha256, on=on, by=by, reason=reason)


@transaction.atomic
def ask_lenders(
    *, subject: WaiverProposal | Proposal, words: str, answer_by: date, majority: Majority, on: date, by: User
) -> ConsentAsked:
    """Ask the lenders of a loan to agree to a proposal on it, and write to each. Raises ConsentRefused."""
    asked = ask_consent(subject=subject, words=words, answer_by=answer_by, majority=majority, on=on, by=by)
    if tell_consent(asked):
        ask_to_send(book=asked.loan.book, by=by)
    return asked


@transaction.atomic
def take_answer(
    *,
    consent: ConsentAsked,
    investor: Investor,
    agrees: bool,
    on: date,
    by: User,
    reason: str = "",
    source: str | None = None,
) -> ConsentAnswer:
    """Record what a lender answers, and where that decides it, write to all lenders how it ended.

    Raises ConsentRefused, as `investors.services.answer_consent` does; the same answer again writes to nobody twice.
    """
    given = answer_consent(
        consent=consent, investor=investor, agrees=agrees, on=on, by=by, reason=reason, source=source
    )
    counted = consents().get(pk=consent.pk)
    if counted.count.is_closed and tell_consent_counted(counted):
        ask_to_send(book=counted.loan.book, by=by)
    return given


@transaction.atomic
def decline_act(*, proposal: Proposal, reason: str, by: User, words: str = "") -> None:
    """Decide against what a colleague proposed; a request behind it is declined only where the business gets words.

    Raises what `loans.services.decline_proposal` raises.
    """
    decline_proposal(proposal=proposal, reason=reason, by=by)
    if proposal.request is not None and words.strip():
        reply(request=proposal.request, answer=Answer.DECLINED, words=words, by=by)


@transaction.atomic
def reply(*, request: BorrowerRequest, answer: Answer, words: str, by: User) -> RequestAnswer:
    """Answer what a business asked for, and write to it. Raises what `loans.services.answer_request` raises."""
    given = answer_request(request=request, answer=answer, words=words, by=by)
    what = "We have answered what you asked for. You can read the answer in your portal."
    book = request.loan.book
    if tell_answer(loan=request.loan, on=book.business_date, what=what):
        ask_to_send(book=book, by=by)
    return given


@transaction.atomic
def settle_from_bank_line(
    *,
    loan: Loan,
    line: BankStatementLine,
    by: User,
    circumstances: Circumstances = PLAIN,
    amount: Money | None = None,
) -> LoanEvent:
    """Match what a bank line has left in suspense to a loan that it settles; what is more is held to be given back.

    Raises what `loans.services.record_repayment` raises.
    """
    settled = record_repayment(
        loan=loan,
        **_by_line(line, amount, "settles"),
        by=by,
        how=HowRepaid(settles=True, books_later=circumstances.books_later, reason=circumstances.reason),
    )
    apportion(loan=loan, by=by)
    return settled


@transaction.atomic
def recover_from_bank_line(
    *,
    loan: Loan,
    line: BankStatementLine,
    by: User,
    circumstances: Circumstances = PLAIN,
    amount: Money | None = None,
) -> LoanEvent:
    """Match what a bank line has left in suspense to a loan that was written off, as a recovery.

    Raises what `loans.services.record_recovery` raises.
    """
    recovered = record_recovery(
        loan=loan,
        **_by_line(line, amount, "recovers"),
        by=by,
        circumstances=circumstances,
    )
    apportion(loan=loan, by=by)
    return recovered


class _Paid(TypedDict):
    """How money came in, as services that record it are told."""

    amount: Money
    on: date
    bank_account: str
    bank_line_id: int
    key: str


def _by_line(line: BankStatementLine, amount: Money | None, how: str) -> _Paid:
    """What a bank line has left in suspense, or an amount out of it; one that was taken back may be matched again."""
    return {
        "amount": rest_of_bank_line(line) if amount is None else amount,
        "on": line.booked_on,
        "bank_account": line.bank_account.code,
        "bank_line_id": line.pk,
        "key": f"bank-line:{line.pk}:{how}:{line.matches.count()}",
    }
