"""What bank lines were for, as a person says it: shown exactly before it is booked, booked part by part, and undone.

A preview is a rehearsal: all of it is done, what was posted is noted, and it is rolled back. So it shows what would be
posted, the lenders' side included, because it is what would be posted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from moneyed import Money

from commonweal.access.models import User
from commonweal.access.scope import investors_for, loans_for
from commonweal.jobs.errors import MatchRefused
from commonweal.jobs.lending import confirm_by_bank_line, repay_from_bank_line, take_back
from commonweal.jobs.refusals import REFUSALS
from commonweal.jobs.servicing import recover_from_bank_line, settle_from_bank_line
from investors.domain.borrowing_entries import source_of
from investors.models import BorrowingEvent, Facility, Investor, PayoutTakenBack
from investors.queries.borrowings import facility_by_reference
from investors.services import (
    confirm_facility_repayment,
    draw_facility,
    receive_contribution,
    reverse_borrowing_event,
    reverse_contribution,
    take_repayment_confirmation_back,
)
from ledger import queries as ledger
from ledger.domain.bank_suggestions import CHARGE, INTEREST, OPPOSITE
from ledger.domain.entry import REVERSIBLE, JournalEntry, Kind
from ledger.domain.money import from_minor
from ledger.domain.suggestion import Part
from ledger.domain.words import date_text, money_text
from ledger.services import book_banks_own, noting, reverse_by_hand, set_against
from loans.domain.suggestions import LOAN, RECOVERS, SETTLES
from loans.models import Loan, LoanEvent
from loans.queries import loan_by_reference
from loans.services import (
    Circumstances,
    HowRepaid,
    hold_loans,
    pay_over,
    record_claim_paid,
    take_confirmation_back,
)

if TYPE_CHECKING:
    from ledger.models import BankLineMatch, BankStatementLine, Book

INVESTOR, GUARANTOR, FACILITY = "investor", "guarantor", "facility"
BORROWING = source_of("")
"""With what the sources of a facility's entries begin."""

OF_LOANS = (LOAN, SETTLES, RECOVERS, GUARANTOR)
"""Purposes whose subject is a loan."""

MOST_PARTS = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a line is to be matched to. `shown` is the fingerprint of what the person was shown, where they were;
    `books_later` lets what belongs into a closed month be booked on the first open day."""

    line: int
    parts: tuple[Part, ...]
    shown: str = ""
    books_later: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a line, or would: the entries that are posted for it, or why none are."""

    wanted: Wanted
    entries: tuple[JournalEntry, ...] = ()
    refusal: str = ""

    @property
    def sha256(self) -> str:
        """A fingerprint of what is posted: days, accounts and amounts."""
        content = [
            [
                entry.effective_on.isoformat(),
                entry.kind,
                [[one.account, one.minor, one.currency] for one in entry.postings],
            ]
            for entry in self.entries
        ]
        return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()


def refuse_unseen(*, book: Book, parts: Iterable[Part], by: User) -> None:
    """Raise MatchRefused for a loan or an investor that is not the person's to see, as for one that there is not."""
    for part in parts:
        loans = part.purpose in OF_LOANS and loans_for(by).filter(book=book, pk=part.subject)
        investors = part.purpose == INVESTOR and investors_for(by).filter(pk=part.subject)
        if part.purpose in (*OF_LOANS, INVESTOR) and not (loans or investors):
            raise MatchRefused("There is no such loan or investor. Choose another one; nothing was changed.")
        if part.purpose == FACILITY and not Facility.objects.filter(book=book, pk=part.subject).exists():
            raise MatchRefused(f"{book} has no such facility. Choose another one; nothing was changed.")


def rehearse(*, book: Book, wanted: Sequence[Wanted], by: User) -> list[Outcome]:
    """What matching these lines, one after the other, would post, or why one of them is refused; nothing is kept."""
    with transaction.atomic():
        _hold_loans(book, wanted)
        outcomes = [_tried(book, one, by=by) for one in wanted]
        transaction.set_rollback(True)
    return outcomes


