"""Is enough of what was raised lent on where it should be? The test by day, from the ledger and the marks on loans."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet, Sum
from moneyed import Money

from investors.domain.citr.findings import Finding
from investors.domain.citr.limits import Accreditation, raising_findings
from investors.domain.citr.onward import (
    FUND_MONTHS,
    Case,
    Counted,
    OnwardDay,
    OnwardLoan,
    investment_fund,
    onward_day,
    onward_findings,
    onward_starts_on,
    relevant_investments,
)
from investors.models import CitrInvestment, CitrMark, CitrPeriod
from investors.models.citr import POUNDS
from investors.queries.citr import balances_of, citr_investments, citr_periods, raised_in
from ledger.domain.entry import Kind
from ledger.domain.money import from_minor
from ledger.queries import postings
from loans.domain.calendar import ONE_DAY, add_months
from loans.domain.entries import loan_principal
from loans.losses import guarantees_in_force
from loans.models import Loan

if TYPE_CHECKING:
    from ledger.models import Book

AROUND = 4
"""Days after an anniversary in months within which it comes, where months are of different length."""


@dataclass(frozen=True, slots=True)
class OnwardTest:
    """The onward-investment test as it stands: the days on which something changed, and each year that is over.

    `counted` says of each relevant loan whether it counts today. Without an investment there is no test yet.
    """

    as_of: date
    starts_on: date | None
    days: tuple[OnwardDay, ...]
    findings: tuple[Finding, ...]
    counted: tuple[Counted, ...]

    @property
    def today(self) -> OnwardDay | None:
        """How the money stands."""
        return self.days[-1] if self.days else None

    @property
    def warnings(self) -> tuple[str, ...]:
        """Marked loans that do not count, or count though a public guarantee protects them."""
        return tuple(each.finding.words for each in self.counted if each.finding.is_estimate)


def citr_marks(book: Book) -> QuerySet[CitrMark]:
    """What was said of loans of a book, by day."""
    found = CitrMark.objects.filter(loan__book=book).select_related("loan__organisation", "recorded_by")
    return found.order_by("effective_on", "pk")


def marks_in_force(book: Book, as_of: date) -> dict[int, CitrMark]:
    """Of each loan what counts on a day, by its id."""
    return {each.loan_id: each for each in citr_marks(book).filter(effective_on__lte=as_of)}


def accreditation_findings(period: CitrPeriod, raised: Money) -> tuple[Finding, ...]:
    """Whether what was raised is within the limit, and within what needs no notice."""
    return raising_findings(
        Accreditation(period.kind),
        raised=raised,
        applied_for=period.applied_for_money,
        period_ends_on=period.last_day,
    )


def raised_by_period(book: Book, as_of: date) -> list[tuple[CitrPeriod, Money, tuple[Finding, ...]]]:
    """Each accreditation with what was raised under it by a day, and what that comes to."""
    investments = list(citr_investments(book).filter(invested_on__lte=as_of))
    found = [(each, raised_in(each, investments)) for each in citr_periods(book).filter(starts_on__lte=as_of)]
    return [(each, raised, accreditation_findings(each, raised)) for each, raised in found]


def onward_test(book: Book, as_of: date) -> OnwardTest:
    """The test by what is recorded, to a day. A loan is judged by the enterprise that owes it."""
    investments = list(citr_investments(book).filter(invested_on__lte=as_of))
    first = citr_periods(book).filter(starts_on__lte=as_of).first()
    if first is None or not investments:
        return OnwardTest(as_of, None, (), (), ())
    starts_on = onward_starts_on(first.starts_on, investments[0].invested_on)
    life = _Life(book, investments, as_of)
    counted: tuple[Counted, ...] = ()
    days = list[OnwardDay]()
    for on in life.days(starts_on):
        fund = life.fund(on)
        counted = relevant_investments(life.loans(on), fund, on)
        days.append(onward_day(on, fund, counted))
    return OnwardTest(as_of, starts_on, tuple(days), onward_findings(days, starts_on, as_of=as_of), counted)


class _Life:
    """What was raised, lent, marked, guaranteed and written off, by day."""

    def __init__(self, book: Book, investments: Sequence[CitrInvestment], as_of: date) -> None:
        self.as_of, self.investments = as_of, investments
        self.marks: defaultdict[int, list[CitrMark]] = defaultdict(list)
        self.of: dict[int, Loan] = {}
        for mark in citr_marks(book).filter(effective_on__lte=as_of):
            self.marks[mark.loan_id].append(mark)
            self.of[mark.loan_id] = mark.loan
        self.balances = {each.pk: balances_of(each, as_of) for each in investments}
        self.moved, self.lost = _moved(book, list(self.of.values()), as_of)
        found = guarantees_in_force(book, as_of)
        self.guaranteed = {key: found[key].certified_on for key in self.of if key in found}

    def days(self, starts_on: date) -> list[date]:
        """The days from the first one on on which something may change."""
        found = {starts_on, self.as_of}
        found.update(day for by_day in (*self.moved.values(), *self.lost.values()) for day in by_day)
        found.update(mark.effective_on for marks in self.marks.values() for mark in marks)
        found.update(self.guaranteed.values())
        for each in self.investments:
            begins = add_months(each.invested_on, FUND_MONTHS)
            found.update(begins + timedelta(days=number) for number in range(AROUND))
            found.update(day for day, _ in self.balances[each.pk])
            for one in each.required.all():
                counts = add_months(one.due_on, -FUND_MONTHS)
                found.update(counts + timedelta(days=number) for number in range(AROUND))
                found.add(one.due_on + ONE_DAY)
        return sorted(day for day in found if starts_on <= day <= self.as_of)

    def fund(self, on: date) -> Money:
        """The investment fund of a day."""
        raised = [(each.invested_on, _standing(self.balances[each.pk], on)) for each in self.investments]
        due = [
            (one.due_on, one.money)
            for each in self.investments
            if each.invested_on <= on
            for one in each.required.all()
        ]
        lost = sum(minor for by_day in self.lost.values() for day, minor in by_day.items() if day <= on)
        return investment_fund(on, raised, due, from_minor(lost, POUNDS))

    def loans(self, on: date) -> list[OnwardLoan]:
        """The loans that are marked relevant on a day, with what is outstanding of each."""
        found = list[OnwardLoan]()
        for key, marks in self.marks.items():
            mark = next((one for one in reversed(marks) if one.effective_on <= on), None)
            by_day = self.moved[key]
            if mark is None or mark.case is None or not by_day:
                continue
            loan, outstanding = self.of[key], sum(minor for day, minor in by_day.items() if day <= on)
            found.append(
                OnwardLoan(
                    loan.reference,
                    loan.organisation.name,
                    min(by_day),
                    from_minor(max(outstanding, 0), POUNDS),
                    mark.distributes_profit,
                    Case(mark.case),
                    is_publicly_guaranteed=key in self.guaranteed and self.guaranteed[key] <= on,
                    agreed_to_count=mark.agreed_to_count,
                )
            )
        return found


def _moved(
    book: Book, loans: Sequence[Loan], as_of: date
) -> tuple[dict[int, dict[date, int]], dict[int, dict[date, int]]]:
    """How principal moved by day, and what of it was written off, of each loan, in minor units."""
    codes = {loan_principal(loan.reference): loan.pk for loan in loans}
    moved: dict[int, dict[date, int]] = {loan.pk: {} for loan in loans}
    lost: dict[int, dict[date, int]] = {loan.pk: {} for loan in loans}
    found = postings(book).filter(account__code__in=codes, entry__effective_on__lte=as_of)
    written_off = Q(entry__kind=Kind.WRITE_OFF) | Q(entry__reverses__kind=Kind.WRITE_OFF)
    for kept, rows in ((moved, found), (lost, found.filter(written_off))):
        summed = rows.values_list("account__code", "entry__effective_on").annotate(minor=Sum("amount"))
        for code, on, minor in summed.order_by("entry__effective_on"):
            kept[codes[code]][on] = minor if kept is moved else -minor
    return moved, lost


def _standing(balances: Sequence[tuple[date, Money]], on: date) -> Money:
    found = [amount for day, amount in balances if day <= on]
    return found[-1] if found else from_minor(0, POUNDS)
