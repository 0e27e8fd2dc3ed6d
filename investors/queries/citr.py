"""How does each tax-relieved investment stand on a day: what counts, what may be claimed, and what needs somebody?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Prefetch, QuerySet
from moneyed import Money

from investors.domain.citr.claims import ClaimYear, Ended, EndedBy, claim_years
from investors.domain.citr.findings import Finding, Outcome
from investors.domain.citr.headroom import Headroom, headrooms
from investors.domain.citr.kinds import InvestmentKind, MovementKind
from investors.domain.citr.loan import CitrLoan, certificate_finding, qualifying_findings
from investors.domain.citr.relief import Balances, InvestedAmount, invested_amounts
from investors.domain.citr.tax_year import TaxYear
from investors.domain.citr.withdrawal import (
    KeptBalance,
    ValueTreated,
    after_value,
    ended_by_repayment,
    kept_balances,
    value_received,
)
from investors.domain.errors import ImpossibleTaxRelief
from investors.models import (
    CitrCertificate,
    CitrCertificateDecision,
    CitrEnding,
    CitrInvestment,
    CitrMovement,
    CitrPeriod,
    CitrRequired,
    Investor,
)
from investors.models.citr import POUNDS
from ledger.domain.entry import Kind
from ledger.domain.money import from_minor
from ledger.queries import entries

if TYPE_CHECKING:
    from ledger.models import Book, JournalEntry

NOUGHT = from_minor(0, POUNDS)
DISPOSAL_SOURCE = "ITA 2007 s354; CITM6100"


@dataclass(frozen=True, slots=True)
class TaxReliefYear:
    """A tax year of an investment: what was invested, 5% of it, and what of that may be claimed or is withdrawn.

    `withdrawn` is relief that could have been claimed and has to be given back; what could never be claimed is neither
    available nor withdrawn.
    """

    tax_year: TaxYear
    invested: Money
    relief: Money
    available: Money
    withdrawn: Money
    claim: ClaimYear
    is_estimate: bool


@dataclass(frozen=True, slots=True)
class ReliefStanding:
    """A tax-relieved investment on a day, knowing what had happened by then; what is to come is taken to stay as it
    stands, and is an estimate."""

    investment: CitrInvestment
    as_of: date
    loan: CitrLoan
    balances: Balances
    years: tuple[TaxReliefYear, ...]
    kept: tuple[KeptBalance, ...]
    headroom: tuple[Headroom, ...]
    values: tuple[ValueTreated, ...]
    ended: tuple[Ended, ...]
    certificate: Finding
    terms: tuple[Finding, ...]
    issued: CitrCertificateDecision | None

    @property
    def balance(self) -> Money:
        """What stands of it."""
        return self.balances[-1][1]

    @property
    def drawn(self) -> Money:
        """All that was drawn."""
        return _sum(self.investment, MovementKind.DRAWDOWN, self.as_of)

    @property
    def repaid(self) -> Money:
        """All that was repaid."""
        return _sum(self.investment, MovementKind.REPAYMENT, self.as_of)

    @property
    def is_withdrawn(self) -> bool:
        """Whether all relief of the investment is withdrawn."""
        return any(each.withdraws_relief for each in self.kept)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What somebody has to look at, in words; empty where nothing is wrong."""
        late = (self.certificate.words,) if self.certificate.outcome is Outcome.FAILS else ()
        breaches = tuple(each.words for each in self.kept if not each.is_kept)
        values = tuple(each.words for each in self.values if each.outcome is Outcome.WARNS)
        ended = tuple(dict.fromkeys(each.claim.why for each in self.years if _is_ended(each.claim, self.ended)))
        return (*late, *breaches, *values, *ended[:1])

    def year_of(self, tax_year: TaxYear) -> TaxReliefYear | None:
        """The row of a tax year, where the relief has one."""
        return next((each for each in self.years if each.tax_year == tax_year), None)


def citr_periods(book: Book) -> QuerySet[CitrPeriod]:
    """The periods for which a book's fund is or was accredited, by day, with how one ended early."""
    return CitrPeriod.objects.filter(book=book).select_related("loss").order_by("starts_on")


