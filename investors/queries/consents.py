"""Which consents were asked of lenders, how do they stand, and which wait for somebody?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q, QuerySet

from investors.domain.consent import ConsentState
from investors.models import ConsentAnswer, ConsentAsked, Investor, Participation
from loans.models import Loan, Proposal, WaiverProposal

if TYPE_CHECKING:
    from ledger.models import Book


def consents() -> QuerySet[ConsentAsked]:
    """All that was asked, the latest first, with all that is shown of it."""
    answers = ConsentAnswer.objects.select_related("answered_by").order_by("pk")
    parts = Participation.objects.select_related("investor").order_by("rank", "investor__code")
    found = ConsentAsked.objects.select_related(
        "loan__book",
        "loan__organisation",
        "asked_by",
        "waiver__covenant__loan",
        "waiver__decision__decided_by",
        "proposal__loan",
        "proposal__decision__decided_by",
    )
    return found.prefetch_related(
        Prefetch("answers", answers), Prefetch("participation_set__participations", parts)
    ).order_by("-pk")


def consents_in(book: Book) -> QuerySet[ConsentAsked]:
    """What the lenders of a book's loans were asked."""
    return consents().filter(loan__book=book)


def consents_asked_of(investors: Iterable[int]) -> QuerySet[ConsentAsked]:
    """What investors, by their keys, were asked."""
    asked = Participation.objects.filter(investor__in=list(investors)).values("participation_set")
    return consents().filter(participation_set__in=asked)


def were_asked(investors: Iterable[int]) -> bool:
    """Whether any of these investors, by their keys, was ever asked something."""
    return ConsentAsked.objects.filter(participation_set__participations__investor__in=list(investors)).exists()


def unanswered_by(investor: Investor, book: Book) -> int:
    """How many open consents an investor has not answered, in the loans of a book."""
    found = consents_asked_of([investor.pk]).filter(loan__book=book, answer_by__gte=book.business_date)
    found = found.exclude(answers__investor=investor).filter(waiver__decision=None, proposal__decision=None)
    return sum(1 for one in found if one.is_open)


def counted_consents(book: Book) -> list[ConsentAsked]:
    """Those of which the answers are in, or the last day is over, and that nobody at the fund has decided: the oldest
    first."""
    open_ = consents_in(book).filter(waiver__decision=None, proposal__decision=None).order_by("pk")
    return [one for one in open_ if one.state is not ConsentState.WAITING]


def consent_to(subject: WaiverProposal | Proposal) -> ConsentAsked | None:
    """What lenders were asked about a proposal, if they were."""
    is_waiver = isinstance(subject, WaiverProposal)
    return consents().filter(Q(waiver=subject.pk) if is_waiver else Q(proposal=subject.pk)).first()


def loan_of_subject(subject: WaiverProposal | Proposal) -> Loan:
    """The loan that a proposal is about."""
    return subject.covenant.loan if isinstance(subject, WaiverProposal) else subject.loan
