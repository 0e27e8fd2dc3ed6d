"""Which payments does a bank line tell of? By an end-to-end id, by the name of the file or its block, or by its sum."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ledger.domain.payments import PaymentState
from ledger.models import BankStatementLine, Book, PaymentFile, PaymentFileStep, PaymentOutcome, Posting
from ledger.queries.bank import unmatched_bank_lines
from ledger.queries.payments import message_id, payment_lines, payments, transfer_file

_NAME = re.compile(r"[A-Z0-9][A-Z0-9-]*-[0-9]{4,}(?:-B?[0-9]+)?")
"""How files, blocks and payments are called, in capitals; other numbers may look alike, and are then not found."""


@dataclass(frozen=True, slots=True)
class ToldOf:
    """A waiting bank line, and the payments that it says were paid, or, where money came in, came back."""

    line: BankStatementLine
    payments: tuple[Any, ...]

    @property
    def came_back(self) -> bool:
        """Whether the money came in again."""
        return self.line.amount > 0


def lines_told_of(book: Book) -> list[ToldOf]:
    """The bank lines in suspense that tell of payments, to the penny, the oldest first.

    Lines that were matched before, in part or and taken back, are left to a person.
    """
    sent = list(payments(book).filter(state=PaymentState.SENT).order_by("pk"))
    waiting = list(unmatched_bank_lines(book).filter(matches=None).order_by("booked_on", "pk"))
    named = {line.pk: _names_in(line) for line in waiting}
    found = [
        ToldOf(line, told) for line, told in _paid(sent, [line for line in waiting if line.amount < 0], named) if told
    ]
    return [*found, *_came_back(book, [line for line in waiting if line.amount > 0], named)]


def _names_in(line: BankStatementLine) -> frozenset[str]:
    return frozenset(_NAME.findall(f"{line.reference} {line.description}".upper()))


def _paid(
    sent: Sequence[Any], lines: Iterable[Any], named: dict[int, frozenset[str]]
) -> Iterable[tuple[Any, tuple[Any, ...]]]:
    """Each line with what it pays; a payment is paid by one line alone."""
    if not sent:
        return
    blocks, left = _blocks(sent), {one.pk: one for one in sent}
    for line in lines:
        told = _paid_by(line, named[line.pk], left, blocks)
        for one in told:
            del left[one.pk]
        yield line, told


@dataclass(frozen=True, slots=True)
class _Block:
    """Payments that a bank may book as one sum: all of a file, or of one of its blocks."""

    names: frozenset[str]
    file: PaymentFile
    payments: tuple[Any, ...]
    is_batch: bool


def _blocks(sent: Sequence[Any]) -> list[_Block]:
    by_id = {one.end_to_end_id: one for one in sent}
    found = []
    for file in {one.file_id: one.file for one in sent}.values():
        value = transfer_file(file, list(payment_lines(file)))
        for name, _, transfers in value.blocks:
            told = tuple(by_id[one.end_to_end_id] for one in transfers if one.end_to_end_id in by_id)
            whole = len(value.blocks) == 1
            names = {name, message_id(file)} if whole else {name}
            if len(told) == len(transfers):
                found.append(_Block(frozenset(names), file, told, file.is_batch))
    return found


def _paid_by(line: Any, names: frozenset[str], left: dict[int, Any], blocks: Sequence[_Block]) -> tuple[Any, ...]:
    """What a line of money that went out pays of what is left, of its own bank account."""
    there = [one for one in left.values() if one.file.bank_account_id == line.bank_account_id]
    by_name = tuple(one for one in there if one.end_to_end_id in names)
    whole = [block for block in blocks if all(one.pk in left for one in block.payments)]
    whole = [block for block in whole if block.file.bank_account_id == line.bank_account_id]
    candidates = [by_name] if by_name else [block.payments for block in whole if block.names & names]
    if not candidates and not names:
        candidates = [block.payments for block in whole if block.is_batch and len(block.payments) > 1]
    exact = [told for told in candidates if sum(one.amount for one in told) == -line.rest]
    return exact[0] if len(exact) == 1 else ()


def _came_back(book: Book, lines: Sequence[Any], named: dict[int, frozenset[str]]) -> list[ToldOf]:
    """Money that came in under the name of a payment that the bank had confirmed, of the same amount."""
    names = {name for line in lines for name in named[line.pk]}
    if not names:
        return []
    confirmed = payments(book).filter(state=PaymentState.CONFIRMED, end_to_end_id__in=names)
    left, found = {one.end_to_end_id: one for one in confirmed}, []
    for line in lines:
        told = [left[name] for name in named[line.pk] if name in left and left[name].amount == line.rest]
        if len(told) == 1:
            del left[told[0].end_to_end_id]
            found.append(ToldOf(line, tuple(told)))
    return found


def matched_otherwise(book: Book) -> list[tuple[Any, Posting]]:
    """Payments at the bank whose money a bank line took from their account in transit, without having told of them.

    A person matched it, or it named the loan alone. Each with the posting of exactly its amount.
    """
    found: list[tuple[Any, Posting]] = []
    for one in payments(book).filter(state=PaymentState.SENT).order_by("pk"):
        taken_on = PaymentFileStep.objects.filter(file=one.file, kind="taken").earliest("pk").done_on
        candidates = Posting.objects.filter(
            account=one.account,
            amount=one.amount,
            effective_on__gte=taken_on,
            entry__reversed_by=None,
            entry__matches__line__bank_account=one.file.bank_account_id,
        ).exclude(entry_id__in=[posting.entry_id for _, posting in found])
        told = PaymentOutcome.objects.filter(payment__account=one.account).values("entry_id")
        posting = candidates.exclude(entry_id__in=told).order_by("entry_id").first()
        if posting is not None:
            found.append((one, posting))
    return found
