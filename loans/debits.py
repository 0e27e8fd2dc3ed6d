"""Which mandates are there and do they stand, what were payers told, and what is to be collected when?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Prefetch, QuerySet
from moneyed import Money

from ledger.domain.bank_details import BankDetails
from ledger.domain.money import from_minor, to_minor
from loans.bank_holidays import calendar_days, target_days
from loans.domain.direct_debit.clearing import SEPA_DAYS, clears_on
from loans.domain.direct_debit.mandate import Change, Changed, MandateState, Scheme, mandate_state
from loans.domain.direct_debit.notice import DEFAULT_PERIODS, LEAD_DAYS, NoticePeriod, Told, noticed_for, to_tell
from loans.domain.direct_debit.working_days import on_working_day, working_day_after
from loans.domain.position import Position
from loans.domain.words import money_text
from loans.models import (
    DebitLine,
    DebitNotice,
    DebitOutcome,
    DebitRun,
    DebitSetting,
    Loan,
    LoanEvent,
    Mandate,
    MandateChange,
)
from loans.queries import positions_of

if TYPE_CHECKING:
    from collections.abc import Container

    from ledger.models import Book

CANCELLED = MandateChange.Change.CANCELLED
WITH_THE_BANK = (MandateState.LODGED, MandateState.LIVE)
LONGEST_WINDOW = timedelta(days=SEPA_DAYS + 1)
"""A collection before that has cleared by any scheme."""

IN_FLIGHT = ("waiting", "approved")
"""States of a run whose collections are asked for, or may be."""


@dataclass(frozen=True)
class Rules:
    """How a scheme collects on a day: the setting in force, or the scheme's own defaults where none is."""

    scheme: Scheme
    setting: DebitSetting | None

    @property
    def period(self) -> NoticePeriod:
        """The advance notice that payers get."""
        return self.setting.period if self.setting else DEFAULT_PERIODS[self.scheme]

    @cached_property
    def holidays(self) -> Container[date]:
        """The days on which the scheme is closed: Bacs keeps those of England and Wales, SEPA those of TARGET."""
        return target_days() if self.scheme is Scheme.SEPA else calendar_days("GB-ENG")

    def earliest_file(self, today: date) -> date:
        """The first day that a file made today can still collect on."""
        return working_day_after(today, LEAD_DAYS[self.scheme], self.holidays)


def rules_on(book: Book, scheme: str, on: date) -> Rules:
    """How a scheme collects in a book on a day."""
    in_force = DebitSetting.objects.filter(book=book, scheme=scheme, effective_on__lte=on)
    found = in_force.select_related("bank_account", "book").order_by("-effective_on", "-pk").first()
    return Rules(Scheme(scheme), found)


def debit_settings(book: Book) -> QuerySet[DebitSetting]:
    """Every setting of a book, the latest first; of a scheme the first that is in force counts."""
    return DebitSetting.objects.filter(book=book).select_related("bank_account", "set_by")


def mandates(book: Book) -> QuerySet[Mandate]:
    """The mandates of a book, the latest first, with what happened to each and what was asked under it."""
    return _whole_mandates().filter(book=book).order_by("-pk")


def mandates_of(found: Iterable[Loan]) -> QuerySet[Mandate]:
    """The mandates of some loans, the latest first."""
    return _whole_mandates().filter(loan__in=list(found)).order_by("-pk")


def _whole_mandates() -> QuerySet[Mandate]:
    lines = DebitLine.objects.select_related("run__decision").prefetch_related("outcomes")
    return Mandate.objects.select_related("loan__organisation", "loan__book", "book", "recorded_by").prefetch_related(
        Prefetch("changes", MandateChange.objects.select_related("recorded_by").order_by("pk")),
        Prefetch("notices", DebitNotice.objects.order_by("pk")),
        Prefetch("lines", lines.order_by("pk")),
    )


