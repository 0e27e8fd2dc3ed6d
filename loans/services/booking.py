"""What every act on a loan goes through: lock, know a repeat, tell the life anew, post what changes, keep lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from moneyed import Money

from ledger import queries as ledger
from ledger.domain.entry import JournalEntry
from ledger.domain.money import from_minor, to_minor
from ledger.services import Posted, post
from loans.domain.corrections import Step, corrections
from loans.domain.entries import movement_entry
from loans.domain.errors import EventRefused, KeyUsedBefore
from loans.domain.event_content import KINDS, content_sha256, event_content
from loans.domain.events import BEGINS, Event, Happened, in_force
from loans.domain.replay import Replay, replay, told_steps
from loans.domain.schedule import Instalment
from loans.domain.terms import Terms
from loans.domain.words import date_text
from loans.models import Booking, EventKind, Loan, LoanEvent
from loans.models import Instalment as StoredInstalment
from loans.queries import booked_steps, events_of, first_terms_of
from loans.services.own_accounts import open_own_accounts
from loans.services.standings import tell_standings_again


@dataclass(slots=True)
class OpenLoan:
    """A locked loan with what was agreed, what has happened to it, and what of that is booked."""

    loan: Loan
    terms: Terms
    events: tuple[Event, ...]
    booked: tuple[Step, ...]
    open_from: date
    """The first day of the books that is not closed."""
    bank_accounts: dict[int, str]
    """Through which bank account the money of an event came, by the event's number."""

    @property
    def begun(self) -> bool:
        """Whether anything was lent that is not taken back."""
        return any(isinstance(event, BEGINS) for event in self.standing)

    @property
    def standing(self) -> tuple[Happened, ...]:
        """The events that are not taken back."""
        return in_force(self.events, date.max)

    @property
    def posted_until(self) -> date:
        """The last day up to which all that fell due is posted, the business date at most; before anything was ever
        lent, none is. What falls due later may still change."""
        if not any(isinstance(event, BEGINS) for event in self.events):
            return date.min
        today, due = self.loan.book.business_date, self.loan.next_action_on
        return min(due - timedelta(days=1), today) if due else today

    def told_from(self, on: date) -> date:
        """The day from which the books change by what happens on `on`: that day, or the first that is not posted."""
        due = self.loan.next_action_on
        return min(on, due) if due else on

    @property
    def next_number(self) -> int:
        """The number of the event to be recorded next."""
        return len(self.events) + 1

    def money(self, minor: int) -> Money:
        """So many minor units in the loan's currency."""
        return from_minor(minor, self.terms.currency)

    def steps(self, events: Sequence[Event], until: date) -> tuple[Step, ...]:
        """What has to be posted so that the books hold what these events tell, up to a day."""
        try:
            told = told_steps(self.terms, events, until, open_from=self.open_from)
        except EventRefused as refusal:
            raise self._explained(refusal) from refusal
        return corrections(self.booked, told, open_from=self.open_from)

    def _explained(self, refusal: EventRefused) -> EventRefused:
        """Why something cannot be recorded: of itself, or because of what is recorded already and rests on it."""
        stands = next((event for event in self.events if event.sequence == refusal.sequence), None)
        if stands is None:
            return refusal
        kind, on = EventKind(KINDS[type(stands)]).label, date_text(stands.effective_on)
        return EventRefused(
            f"{kind} {stands.sequence} of {self.loan.reference} is recorded, from {on}, and could not stand with this: "
            f"{refusal} Or take it back first, or choose a day after it; nothing was changed."
        )

    def changed_by(self, event: Event) -> tuple[Step, ...]:
        """What has to be posted when one more event becomes known, as far as the loan is posted."""
        return self.steps((*self.events, event), max(event.effective_on, self.posted_until))

    def entries(self, steps: Iterable[Step], bank_account: str = "") -> list[JournalEntry]:
        """The journal entries of what is to be posted; `bank_account` is that of the event that is being recorded."""
        names = {step.name for step in self.booked}
        entries = []
        for step in steps:
            through = self.bank_accounts.get(step.no, bank_account)
            again = step.name in names
            entries.append(
                movement_entry(self.loan.reference, step, self.terms.scale, bank_account=through, again=again)
            )
            names.add(step.name)
        return entries


def open_loan(loan: Loan) -> OpenLoan:
    """Lock a loan's row, so that what is read here stays true until the transaction ends."""
    locked = Loan.objects.select_for_update(of=("self",)).select_related("book").get(pk=loan.pk)
    return looked_at(locked)


def looked_at(loan: Loan) -> OpenLoan:
    """The same without a lock, for a preview."""
    opened = ledger.closed_until(loan.book) or loan.book.opened_on
    through = LoanEvent.objects.filter(loan=loan).exclude(bank_account="").values_list("number", "bank_account")
    return OpenLoan(loan, first_terms_of(loan), events_of(loan), booked_steps(loan), opened, dict(through))


