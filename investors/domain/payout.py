"""What of the money held for an investor is paid out: how much of it is interest, and which tax is withheld from that?

Interest is paid before anything else: a payout is interest as far as interest was received for the investor and has not
been paid out, and the rest of it is capital (docs/decisions/0032). Tax is the rate on that interest, cut to whole minor
units in the investor's favour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from moneyed import Money

from investors.domain.errors import PayoutRefused
from ledger.domain.money import from_minor, to_minor
from ledger.domain.payments import content_sha256
from ledger.domain.words import money_text


@dataclass(frozen=True, slots=True)
class PayoutAsked:
    """Whom to pay, by code: all that is held but what the investor asked to `stay`; or `amount` where that is given."""

    investor: str
    stays: Money
    amount: Money | None = None


@dataclass(frozen=True, slots=True)
class PayoutParts:
    """One investor's payout: `amount` leaves what is held, `interest` is how much of it is interest, `tax` is withheld
    from that at `rate`, a fraction."""

    investor: str
    amount: Money
    stays: Money
    interest: Money
    rate: Decimal
    tax: Money

    @property
    def net(self) -> Money:
        """What the investor is paid."""
        return self.amount - self.tax

    @property
    def capital(self) -> Money:
        """What of it is no interest."""
        return self.amount - self.interest


@dataclass(frozen=True, slots=True)
class HeldMoney:
    """What is held for an investor, and what of it may be paid out on a day.

    `clearing` came by Direct Debit and may still be sent back; `interest_unpaid` was received as interest and not paid
    out; `tax_rate` is None where nobody has said whether tax is withheld.
    """

    investor: str
    name: str
    held: Money
    clearing: Money
    interest_unpaid: Money
    tax_rate: Decimal | None
    has_account: bool

    @property
    def free(self) -> Money:
        """What may be paid out."""
        return max(self.held - self.clearing, 0 * self.held)


def payout_parts(held: HeldMoney, asked: PayoutAsked) -> PayoutParts:
    """What an investor is paid of what is held for it.

    Raises PayoutRefused for nothing, another currency, more than is there, no bank details, and where nobody has said
    whether tax is withheld from interest.
    """
    _refuse_currency(held, asked)
    amount = held.free - asked.stays if asked.amount is None else asked.amount
    _refuse_amount(held, amount, asked.stays)
    interest = min(amount, max(held.interest_unpaid, 0 * amount))
    if not held.has_account:
        raise PayoutRefused(
            f"Nobody has confirmed bank details of {held.name}, so no payment can be made to it. Have them confirmed "
            "first, or leave it out; nothing was changed."
        )
    if interest.amount and held.tax_rate is None:
        raise PayoutRefused(
            f"{money_text(interest)} of what is paid to {held.name} is interest, and nobody has said whether income "
            "tax is withheld from it. Say so on the investor's page, and why; nothing was changed."
        )
    rate = held.tax_rate or Decimal(0)
    return PayoutParts(held.investor, amount, asked.stays, interest, rate, tax_on(interest, rate))


def tax_on(interest: Money, rate: Decimal) -> Money:
    """The tax withheld from interest, cut to whole minor units.

    >>> tax_on(Money("10.04", "GBP"), Decimal("0.2"))
    Money('2.00', 'GBP')
    """
    currency = interest.currency.code
    minor = (to_minor(interest.amount, currency) * rate).quantize(Decimal(1), rounding=ROUND_DOWN)
    return from_minor(int(minor), currency)


def payout_sha256(head: Sequence[object], lines: Sequence[tuple[int, PayoutParts]]) -> str:
    """The fingerprint of a payout as it was proposed, as the database works it out too; investors by their keys."""
    return content_sha256(head, [_told(number, key, parts) for number, (key, parts) in enumerate(lines, start=1)])


def line_sha256(payout: int, number: int, key: int, parts: PayoutParts) -> str:
    """The fingerprint of one line of it."""
    return content_sha256((payout,), [_told(number, key, parts)])


def payout_head(book: int, on: date, currency: str, lines: int, reason: str) -> tuple[object, ...]:
    """What is hashed of a payout beside its lines."""
    return (book, on.isoformat(), currency, lines, reason)


def _told(number: int, key: int, parts: PayoutParts) -> tuple[object, ...]:
    amounts = (parts.amount, parts.stays, parts.interest, parts.tax)
    amount, stays, interest, tax = (to_minor(one.amount, one.currency.code) for one in amounts)
    return (number, key, amount, stays, interest, f"{parts.rate:.6f}", tax)


def _refuse_currency(held: HeldMoney, asked: PayoutAsked) -> None:
    for amount in (asked.stays, asked.amount):
        if amount is not None and amount.currency != held.held.currency:
            raise PayoutRefused(
                f"{money_text(amount)} is asked for {held.name}, and what is held for it is in "
                f"{held.held.currency.code}. Give the amount in that currency; nothing was changed."
            )


def _refuse_amount(held: HeldMoney, amount: Money, stays: Money) -> None:
    if stays.amount < 0 or (amount.amount <= 0 and held.free >= stays):
        raise PayoutRefused(
            f"{money_text(amount)} to {held.name}, with {money_text(stays)} that stays, pays nothing. Give amounts "
            "above nought, or leave it out; nothing was changed."
        )
    asked = max(amount, 0 * amount) + stays
    if asked > held.free:
        clearing = (
            f"; {money_text(held.clearing)} more came by Direct Debit and may still be sent back"
            if held.clearing.amount
            else ""
        )
        raise PayoutRefused(
            f"{money_text(asked)} is to be paid to {held.name} or to stay, {money_text(asked - held.free)} more than "
            f"the {money_text(held.free)} that is held for it and free{clearing}. Pay less; nothing was changed."
        )
