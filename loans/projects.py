"""Who else funds a loan's project, and what do they make together?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from loans.domain.project import FundingStatus, Part, Project, project
from loans.models import Loan, LoanTerms, ProjectFunding
from loans.models.money import plain


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
