"""Which loans stood with what on the last day of a period, and do they come to the control accounts of the books?

What each loan owes is told twice: by the loans' own records, as they are known now, and by its accounts in the ledger,
which no later event moves on a closed day. Where an event of those days was recorded after they were closed the two
differ, and the event is named. Amounts are in minor units of the loan's currency.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import F, QuerySet

from ledger.queries import accounts, minor_balances
from loans.domain.provision import Exposure, Stage
from loans.loan_list import Asked, loan_list
from loans.losses import exposures
from loans.models import Loan, LoanEvent
from loans.queries import booked_balances_of

if TYPE_CHECKING:
    from ledger.models import Book

CONTROLS = {
    "1310": "principal",
    "1320": "interest_due",
    "1330": "fees_due",
    "1340": "default_interest_due",
    "1390": "provision",
}
"""The control accounts, by the line of the chart, and the figure of the list that each is held against."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What is kept of a loan under each control account."""

    principal: int = 0
    interest_due: int = 0
    fees_due: int = 0
    default_interest_due: int = 0
    provision: int = 0


@dataclass(frozen=True, slots=True)
class LoanAtEnd:
    """A loan on the evening of a day."""

    loan: Loan
    told: Figures
    """By the loan's own records, as they are known now; the provision is kept in the books alone."""
    booked: Figures
    """By its accounts in the ledger."""
    exposure: Exposure
    arrears: int
    in_advance: int
    undrawn: int
    drawn: int
    written_off: int
    annual_rate: Decimal | None
    matures_on: date | None
    booked_later: Sequence[LoanEvent]
    """Events of those days whose entries are dated after them."""

    @property
    def stage(self) -> Stage:
        """How late it is, as provisions see it."""
        return self.exposure.stage


@dataclass(frozen=True, slots=True)
class Control:
    """A control account beside the loans' total."""

    code: str
    name: str
    listed: int
    """The sum of the list, by the loans' own records."""
    booked_later: int
    """By how much events that were booked after the day move that sum."""
    books: int
    """What the ledger's accounts under the line of the chart come to."""

    @property
    def difference(self) -> int:
        """What nothing explains; nought unless something is wrong."""
        return self.listed - self.booked_later - self.books


def loans_at_end(book: Book, on: date) -> list[LoanAtEnd]:
    """Every loan approved by a day, by reference, in a fixed number of queries."""
    found = list(_loans(book, on))
    booked, exposed, later = booked_balances_of(found, on), exposures(book, on), _booked_later(book, on)
    rows = []
    for loan in found:
        moved, exposure = booked[loan.pk], exposed[loan.pk]
        row = vars(loan)
        told = Figures(
            row["principal"], row["interest"] or 0, row["fees"] or 0, row["default_interest"] or 0, exposure.has
        )
        in_books = Figures(moved.principal, moved.interest, moved.fees, moved.default_interest, exposure.has)
        rows.append(
            LoanAtEnd(
                loan=loan,
                told=told,
                booked=in_books,
                exposure=exposure,
                annual_rate=row["rate"],
                booked_later=later[loan.pk],
                **{name: row[name] for name in ("arrears", "in_advance", "undrawn", "drawn", "written_off")},
                matures_on=row["matures_on"],
            )
        )
    return rows


def controls(book: Book, on: date, listed: Sequence[LoanAtEnd]) -> list[Control]:
    """The list's totals beside the control accounts of the books."""
    books: dict[str, int] = defaultdict(int)
    names: dict[str, str] = {}
    found = {account.pk: account.node for account in accounts(book).filter(node__code__in=CONTROLS)}
    for pk, minor in minor_balances(book, list(found), on).items():
        books[found[pk].code] += minor
    names = {node.code: node.name for node in found.values()}
    return [_control(code, names.get(code, figure), figure, books[code], listed) for code, figure in CONTROLS.items()]


def _control(code: str, name: str, figure: str, books: int, listed: Sequence[LoanAtEnd]) -> Control:
    """1390 stands on the right: what is set aside is a credit."""
    sign = -1 if code == "1390" else 1
    told = sum(getattr(row.told, figure) for row in listed)
    later = sum(getattr(row.told, figure) - getattr(row.booked, figure) for row in listed if row.booked_later)
    return Control(code, name, told, later, sign * books)


def _loans(book: Book, on: date) -> QuerySet[Loan]:
    return loan_list(book, on, Asked(sort="reference")).annotate(
        interest=F("now__interest_due"), fees=F("now__fees_due"), default_interest=F("now__default_interest_due")
    )


def _booked_later(book: Book, on: date) -> dict[int, list[LoanEvent]]:
    found = LoanEvent.objects.filter(loan__book=book, effective_on__lte=on, entry__effective_on__gt=on)
    later: dict[int, list[LoanEvent]] = defaultdict(list)
    for event in found.order_by("loan_id", "number"):
        later[event.loan_id].append(event)
    return later
