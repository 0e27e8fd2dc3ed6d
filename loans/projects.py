"""Who else funds a loan's project, and what do they make together?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet, Sum
from moneyed import Money

from loans.domain.project import SECURED, FundingStatus, Part, Project, project
from loans.models import Loan, LoanTerms, ProjectFunding
from loans.models.money import plain

if TYPE_CHECKING:
    from ledger.models import Book


@dataclass(frozen=True, slots=True)
class ProjectShown:
    """The parts of others as they stand, and what they make with the loan."""

    whole: Project
    parts: Sequence[ProjectFunding]


def funding_of(loan: Loan) -> QuerySet[ProjectFunding]:
    """The parts of others as they stand now, as they were recorded."""
    standing = ProjectFunding.objects.filter(loan=loan, replaced_by=None)
    return standing.select_related("recorded_by", "loan").order_by("kind", "funder", "pk")


def project_of(loan: Loan) -> ProjectShown:
    """The project that a loan is for, by the amount agreed last."""
    parts = list(funding_of(loan))
    agreed = plain(LoanTerms.objects.filter(loan=loan).latest("version").principal)
    return ProjectShown(project(agreed, [Part(row.money, FundingStatus(row.status)) for row in parts]), parts)


def levered_in(book: Book, as_of: date) -> Money:
    """What other funders had agreed to or paid by a day for the projects of a book's loans, in the book's currency.

    An amount that was only applied for, or was withdrawn, counts for nothing; money of other currencies is left out.
    """
    stood = Q(replaced_by=None) | Q(replaced_by__status_on__gt=as_of)
    parts = ProjectFunding.objects.filter(
        stood, loan__book=book, loan__approved_on__lte=as_of, status_on__lte=as_of, status__in=SECURED
    )
    whole = parts.filter(amount_currency=book.base_currency).aggregate(whole=Sum("amount"))["whole"]
    return Money(whole or 0, book.base_currency)