def citr_investments(book: Book) -> QuerySet[CitrInvestment]:
    """The tax-relieved investments of a book, with all that is recorded of them, in a fixed number of queries."""
    standing = CitrMovement.objects.filter(takes_back=None, taken_back_by=None).order_by("moved_on", "pk")
    issued = CitrCertificate.objects.select_related("decision__decided_by", "proposed_by").order_by("-pk")
    return (
        CitrInvestment.objects.filter(book=book)
        .select_related("investor", "book", "certified__certificate")
        .prefetch_related(
            Prefetch("required", CitrRequired.objects.order_by("due_on", "pk")),
            Prefetch("movements", standing, to_attr="standing_movements"),
            Prefetch("endings", CitrEnding.objects.order_by("ended_on", "pk")),
            Prefetch("certificates", issued),
        )
        .order_by("invested_on", "pk")
    )


def citr_contributions(book: Book) -> QuerySet[JournalEntry]:
    """The contributions of a book that stand."""
    return entries(book).filter(kind=Kind.CONTRIBUTION, reversed_by=None)


def contribution_named(book: Book, number: int) -> JournalEntry:
    """The contribution with this number. Raises ImpossibleTaxRelief where a book has none."""
    found = citr_contributions(book).filter(pk=number).first()
    if found is None:
        raise ImpossibleTaxRelief(
            f"E-{number} is no contribution that stands in {book}. Name the entry that took the investor's money out "
            "of suspense, or none; nothing was changed."
        )
    return found


def citr_certificates(book: Book) -> QuerySet[CitrCertificate]:
    """Certificates as they were proposed, the latest first."""
    return CitrCertificate.objects.filter(investment__book=book).select_related(
        "investment__investor", "investment__book", "period", "proposed_by", "decision__decided_by"
    )


def citr_loan(investment: CitrInvestment) -> CitrLoan:
    """An investment by its terms."""
    return CitrLoan(
        investment.invested_on,
        investment.committed_money,
        investment.drawdown_until,
        required=tuple((each.due_on, each.money) for each in investment.required.all()),
    )


def period_on(periods: Iterable[CitrPeriod], on: date) -> CitrPeriod | None:
    """The accreditation in force on a day."""
    return next((each for each in periods if each.starts_on <= on < each.ends_on), None)


def raised_in(period: CitrPeriod, investments: Iterable[CitrInvestment], as_of: date | None = None) -> Money:
    """What was raised under an accreditation: the whole amounts of what was invested in its period."""
    found = (
        each.committed_money
        for each in investments
        if period.starts_on <= each.invested_on < period.ends_on and (as_of is None or each.invested_on <= as_of)
    )
    return sum(found, NOUGHT)


def relief_standing(
    investment: CitrInvestment, as_of: date, periods: Sequence[CitrPeriod] | None = None
) -> ReliefStanding:
    """How an investment of `citr_investments` stands on a day, its first or a later one."""
    known = list(citr_periods(investment.book)) if periods is None else periods
    loan, balances = citr_loan(investment), balances_of(investment, as_of)
    values = value_received(loan, _moved(investment, MovementKind.VALUE, as_of))
    counted = after_value(balances, values)
    standard = after_value(balances_of(investment, as_of, standard_only=True), values)
    kept = kept_balances(loan, standard, as_of=as_of)
    ended = _ended(investment, loan, balances, standard, known, as_of)
    issued = _issued(investment, as_of)
    invested = invested_amounts(loan, counted, as_of=as_of)
    claims = claim_years(loan, ended, as_of=as_of)
    return ReliefStanding(
        investment,
        as_of,
        loan,
        balances,
        tuple(_year(amount, claim, kept, values, issued) for amount, claim in zip(invested, claims, strict=True)),
        kept,
        headrooms(loan, standard, as_of=as_of),
        values,
        ended,
        certificate_finding(loan, issued_on=issued.issued_on if issued else None, as_of=as_of),
        qualifying_findings(loan) if investment.kind == InvestmentKind.LOAN else (),
        issued,
    )


