"""What every event of a loan goes through: lock, know a repeat, post, record, keep the projections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from moneyed import Money

from ledger.domain.entry import JournalEntry
from ledger.domain.money import from_minor, to_minor
from ledger.queries import is_posted
from ledger.services import Posted, post
from loans.domain.errors import KeyUsedBefore, ReversalRefused
from loans.domain.events import Event
from loans.domain.movements import Balances
from loans.domain.replay import differences
from loans.domain.schedule import Instalment
from loans.domain.terms import Terms
from loans.domain.words import date_text
from loans.models import EventKind, Loan, LoanEvent, LoanTerms
from loans.models import Instalment as StoredInstalment
from loans.queries import events_of, terms_of
from loans.services.standings import tell_standings_again


@dataclass(slots=True)
class OpenLoan:
    """A locked loan with what was agreed and what has happened to it."""

    loan: Loan
    terms: Terms
    events: tuple[Event, ...]

    @property
    def posted_until(self) -> date:
        """The last day up to which every instalment that fell due is posted."""
        due = self.loan.next_action_on
        return due - timedelta(days=1) if due else date.max

    @property
    def next_number(self) -> int:
        """The number of the event to be recorded next."""
        return len(self.events) + 1

    def money(self, minor: int) -> Money:
        """So many minor units in the loan's currency."""
        return from_minor(minor, self.terms.currency)

    def changed_by(self, event: Event) -> dict[date, Balances]:
        """What an event changes on the loan's accounts, by day, as far as the loan is posted."""
        after = (*self.events, event)
        return differences(self.terms, self.events, after, since=event.effective_on, until=self.posted_until)


def open_loan(loan: Loan) -> OpenLoan:
    """Lock a loan's row, so that what is read here stays true until the transaction ends."""
    locked = Loan.objects.select_for_update(of=("self",)).select_related("book").get(pk=loan.pk)
    return OpenLoan(locked, terms_of(locked), events_of(locked))


def recorded_before(
    loan: Loan, key: str, kind: EventKind, on: date, *, amount: Money | None = None, of: LoanEvent | None = None
) -> LoanEvent | None:
    """The event that this key recorded before. Raises KeyUsedBefore where it was another one."""
    earlier = LoanEvent.objects.filter(loan=loan, key=key).select_related("entry").first()
    if earlier is None:
        return None
    same = (kind, on, amount, of.pk if of else None)
    if (earlier.kind, earlier.effective_on, earlier.money, earlier.reverses_id) != same:
        raise KeyUsedBefore(
            f"The key {key!r} was used on {loan.reference} for {earlier.get_kind_display().lower()} {earlier.number} "
            "with other content. Use a new key; nothing was changed."
        )
    return earlier


def post_for(loan: Loan, name: str, entries: Sequence[JournalEntry], *, by: AbstractBaseUser) -> Posted:
    """Post entries under the loan's natural key: `loan:L-0108:due:19`."""
    return post(entries, book=loan.book, key=f"loan:{loan.reference}:{name}", by=by)


def posted_before(loan: Loan, name: str) -> bool:
    """Whether something was posted under this natural key of a loan; for who holds the loan's row."""
    return is_posted(loan.book, f"loan:{loan.reference}:{name}")


def record_event(
    opened: OpenLoan,
    kind: EventKind,
    *,
    on: date,
    entry_id: int,
    key: str,
    by: AbstractBaseUser,
    amount: Money | None = None,
    terms: LoanTerms | None = None,
    reverses: LoanEvent | None = None,
    reason: str = "",
) -> LoanEvent:
    """Keep an event with the entry that booked it."""
    loan = opened.loan
    return LoanEvent.objects.create(
        loan=loan,
        number=opened.next_number,
        kind=kind,
        effective_on=on,
        amount=None if amount is None else to_minor(amount.amount, loan.currency),
        currency=loan.currency,
        terms=terms,
        reverses=reverses,
        reason=reason,
        entry_id=entry_id,
        key=key,
        recorded_by_id=by.pk,
    )


def keep_standings_since(opened: OpenLoan, on: date, *, happened: Event | None = None) -> None:
    """Keep where the loan stood from a day on; with what has just been recorded."""
    events = (*opened.events, happened) if happened else opened.events
    tell_standings_again(opened.loan, opened.terms, events, since=on)


def refuse_reversal(opened: OpenLoan, event: LoanEvent, on: date, reason: str, *, kind: EventKind) -> None:
    """Raise ReversalRefused for an event of another kind or taken back already, a day outside, or no reason."""
    what = f"{event.get_kind_display()} {event.number} of {opened.loan.reference}"
    if event.kind != kind:
        noun = kind.label.lower()
        raise ReversalRefused(
            f"{what} is not a {noun}, so it cannot be taken back as one. Choose a {noun}; nothing was changed."
        )
    if LoanEvent.objects.filter(reverses=event).exists():
        raise ReversalRefused(f"{what} is taken back already. Look at the loan's events; nothing was changed.")
    if not event.effective_on <= on <= opened.loan.book.business_date:
        raise ReversalRefused(
            f"{what} is dated {date_text(event.effective_on)}; date its reversal from that day to "
            f"{date_text(opened.loan.book.business_date)}, the business date. Nothing was changed."
        )
    if not reason.strip():
        raise ReversalRefused(f"Say why {what} is taken back: the auditor will read it. Nothing was changed.")


def keep_schedule(loan: Loan, instalments: Sequence[Instalment]) -> None:
    """Write the schedule's rows anew, for lists."""
    StoredInstalment.objects.filter(loan=loan).delete()
    StoredInstalment.objects.bulk_create(stored_rows(loan, instalments))


def stored_rows(loan: Loan, instalments: Sequence[Instalment]) -> list[StoredInstalment]:
    """The rows that a schedule is kept as; not saved."""
    return [
        StoredInstalment(
            loan=loan,
            no=row.no,
            due_on=row.due_on,
            nominal_due_on=row.nominal_due_on,
            principal=to_minor(row.principal.amount, loan.currency),
            interest=to_minor(row.interest.amount, loan.currency),
            balance=to_minor(row.balance.amount, loan.currency),
        )
        for row in instalments
    ]


def set_next_action(loan: Loan, instalments: Sequence[Instalment], after: date) -> None:
    """Keep the due date of the first instalment after a day: that is when the loan has something to do again."""
    loan.next_action_on = min((row.due_on for row in instalments if row.due_on > after), default=None)
    loan.save(update_fields=["next_action_on"])