def match_lines(*, book: Book, wanted: Sequence[Wanted], by: User) -> list[Outcome]:
    """Match lines, each in a step of its own: one that is refused says why, and the others are booked."""
    return [_tried(book, one, by=by) for one in wanted]


@transaction.atomic
def match_line(*, book: Book, wanted: Wanted, by: User) -> Outcome:
    """Match one line to all of its parts, or to none.

    Raises MatchRefused where the parts are none, unknown, more than the line has left, or would be posted otherwise
    than was shown, and what the services of each purpose raise.
    """
    _hold_loans(book, [wanted])
    line = _line(book, wanted.line)
    _refuse_parts(line, wanted.parts)
    with noting() as posted:
        for part in wanted.parts:
            purpose = PURPOSES.get(part.purpose)
            if purpose is None:
                raise MatchRefused(
                    f"No bank line is for {part.purpose!r}. Choose what it was for; nothing was changed."
                )
            held = _line(book, line.pk)
            purpose(_Matching(book, held, part.subject, _money(line, part.minor), wanted.books_later, by))
    done = Outcome(wanted, tuple(posted))
    if wanted.shown and wanted.shown != done.sha256:
        raise MatchRefused(
            f"The bank line of {date_text(line.booked_on)} would be booked otherwise than you were shown, as something "
            "has happened since. Look at it again; nothing was changed."
        )
    return done


@transaction.atomic
def undo_line(*, book: Book, line_id: int, reason: str, by: User, on: date | None = None) -> tuple[JournalEntry, ...]:
    """Take back all that a line was matched to, by reversals; the line, or what was matched of it, waits again.

    What was booked is taken back from the day on which the bank booked the line, or from `on`; in a closed month, from
    the first open day. Gives what was posted. Raises MatchRefused where nothing stands or it is not taken back here,
    and what the services that take back raise.
    """
    hold_loans(_booked_for(book, [line_id]))
    line = _line(book, line_id)
    standing = ledger.standing_matches(line)
    if not standing:
        raise MatchRefused(
            f"Nothing takes the bank line of {date_text(line.booked_on)} out of suspense, so nothing is undone. "
            "Look at it again; nothing was changed."
        )
    with noting() as posted:
        for match in standing:
            _undo(book, line, match, on or line.booked_on, reason, by)
    return tuple(posted)


def parts_of(line: BankStatementLine, purpose: str, subject: int) -> tuple[Part, ...]:
    """All that a line has left, for one purpose."""
    return (Part(purpose, subject, abs(vars(line)["rest"])),)


@dataclass(frozen=True, slots=True)
class _Matching:
    """One part being booked; the line knows its `rest`."""

    book: Book
    line: BankStatementLine
    subject: int
    amount: Money
    books_later: bool
    by: User

    @property
    def loan(self) -> Loan:
        """The loan that is meant."""
        found = Loan.objects.filter(book=self.book, pk=self.subject).select_related("book", "organisation").first()
        if found is None:
            raise MatchRefused(f"{self.book} has no such loan. Choose another one; nothing was changed.")
        return found

    @property
    def key(self) -> str:
        """New for each part, and the same for one that is sent twice."""
        return f"bank-line:{self.line.pk}:by-hand:{len(self.line.matches.all())}"

    @property
    def came_in(self) -> bool:
        """Whether it is of money that came in."""
        return self.line.amount > 0


def _match_loan(asked: _Matching) -> None:
    if asked.came_in:
        how = HowRepaid(books_later=asked.books_later)
        repay_from_bank_line(loan=asked.loan, line=asked.line, by=asked.by, how=how, amount=asked.amount)
    else:
        confirm_by_bank_line(loan=asked.loan, line=asked.line, by=asked.by, amount=asked.amount)


def _settle(asked: _Matching) -> None:
    _refuse_went_out(asked, "settles no loan")
    how = Circumstances(books_later=asked.books_later)
    settle_from_bank_line(loan=asked.loan, line=asked.line, by=asked.by, circumstances=how, amount=asked.amount)