def recorded_before(loan: Loan, key: str, sha256: str) -> LoanEvent | None:
    """The event that this key recorded before. Raises KeyUsedBefore where it was another one."""
    earlier = LoanEvent.objects.filter(loan=loan, key=key).select_related("entry").first()
    if earlier is None:
        return None
    if earlier.content_sha256 != sha256:
        raise KeyUsedBefore(
            f"The key {key!r} was used on {loan.reference} for {earlier.get_kind_display().lower()} {earlier.number} "
            "with other content. Use a new key; nothing was changed."
        )
    return earlier


def fingerprint(loan: Loan, event: Event) -> str:
    """The hash of an event's content; the same for what is asked for, approved and recorded."""
    return content_sha256(event_content(event, loan.currency))


def post_for(loan: Loan, name: str, entries: Sequence[JournalEntry], *, by: AbstractBaseUser) -> Posted:
    """Post entries under the loan's natural key: `loan:L-0108:due:19`."""
    return post(entries, book=loan.book, key=f"loan:{loan.reference}:{name}", by=by)


def posted_before(loan: Loan, name: str) -> bool:
    """Whether something was posted under this natural key of a loan; for who holds the loan's row."""
    return ledger.is_posted(loan.book, f"loan:{loan.reference}:{name}")


def book_steps(
    opened: OpenLoan, name: str, steps: Sequence[Step], *, by: AbstractBaseUser, bank_account: str = ""
) -> dict[str, int]:
    """Post what has to be posted and keep what it booked; gives the number of each movement's first entry."""
    if not steps:
        return {}
    entries = opened.entries(steps, bank_account)
    open_own_accounts(opened.loan.book, ((opened.loan, entry) for entry in entries))
    posted = post_for(opened.loan, name, entries, by=by)
    keep_bookings(opened, zip(steps, posted.entry_ids, strict=True))
    first: dict[str, int] = {}
    for step, entry_id in zip(steps, posted.entry_ids, strict=True):
        first.setdefault(step.name, entry_id)
    return first


def keep_bookings(opened: OpenLoan, booked: Iterable[tuple[Step, int]]) -> None:
    """Keep what entries booked, beside them, and know it from now on."""
    kept = list(booked)
    Booking.objects.bulk_create(
        Booking(loan=opened.loan, name=step.name, booked_on=step.on, entry_id=entry_id, **step.moved._asdict())
        for step, entry_id in kept
    )
    opened.booked = (*opened.booked, *(step for step, _ in kept))


def keep_projections(opened: OpenLoan, *, since: date, posted_until: date) -> None:
    """Write what is kept for lists anew, where it has changed from a day on: the schedule, when there is something to
    do again, and where the loan stood."""
    told = replay(opened.terms, opened.events, max(since, opened.loan.book.business_date))
    keep_schedule(opened.loan, told.instalments)
    set_next_action(opened.loan, told, after=posted_until)
    accrue_again(opened.loan, since)
    tell_standings_again(opened.loan, opened.terms, opened.events, since=since)


def keep_schedule(loan: Loan, instalments: Sequence[Instalment]) -> None:
    """Write the schedule's rows anew from the first that differs."""
    kept = list(StoredInstalment.objects.filter(loan=loan).order_by("no"))
    rows = stored_rows(loan, instalments)
    same = 0
    while same < min(len(kept), len(rows)) and row_values(kept[same]) == row_values(rows[same]):
        same += 1
    if same < len(kept):
        StoredInstalment.objects.filter(loan=loan, no__gte=kept[same].no).delete()
    StoredInstalment.objects.bulk_create(rows[same:])


def row_values(row: StoredInstalment) -> tuple[object, ...]:
    """What a row of the schedule says."""
    return (row.no, row.due_on, row.nominal_due_on, row.principal, row.interest, row.balance)


def stored_rows(loan: Loan, instalments: Sequence[Instalment]) -> list[StoredInstalment]:
    """The rows that a schedule is kept as; not saved."""
    columns = ("no", "due_on", "nominal_due_on", "principal", "interest", "balance")
    return [
        StoredInstalment(loan=loan, **dict(zip(columns, values, strict=True)))
        for values in told_values(loan, instalments)
    ]


def told_values(loan: Loan, instalments: Sequence[Instalment]) -> list[tuple[object, ...]]:
    """What the rows of a schedule say, as `row_values` says it of those that are kept."""
    return [
        (
            row.no,
            row.due_on,
            row.nominal_due_on,
            *(to_minor(money.amount, loan.currency) for money in (row.principal, row.interest, row.balance)),
        )
        for row in instalments
    ]


def set_next_action(loan: Loan, told: Replay, after: date) -> None:
    """Keep the first day after another on which the loan moves by itself: then there is something to do again."""
    on = moves_next_on(told, after)
    if loan.next_action_on != on:
        loan.next_action_on = on
        loan.save(update_fields=["next_action_on"])


def accrue_again(loan: Loan, since: date) -> None:
    """What was accrued on a day that is told anew, or after it, is no longer known to be right."""
    if loan.accrued_through is not None and loan.accrued_through >= since:
        loan.accrued_through = since - timedelta(days=1) if since > date.min else None
        loan.save(update_fields=["accrued_through"])


def moves_next_on(told: Replay, after: date) -> date | None:
    """The first day after another on which a loan moves by itself; None where nothing is to come."""
    return next((day for day in told.moves_by_itself_on if day > after), None)
