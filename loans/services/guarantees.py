"""Guarantees: the schemes that a fund enters, the loans under them, claims by two people, and the guarantor's share."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from moneyed import Money

from borrowers.domain.names import refuse_hidden_signs
from ledger.domain.entry import JournalEntry
from ledger.domain.money import from_minor, to_minor
from ledger.services import match_bank_line
from loans.domain.errors import GuaranteeRefused
from loans.domain.guarantee import SchemeTerms, guaranteed
from loans.domain.loss_entries import claim_entry, claim_paid_entry, paid_over_entry
from loans.domain.position import Position
from loans.domain.words import date_text, money_text
from loans.losses import claim_of, guarantee_of, loss_accounts
from loans.models import (
    Guarantee,
    GuaranteeScheme,
    Loan,
    LoanTerms,
    LossEntry,
    LossProposal,
    SchemeParameters,
)
from loans.queries import position_of
from loans.services.booking import looked_at
from loans.services.cover import book_cover, keep_loss_entry
from loans.services.loss_proposals import approved, keep_proposal

if TYPE_CHECKING:
    from ledger.models import BankStatementLine, Book


@transaction.atomic
def enter_scheme(
    *, book: Book, code: str, name: str, terms: SchemeTerms, source: str, by: AbstractBaseUser
) -> SchemeParameters:
    """Enter a guarantee scheme, or another version of its parameters; `source` says where they are published.

    Raises GuaranteeRefused for another currency, no source, or two versions from one day.
    """
    if not source.strip() or {terms.least.currency.code, terms.most.currency.code} != {book.base_currency}:
        raise GuaranteeRefused(
            f"Say where the parameters of {name or code} are published, and give amounts in {book.base_currency}. "
            "Nothing was changed."
        )
    scheme, _ = GuaranteeScheme.objects.get_or_create(
        book=book, code=code, defaults={"name": name, "recorded_by_id": by.pk}
    )
    try:
        with transaction.atomic():
            return SchemeParameters.objects.create(
                scheme=scheme,
                effective_on=terms.effective_on,
                ends_on=terms.ends_on,
                share=terms.share,
                recovery_share=terms.recovery_share,
                least=to_minor(terms.least.amount, book.base_currency),
                most=to_minor(terms.most.amount, book.base_currency),
                currency=book.base_currency,
                max_months=terms.max_months,
                claim_after_days=terms.claim_after_days,
                source=source.strip(),
                recorded_by_id=by.pk,
            )
    except IntegrityError as error:
        raise GuaranteeRefused(
            f"{scheme} has parameters from {date_text(terms.effective_on)} already. Choose another day; "
            "nothing was changed."
        ) from error


@transaction.atomic
def certify(*, loan: Loan, parameters: SchemeParameters, reference: str, on: date, by: AbstractBaseUser) -> Guarantee:
    """Put a loan under a scheme, certifying that it belongs there; it takes the place of a guarantee before it.

    Raises GuaranteeRefused for a loan that the parameters do not cover, or one that is claimed for already, and
    NameMalformed for a reference that reads otherwise than it is written.
    """
    loan = _locked(loan)
    refuse_hidden_signs(reference)
    if parameters.scheme.book_id != loan.book_id or not reference.strip() or on > loan.book.business_date:
        raise GuaranteeRefused(
            f"A guarantee of {loan} needs a scheme of its own book, the guarantor's reference, and a day up to "
            f"{date_text(loan.book.business_date)}. Correct it; nothing was changed."
        )
    if claim_of(loan) is not None:
        raise GuaranteeRefused(f"{loan} is claimed for already, so its guarantee stands. Nothing was changed.")
    terms = LoanTerms.objects.filter(loan=loan).latest("version")
    principal = from_minor(to_minor(terms.principal.amount, loan.currency), loan.currency)
    parameters.terms.refuse_loan(loan.reference, principal, terms.months or 0, on)
    return Guarantee.objects.create(
        loan=loan, parameters=parameters, reference=reference.strip(), certified_by_id=by.pk, certified_on=on
    )


def claimable(loan: Loan, on: date) -> Money:
    """What a claim on a day would come to: the guaranteed share of principal, less what was recovered of it.

    Raises GuaranteeRefused where there is no guarantee, it is claimed already, or it is too early.
    """
    guarantee = guarantee_of(loan, on)
    if guarantee is None or claim_of(loan) is not None or on > loan.book.business_date:
        why = "is claimed for already" if guarantee and claim_of(loan) else "has no guarantee on that day"
        raise GuaranteeRefused(
            f"Nothing can be claimed for {loan} on {date_text(on)}: it {why}. Look at its guarantee; "
            "nothing was changed."
        )
    position = position_of(loan, on)
    lost = _lost(position)
    late, after = position.days_past_due, guarantee.parameters.claim_after_days
    if late < after and not lost:
        raise GuaranteeRefused(
            f"{loan} is {late} days past due; {guarantee.parameters.scheme} is asked after {after}. Claim "
            f"{after - late} days later, or once it is written off; nothing was changed."
        )
    owed = position.principal_outstanding + lost
    if not owed:
        raise GuaranteeRefused(f"{loan} owes no principal on {date_text(on)}: nothing to claim; nothing was changed.")
    return guaranteed(owed, guarantee.parameters.share)


@transaction.atomic
def propose_claim(*, loan: Loan, on: date, reason: str, by: AbstractBaseUser) -> LossProposal:
    """Propose to ask the guarantor for its share as at a day; a colleague decides. Raises GuaranteeRefused."""
    loan = _locked(loan)
    return keep_proposal(loan, LossProposal.Kind.CLAIM, claimable(loan, on), on, reason, by)


@transaction.atomic
def approve_claim(*, proposal: LossProposal, shown_sha256: str, by: AbstractBaseUser, reason: str = "") -> LossEntry:
    """Agree to a claim and book it on its day. Raises TermsChanged, GuaranteeRefused where the loan has moved since."""
    approved(proposal, shown_sha256, by=by, reason=reason)
    return _book_claim(proposal, by)


@transaction.atomic
def record_claim_paid(*, loan: Loan, line: BankStatementLine, amount: Money, by: AbstractBaseUser) -> LossEntry:
    """Book money received as the guarantor's. Raises GuaranteeRefused for more than was asked and is not paid."""
    loan = _locked(loan)
    waiting = loss_accounts(loan)["receivable"]
    _refuse_amount(loan, amount, waiting, "the guarantor was asked for and has not paid")
    entry = claim_paid_entry(loan.reference, line.booked_on, amount, line.bank_account.code)
    return _from_bank(loan, LossEntry.Kind.CLAIM_PAID, line, amount, entry, by)


