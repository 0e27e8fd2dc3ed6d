"""From readings, accounts and the ledger to what money may claim: one pass over a book, in a fixed number of queries.

The year counts that ends with the period: readings whose own period ended in it, averages over its days, the latest
accounts that ended at most eighteen months before it does. Flows of several readings add up, of a stock the latest
counts. What was promised or asked is asked; who has not answered stands in the coverage.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from borrowers.domain.outcomes import AddUp, Measure
from borrowers.models import Indicator
from borrowers.queries import current_accounts_of, indicators
from borrowers.year_answers import NOTHING, Answers, year_answers
from investors.domain.attribution import Attribution, Finance, WhyNot, attribution, parts_of_loan
from investors.domain.outcome_totals import OutcomeTotal, Said, outcome_total
from ledger.domain.money import minor_digits
from ledger.queries import average_balances
from loans.domain.calendar import add_months
from loans.models import Loan
from loans.principal_moved import drawn_since
from loans.queries import loans, targets_promised
from loans.returns_queries import questions_of

if TYPE_CHECKING:
    from borrowers.models import Accounts, Organisation
    from ledger.models import Book, Seal

ACCOUNTS_FOR = 18
"""Months after which accounts say no more what finances a business."""

PRINCIPAL, IN_PRINCIPAL, CAPITAL, BORROWED = "1310", "2410", "3110", "2610"
"""Loan principal, the lenders' parts of it, and whose money the fund lends itself: classes and facilities."""


@dataclass(frozen=True, slots=True)
class MoneyIn:
    """The money in one business over a year: its mean in the fund's currency, what it may claim, and whose it is."""

    business: Organisation
    average: Fraction
    attribution: Attribution
    parts: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class IndicatorTotal:
    """One indicator with what all businesses that were asked for it said, and what that comes to."""

    indicator: Indicator
    said: tuple[Said, ...]
    total: OutcomeTotal


@dataclass(frozen=True, slots=True)
class ImpactFigures:
    """All that a fund's money, or one reader's, supported in the year from `start` up to and not including `end`."""

    start: date
    end: date
    money: tuple[MoneyIn, ...]
    totals: tuple[IndicatorTotal, ...]

    @property
    def not_attributable(self) -> dict[WhyNot, int]:
        """Of how many businesses nothing may be claimed, by the reason."""
        return dict(Counter(one.attribution.why_not for one in self.money if one.attribution.why_not))


class FundYear:
    """A fund's year, read once in eight queries; what it comes to for each reader is worked out from that."""

    def __init__(self, book: Book, end: date, *, known_under: Seal | None = None) -> None:
        self.book, self.start, self.end = book, add_months(end, -12), end
        self.money = money_in(book, self.start, end, known_under=known_under)
        businesses = [one.business for one in self.money]
        self._asked = _asked(book, businesses)
        self._answers = year_answers([one.pk for one in businesses], add_months(end, -24), self.start, end)

    def figures(self, reader: str | None = None) -> ImpactFigures:
        """What the money of the whole fund, or of the investor with a code, supported."""
        money = [one for one in self.money if one.average and (reader is None or one.parts.get(reader))]
        totals = [self._total(indicator, money, reader) for indicator in self._asked]
        return ImpactFigures(self.start, self.end, tuple(money), tuple(sorted(filter(None, totals), key=_order)))

    @property
    def indicators(self) -> list[Indicator]:
        """What was asked for, by promise or by question; what most businesses gave a figure for comes first."""
        given = {
            indicator: sum(one.value is not None for one in self.said_of(indicator).values())
            for indicator in self._asked
        }
        return sorted(given, key=lambda indicator: (-given[indicator], indicator.name))

    def said_of(self, indicator: Indicator) -> dict[int, Said]:
        """What each business that was asked for an indicator said of it, by the key of the business."""
        targets = self._asked.get(indicator, {})
        mine = (one for one in self.money if one.average and one.business.pk in targets)
        return {one.business.pk: _said(one, indicator, self._answers, targets[one.business.pk], None) for one in mine}

    def _total(self, indicator: Indicator, money: Sequence[MoneyIn], reader: str | None) -> IndicatorTotal | None:
        targets = self._asked[indicator]
        said = tuple(
            _said(one, indicator, self._answers, targets[one.business.pk], reader)
            for one in money
            if one.business.pk in targets
        )
        rule = AddUp(indicator.adds_up)
        return IndicatorTotal(indicator, said, outcome_total(rule, said)) if said else None


def impact_figures(
    book: Book, end: date, *, reader: str | None = None, known_under: Seal | None = None
) -> ImpactFigures:
    """The year up to and not including `end`, for the whole fund or for the investor with a code; eight queries."""
    return FundYear(book, end, known_under=known_under).figures(reader)


