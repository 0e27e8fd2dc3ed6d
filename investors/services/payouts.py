"""Paying investors out of the money held for them: one person proposes, another approves exactly that, then the money
is on its way; until a bank has it, it can be taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from investors.domain.entries import on_its_way_to_investor, payout_entry
from investors.domain.errors import PayoutRefused
from investors.domain.payout import (
    PayoutAsked,
    PayoutParts,
    line_sha256,
    payout_head,
    payout_parts,
    payout_sha256,
)
from investors.models import Investor, Payout, PayoutDecision, PayoutLine, PayoutTakenBack
from investors.queries import held_money, money_to_pay_out, payout_entries, waiting_payouts
from investors.services.held_money import one_spends_held_money
from investors.services.proposals import approve_proposed, refuse_decided, why_declined
from ledger.domain.money import from_minor, to_minor
from ledger.domain.payments import PaymentState
from ledger.domain.words import date_text, money_text
from ledger.queries import closed_until, payment_under_way
from ledger.services import approve_all, hold_book, open_account, post, reverse

if TYPE_CHECKING:
    from ledger.models import Book

MOST = 1000
"""Investors in one payout."""


@transaction.atomic
def propose_payout(*, book: Book, on: date, asked: Sequence[PayoutAsked], reason: str, by: AbstractBaseUser) -> Payout:
    """Propose to pay investors out of what is held for them on a day; nothing moves yet.

    The same again is the proposal that waits. Raises PayoutRefused for what is not there or not free, for an investor
    of whom another payout waits, and for a day that is closed or to come.
    """
    one_spends_held_money(book)
    _refuse_day(book, on)
    _refuse_request(asked, reason)
    lenders = _lenders(asked)
    parts = _judged(book, on, asked, lenders)
    head = payout_head(book.pk, on, book.base_currency, len(parts), reason.strip())
    content = payout_sha256(head, [(lenders[one.investor].pk, one) for one in parts])
    if waiting := _waiting(book, lenders, content):
        return waiting
    made = Payout.objects.create(
        book=book,
        effective_on=on,
        currency=book.base_currency,
        line_count=len(parts),
        reason=reason.strip(),
        content_sha256=content,
        proposed_by_id=by.pk,
    )
    PayoutLine.objects.bulk_create(
        _line(made, number, lenders[one.investor], one) for number, one in enumerate(parts, start=1)
    )
    return made


@transaction.atomic
def approve_payout(*, payout: Payout, shown_sha256: str, by: AbstractBaseUser, reason: str = "") -> PayoutDecision:
    """Agree to exactly what was proposed: each line is posted, and its net amount is on its way to the investor.

    Raises SameTwoEyes, and PayoutRefused where it is decided, or what is there or due has changed since.
    """
    book = payout.book
    one_spends_held_money(book)
    refuse_decided(payout, shown_sha256, PayoutRefused)
    _refuse_day(book, payout.effective_on)
    lines = _lines(payout)
    _refuse_moved(payout, lines)
    approval = approve_proposed(payout, "payout", shown_sha256=shown_sha256, by=by, reason=reason)
    _post(payout, lines, by)
    return PayoutDecision.objects.create(
        payout=payout,
        outcome=PayoutDecision.Outcome.APPROVED,
        reason=reason.strip(),
        approval=approval,
        decided_by_id=by.pk,
    )


@transaction.atomic
def decline_payout(*, payout: Payout, shown_sha256: str, reason: str, by: AbstractBaseUser) -> PayoutDecision:
    """Say no, or take one's own proposal back, and say why. Raises PayoutRefused."""
    one_spends_held_money(payout.book)
    refuse_decided(payout, shown_sha256, PayoutRefused)
    return PayoutDecision.objects.create(
        payout=payout,
        outcome=PayoutDecision.Outcome.DECLINED,
        reason=why_declined(payout, reason, PayoutRefused),
        decided_by_id=by.pk,
    )


@transaction.atomic
def take_payout_back(
    *, payout: Payout, lines: Sequence[int], on: date, reason: str, by: AbstractBaseUser
) -> list[PayoutTakenBack]:
    """Take lines of a payout back by their numbers, or all that still can be where none is named: the money is held
    for the investors again.

    Raises PayoutRefused for a payout that was not approved, lines that it does not have or that are taken back, and for
    money that is in a payment file that stands or was paid; then nothing of it is taken back.
    """
    book = payout.book
    one_spends_held_money(book)
    hold_book(book=book)
    if not reason.strip():
        raise PayoutRefused(f"Say why {payout} is taken back: the auditor reads it. Nothing was changed.")
    if not PayoutDecision.objects.filter(payout=payout, outcome=PayoutDecision.Outcome.APPROVED).exists():
        raise PayoutRefused(f"{payout} was not approved, so there is nothing to take back. Nothing was changed.")
    named = _named(payout, lines)
    for line in named:
        _refuse_under_way(line)
    return _reversed(book, named, on=on, reason=reason.strip(), by=by)