def relief_standings(book: Book, as_of: date, *, investor: Investor | None = None) -> list[ReliefStanding]:
    """How each investment of a book stands that was made by a day; of one investor, where it is given."""
    found, periods = citr_investments(book).filter(invested_on__lte=as_of), list(citr_periods(book))
    if investor is not None:
        found = found.filter(investor=investor)
    return [relief_standing(each, as_of, periods) for each in found]


def balances_of(investment: CitrInvestment, as_of: date, *, standard_only: bool = False) -> Balances:
    """The capital outstanding from a day on, by what is recorded until `as_of`.

    `standard_only` leaves out repayments that do not count against what has to stand.
    """
    changes: dict[date, Money] = {}
    for each in _movements(investment):
        leaves_out = standard_only and each.kind == MovementKind.REPAYMENT and not each.is_standard
        if each.moved_on > as_of or each.kind == MovementKind.VALUE or leaves_out:
            continue
        change = each.money if each.kind == MovementKind.DRAWDOWN else -each.money
        changes[each.moved_on] = changes.get(each.moved_on, NOUGHT) + change
    found, stands = list[tuple[date, Money]](), NOUGHT
    for day in sorted(changes):
        stands += changes[day]
        found.append((day, stands))
    return found


def _movements(investment: CitrInvestment) -> list[CitrMovement]:
    """The movements that stand: neither taken back nor taking one back."""
    found: list[CitrMovement] | None = getattr(investment, "standing_movements", None)
    if found is None:
        found = list(investment.movements.filter(takes_back=None, taken_back_by=None).order_by("moved_on", "pk"))
    return found


def _moved(investment: CitrInvestment, kind: MovementKind, as_of: date) -> list[tuple[date, Money]]:
    return [
        (each.moved_on, each.money) for each in _movements(investment) if each.kind == kind and each.moved_on <= as_of
    ]


def _sum(investment: CitrInvestment, kind: MovementKind, as_of: date) -> Money:
    return sum((amount for _, amount in _moved(investment, kind, as_of)), NOUGHT)


def _ended(
    investment: CitrInvestment,
    loan: CitrLoan,
    balances: Balances,
    standard: Balances,
    periods: Sequence[CitrPeriod],
    as_of: date,
) -> tuple[Ended, ...]:
    """All that ends claims by a day: what was recorded, and what the repayments come to."""
    recorded = [Ended(EndedBy(each.by), each.ended_on) for each in investment.endings.all() if each.ended_on <= as_of]
    lost = [each.loss for each in periods if hasattr(each, "loss")]
    recorded += [
        Ended(EndedBy.ACCREDITATION_LOST, each.ended_on)
        for each in lost
        if investment.invested_on <= each.ended_on <= as_of
    ]
    repaid = [one for one in ended_by_repayment(loan, balances, as_of=as_of) if one.by is EndedBy.REPAID]
    over = [one for one in ended_by_repayment(loan, standard, as_of=as_of) if one.by is EndedBy.OVER_LIMITS]
    return (*recorded, *repaid, *over)


def _issued(investment: CitrInvestment, as_of: date) -> CitrCertificateDecision | None:
    found: CitrCertificateDecision | None = getattr(investment, "certified", None)
    return found if found is not None and found.issued_on is not None and found.issued_on <= as_of else None


def _year(
    amount: InvestedAmount,
    claim: ClaimYear,
    kept: Sequence[KeptBalance],
    values: Sequence[ValueTreated],
    issued: CitrCertificateDecision | None,
) -> TaxReliefYear:
    over = next((each for each in kept if each.withdraws_relief), None)
    may = claim.is_claimable and issued is not None
    values_count = any(each.counts_from is not None and each.counts_from < amount.average.until for each in values)
    return TaxReliefYear(
        amount.tax_year,
        amount.amount,
        amount.relief,
        amount.relief if may and over is None else NOUGHT,
        amount.relief if may and over is not None else NOUGHT,
        claim,
        amount.average.is_estimate or claim.is_estimate or values_count or (over is not None and over.is_estimate),
    )


def _is_ended(claim: ClaimYear, ended: Sequence[Ended]) -> bool:
    return any(each.on < claim.qualifying_on for each in ended)
