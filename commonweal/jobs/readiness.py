"""What is open before a month is closed: which must be done first, and which may be left open with a reason?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Q

from commonweal.jobs.errors import NotReadyToClose
from commonweal.jobs.models import Job, JobState
from commonweal.jobs.open_money import statements_missing, unconfirmed, unmatched, unreconciled
from commonweal.jobs.year_end import year_end_within
from investors.queries.borrowings import facilities
from investors.services import borrowings_behind
from ledger.domain.left_open import LeftOpen
from ledger.domain.words import date_text
from ledger.queries import closed_until, open_drafts
from loans.accruals import loans_to_accrue
from loans.domain.calendar import month_ends
from loans.losses import provision_runs, rule_in_force
from loans.moving_in_queries import unfinished
from loans.queries import loans_with_something_to_do

if TYPE_CHECKING:
    from ledger.models import Book


class Matter(StrEnum):
    """What the checklist asks about, by the word that programs use."""

    PERIOD_OVER = "period-over"
    BANK_STATEMENTS = "bank-statements"
    RECONCILIATION = "reconciliation"
    BANK_LINES = "bank-lines"
    PAYMENTS_OUT = "payments-out"
    MANUAL_JOURNALS = "manual-journals"
    INSTALMENTS = "instalments"
    ACCRUALS = "accruals"
    BORROWINGS = "borrowings"
    PROVISIONS = "provisions"
    LATER_PROVISIONS = "later-provisions"
    MOVING_IN = "moving-in"
    CHECK = "check"
    YEAR_END = "year-end"
    YEAR_END_REST = "year-end-rest"


MAY_BE_LEFT = (
    Matter.BANK_STATEMENTS,
    Matter.RECONCILIATION,
    Matter.BANK_LINES,
    Matter.PAYMENTS_OUT,
    Matter.LATER_PROVISIONS,
    Matter.YEAR_END,
)
"""What a closer may leave open with a reason, because the books are right without it; all else is done first."""


class Standing(StrEnum):
    """How one thing stands before a close."""

    DONE = "done"
    WITH_THE_CLOSE = "with_the_close"
    """The close itself does it."""
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class ReadinessItem:
    """One thing of the checklist: what is open of it, and in `remedy` what to do."""

    matter: Matter
    label: str
    standing: Standing = Standing.DONE
    note: str = ""
    remedy: str = ""

    @property
    def may_be_left(self) -> bool:
        """Whether a closer may leave it open by saying why."""
        return self.matter in MAY_BE_LEFT

    @property
    def refusal(self) -> str:
        """What is said of it when a close is refused."""
        otherwise = ", or give the reason why it may stay open" if self.may_be_left else ""
        return f"{self.label}: not yet, {self.note}. {self.remedy}{otherwise}."


def readiness(book: Book, through: date) -> list[ReadinessItem]:
    """The checklist of a close through a date: what is done, what the close does, and what is open."""
    return [item for check in CHECKS for item in check(book, through)]


def left_open(book: Book, through: date, reasons: Mapping[str, str], *, is_posted: bool = False) -> list[LeftOpen]:
    """What stays open at a close, each with one of the `reasons` (by matter); a reason for what is done is not kept.

    Raises NotReadyToClose where anything else is open; once all `is_posted` that includes what the close was to do.
    """
    undone = {Standing.OPEN, Standing.WITH_THE_CLOSE} if is_posted else {Standing.OPEN}
    found = [item for item in readiness(book, through) if item.standing in undone]
    said = {item.matter: reasons.get(item.matter, "").strip() for item in found if item.may_be_left}
    refused = [item.refusal for item in found if not said.get(item.matter)]
    if refused:
        raise NotReadyToClose(
            f"{book} cannot be closed through {date_text(through)} yet. {' '.join(refused)} No period was closed."
        )
    return [LeftOpen(item.matter, item.label, item.note, said[item.matter]) for item in found]


def _item(matter: Matter, label: str, note: str, remedy: str) -> ReadinessItem:
    """Open where there is a note of what is open, and done otherwise."""
    return ReadinessItem(matter, label, Standing.OPEN, note, remedy) if note else ReadinessItem(matter, label)


def _period_over(book: Book, through: date) -> Iterator[ReadinessItem]:
    note = "" if book.business_date > through else f"the business date is {date_text(book.business_date)}"
    yield _item(Matter.PERIOD_OVER, "The period is over", note, "Wait until its last day is over, and close its days")


def _bank(book: Book, through: date) -> Iterator[ReadinessItem]:
    """Whether the bank has told everything, agrees with the books, and is understood."""
    yield _item(
        Matter.BANK_STATEMENTS, "Bank statements in", statements_missing(book, through), "Bring in the bank's files"
    )
    yield _item(
        Matter.RECONCILIATION,
        "Bank and books agree",
        unreconciled(book, through),
        "Look at the reconciliation and correct what is wrong",
    )
    yield _item(Matter.BANK_LINES, "Bank lines matched", unmatched(book, through), "Match them")


def _payments_out(book: Book, through: date) -> Iterator[ReadinessItem]:
    """Payments that the bank was to make by a date and has not confirmed, where there are any."""
    if sent := unconfirmed(book, through):
        yield _item(Matter.PAYMENTS_OUT, "Payments out confirmed", sent, "Ask the bank what became of them")


def _manual_journals(book: Book, through: date) -> Iterator[ReadinessItem]:
    waiting = open_drafts(book).filter(effective_on__lte=through).order_by("pk")
    note = ", ".join(f"{draft} of {date_text(draft.effective_on)}" for draft in waiting)
    yield _item(
        Matter.MANUAL_JOURNALS,
        "Manual journals posted",
        note and f"{note} not posted",
        "Let a colleague post what is prepared, or withdraw it",
    )


def _fell_due(book: Book, through: date) -> Iterator[ReadinessItem]:
    """What the close posts for the loans."""
    behind, earned = loans_with_something_to_do(book, through).count(), loans_to_accrue(book, through).count()
    yield _with_the_close(Matter.INSTALMENTS, "Instalments posted", _loans(behind))
    yield _with_the_close(Matter.ACCRUALS, "Interest earned and not due", _loans(earned))


def _borrowings(book: Book, through: date) -> Iterator[ReadinessItem]:
    """What the close posts for what the fund borrows, where it does."""
    if facilities(book).exists():
        ends = month_ends(closed_until(book) or book.opened_on, through)
        behind = borrowings_behind(book, through, sorted({*ends, through}))
        yield _with_the_close(Matter.BORROWINGS, "Borrowings posted", ", ".join(behind))


def _provisions(book: Book, through: date) -> Iterator[ReadinessItem]:
    """Provisions, where the fund makes any; those of a later day stand, and none are made for an earlier one."""
    if rule_in_force(book, through) is None:
        return
    run = provision_runs(book).filter(on__gte=through).order_by("on").first()
    if run and run.on > through:
        yield _item(
            Matter.LATER_PROVISIONS,
            "Provisions made",
            f"made on {date_text(run.on)} already, so none can be made on {date_text(through)}",
            f"Close through {date_text(run.on)} instead",
        )
    else:
        yield _with_the_close(Matter.PROVISIONS, "Provisions made", "" if run else "not made yet")


def _moving_in(book: Book, through: date) -> Iterator[ReadinessItem]:
    if moving := ", ".join(str(one) for one in unfinished(book, through)):
        yield _item(Matter.MOVING_IN, "Loans moved in", f"{moving} is not all in", "Wait until all its loans are in")


def _checked(book: Book, through: date) -> Iterator[ReadinessItem]:
    """What the last check of the book found; it is the nightly one, or one that was tried again since."""
    ended = Q(state=JobState.DONE) | ~Q(error="")
    last = Job.objects.filter(ended, kind="check_book", book=book).order_by("-pk").first()
    if last is not None and last.error:
        remedy = f"Put right what it found, and try {last.reference} again"
        yield _item(Matter.CHECK, "Books in order", f"{last.reference} says: {last.error.rstrip('.')}", remedy)


def _year_end(book: Book, through: date) -> Iterator[ReadinessItem]:
    """The journal that carries the result, in the last month of a financial year."""
    found = year_end_within(book, through)
    if found is None:
        return
    matter = Matter.YEAR_END_REST if found.has_journal else Matter.YEAR_END
    yield _item(matter, "Year-end journal posted", found.note, found.remedy)


def _with_the_close(matter: Matter, label: str, note: str) -> ReadinessItem:
    """Done, or done by the close itself; where that did not manage it, it is to be begun again."""
    if not note:
        return ReadinessItem(matter, label)
    return ReadinessItem(matter, label, Standing.WITH_THE_CLOSE, note, "Close it again")


def _loans(count: int) -> str:
    return f"{count} {'loan' if count == 1 else 'loans'}" if count else ""


Check = Callable[["Book", date], Iterator[ReadinessItem]]

CHECKS: tuple[Check, ...] = (
    _period_over,
    _bank,
    _payments_out,
    _manual_journals,
    _fell_due,
    _borrowings,
    _provisions,
    _moving_in,
    _checked,
    _year_end,
)
"""The checklist, in the order in which a month is finished."""
