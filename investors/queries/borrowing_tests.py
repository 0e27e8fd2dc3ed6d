"""Does the fund keep what it promised its lenders on a day, how much may it draw, and does it fall due in time?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, Sum
from moneyed import Money

from investors.domain.borrowing_covenants import Covenants, FundFigures, Tested, borrowing_base, outcomes
from investors.domain.borrowing_entries import INTEREST
from investors.domain.borrowing_ladder import Ladder, ladder
from investors.domain.entries import INTEREST_PASSED_ON
from investors.domain.kinds import InvestorKind
from investors.models import Investor
from investors.queries.borrowings import FacilityLife, facility_lives
from ledger import queries as ledger
from ledger.domain.money import from_minor, to_minor
from loans.domain.calendar import ONE_DAY
from loans.domain.entries import LOAN_INTEREST
from loans.models import Instalment, Standing

if TYPE_CHECKING:
    from ledger.models import Book

CASH = ("1010", "1020", "2010", "2510")
"""Money at the bank and on its way, less what waits to be explained and what is held for investors."""


@dataclass(frozen=True, slots=True)
class DrawLimits:
    """How much of a facility may be drawn on a day, and what of that says so."""

    undrawn: Money
    base: Money | None
    """None where no borrowing base is agreed."""
    room: Money | None
    """What the base leaves beyond all that is drawn, never less than nought."""

    @property
    def available(self) -> Money:
        """The most that may be drawn."""
        return self.undrawn if self.room is None else min(self.undrawn, self.room)


def draw_limits(life: FacilityLife, figures: FundFigures) -> DrawLimits:
    """How much may be drawn on the day of the figures."""
    undrawn = life.at(figures.on).undrawn if life.begun else life.agreement.amount
    if figures.on > life.agreement.available_until:
        undrawn = from_minor(0, life.facility.currency)
    base = borrowing_base(life.agreement.covenants, figures)
    room = None if base is None else max(base - figures.drawn, from_minor(0, life.facility.currency))
    return DrawLimits(undrawn, base, room)


def covenants_tested(life: FacilityLife, figures: FundFigures) -> tuple[Tested, ...]:
    """A facility's covenants on the figures of a day."""
    return outcomes(life.agreement.covenants, figures)


def with_more_drawn(figures: FundFigures, amount: Money) -> FundFigures:
    """The figures after a draw: the money came in, and is owed."""
    return replace(figures, drawn=figures.drawn + amount, cash=figures.cash + amount)


def fund_figures(
    book: Book, on: date, covenants: Covenants, *, lives: Iterable[FacilityLife] | None = None
) -> FundFigures:
    """What covenants are tested on at the end of a day. Loans count with the fund's own part of them."""
    known = facility_lives(book) if lives is None else list(lives)
    outstanding, eligible, in_arrears = _loans(book, on, covenants.days_late)
    money, nothing = (lambda minor: from_minor(minor, book.base_currency)), from_minor(0, book.base_currency)
    earned, borne = _interest(book, on)
    cash = _cash(book, on)
    return FundFigures(
        on=on,
        eligible=money(eligible),
        in_arrears=money(in_arrears),
        outstanding=money(outstanding),
        interest_earned=money(earned),
        interest_borne=money(borne),
        cash=money(cash),
        drawn=sum((life.at(on).principal_outstanding for life in known), nothing),
    )


def _loans(book: Book, on: date, days_late: int) -> tuple[int, int, int]:
    """Principal outstanding of all loans, of those that are eligible, and of those in arrears: the fund's own part."""
    others = _others_parts(book, on)
    whole = eligible = late = 0
    rows = Standing.objects.as_at(on).filter(loan__book=book, principal__gt=0, loan__currency=book.base_currency)
    columns = ("loan__reference", "principal", "oldest_unpaid_due_on", "written_off")
    for reference, principal, oldest, written_off in rows.values_list(*columns):
        own = max(principal - others.get(reference, 0), 0)
        is_late = oldest is not None and (on - oldest).days > days_late
        whole += own
        late += own if is_late else 0
        eligible += own if not is_late and not written_off else 0
    return whole, eligible, late


