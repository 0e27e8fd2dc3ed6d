"""The business behind a loan, on the loan's page: its covenants, and who else funds the project."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.covenant_words import covenant_told
from commonweal.templatetags.commonweal import percent
from loans.covenants import covenants_of
from loans.losses import guarantee_of, loss_accounts, loss_proposals
from loans.models import Loan
from loans.projects import project_of


def losses_beside(loan: Loan, as_of: date) -> dict[str, Any]:
    """What is set aside for a loan, who guarantees it, and what of that waits for a second person."""
    return {
        "set_aside": loss_accounts(loan, as_of)["set_aside"],
        "guarantee": guarantee_of(loan, as_of),
        "loss_waiting": loss_proposals(loan).filter(decision=None).first(),
    }


def business_behind(request: PersonRequest, loan: Loan, as_of: date) -> dict[str, Any]:
    """What the panels on the loan's page show, as at a date."""
    project = project_of(loan)
    share = project.whole.loan_share
    return {
        "covenants": [covenant_told(one) for one in covenants_of([loan], as_of)[loan.pk]],
        "project": project,
        "loan_share": percent(Decimal(share.numerator) / share.denominator, 1),
        "why_not_covenant": why_not(request.user, "desk:covenant-new", "POST", book=loan.book_id),
    }