def put_back(
    *, book: Book, sources: Sequence[str], on: date, reason: str, by: AbstractBaseUser, came_back: int | None = None
) -> list[PayoutTakenBack]:
    """Hold money for its investors again that the bank refused to pay, or that came back; what is no payout, or is
    held again already, is left out. `came_back` is the entry of the bank's line.

    The caller holds the book and the money (`hold_held_money`).
    """
    numbers = [int(source.partition(":")[2]) for source in sources if source.startswith("payout-line:")]
    found = PayoutLine.objects.filter(payout__book=book, pk__in=numbers, taken_back=None)
    lines = list(found.select_related("payout__book", "investor").order_by("pk"))
    return _reversed(book, lines, on=on, reason=reason, by=by, came_back=came_back)


def hold_held_money(book: Book) -> None:
    """Let nobody spend money held for investors, or post, until the end of the transaction."""
    one_spends_held_money(book)
    hold_book(book=book)


def _refuse_day(book: Book, on: date) -> None:
    opened = closed_until(book)
    if on > book.business_date:
        raise PayoutRefused(
            f"{date_text(on)} is after {date_text(book.business_date)}, the business date of {book}. "
            "Choose that day or an earlier one; nothing was changed."
        )
    if opened is not None and on < opened:
        raise PayoutRefused(
            f"{date_text(on)} is in a closed period: {book} is open from {date_text(opened)}. "
            "Choose that day or a later one; nothing was changed."
        )


def _refuse_request(asked: Sequence[PayoutAsked], reason: str) -> None:
    if not 1 <= len(asked) <= MOST:
        raise PayoutRefused(
            f"A payout pays 1 to {MOST} investors, and not {len(asked)}. Choose whom; nothing was changed."
        )
    if twice := [code for code, times in Counter(one.investor for one in asked).items() if times > 1]:
        raise PayoutRefused(f"{twice[0]} is named more than once. Name each investor once; nothing was changed.")
    if not reason.strip():
        raise PayoutRefused("Say why it is paid out: the second person and the auditor read it. Nothing was changed.")


def _lenders(asked: Sequence[PayoutAsked]) -> dict[str, Investor]:
    found = {one.code: one for one in Investor.objects.filter(code__in=[one.investor for one in asked])}
    if unknown := [one.investor for one in asked if one.investor not in found]:
        raise PayoutRefused(f"No investor is registered under {unknown[0]}. Correct the code; nothing was changed.")
    return found


def _judged(book: Book, on: date, asked: Sequence[PayoutAsked], lenders: dict[str, Investor]) -> list[PayoutParts]:
    """What each is paid, which the bank has. Raises PayoutRefused."""
    held = held_money(book, [lenders[one.investor] for one in asked], on)
    parts = [payout_parts(there, one) for there, one in zip(held, asked, strict=True)]
    nought = from_minor(0, book.base_currency)
    leaves, money = sum((one.net for one in parts), nought), money_to_pay_out(book, on)
    if leaves > money.free:
        clearing = f", {money_text(money.clearing)} of which may still be sent back" if money.clearing.amount else ""
        raise PayoutRefused(
            f"{money_text(leaves)} would leave the bank, {money_text(leaves - money.free)} more than there is: it has "
            f"{money_text(money.at_bank)} that is not on its way{clearing}. Pay less; nothing was changed."
        )
    return parts


def _waiting(book: Book, lenders: dict[str, Investor], content: str) -> Payout | None:
    """The same payout, where it waits already. Raises PayoutRefused where another waits for one of its investors."""
    for waiting in waiting_payouts(book):
        if waiting.content_sha256 == content:
            return waiting
        if both := [line.investor for line in waiting.lines.all() if line.investor.code in lenders]:
            raise PayoutRefused(
                f"{waiting} waits for a decision and pays {both[0]} already. Have it approved or declined first; "
                "nothing was changed."
            )
    return None