def _recover(asked: _Matching) -> None:
    _refuse_went_out(asked, "recovers nothing")
    how = Circumstances(books_later=asked.books_later)
    recover_from_bank_line(loan=asked.loan, line=asked.line, by=asked.by, circumstances=how, amount=asked.amount)


def _match_investor(asked: _Matching) -> None:
    investor = Investor.objects.filter(pk=asked.subject).first()
    if investor is None:
        raise MatchRefused("There is no such investor. Choose another one; nothing was changed.")
    receive_contribution(line=asked.line, investor=investor, key=asked.key, by=asked.by, amount=asked.amount)


def _match_facility(asked: _Matching) -> None:
    """Money that came in was drawn; money that went out repaid the lender."""
    facility = Facility.objects.filter(book=asked.book, pk=asked.subject).first()
    if facility is None:
        raise MatchRefused(f"{asked.book} has no such facility. Choose another one; nothing was changed.")
    act = draw_facility if asked.came_in else confirm_facility_repayment
    act(facility=facility, line=asked.line, amount=asked.amount, key=asked.key, by=asked.by)


def _match_guarantor(asked: _Matching) -> None:
    act = record_claim_paid if asked.came_in else pay_over
    act(loan=asked.loan, line=asked.line, amount=asked.amount, by=asked.by)


def _match_banks_own(purpose: str) -> Callable[[_Matching], None]:
    def matched(asked: _Matching) -> None:
        book_banks_own(line_id=asked.line.pk, purpose=purpose, amount=asked.amount, key=asked.key, by=asked.by)

    return matched


def _match_opposite(asked: _Matching) -> None:
    """What the other line was matched to is taken back on the day of this one; then they are set against each other."""
    other = _line(asked.book, asked.subject)
    if ledger.standing_matches(other):
        on = max(asked.line.booked_on, other.booked_on)
        reason = f"came back by the bank line of {date_text(asked.line.booked_on)}"
        undo_line(book=asked.book, line_id=other.pk, reason=reason, by=asked.by, on=on)
    set_against(line_id=asked.line.pk, other_id=other.pk, key=asked.key, by=asked.by)


PURPOSES: dict[str, Callable[[_Matching], None]] = {
    LOAN: _match_loan,
    SETTLES: _settle,
    RECOVERS: _recover,
    INVESTOR: _match_investor,
    GUARANTOR: _match_guarantor,
    FACILITY: _match_facility,
    OPPOSITE: _match_opposite,
    CHARGE: _match_banks_own(CHARGE),
    INTEREST: _match_banks_own(INTEREST),
}
"""How a part is booked, by what it was for."""


def _tried(book: Book, wanted: Wanted, *, by: User) -> Outcome:
    try:
        return match_line(book=book, wanted=wanted, by=by)
    except REFUSALS as refusal:
        return Outcome(wanted, refusal=str(refusal))


def _undo(book: Book, line: BankStatementLine, match: BankLineMatch, on: date, reason: str, by: User) -> None:
    entry = match.entry
    event = LoanEvent.objects.filter(entry_id=entry.pk).select_related("loan__book").first()
    key = f"bank-line:{line.pk}:undone:{entry.pk}"
    if event is not None:
        take_back(event=event, on=max(event.effective_on, on), reason=reason, by=by, key=key)
        return
    on = max(on, entry.effective_on, ledger.closed_until(book) or on)
    borrowed = BorrowingEvent.objects.filter(entry_id=entry.pk).select_related("facility__book").first()
    paid_to_lender = facility_by_reference(book, entry.source.removeprefix(BORROWING))
    if borrowed is not None:
        reverse_borrowing_event(event=borrowed, on=on, reason=reason, key=key, by=by)
        return
    if paid_to_lender is not None and entry.source.startswith(BORROWING):
        take_repayment_confirmation_back(facility=paid_to_lender, entry_id=entry.pk, on=on, reason=reason, by=by)
        return
    if entry.kind == Kind.CONTRIBUTION:
        reverse_contribution(entry_id=entry.pk, book=book, on=on, reason=reason, key=key, by=by)
    elif entry.kind == Kind.DRAWDOWN and (loan := loan_by_reference(book, entry.source.partition(":")[2])):
        take_confirmation_back(loan=loan, entry_id=entry.pk, on=on, reason=reason, by=by)
    elif entry.kind in REVERSIBLE:
        _refuse_put_back(line, entry.pk)
        reverse_by_hand(entry_id=entry.pk, book=book, on=on, reason=reason, key=key, by=by)
    else:
        raise MatchRefused(
            f"E-{entry.pk} took {money_text(_money(line, abs(match.amount)))} of the bank line of "
            f"{date_text(line.booked_on)} out of suspense as {entry.kind} money, which is not taken back there. "
            "Correct it by a journal; nothing was changed."
        )


