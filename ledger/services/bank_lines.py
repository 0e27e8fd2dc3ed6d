"""What a bank line is by itself, or with another one: the bank's charges and interest, and lines that undo each other.

Nothing here knows of loans: a line is taken out of suspense on the day that the bank booked it, whole.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Sum

from ledger.domain.bank_suggestions import CHARGE, INTEREST
from ledger.domain.entry import JournalEntry, signed
from ledger.domain.errors import LinesNotOpposite, NotTheBanks
from ledger.domain.money import from_minor
from ledger.domain.words import date_text, money_text
from ledger.models import BankLineMatch, BankStatementLine
from ledger.services.banking import line_held, match_bank_line
from ledger.services.posting import Posted, post

if TYPE_CHECKING:
    from moneyed import Money

BANKS_OWN = {CHARGE: ("5030", "Bank charge"), INTEREST: ("4020", "Bank interest")}
"""To which account a line goes, and how its entry begins."""

MOST_ALONE = Decimal(250)
"""A larger charge takes two people: it is booked by a journal, as money that went out is easily called a charge."""


@transaction.atomic
def book_banks_own(*, line_id: int, purpose: str, amount: Money, key: str, by: AbstractBaseUser) -> Posted:
    """Book a line, or an amount out of it, as a charge of the bank or its interest, in the words of the bank.

    `amount` has no sign. Raises NotTheBanks for interest that went out, a charge that came in, or charges of one line
    above MOST_ALONE, in however many parts; and what `match_bank_line` and `post` raise.
    """
    line = line_held(line_id)
    account, begins = BANKS_OWN[purpose]
    _refuse_not_the_banks(line, purpose, amount)
    says = " ".join(text for text in (line.counterparty, line.reference, line.description) if text)
    signed_amount = amount if line.amount > 0 else -amount
    entry = JournalEntry(
        effective_on=line.booked_on,
        narrative=f"{begins}: {says or 'no words of the bank'}"[:500],
        postings=(signed(line.bank_account.suspense.code, signed_amount), signed(account, -signed_amount)),
        source=f"bank-line:{line.pk}",
    )
    posted = post([entry], book=line.bank_account.book, key=f"bank-own:{key}", by=by)
    if not posted.repeated:
        match_bank_line(line_id=line.pk, entry_id=posted.entry_ids[0])
    return posted


@transaction.atomic
def set_against(*, line_id: int, other_id: int, key: str, by: AbstractBaseUser, is_part: bool = False) -> Posted:
    """Set what two lines have left against each other: what went out came in, here or on another account of the fund.

    The entry is dated as the later of the two. With `is_part` one may have more left than the other, which it keeps.
    Raises LinesNotOpposite, and what `post` raises.
    """
    first, second = (line_held(pk) for pk in sorted((line_id, other_id)))
    came_in, went_out = (first, second) if first.amount > 0 else (second, first)
    _refuse_not_opposite(came_in, went_out, is_part=is_part)
    minor = min(_rest(came_in), -_rest(went_out))
    amount = from_minor(minor, came_in.bank_account.currency)
    later = max(first, second, key=lambda line: (line.booked_on, line.pk))
    entry = JournalEntry(
        effective_on=later.booked_on,
        narrative=_said_against(came_in, went_out),
        postings=(
            signed(came_in.bank_account.suspense.code, amount),
            signed(went_out.bank_account.suspense.code, -amount),
        ),
        source=f"bank-line:{later.pk}",
    )
    posted = post([entry], book=came_in.bank_account.book, key=f"bank-against:{key}", by=by)
    if not posted.repeated:
        BankLineMatch.objects.bulk_create(
            BankLineMatch(line=line, entry_id=posted.entry_ids[0], amount=matched)
            for line, matched in ((came_in, minor), (went_out, -minor))
        )
    return posted


def _refuse_not_the_banks(line: BankStatementLine, purpose: str, amount: Money) -> None:
    on, what = date_text(line.booked_on), BANKS_OWN[purpose][1].lower()
    if (purpose == CHARGE) == (line.amount > 0):
        raise NotTheBanks(
            f"The bank line of {on} is {'money in' if line.amount > 0 else 'money out'}, and no {what}. Choose what it "
            "was for, or book it by a journal; nothing was changed."
        )
    charged = amount + _charged(line) if purpose == CHARGE else amount
    if purpose == CHARGE and charged.amount > MOST_ALONE:
        raise NotTheBanks(
            f"{money_text(charged)} is a large {what}: above {MOST_ALONE} a second person looks at it. Take the line "
            f"of {on} out of suspense by a journal; nothing was changed."
        )


def _charged(line: BankStatementLine) -> Money:
    """What of a line stands as a charge already."""
    standing = BankLineMatch.objects.filter(
        line=line, entry__reversed_by__isnull=True, entry__postings__account__code=BANKS_OWN[CHARGE][0]
    )
    minor = standing.aggregate(sum=Sum("amount"))["sum"] or 0
    return from_minor(abs(minor), line.bank_account.currency)


def _refuse_not_opposite(came_in: BankStatementLine, went_out: BankStatementLine, *, is_part: bool) -> None:
    one, other = came_in.bank_account, went_out.bank_account
    fits = one.book_id == other.book_id and one.currency == other.currency
    are_left = _rest(came_in) > 0 > _rest(went_out)
    if not fits or not are_left or (_rest(came_in) != -_rest(went_out) and not is_part):
        left = " and ".join(
            f"{money_text(from_minor(_rest(line), line.bank_account.currency))} on {date_text(line.booked_on)}"
            for line in (came_in, went_out)
        )
        raise LinesNotOpposite(
            f"The two bank lines have {left} left in suspense: they do not undo each other. Choose two of the same "
            "amount, one in and one out; nothing was changed."
        )


def _said_against(came_in: BankStatementLine, went_out: BankStatementLine) -> str:
    def whole(line: BankStatementLine) -> str:
        return f"{date_text(line.booked_on)} ({line.reference or line.counterparty or 'no name'})"

    if came_in.bank_account_id != went_out.bank_account_id:
        return f"Transfer from {went_out.bank_account.name} to {came_in.bank_account.name}, {whole(went_out)}"[:500]
    return f"The bank lines of {whole(went_out)} and {whole(came_in)} undo each other"[:500]


def _rest(line: BankStatementLine) -> int:
    rest: int = vars(line)["rest"]
    return rest