@dataclass(frozen=True)
class Standing:
    """A mandate on a day: its state, the account that counts, and what its payer was told."""

    mandate: Mandate
    rules: Rules
    on: date

    @cached_property
    def state(self) -> MandateState:
        """Its state on the day."""
        mandate = self.mandate
        return mandate_state(
            self.rules.scheme,
            mandate.signed_on,
            [Changed(Change(one.change), one.on) for one in mandate.changes.all()],
            self.on,
            last_asked_on=max((line.run.collect_on for line in self.asked), default=None),
            holidays=self.rules.holidays,
        )

    @cached_property
    def details(self) -> BankDetails:
        """The account that counts: as signed, or as amended last."""
        amended = [one.details for one in self.mandate.changes.all() if one.details is not None and one.on <= self.on]
        return amended[-1] if amended else self.mandate.signed_details

    @cached_property
    def cancelled(self) -> MandateChange | None:
        """The cancellation that ended it."""
        ended = [one for one in self.mandate.changes.all() if one.change == CANCELLED and one.on <= self.on]
        return ended[-1] if ended and self.state is MandateState.CANCELLED else None

    @cached_property
    def told(self) -> list[Told]:
        """What the payer was told, in order."""
        return [Told(one.collect_on, one.amount, one.told_on) for one in self.mandate.notices.all()]

    @cached_property
    def asked(self) -> list[DebitLine]:
        """The collections that are asked for, or may be: of runs that were not declined."""
        return [line for line in self.mandate.lines.all() if line.amount and line.run.state in IN_FLIGHT]

    @property
    def instructed(self) -> set[str]:
        """What the payer's bank was told of it, or may be, by the codes of Bacs."""
        return {line.code for line in self.mandate.lines.all() if not line.amount and line.run.state in IN_FLIGHT}

    @property
    def unsettled(self) -> list[DebitLine]:
        """Those of which neither money nor a return has come."""
        return [line for line in self.asked if not line.outcomes.all()]

    def allowed_on(self, collect_on: date) -> int | None:
        """What may be collected on a day at most, in minor units."""
        return noticed_for(self.told, collect_on, self.rules.period, self.rules.holidays)

    def money(self, minor: int) -> Money:
        """So many minor units in the currency of the scheme."""
        return from_minor(minor, self.rules.scheme.currency)


def standing(mandate: Mandate, on: date) -> Standing:
    """A mandate on a day."""
    return Standing(mandate, rules_on(mandate.book, mandate.scheme, on), on)


def standings(found: Iterable[Mandate], on: date) -> list[Standing]:
    """Several mandates on a day; the rules of each scheme are read once."""
    rules: dict[tuple[int, str], Rules] = {}
    told = []
    for mandate in found:
        key = (mandate.book_id, mandate.scheme)
        if key not in rules:
            rules[key] = rules_on(mandate.book, mandate.scheme, on)
        told.append(Standing(mandate, rules[key], on))
    return told


def mandates_to_tell(book: Book, on: date) -> list[Standing]:
    """The mandates of a book whose payers are told what will be collected: those that are with the bank."""
    return [one for one in standings(mandates(book), on) if one.state in WITH_THE_BANK]


def standing_mandate(loan: Loan, on: date) -> Standing | None:
    """The mandate of a loan that counts on a day, if there is one."""
    return next((one for one in standings(mandates_of([loan]), on) if one.state.stands), None)


def planned(position: Position, rules: Rules, after: date) -> dict[date, int]:
    """What is planned to be collected on which days after a day, in minor units: what each instalment has to come."""
    found: dict[date, int] = defaultdict(int)
    for row in position.instalments:
        if row.instalment.due_on > after and row.to_come.amount > 0:
            on = on_working_day(row.instalment.due_on, rules.holidays)
            found[on] += to_minor(row.to_come.amount, rules.scheme.currency)
    return dict(found)


def notices_to_give(found: Sequence[Standing], today: date) -> list[tuple[Standing, dict[date, int]]]:
    """Whom something has to be told today, and what: day by day in minor units."""
    stands = positions_of([one.mandate.loan for one in found], today)
    told = []
    for one in found:
        plan = planned(stands[one.mandate.loan_id], one.rules, today)
        new = to_tell(plan, one.told, today, one.rules.period, one.rules.holidays)
        if new:
            told.append((one, new))
    return told


@dataclass(frozen=True, slots=True)
class Collect:
    """What somebody asks to collect: from which mandate how much, and of which returned collection it is the rest."""

    mandate: Mandate
    amount: Money
    again: DebitLine | None = None


@dataclass(frozen=True)
class ToCollect:
    """What could be collected under a mandate on a day: what is owed by then, and what the payer was told."""

    standing: Standing
    collect_on: date
    owed: int
    allowed: int | None
    again: DebitLine | None = None

    @property
    def amount(self) -> int:
        """What is collected, in minor units: what is owed, and never more than was told."""
        return min(self.owed, self.allowed or 0)

    @property
    def money(self) -> Money:
        """The same as money."""
        return self.standing.money(self.amount)

    @property
    def owed_money(self) -> Money:
        """What is owed by the day."""
        return self.standing.money(self.owed)

    @property
    def why_not(self) -> str:
        """Why nothing, or less than is owed, is collected; empty where all is."""
        if self.allowed is None:
            return "no notice in time"
        if self.owed <= 0:
            return "nothing is owed"
        return f"told of {money_text(self.standing.money(self.allowed))} only" if self.amount < self.owed else ""