def _others_parts(book: Book, on: date) -> dict[str, int]:
    """What of each loan's principal belongs to lenders who take part in it, by the loan's reference."""
    own = set(Investor.objects.filter(kind=InvestorKind.OWN_FUNDS).values_list("code", flat=True))
    found: dict[str, int] = defaultdict(int)
    parts = ledger.accounts(book).filter(node__code="2410", currency=book.base_currency)
    codes = [code for code in parts.values_list("code", flat=True) if code.rpartition("/")[2] not in own]
    for code, stands in ledger.balances(book, codes, on).items():
        found[code.split("/")[1]] -= to_minor(stands.amount, book.base_currency)
    return found


def _interest(book: Book, on: date) -> tuple[int, int]:
    """What loans earned the fund in the twelve months to a day, and what borrowings cost; year-ends left out."""
    start = _a_year_before(on) + ONE_DAY
    rows = ledger.postings(book).filter(
        effective_on__gte=start,
        effective_on__lte=on,
        account__currency=book.base_currency,
        account__node__code__in=(LOAN_INTEREST, INTEREST_PASSED_ON, INTEREST),
    )
    plain = rows.exclude(Q(entry__kind="year-end") | Q(entry__reverses__kind="year-end"))
    sums = dict(plain.order_by().values_list("account__node__code").annotate(minor=Sum("amount")))
    earned = -(sums.get(LOAN_INTEREST, 0) + sums.get(INTEREST_PASSED_ON, 0))
    return earned, sums.get(INTEREST, 0)


def _a_year_before(on: date) -> date:
    """The same day a year earlier; of a leap day, the day before."""
    return on.replace(year=on.year - 1, day=28 if (on.month, on.day) == (2, 29) else on.day)


def _cash(book: Book, on: date) -> int:
    """Money at the bank and on its way, less what is held for investors; what they still have to pay in is none."""
    stands = _by_node(book, CASH, on)
    held = sum(minor for code, minor in stands.items() if code.startswith("2510/"))
    return sum(stands.values()) - max(held, 0)


def _by_node(book: Book, nodes: Iterable[str], on: date) -> Mapping[str, int]:
    codes = list(
        ledger.accounts(book)
        .filter(node__code__in=list(nodes), currency=book.base_currency)
        .values_list("code", flat=True)
    )
    stands = ledger.balances(book, codes, on)
    return {code: to_minor(found.amount, book.base_currency) for code, found in stands.items()}


def maturity_ladder(book: Book, as_of: date) -> Ladder:
    """What the fund's own part of its loans brings and what its borrowings take, month by month from a day on."""
    cash = from_minor(_cash(book, as_of), book.base_currency)
    outflow: dict[date, int] = defaultdict(int)
    for life in facility_lives(book):
        if not life.begun:
            continue
        for row in life.at(as_of).instalments:
            outflow[row.instalment.due_on] += to_minor(row.unpaid.amount, book.base_currency)
    return ladder(as_of, cash, _loan_inflow(book, as_of), outflow)


def _loan_inflow(book: Book, as_of: date) -> dict[date, int]:
    """What falls due on loans that are drawn, by day, in minor units: the fund's own part, rounded down per loan."""
    begun = Standing.objects.as_at(as_of).filter(loan__book=book, loan__currency=book.base_currency, principal__gt=0)
    stands = {
        pk: (reference, whole) for pk, reference, whole in begun.values_list("loan", "loan__reference", "principal")
    }
    others = _others_parts(book, as_of)
    found: dict[date, int] = defaultdict(int)
    shared = [pk for pk, (reference, _) in stands.items() if others.get(reference)]
    rows = Instalment.objects.filter(loan__in=begun.values("loan"), due_on__gte=as_of)
    whole = (
        rows.exclude(loan__in=shared).order_by().values_list("due_on").annotate(p=Sum("principal"), i=Sum("interest"))
    )
    for due_on, principal, interest in whole:
        found[due_on] += principal + interest
    for pk, due_on, principal, interest in rows.filter(loan__in=shared).values_list(
        "loan", "due_on", "principal", "interest"
    ):
        reference, outstanding = stands[pk]
        own = max(outstanding - others[reference], 0)
        found[due_on] += (principal + interest) * own // outstanding
    return found