def _refuse_put_back(line: BankStatementLine, entry_id: int) -> None:
    """A payment to an investor that came back is held for it again, and may be lent or paid out by now."""
    back = PayoutTakenBack.objects.filter(came_back=entry_id).select_related("line__investor", "line__payout").first()
    if back is not None:
        raise MatchRefused(
            f"The bank line of {date_text(line.booked_on)} brought back what {back.line.payout} paid to "
            f"{back.line.investor}, which is held for it again. Pay it out anew where it did not come back after all; "
            "nothing was changed."
        )


def _line(book: Book, pk: int) -> BankStatementLine:
    """A line of the book, with its `rest` and its matches."""
    found = ledger.bank_lines_with_rest().filter(bank_account__book=book, pk=pk)
    line: BankStatementLine | None = (
        found.select_related("bank_account__book", "bank_account__suspense", "statement")
        .prefetch_related("matches__entry__reversed_by")
        .first()
    )
    if line is None:
        raise MatchRefused(f"{book} has no such bank line. Look at the list again; nothing was changed.")
    return line


def _refuse_parts(line: BankStatementLine, parts: Sequence[Part]) -> None:
    left, asked = abs(vars(line)["rest"]), sum(part.minor for part in parts)
    what = f"The bank line of {date_text(line.booked_on)} has {money_text(_money(line, left))} left to match"
    if not parts or len(parts) > MOST_PARTS or any(part.minor <= 0 for part in parts):
        raise MatchRefused(
            f"{what}. Say what it was for, in 1 to {MOST_PARTS} parts, each with an amount above nought; "
            "nothing was changed."
        )
    if asked > left:
        raise MatchRefused(
            f"{what}, and the parts come to {money_text(_money(line, asked))}. Match no more than that; "
            "nothing was changed."
        )


def _refuse_went_out(asked: _Matching, words: str) -> None:
    if not asked.came_in:
        raise MatchRefused(
            f"The bank line of {date_text(asked.line.booked_on)} is money that went out, which {words}. Choose "
            "something else; nothing was changed."
        )


def _hold_loans(book: Book, wanted: Iterable[Wanted]) -> None:
    """Lock the loans that are booked on, and those on which something is taken back."""
    parts = [part for one in wanted for part in one.parts]
    named = {part.subject for part in parts if part.purpose in OF_LOANS}
    opposite = {part.subject for part in parts if part.purpose == OPPOSITE}
    loans = Loan.objects.filter(book=book, pk__in=named).values_list("pk", flat=True)
    hold_loans([*loans, *_booked_for(book, opposite)])


def _booked_for(book: Book, lines: Collection[int]) -> list[int]:
    """The loans for which bank lines were booked, by what caused their entries."""
    if not lines:
        return []
    sources = ledger.entries(book).filter(matches__line__in=lines).values_list("source", flat=True)
    references = [source.removeprefix("loan:") for source in sources]
    return list(Loan.objects.filter(book=book, reference__in=references).values_list("pk", flat=True))


def _money(line: BankStatementLine, minor: int) -> Money:
    return from_minor(minor, line.bank_account.currency)