def to_collect(book: Book, scheme: str, collect_on: date, today: date) -> list[ToCollect]:
    """What could be collected on a day: of each live mandate that was told of the day, or owes something by then."""
    rules = rules_on(book, scheme, today)
    found = [one for one in standings(mandates(book).filter(scheme=scheme), today) if one.state is MandateState.LIVE]
    stands = positions_of([one.mandate.loan for one in found], today)
    listed = []
    for one in found:
        allowed = one.allowed_on(collect_on)
        owed = owed_by(one, stands[one.mandate.loan_id], collect_on)
        if allowed is not None or _falls_due_on(stands[one.mandate.loan_id], rules, collect_on):
            listed.append(ToCollect(one, collect_on, owed, allowed))
    return sorted(listed, key=lambda each: each.standing.mandate.loan.reference)


def owed_by(one: Standing, position: Position, collect_on: date, *, besides: DebitLine | None = None) -> int:
    """What a loan owes by a day, in minor units, less what is asked for `besides` a collection and has not come yet."""
    currency = one.rules.scheme.currency
    due = [row.to_come for row in position.instalments if row.instalment.due_on <= collect_on]
    owed = to_minor(sum((each.amount for each in due), position.charges_due.amount), currency)
    asked = (line.amount for line in one.unsettled if line.run.collect_on <= collect_on and line != besides)
    return max(0, owed - sum(asked))


def _falls_due_on(position: Position, rules: Rules, collect_on: date) -> bool:
    return any(
        row.to_come.amount > 0 and on_working_day(row.instalment.due_on, rules.holidays) == collect_on
        for row in position.instalments
    )


def collection_days(book: Book, scheme: str, today: date) -> list[date]:
    """The next days of which some payer was told, that a file made today can still reach."""
    first = rules_on(book, scheme, today).earliest_file(today)
    told = DebitNotice.objects.filter(mandate__book=book, mandate__scheme=scheme, collect_on__gte=first)
    return sorted(set(told.values_list("collect_on", flat=True)))


def upcoming(one: Standing, position: Position) -> list[tuple[date, Money]]:
    """What will be collected when, as the payer was told and as long as it is owed."""
    plan = planned(position, one.rules, one.on)
    days = sorted({each.collect_on for each in one.told if each.collect_on > one.on})
    told = {day: amount for day in days if (amount := one.allowed_on(day))}
    due = {day: plan[day] if day in plan else owed_by(one, position, day) for day in told}
    return [(day, one.money(min(amount, due[day]))) for day, amount in told.items() if due[day]]


def debit_runs(book: Book) -> QuerySet[DebitRun]:
    """The runs of a book, the latest first, with who made and who decided each."""
    found = DebitRun.objects.filter(book=book).defer("file")
    return found.select_related("setting__bank_account", "made_by", "decision__decided_by").order_by("-number")


def run_lines(run: DebitRun) -> QuerySet[DebitLine]:
    """What a run asks of whom, and what came of each."""
    return collections(run.book).filter(run=run).order_by("no")


def collections(book: Book) -> QuerySet[DebitLine]:
    """Every collection of a book, the latest first, with what came of each."""
    outcomes = DebitOutcome.objects.select_related("event", "challenge", "recorded_by").order_by("pk")
    found = DebitLine.objects.filter(run__book=book, amount__gt=0)
    return (
        found.select_related("run__decision", "run__setting", "mandate__loan__organisation", "mandate__book", "again")
        .prefetch_related(Prefetch("outcomes", outcomes), "presented_again__run__decision")
        .order_by("-pk")
    )


def uncleared_repayments(book: Book, on: date) -> list[LoanEvent]:
    """The repayments by Direct Debit that stand, and that payers' banks may still send back on a day."""
    paid = DebitOutcome.objects.filter(
        kind=DebitOutcome.Kind.PAID,
        event__isnull=False,
        event__reversed_by=None,
        line__run__book=book,
        line__run__collect_on__gt=on - LONGEST_WINDOW,
    ).select_related("event__loan", "line__mandate", "line__run")
    holidays = {Scheme.BACS: calendar_days("GB-ENG"), Scheme.SEPA: target_days()}
    found = []
    for one in paid.order_by("pk"):
        scheme = Scheme(one.line.mandate.scheme)
        if one.event is not None and clears_on(scheme, one.line.run.collect_on, holidays[scheme]) > on:
            found.append(one.event)
    return found


def outcome_of(line: DebitLine) -> DebitOutcome | None:
    """The last thing that came of a collection."""
    return max(line.outcomes.all(), key=lambda one: one.pk, default=None)
