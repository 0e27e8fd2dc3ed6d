"""Do the books agree with the balances that a bank's file states? What does not is refused with the difference."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import QuerySet

from ledger.domain.bank_errors import BalanceMismatch
from ledger.domain.bank_statement import ParsedStatement, plain
from ledger.domain.money import from_minor, to_minor
from ledger.domain.words import date_text
from ledger.models import BankAccount, BankStatement, BankStatementLine
from ledger.queries import balance


def agree_on_opening(bank_account: BankAccount, parsed: ParsedStatement) -> None:
    """Compare a stated opening balance with the evening before, or with the statement that it follows on the same day.

    Raises BalanceMismatch.
    """
    if parsed.opening is None or _followed_by(parsed, bank_account).exists():
        return
    day_before = parsed.from_on - timedelta(days=1)
    books_say = balance(bank_account.account, day_before)
    if books_say != parsed.opening:
        raise BalanceMismatch(
            f"{parsed.label} opens on {date_text(parsed.from_on)} with {plain(parsed.opening)}; the books say "
            f"{plain(books_say)} at the end of {date_text(day_before)}, a difference of "
            f"{plain(parsed.opening - books_say)}. "
            "Import the statement before this one first."
        )


def _followed_by(parsed: ParsedStatement, bank_account: BankAccount) -> QuerySet[BankStatement]:
    """The known statements that end on a statement's first day with its opening balance: it goes on where they end."""
    if parsed.opening is None:
        return BankStatement.objects.none()
    opening = to_minor(parsed.opening.amount, bank_account.currency)
    return bank_account.statements.filter(to_on=parsed.from_on, closing=opening)


def agree_on_closing(
    bank_account: BankAccount, parsed: ParsedStatement, statement: BankStatement, new: Sequence[BankStatementLine]
) -> None:
    """Compare a stated closing balance with the books once the new lines are posted.

    A statement that brings nothing new and says what a known one said was compared then; another one of the same day
    may have followed it. Raises BalanceMismatch.
    """
    if parsed.closing is None:
        return
    same = {"to_on": parsed.to_on, "closing": to_minor(parsed.closing.amount, bank_account.currency)}
    if not new and bank_account.statements.filter(**same).exclude(pk=statement.pk).exists():
        return
    books_say = balance(bank_account.account, parsed.to_on)
    if books_say != parsed.closing:
        raise BalanceMismatch(
            f"{parsed.label} closes on {date_text(parsed.to_on)} with {plain(parsed.closing)}; with its lines "
            "the books say "
            f"{plain(books_say)}, a difference of {plain(parsed.closing - books_say)}. "
            f"{_why_it_may_differ(bank_account, parsed, statement)}"
        )


def _why_it_may_differ(bank_account: BankAccount, parsed: ParsedStatement, statement: BankStatement) -> str:
    """A file that states its opening balance has shown that nothing is missing before it; another has not."""
    lacks = "An earlier file has lines for these days that this one lacks. Ask the bank for a complete file."
    if parsed.opening is not None:
        return lacks
    before = bank_account.statements.filter(to_on__lt=parsed.to_on).exclude(pk=statement.pk).order_by("-to_on").first()
    ends = f"the last one ends on {date_text(before.to_on)}" if before else "there is none before it"
    begins = f"this file begins on {date_text(parsed.from_on)} and {ends}"
    return f"A file is missing in between ({begins}): import that first. Or else: {lacks[0].lower()}{lacks[1:]}"


def agree_with_known(
    bank_account: BankAccount, parsed: ParsedStatement, statement: BankStatement, new: Sequence[BankStatementLine]
) -> None:
    """A statement that was brought in already has to tie still, with new lines before its end.

    Where the file states its own closing balance that is one which ends later, or on the same day unless this one goes
    on where it ends; where it does not, any that ends on the day of the first new line or after it, for nothing else
    shows that they are not lines that the books have, told in other words. Raises BalanceMismatch.
    """
    moved = sum(line.amount for line in new)
    if not moved:
        return
    first_on = min(line.booked_on for line in new)
    stated = bank_account.statements.filter(closing__isnull=False).exclude(pk=statement.pk)
    stated = stated.filter(to_on__gte=first_on if parsed.closing is None else parsed.to_on)
    if _followed_by(parsed, bank_account).exists():
        stated = stated.exclude(to_on=parsed.from_on)
    later = stated.order_by("to_on", "-pk").first()
    if later is None or later.closing is None:
        return
    books_say, closing = balance(bank_account.account, later.to_on), from_minor(later.closing, bank_account.currency)
    if books_say != closing:
        raise BalanceMismatch(
            f"{parsed.label} brings {plain(from_minor(moved, bank_account.currency))} that the books did not have, "
            f"dated by {date_text(later.to_on)}; with it they would say {plain(books_say)} then, and statement "
            f"{later.statement_id!r}, brought in already, closes with {plain(closing)}. Ask the bank which is right."
        )
