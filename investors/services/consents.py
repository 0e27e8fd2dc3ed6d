"""Asking the lenders of a loan before something is approved, and recording what each of them answers."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from investors.domain.consent import ConsentState, Majority
from investors.domain.errors import ConsentMissing, ConsentRefused
from investors.domain.kinds import InvestorKind
from investors.models import ConsentAnswer, ConsentAsked, Investor
from investors.queries.consents import consent_to, consents, loan_of_subject
from investors.queries.shares import sets_in_force
from ledger.domain.words import date_text, money_text
from loans.models import Loan, Proposal, ProposalDecision, WaiverDecision, WaiverProposal

MORE_THAN_HALF = Majority()


@transaction.atomic
def ask_consent(
    *,
    subject: WaiverProposal | Proposal,
    words: str,
    answer_by: date,
    on: date,
    by: AbstractBaseUser,
    majority: Majority = MORE_THAN_HALF,
) -> ConsentAsked:
    """Ask everybody who shares a loan on a day to agree to a proposal on it, before it is approved.

    Each counts with the amount of its part on that day. Raises ConsentRefused where nobody shares the loan, it was
    asked or is decided already, without words, or for a last day that is over.
    """
    loan = _locked(loan_of_subject(subject))
    _refuse_decided(subject, loan)
    if (standing := consent_to(subject)) is not None:
        raise ConsentRefused(
            "",
            f"The lenders of {loan} were asked about this already, in {standing}. Where they refuse or too few answer, "
            "decline it and propose it anew; nothing was changed.",
        )
    shares = sets_in_force([loan], on).first()
    if shares is None:
        raise ConsentRefused(
            "", f"Nobody shares {loan} on {date_text(on)}, so there is nobody to ask. Decide it; nothing was changed."
        )
    if not words.strip():
        raise ConsentRefused("words", f"Say what the lenders of {loan} should agree to; nothing was changed.")
    if answer_by < on:
        raise ConsentRefused(
            "answer_by",
            f"{date_text(answer_by)} is over, so nobody could answer by it. Choose {date_text(on)} or a later day; "
            "nothing was changed.",
        )
    is_waiver = isinstance(subject, WaiverProposal)
    made = ConsentAsked.objects.create(
        loan=loan,
        waiver_id=subject.pk if is_waiver else None,
        proposal_id=None if is_waiver else subject.pk,
        participation_set=shares,
        above_parts=majority.parts,
        above_of=majority.of,
        words=words.strip(),
        asked_on=on,
        answer_by=answer_by,
        asked_by_id=by.pk,
    )
    return consents().get(pk=made.pk)


@transaction.atomic
def answer_consent(
    *,
    consent: ConsentAsked,
    investor: Investor,
    agrees: bool,
    on: date,
    by: AbstractBaseUser,
    reason: str = "",
    source: str | None = None,
) -> ConsentAnswer:
    """Record what a lender answers; it takes the place of what it answered before, until the answers have decided.

    `source` says how the fund knows, where staff record it; None where the lender's own people answer. The same answer
    by the same person again is the one that stands. Raises ConsentRefused for who was not asked, after the last day,
    once it is decided, and for a no without a reason. Two at once: the second is counted after the first.
    """
    _locked(consent.loan)
    standing = consents().get(pk=consent.pk)
    mine = next((one for one in standing.lenders if one.investor.pk == investor.pk), None)
    if mine is None:
        raise ConsentRefused(
            "investor",
            f"{investor} had no part of {standing.loan} on {date_text(standing.asked_on)}, so it was not asked. "
            "Nothing was changed.",
        )
    given, known = reason.strip(), (source or "").strip()
    last = mine.answer
    if last and (last.agrees, last.reason, last.source, last.answered_by_id) == (agrees, given, known, by.pk):
        return last
    _refuse_closed(standing, on)
    if not agrees and not given:
        raise ConsentRefused("reason", "Say why not: the fund and the auditor read it. Nothing was changed.")
    if source is not None and not known and investor.kind != InvestorKind.OWN_FUNDS:
        raise ConsentRefused(
            "source", f"Say how you know what {investor} answers, such as its letter of a day. Nothing was changed."
        )
    return ConsentAnswer.objects.create(
        consent=standing,
        investor=investor,
        agrees=agrees,
        reason=given,
        source=known,
        answered_on=on,
        answered_by_id=by.pk,
    )


def refuse_without_consent(subject: WaiverProposal | Proposal) -> None:
    """Let a proposal be approved only where its lenders were not asked, or agree. Raises ConsentMissing."""
    loan = _locked(loan_of_subject(subject))
    asked = consent_to(subject)
    if asked is None or asked.count.is_agreed:
        return
    count = asked.count
    raise ConsentMissing(
        f"{asked} asks the lenders of {loan} for {count.majority.words} of {money_text(count.whole)}. "
        f"{money_text(count.yes)} agrees, {money_text(count.no)} does not, and {money_text(count.silent)} has not "
        f"answered by {date_text(asked.answer_by)}. "
        f"{'Wait for them' if asked.state is ConsentState.WAITING else 'Decline it'}; nothing was changed."
    )


def _locked(loan: Loan) -> Loan:
    return Loan.objects.select_for_update(of=("self",)).select_related("book").get(pk=loan.pk)


def _refuse_decided(subject: WaiverProposal | Proposal, loan: Loan) -> None:
    if _is_decided(subject):
        raise ConsentRefused(
            "", f"What the lenders of {loan} would be asked about is decided already. Look at it; nothing was changed."
        )


def _is_decided(subject: WaiverProposal | Proposal) -> bool:
    if isinstance(subject, WaiverProposal):
        return WaiverDecision.objects.filter(proposal=subject).exists()
    return ProposalDecision.objects.filter(proposal=subject).exists()


def _refuse_closed(standing: ConsentAsked, on: date) -> None:
    count = standing.count
    if count.is_closed or _is_decided(standing.subject):
        decided = count.state(is_late=False).words.lower() if count.is_closed else "it was decided without"
        raise ConsentRefused(
            "", f"{standing} is closed: {decided}. An answer changes nothing any more; nothing was changed."
        )
    if on > standing.answer_by:
        raise ConsentRefused(
            "",
            f"{standing} was to be answered by {date_text(standing.answer_by)}, and it is {date_text(on)}. "
            "Ask the fund to propose it anew; nothing was changed.",
        )