@transaction.atomic
def pay_over(*, loan: Loan, line: BankStatementLine, amount: Money, by: AbstractBaseUser) -> LossEntry:
    """Book money that went out as the guarantor's share. Raises GuaranteeRefused for more than is owed to it."""
    loan = _locked(loan)
    _refuse_amount(loan, amount, loss_accounts(loan)["owed"], "is owed to the guarantor")
    entry = paid_over_entry(loan.reference, line.booked_on, amount, line.bank_account.code)
    return _from_bank(loan, LossEntry.Kind.PAID_OVER, line, amount, entry, by)


def _book_claim(proposal: LossProposal, by: AbstractBaseUser) -> LossEntry:
    loan = _locked(proposal.loan)
    amount = claimable(loan, proposal.effective_on)
    if amount != proposal.money:
        raise GuaranteeRefused(
            f"A claim for {loan} on {date_text(proposal.effective_on)} now comes to {money_text(amount)}; "
            f"{money_text(proposal.money or 0 * amount)} was proposed. Propose it anew; nothing was changed."
        )
    at = position_of(loan, proposal.effective_on)
    lost = _lost(at)
    owed = at.principal_outstanding + lost
    before = guaranteed(amount, Decimal(lost.amount) / Decimal(owed.amount))
    entry = claim_entry(loan.reference, proposal.effective_on, amount, lost_before=before)
    kept = keep_loss_entry(
        loan, LossEntry.Kind.CLAIMED, f"claim:{proposal.pk}", amount, entry, by=by, proposal=proposal
    )
    book_cover(looked_at(loan), loan.book.business_date, by=by)
    return kept


def _from_bank(
    loan: Loan,
    kind: LossEntry.Kind,
    line: BankStatementLine,
    amount: Money,
    entry: JournalEntry,
    by: AbstractBaseUser,
) -> LossEntry:
    kept = keep_loss_entry(loan, kind, f"{kind.value}:{line.pk}", amount, entry, by=by)
    match_bank_line(line_id=line.pk, entry_id=kept.entry_id)
    return kept


def _refuse_amount(loan: Loan, amount: Money, most: Money, words: str) -> None:
    if not 0 < amount.amount <= most.amount:
        raise GuaranteeRefused(
            f"The line has {money_text(amount)}; {money_text(most)} {words} for {loan}. Choose another line or loan; "
            "nothing was changed."
        )


def _lost(at: Position) -> Money:
    """Principal that was written off by a day and not recovered since."""
    return max(at.written_off - at.recovered, at.written_off * 0)


def _locked(loan: Loan) -> Loan:
    return Loan.objects.select_for_update(of=("self",)).select_related("book", "organisation").get(pk=loan.pk)