def _line(made: Payout, number: int, investor: Investor, parts: PayoutParts) -> PayoutLine:
    amounts = {name: getattr(parts, name) for name in ("amount", "stays", "interest", "tax")}
    minor = {name: to_minor(money.amount, made.currency) for name, money in amounts.items()}
    return PayoutLine(payout=made, line_no=number, investor=investor, rate=parts.rate, **minor)


def _lines(payout: Payout) -> list[PayoutLine]:
    found = PayoutLine.objects.filter(payout=payout).select_related("payout__book", "investor", "taken_back")
    return list(found.order_by("line_no"))


def _refuse_moved(payout: Payout, lines: Sequence[PayoutLine]) -> None:
    """Judge it anew: what is held, free, interest and taxed has to give what was proposed."""
    asked = [PayoutAsked(one.investor.code, one.parts.stays, one.parts.amount) for one in lines]
    lenders = {line.investor.code: line.investor for line in lines}
    for line, now in zip(lines, _judged(payout.book, payout.effective_on, asked, lenders), strict=True):
        if line.parts != now:
            raise PayoutRefused(
                f"{payout} says that {money_text(line.parts.interest)} of what {line.investor} is paid is interest, "
                f"with {money_text(line.parts.tax)} of tax. By now it is {money_text(now.interest)}, with "
                f"{money_text(now.tax)}. Decline it and propose it anew; nothing was changed."
            )


def _post(payout: Payout, lines: Sequence[PayoutLine], by: AbstractBaseUser) -> None:
    """Every line on its own, under an approval of its own, in one step."""
    book = payout.book
    for line in lines:
        node, _, subject = on_its_way_to_investor(line.investor.code).partition("/")
        open_account(book=book, node=node, subject=subject, name=line.investor.name, on=book.opened_on)
    contents = [(line.source, line_sha256(payout.pk, line.line_no, line.investor_id, line.parts)) for line in lines]
    approvals = approve_all(contents, made_by=payout.proposed_by, made_at=payout.proposed_at, checked_by=by)
    entries = [
        payout_entry(line.pk, line.parts, payout.effective_on, approval.pk)
        for line, approval in zip(lines, approvals, strict=True)
    ]
    post(entries, book=book, key=f"payout:{payout.pk}", by=by)


def _named(payout: Payout, numbers: Sequence[int]) -> list[PayoutLine]:
    every = _lines(payout)
    there = {line.line_no: line for line in every}
    if unknown := [number for number in numbers if number not in there]:
        raise PayoutRefused(f"{payout} has no line {unknown[0]}. Look at it again; nothing was changed.")
    named = [there[number] for number in dict.fromkeys(numbers)] or [one for one in every if not one.is_taken_back]
    if done := [line for line in named if line.is_taken_back]:
        raise PayoutRefused(
            f"What was paid to {done[0].investor} is taken back already. Leave it out; nothing was changed."
        )
    if not named:
        raise PayoutRefused(f"All of {payout} is taken back already. Nothing was changed.")
    return named


def _refuse_under_way(line: PayoutLine) -> None:
    payment = payment_under_way(line.payout.book, line.source)
    if payment is None:
        return
    if payment.state == PaymentState.CONFIRMED:
        raise PayoutRefused(
            f"The bank has paid {money_text(payment.money)} to {line.investor}, so it cannot be taken back. If it "
            "comes back, the bank's line puts it right; nothing was changed."
        )
    raise PayoutRefused(
        f"{money_text(payment.money)} to {line.investor} is in payment file {payment.file.number}, and is "
        f"{payment.state} there. Withdraw that file first, or record that the bank refused the payment; nothing was "
        "changed."
    )


def _reversed(
    book: Book,
    lines: Sequence[PayoutLine],
    *,
    on: date,
    reason: str,
    by: AbstractBaseUser,
    came_back: int | None = None,
) -> list[PayoutTakenBack]:
    """The reversal of each line's entry, on the day or the first that it can be."""
    posted, opened = payout_entries(book, lines), closed_until(book)
    made = []
    for line in lines:
        entry = posted[line.pk]
        day = max(on, entry.effective_on, opened or on)
        undone = reverse(entry.pk, book=book, on=day, reason=reason, key=f"payout-line:{line.pk}:taken-back", by=by)
        made.append(
            PayoutTakenBack.objects.create(
                line=line, entry_id=undone.entry_ids[0], came_back_id=came_back, reason=reason, taken_back_by_id=by.pk
            )
        )
    return made