def money_in(book: Book, start: date, end: date, *, known_under: Seal | None = None) -> list[MoneyIn]:
    """The money in each business that had any in these days, by name."""
    last_day = end - timedelta(days=1)
    nodes = (PRINCIPAL, IN_PRINCIPAL, CAPITAL, BORROWED)
    means = _Means(book, average_balances(book, nodes, start, last_day, known_under=known_under))
    of_business: dict[Organisation, list[Loan]] = defaultdict(list)
    for loan in loans(book).select_related(None).select_related("organisation"):
        if means.loan(loan.reference):
            of_business[loan.organisation].append(loan)
    finance = _finance(book, of_business, end, known_under)
    found = [_money_in(business, mine, means, finance.get(business.pk)) for business, mine in of_business.items()]
    return sorted(found, key=lambda one: (one.business.name, one.business.pk))


def _money_in(business: Organisation, mine: Sequence[Loan], means: _Means, finance: Finance | None) -> MoneyIn:
    average = sum((means.loan(loan.reference) for loan in mine), Fraction(0))
    parts: dict[str, Fraction] = defaultdict(Fraction)
    for loan in mine:
        of_loan = means.loan(loan.reference)
        for investor, part in parts_of_loan(of_loan, means.lenders(loan.reference), means.behind).items():
            parts[investor] += part * of_loan / average
    return MoneyIn(business, average, attribution(average, finance), dict(parts))


class _Means:
    """Mean balances of a book in units of its currency, by whose they are."""

    def __init__(self, book: Book, minor: Mapping[str, Fraction]) -> None:
        unit = 10 ** minor_digits(book.base_currency)
        self.behind: dict[str, Fraction] = defaultdict(Fraction)
        self._loans: dict[str, Fraction] = {}
        self._lenders: dict[str, dict[str, Fraction]] = defaultdict(dict)
        for code, mean in minor.items():
            node, *subject = code.split("/")
            if node == PRINCIPAL:
                self._loans[subject[0]] = mean / unit
            elif node == IN_PRINCIPAL:
                self._lenders[subject[0]][subject[1]] = -mean / unit
            elif mean < 0:
                self.behind[subject[-1]] -= mean / unit

    def loan(self, reference: str) -> Fraction:
        """What a loan stood at."""
        return self._loans.get(reference, Fraction(0))

    def lenders(self, reference: str) -> dict[str, Fraction]:
        """What each lender had of it."""
        return self._lenders.get(reference, {})


def _finance(
    book: Book, lent: Mapping[Organisation, Sequence[Loan]], end: date, known_under: Seal | None
) -> dict[int, Finance]:
    """What finances each business by its latest accounts, and what was lent to it since, by its key."""
    accounts = current_accounts_of(lent).select_related(None)
    latest = {one.organisation_id: one for one in accounts if _counts(one, book, end)}
    since = {
        loan.reference: latest[business.pk].period_end
        for business, mine in lent.items()
        if business.pk in latest
        for loan in mine
    }
    drawn = drawn_since(book, since, end, known_under=known_under)
    return {
        business.pk: Finance(
            said.total_debt,
            said.net_assets,
            grants=said.grants_ahead or Decimal(0),
            lent_since=sum((drawn.get(loan.reference, Decimal(0)) for loan in mine), Decimal(0)),
        )
        for business, mine in lent.items()
        if (said := latest.get(business.pk))
    }


def _counts(accounts: Accounts, book: Book, end: date) -> bool:
    is_recent = add_months(end, -ACCOUNTS_FOR) <= accounts.period_end <= end
    says_it = accounts.total_debt is not None and accounts.net_assets is not None
    return is_recent and says_it and accounts.currency == book.base_currency


def _asked(book: Book, businesses: Sequence[Organisation]) -> dict[Indicator, dict[int, Decimal | None]]:
    """By indicator the keys of the businesses that promised it or are asked for it, each with its target."""
    keys = {business.pk for business in businesses}
    asked: dict[int, dict[int, Decimal | None]] = defaultdict(dict)
    for indicator, business in questions_of(book, keys).values_list("indicator", "plan__organisation"):
        asked[indicator][business] = None
    promised = targets_promised(book, keys)
    for indicator, business, target in promised.values_list("indicator", "loan__organisation", "target"):
        asked[indicator][business] = target
    found = indicators().in_bulk(asked)
    return {found[indicator]: targets for indicator, targets in asked.items()}


def _said(money: MoneyIn, indicator: Indicator, answers: Answers, target: Decimal | None, reader: str | None) -> Said:
    over_time, business = (Measure(indicator.measure), AddUp(indicator.adds_up)), money.business.pk
    this, before = (answers.get((business, indicator.pk, ago), NOTHING) for ago in (0, 1))
    value, grade = this.figure(*over_time)
    weighs = indicator.weighted_by_id
    return Said(
        business=str(business),
        average=money.average,
        attribution=money.attribution,
        part=Fraction(1) if reader is None else money.parts[reader],
        answer=this.answer,
        value=value,
        grade=grade,
        is_at_least=this.is_at_least(*over_time),
        before=before.figure(*over_time)[0],
        target=target,
        weight=answers.get((business, weighs, 0), NOTHING).latest if weighs is not None else None,
    )


def _order(one: IndicatorTotal) -> tuple[bool, int, str]:
    """What most businesses gave a figure for comes first."""
    return (one.total.supported is None, -one.total.coverage.reported, one.indicator.name)
