"""What does a bank say happened on an account? A statement that exists adds up: opening and lines make the closing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from itertools import pairwise

from moneyed import Money

from ledger.domain.bank_errors import BalanceMismatch, MixedCurrencies, StatementsDoNotFollow, UnreadableDate
from ledger.domain.words import date_text, money_text


@dataclass(frozen=True, slots=True)
class ParsedLine:
    """One booked movement: positive money came in, negative money went out.

    `bank_reference` is the bank's own, empty where it gives none; `reference` is what the payer gave (end-to-end id or
    remittance text); `description` is every other text. `occurrence` is 1, 2 … among lines that are alike in all.
    """

    bank_reference: str
    booked_on: date
    value_on: date
    amount: Money
    counterparty: str = ""
    reference: str = ""
    description: str = ""
    occurrence: int = 1

    @property
    def fingerprint(self) -> str:
        """Which movement this is, in every file that shows it: with `occurrence`, the key of a line on its account.

        A bank's reference alone is no key: some banks number anew each day and some give one to a whole batch.
        """
        parts = [self.bank_reference, self.booked_on.isoformat(), f"{self.amount.amount.normalize():f}"]
        if not self.bank_reference:
            parts += [self.counterparty, self.reference, self.description]
        return sha256("\x1f".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ParsedStatement:
    """A bank's statement of one account from one day to another, both included.

    `account_identification` is an IBAN, or sort code and account number without spaces; `notes` tell what the file held
    and the lines do not. A balance is None where the file states none. Raises BalanceMismatch, MixedCurrencies and
    UnreadableDate.
    """

    statement_id: str
    account_identification: str
    currency: str
    from_on: date
    to_on: date
    opening: Money | None
    closing: Money | None
    lines: tuple[ParsedLine, ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self._hold_one_currency()
        self._hold_dates_in_order()
        if self.opening is not None and self.closing is not None:
            self._hold_that_it_adds_up(self.opening, self.closing)

    @property
    def moved(self) -> Money:
        """What the lines come to: positive where more came in than went out."""
        return sum((line.amount for line in self.lines), Money(0, self.currency))

    @property
    def label(self) -> str:
        """How messages name this statement."""
        return f"Statement {self.statement_id!r} of account {self.account_identification}"

    def _hold_that_it_adds_up(self, opening: Money, closing: Money) -> None:
        made = opening + self.moved
        if made != closing:
            raise BalanceMismatch(
                f"{self.label}: the opening balance {plain(opening)} and {len(self.lines)} lines of "
                f"{plain(self.moved)} make {plain(made)}, yet the closing balance is "
                f"{plain(closing)}: a difference of {plain(closing - made)}. "
                "Download the file again, then ask the bank."
            )

    def _hold_one_currency(self) -> None:
        amounts = [self.opening, self.closing, *(line.amount for line in self.lines)]
        others = {amount.currency.code for amount in amounts if amount is not None} - {self.currency}
        if others:
            raise MixedCurrencies(
                f"{self.label} is in {self.currency} and has amounts in {', '.join(sorted(others))}. "
                "Ask the bank for one statement per currency."
            )

    def _hold_dates_in_order(self) -> None:
        if self.from_on > self.to_on:
            raise UnreadableDate(
                f"{self.label} runs from {date_text(self.from_on)} to {date_text(self.to_on)}, backwards. "
                "Ask the bank for a corrected file."
            )
        for line in self.lines:
            if not self.from_on <= line.booked_on <= self.to_on:
                raise UnreadableDate(
                    f"{self.label} runs from {date_text(self.from_on)} to {date_text(self.to_on)} and has a line of "
                    f"{plain(line.amount)} booked on {date_text(line.booked_on)}. Ask the bank for a corrected file."
                )


def plain(amount: Money) -> str:
    """Money as messages about the bank show it.

    >>> plain(Money("-1234.5", "GBP"))
    '-£1,234.50'
    """
    return money_text(amount)


def normalise_account(identification: str) -> str:
    """An IBAN, or sort code and account number, as it is compared.

    >>> normalise_account("60-16-13 3192 6819")
    '60161331926819'
    """
    return "".join(character for character in identification if character.isalnum()).upper()


def is_same_account(one: str, other: str) -> bool:
    """Whether two identifications name one account; a British IBAN names it by sort code and number as well.

    >>> is_same_account("GB29 NWBK 6016 1331 9268 19", "60-16-13 31926819")
    True
    """
    return _domestic(normalise_account(one)) == _domestic(normalise_account(other)) != ""


def _domestic(account: str) -> str:
    is_british_iban = len(account) == 22 and account.startswith("GB") and account[8:].isdigit()
    return account[8:] if is_british_iban else account


def number_occurrences(statements: Sequence[ParsedStatement]) -> tuple[ParsedStatement, ...]:
    """The statements of one file with lines that are alike numbered 1, 2 … per account, so that honest twins stay two.

    Raises StatementsDoNotFollow where two statements of an account overlap: their common lines would count double.
    """
    by_account: dict[tuple[str, str], list[ParsedStatement]] = {}
    for statement in statements:
        by_account.setdefault((statement.account_identification, statement.currency), []).append(statement)
    for of_one_account in by_account.values():
        _hold_that_they_follow(of_one_account)
    seen: Counter[tuple[str, str]] = Counter()
    return tuple(
        replace(statement, lines=tuple(_numbered(statement.lines, statement.account_identification, seen)))
        for statement in statements
    )


def _numbered(lines: Iterable[ParsedLine], account: str, seen: Counter[tuple[str, str]]) -> Iterable[ParsedLine]:
    for line in lines:
        key = (account, line.fingerprint)
        seen[key] += 1
        yield replace(line, occurrence=seen[key])


def _hold_that_they_follow(statements: Sequence[ParsedStatement]) -> None:
    if len({statement.statement_id for statement in statements}) < len(statements):
        raise StatementsDoNotFollow(
            f"{statements[0].label} or another of this account stands twice in the file. Download the file again."
        )
    for earlier, later in pairwise(sorted(statements, key=lambda statement: (statement.from_on, statement.to_on))):
        if earlier.closing is None or later.opening is None:
            _hold_apart(earlier, later)
        elif earlier.closing != later.opening:
            raise StatementsDoNotFollow(
                f"{earlier.label} closes on {date_text(earlier.to_on)} with {plain(earlier.closing)} and statement "
                f"{later.statement_id!r} opens on {date_text(later.from_on)} with {plain(later.opening)}: a "
                "difference of "
                f"{plain(later.opening - earlier.closing)}. Import them as files of their own, in order."
            )


def _hold_apart(earlier: ParsedStatement, later: ParsedStatement) -> None:
    """Where balances cannot show that two statements follow, their days have to."""
    if later.from_on <= earlier.to_on:
        raise StatementsDoNotFollow(
            f"{earlier.label} ends on {date_text(earlier.to_on)} and statement {later.statement_id!r} begins on "
            f"{date_text(later.from_on)}: they overlap. Import them as files of their own, in order."
        )
