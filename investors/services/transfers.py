"""Selling a participation: one person proposes, another checks exactly that; then parts and money change hands."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from moneyed import Money

from investors.domain.entries import due_to_investor, sale_entry
from investors.domain.errors import MoneyShort, TransferRefused
from investors.domain.sale import PaidHow, Sale, sale_sha256
from investors.models import Investor, ParticipationSet, ParticipationTransfer, TransferDecision
from investors.queries import SalePreview, preview_sale, standing_sets, transfers_of
from investors.services.apportionment import apportion
from investors.services.held_money import one_spends_held_money
from investors.services.participations import keep_set
from investors.services.proposals import approve_proposed, refuse_decided, why_declined
from ledger.domain.money import from_minor, to_minor
from ledger.domain.words import money_text
from ledger.queries import balances
from ledger.services import post
from loans.models import Loan, LoanTerms

if TYPE_CHECKING:
    from ledger.models import Book

AFTER_EVERY_ENTRY = date(9999, 1, 1)


@transaction.atomic
def propose_transfer(
    *,
    loan: Loan,
    seller: Investor,
    buyer: Investor,
    amount: Money,
    on: date,
    reason: str,
    price: Money | None = None,
    paid_how: PaidHow = PaidHow.HELD,
    by: AbstractBaseUser,
) -> ParticipationTransfer:
    """Propose that a lender sells a part of its participation, or all of it, to another; nothing moves yet.

    The price is the principal outstanding that goes along unless another is agreed; the interest that the seller has
    earned and that is not due comes on top of it. The same again is the proposal that waits. Raises TransferRefused.
    """
    loan = _locked(loan)
    shown = preview_sale(loan, Sale(seller.code, buyer.code, amount, on))
    price = shown.principal if price is None else price
    _refuse_price(price, reason, loan)
    minor = [to_minor(one.amount, loan.currency) for one in (shown.principal, price, shown.accrued)]
    sold = to_minor(amount.amount, loan.currency)
    facts = (loan.pk, seller.pk, buyer.pk, sold, on.isoformat(), *minor, paid_how.value, reason.strip())
    waiting = transfers_of(loan).filter(decision=None).first()
    if waiting is not None:
        return _same(waiting, sale_sha256(*facts))
    return ParticipationTransfer.objects.create(
        loan=loan,
        seller=seller,
        buyer=buyer,
        amount=sold,
        effective_on=on,
        principal=minor[0],
        price=minor[1],
        accrued=minor[2],
        paid_how=paid_how,
        reason=reason.strip(),
        content_sha256=sale_sha256(*facts),
        proposed_by_id=by.pk,
    )


@transaction.atomic
def approve_transfer(
    *, transfer: ParticipationTransfer, shown_sha256: str, by: AbstractBaseUser, reason: str = ""
) -> TransferDecision:
    """Agree to exactly what was proposed: another set of participations counts from its day on, the money is settled,
    and all that was posted since is shared anew.

    Raises SameTwoEyes, MoneyShort where too little is held for the buyer, and TransferRefused where it is decided, or
    the loan has moved since it was proposed.
    """
    one_spends_held_money(transfer.loan.book)
    loan = _locked(transfer.loan)
    refuse_decided(transfer, shown_sha256, TransferRefused)
    shown = preview_sale(loan, transfer.sale)
    _refuse_moved(transfer, shown)
    approval = approve_proposed(transfer, "participation-transfer", shown_sha256=shown_sha256, by=by, reason=reason)
    shares = _begin(loan, shown, by)
    entry_id = _settle(transfer, by)
    apportion(loan=loan, by=by)
    return TransferDecision.objects.create(
        transfer=transfer,
        outcome=TransferDecision.Outcome.APPROVED,
        reason=reason.strip(),
        approval=approval,
        participation_set=shares,
        entry_id=entry_id,
        decided_by_id=by.pk,
    )


@transaction.atomic
def decline_transfer(
    *, transfer: ParticipationTransfer, shown_sha256: str, reason: str, by: AbstractBaseUser
) -> TransferDecision:
    """Say no, or take one's own proposal back, and say why. Raises TransferRefused."""
    _locked(transfer.loan)
    refuse_decided(transfer, shown_sha256, TransferRefused)
    return TransferDecision.objects.create(
        transfer=transfer,
        outcome=TransferDecision.Outcome.DECLINED,
        reason=why_declined(transfer, reason, TransferRefused),
        decided_by_id=by.pk,
    )


def _locked(loan: Loan) -> Loan:
    return Loan.objects.select_for_update(of=("self",)).select_related("book").get(pk=loan.pk)


def _refuse_price(price: Money, reason: str, loan: Loan) -> None:
    if price.currency.code != loan.currency or price.amount < 0:
        raise TransferRefused(
            f"A price of {money_text(price)} is not possible for a part of {loan}. Give one from nought on, in "
            f"{loan.currency}; nothing was changed."
        )
    if not reason.strip():
        raise TransferRefused("Say why it is sold: the second person and the auditor read it. Nothing was changed.")


def _same(waiting: ParticipationTransfer, sha256: str) -> ParticipationTransfer:
    if waiting.content_sha256 != sha256:
        raise TransferRefused(
            f"{waiting}, a sale of {money_text(waiting.sale.amount)} by {waiting.seller.code}, waits for a decision on "
            f"{waiting.loan}. Have it approved or declined first; nothing was changed."
        )
    return waiting


def _refuse_moved(transfer: ParticipationTransfer, shown: SalePreview) -> None:
    proposed = (transfer.principal_money, transfer.accrued_money)
    if proposed != (shown.principal, shown.accrued):
        raise TransferRefused(
            f"{transfer.loan} has moved since {transfer} was proposed: {money_text(shown.principal)} of principal and "
            f"{money_text(shown.accrued)} of interest would change hands, and not {money_text(proposed[0])} and "
            f"{money_text(proposed[1])}. Decline it and propose it anew; nothing was changed."
        )


def _begin(loan: Loan, shown: SalePreview, by: AbstractBaseUser) -> ParticipationSet:
    latest = standing_sets(loan)[-1]
    terms = LoanTerms.objects.get(pk=latest.terms_id)
    return keep_set(loan, terms, shown.after, by=by, follows=latest)


def _settle(transfer: ParticipationTransfer, by: AbstractBaseUser) -> int | None:
    """Move what the fund holds from the buyer to the seller; nothing where they settle directly, or for nothing."""
    if transfer.paid_how != PaidHow.HELD or not transfer.paid:
        return None
    book, buyer = transfer.loan.book, transfer.buyer
    held = _held(book, buyer, transfer.effective_on)
    if held < transfer.paid:
        raise MoneyShort(
            f"{money_text(held)} is held for {buyer}, {money_text(transfer.paid - held)} less than the "
            f"{money_text(transfer.paid)} that {transfer} costs. Let {buyer} pay in, or pay directly; "
            "nothing was changed."
        )
    entry = sale_entry(
        transfer.pk,
        transfer.loan.reference,
        seller=transfer.seller.code,
        buyer=buyer.code,
        on=transfer.effective_on,
        price=transfer.price_money,
        accrued=transfer.accrued_money,
    )
    return post([entry], book=book, key=f"sale:{transfer.pk}", by=by).entry_ids[0]


def _held(book: Book, investor: Investor, on: date) -> Money:
    """What is held for an investor: the least of what there is on the day and once all is posted."""
    account = due_to_investor(investor.code)
    days = [-balances(book, [account], day)[account] for day in (on, AFTER_EVERY_ENTRY)]
    return max(min(days), from_minor(0, book.base_currency))
