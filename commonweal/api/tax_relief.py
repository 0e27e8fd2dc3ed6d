"""Tax relief over the API: the scheme, its investments with their certificates, and what counts of the loans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404

from commonweal.access.scope import investors_for, loans_for
from commonweal.api.investors import InvestorOperation
from commonweal.api.jobs import JobOut
from commonweal.api.loans import AsOfQuery, PagedAsOfQuery
from commonweal.api.operations import Asked, BookOperation, Paged, named, operation
from commonweal.api.tax_shapes import (
    AccreditationIn,
    AccreditationOut,
    CertificateDecisionIn,
    EndIn,
    LossIn,
    MarkIn,
    MarkOut,
    OnwardOut,
    TaxInvestmentIn,
    TaxInvestmentOut,
    TaxMovementIn,
    TaxMovementOut,
    TaxTakeBackIn,
    TaxYearIn,
)
from commonweal.jobs.services import enqueue
from commonweal.jobs.tax_relief import issue_certificate, tax_year_in
from investors import queries, services
from investors.domain.citr.claims import EndedBy
from investors.domain.citr.kinds import InvestmentKind, MovementKind
from investors.domain.citr.limits import Accreditation
from investors.domain.citr.onward import Case
from investors.models import CitrCertificate, CitrInvestment, CitrMovement
from investors.queries import ReliefStanding
from loans.queries import loans

if TYPE_CHECKING:
    from ledger.models import Book, JournalEntry


class AccreditationList(BookOperation):
    @operation(gives=AccreditationOut, query=PagedAsOfQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """The accreditations of a book's fund, with what was raised under each by a day."""
        return self.paged(self.rows(asked))

    @operation(takes=AccreditationIn, gives=AccreditationOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Record an accreditation; the same again is the one that stands."""
        given = asked | {"kind": Accreditation(asked["kind"])}
        made = services.record_accreditation(book=self.book, by=self.person, **given)
        return _accreditation(made, queries.raised_in(made, queries.citr_investments(self.book)))

    def rows(self, asked: Asked) -> list[dict[str, Any]]:
        """Each accreditation with what it comes to."""
        found = queries.raised_by_period(self.book, self.day(asked))
        return [{"period": each, "raised": raised, "findings": findings} for each, raised, findings in found]


class AccreditationLose(BookOperation):
    @operation(takes=LossIn, gives=AccreditationOut)
    def post(self, asked: Asked) -> Any:
        """Record that accreditation was withdrawn: claims end whose qualifying date had not come."""
        period = named(queries.citr_periods(self.book), "accreditation", pk=asked["accreditation"])
        services.lose_accreditation(period=period, on=asked["on"], reason=asked["reason"], by=self.person)
        found = queries.citr_periods(self.book).get(pk=period.pk)
        return _accreditation(found, queries.raised_in(found, queries.citr_investments(self.book)))


class OnwardTest(BookOperation):
    @operation(gives=OnwardOut, query=AsOfQuery)
    def get(self, asked: Asked) -> Any:
        """The onward-investment test to a day: each day on which something changed, and each year."""
        return queries.onward_test(self.book, self.day(asked))


class TaxLoanList(BookOperation):
    @operation(gives=MarkOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What was said of loans, whether they count and why, by day."""
        return self.paged(queries.citr_marks(self.book))

    @operation(takes=MarkIn, gives=MarkOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Say whether a loan counts from a day on, and why."""
        mine = loans(self.book).filter(pk__in=loans_for(self.person).values("pk"))
        case = asked.get("case")
        return services.mark_loan(
            loan=named(mine, "loan", pk=asked["loan"]),
            on=asked.get("effective_on", self.book.business_date),
            case=None if case is None else Case(case),
            distributes_profit=asked.get("distributes_profit", False),
            agreed_to_count=asked.get("agreed_to_count", False),
            reason=asked["reason"],
            by=self.person,
        )


class TaxInvestmentList(BookOperation):
    @operation(gives=TaxInvestmentOut, query=PagedAsOfQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """The tax-relieved investments of a book as they stand on a day."""
        as_of, periods = self.day(asked), list(queries.citr_periods(self.book))
        found = queries.citr_investments(self.book).filter(invested_on__lte=as_of)
        return self.paged(found, lambda rows: [queries.relief_standing(row, as_of, periods) for row in rows])

    @operation(takes=TaxInvestmentIn, gives=TaxInvestmentOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Record what an investor put in for the relief; terms that cost it are refused."""
        terms = services.InvestmentTerms(
            InvestmentKind(asked["kind"]),
            asked["committed"],
            asked["invested_on"],
            asked.get("drawn"),
            asked.get("drawdown_until"),
            asked.get("is_convertible", False),
            [(each["due_on"], each["amount"]) for each in asked.get("required", [])],
        )
        made = services.record_citr_investment(
            book=self.book,
            investor=named(investors_for(self.person), "investor", code=asked["investor"]),
            terms=terms,
            entry=_contribution(self.book, asked),
            by=self.person,
        )
        return _standing(made)


def _contribution(book: Book, asked: Asked) -> JournalEntry | None:
    """The contribution that brought the money, where one is named."""
    found: JournalEntry | None = None
    if "entry" in asked:
        found = named(queries.citr_contributions(book), "entry", pk=asked["entry"])
    return found


class TaxInvestmentOperation(BookOperation):
    """An operation on one tax-relieved investment."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.investment: CitrInvestment = get_object_or_404(queries.citr_investments(self.book), pk=path["investment"])

    @property
    def waiting(self) -> CitrCertificate:
        """The certificate that waits for a second person. Raises Http404 where none does."""
        found = queries.citr_certificates(self.book).filter(investment=self.investment, decision=None).first()
        if found is None:
            raise Http404
        return found


class TaxInvestmentDetail(TaxInvestmentOperation):
    @operation(gives=TaxInvestmentOut, query=AsOfQuery)
    def get(self, asked: Asked) -> Any:
        """One investment on a day, its first or a later one."""
        return queries.relief_standing(self.investment, max(self.day(asked), self.investment.invested_on))


class TaxMovementList(TaxInvestmentOperation):
    @operation(gives=TaxMovementOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """What was drawn, repaid and received of an investment, and what of that was taken back."""
        return self.paged(CitrMovement.objects.filter(investment=self.investment))

    @operation(takes=TaxMovementIn, gives=TaxMovementOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Record what was drawn, repaid or received."""
        return services.record_citr_movement(
            investment=self.investment,
            kind=MovementKind(asked["kind"]),
            on=asked["on"],
            amount=asked["amount"],
            is_standard=asked.get("is_standard", True),
            reason=asked.get("reason", ""),
            entry=_contribution(self.book, asked),
            by=self.person,
        )


class TaxMovementTakeBack(TaxInvestmentOperation):
    @operation(takes=TaxTakeBackIn, gives=TaxMovementOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Take back what was recorded wrongly."""
        mine = CitrMovement.objects.filter(investment=self.investment)
        wrong = named(mine, "movement", pk=asked["movement"])
        return services.take_back_citr_movement(movement=wrong, reason=asked["reason"], by=self.person)


class TaxInvestmentEnd(TaxInvestmentOperation):
    @operation(takes=EndIn, gives=TaxInvestmentOut)
    def post(self, asked: Asked) -> Any:
        """Record that the investor disposed of it, or became an accredited institution."""
        by, on = EndedBy(asked["ended_by"]), asked["on"]
        services.end_citr_investment(
            investment=self.investment, ended_by=by, on=on, reason=asked["reason"], by=self.person
        )
        return _standing(self.investment)


class CertificatePropose(TaxInvestmentOperation):
    @operation(gives=TaxInvestmentOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Propose its certificate; a colleague issues it."""
        services.propose_certificate(investment=self.investment, by=self.person)
        return _standing(self.investment)


class CertificateIssue(TaxInvestmentOperation):
    @operation(takes=CertificateDecisionIn, gives=TaxInvestmentOut)
    def post(self, asked: Asked) -> Any:
        """Issue exactly the certificate that a colleague proposed, as a document."""
        reason = asked.get("reason", "")
        issue_certificate(certificate=self.waiting, shown_sha256=asked["sha256"], reason=reason, by=self.person)
        return _standing(self.investment)


class CertificateDecline(TaxInvestmentOperation):
    @operation(takes=CertificateDecisionIn, gives=TaxInvestmentOut)
    def post(self, asked: Asked) -> Any:
        """Decline the certificate that waits, or take one's own proposal back."""
        reason = asked.get("reason", "")
        services.decline_certificate(
            certificate=self.waiting, shown_sha256=asked["sha256"], reason=reason, by=self.person
        )
        return _standing(self.investment)


class TaxStatementRun(BookOperation):
    @operation(takes=TaxYearIn, gives=JobOut, status=202)
    def post(self, asked: Asked) -> Any:
        """Ask for the tax statements of a tax year that is over: a job, whose address tells how it went."""
        arguments = {"book": self.book.code, "tax_year": str(tax_year_in(asked["tax_year"]))}
        return enqueue(kind="issue_tax_statements", arguments=arguments, by=self.person, book=self.book)


class InvestorTaxRelief(InvestorOperation):
    @operation(gives=TaxInvestmentOut, query=PagedAsOfQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """An investor's tax-relieved investments as they stand on a day."""
        as_of, periods = self.day(asked), list(queries.citr_periods(self.book))
        found = queries.citr_investments(self.book).filter(invested_on__lte=as_of, investor=self.investor)
        return self.paged(found, lambda rows: [queries.relief_standing(row, as_of, periods) for row in rows])


def _accreditation(period: Any, raised: Any) -> dict[str, Any]:
    return {"period": period, "raised": raised, "findings": queries.accreditation_findings(period, raised)}


def _standing(investment: CitrInvestment) -> ReliefStanding:
    """It as it stands on the business date, read anew."""
    book = investment.book
    return queries.relief_standing(queries.citr_investments(book).get(pk=investment.pk), book.business_date)
