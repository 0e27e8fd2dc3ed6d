"""Recording who shares a loan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from investors.domain.entries import LENDER_ACCOUNTS, due_to_investor, participation_in_accrued
from investors.domain.errors import ImpossibleParticipation, SharesAreFixed
from investors.domain.own_terms import refuse_unkeepable
from investors.domain.participation import Participation as Part
from investors.domain.participation import ParticipationSet as Parts
from investors.domain.participation import SharingRule
from investors.models import Investor, Participation, ParticipationSet
from investors.queries import is_apportioned, loan_entries
from investors.services.apportionment import apportion
from ledger.domain.money import to_minor
from ledger.domain.words import date_text
from ledger.services import open_account
from loans.domain.schedule import planned_schedule
from loans.models import Loan, LoanTerms
from loans.models.money import plain
from loans.queries import agreed_terms

if TYPE_CHECKING:
    from ledger.models import Book


@transaction.atomic
def set_participations(
    *,
    loan: Loan,
    effective_on: date,
    participations: Sequence[Part],
    rule: SharingRule = SharingRule.ALIKE,
    by: AbstractBaseUser,
) -> ParticipationSet:
    """Record who shares a loan from a day on: a whole set, which takes the place of any before it.

    What was posted to the loan from that day on is shared at once.

    Raises NotTheWhole, ImpossibleParticipation for an investor that is not registered, TermsBeyondTheLoan for terms
    that the loan cannot keep, and SharesAreFixed where it was posted to before that day, or anything of it has been
    apportioned already.
    """
    loan = Loan.objects.select_for_update(of=("self",)).select_related("book").get(pk=loan.pk)
    terms = _latest_terms(loan)
    parts = Parts(loan.reference, effective_on, plain(terms.principal), tuple(participations), rule)
    _refuse_after_first_entry(loan, effective_on)
    _refuse_unkeepable(parts, terms)
    shares = keep_set(loan, terms, parts, by=by)
    apportion(loan=loan, by=by)
    return shares


def keep_set(
    loan: Loan, terms: LoanTerms, parts: Parts, *, by: AbstractBaseUser, follows: ParticipationSet | None = None
) -> ParticipationSet:
    """Keep a whole set for a loan that is locked, and open the accounts of everybody in it.

    Raises ImpossibleParticipation for an investor that is not registered.
    """
    lenders = _lenders(parts)
    shares = ParticipationSet.objects.create(
        loan=loan,
        terms=terms,
        effective_on=parts.effective_on,
        follows=follows,
        rule=parts.rule,
        line_count=len(parts.participations),
        recorded_by_id=by.pk,
    )
    Participation.objects.bulk_create(
        Participation(
            participation_set=shares,
            investor=lenders[part.investor],
            rank=part.rank,
            amount=to_minor(part.amount.amount, loan.currency),
            annual_rate=part.annual_rate,
            servicing_fee=part.servicing_fee,
            principal_from=part.principal_from,
        )
        for part in parts.participations
    )
    for investor in lenders.values():
        open_lender_accounts(loan, investor)
    return shares


def open_lender_accounts(loan: Loan, investor: Investor) -> None:
    """The accounts of a lender's part of a loan, and the one for the money that the fund holds for the lender."""
    for account in (*LENDER_ACCOUNTS, participation_in_accrued):
        node, _, subject = account(loan.reference, investor.code).partition("/")
        open_account(
            book=loan.book,
            node=node,
            subject=subject,
            name=f"{loan.reference}, {investor.name}",
            on=loan.book.opened_on,
            currency=loan.currency,
        )
    open_cash_account(loan.book, investor)


def open_cash_account(book: Book, investor: Investor) -> None:
    """The account for the money that the fund holds for an investor, from the book's first day on."""
    node, _, subject = due_to_investor(investor.code).partition("/")
    open_account(book=book, node=node, subject=subject, name=investor.name, on=book.opened_on)


def _latest_terms(loan: Loan) -> LoanTerms:
    return LoanTerms.objects.filter(loan=loan).latest("version")


def _lenders(parts: Parts) -> dict[str, Investor]:
    wanted = [part.investor for part in parts.participations]
    found = {investor.code: investor for investor in Investor.objects.filter(code__in=wanted)}
    unknown = [code for code in wanted if code not in found]
    if unknown:
        raise ImpossibleParticipation(
            f"No investor is registered under {', '.join(unknown)}. Register it first; nothing was changed."
        )
    return found


def _refuse_unkeepable(parts: Parts, terms: LoanTerms) -> None:
    agreed = agreed_terms(terms)
    waits = any(part.principal_from for part in parts.participations)
    refuse_unkeepable(parts, agreed.annual_rate, planned_schedule(agreed) if waits else ())


def _refuse_after_first_entry(loan: Loan, effective_on: date) -> None:
    number, first = next(iter(loan_entries(loan).items()), (0, None))
    if first is not None and (first.effective_on < effective_on or is_apportioned(loan)):
        raise SharesAreFixed(
            f"{loan} has been posted to since {date_text(first.effective_on)} (E-{number}), so who shares it from "
            f"{date_text(effective_on)} on cannot be changed any more. "
            "Participations are recorded before the drawdown; nothing was changed."
        )
