"""Who puts money in, and who shares which loan?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet

from investors.domain.entries import LENDER_ACCOUNTS, participation_in_accrued
from investors.domain.participation import Participation as Part
from investors.domain.participation import ParticipationSet as Parts
from investors.domain.participation import SharingRule
from investors.models import Investor, Participation, ParticipationSet
from ledger.domain.money import from_minor
from ledger.queries import accounts, books
from loans.models import Loan
from loans.models.money import plain

if TYPE_CHECKING:
    from ledger.models import Book


def investors() -> QuerySet[Investor]:
    """All investors, by name."""
    return Investor.objects.order_by("name", "pk")


def investor_by_code(code: str) -> Investor | None:
    """The investor with this code, if there is one."""
    return Investor.objects.filter(code=code).first()


def investors_named(codes: Iterable[str]) -> QuerySet[Investor, tuple[str, str]]:
    """The names of investors by code, as pairs."""
    return Investor.objects.filter(code__in=list(codes)).values_list("code", "name")


def investors_in(book: Book) -> QuerySet[Investor]:
    """The investors for whom a book has an account: those who share a loan or have put money in."""
    codes = accounts(book).filter(node__code="2510").values("subject")
    return investors().filter(code__in=codes)


def investors_nowhere() -> QuerySet[Investor]:
    """The investors that were registered and deal with no book yet."""
    return investors().exclude(code__in=books().filter(accounts__node__code="2510").values("accounts__subject"))


def books_of(investor: Investor) -> QuerySet[Book]:
    """The books that an investor deals with, by name."""
    found = books().filter(accounts__node__code="2510", accounts__subject=investor.code)
    return found.distinct().order_by("name", "pk")


def shared_loans(book: Book) -> QuerySet[Loan]:
    """The loans of a book that have participations, by reference."""
    return Loan.objects.filter(book=book, participation_sets__isnull=False).distinct().order_by("reference", "pk")


def standing_sets(loan: Loan) -> list[ParticipationSet]:
    """The sets of participations that count, by day: the last that took the place of all before it, and what follows
    it."""
    return list(standing_sets_of([loan]))


def standing_sets_of(loans: Iterable[Loan]) -> QuerySet[ParticipationSet]:
    """The same of several loans."""
    return _sets().filter(~Exists(_replacing()), loan__in=list(loans)).order_by("effective_on", "pk")


def sets_in_force(loans: Iterable[Loan], as_of: date) -> QuerySet[ParticipationSet]:
    """Of each loan the participations that count on a day."""
    later = ParticipationSet.objects.filter(loan=OuterRef("loan"), pk__gt=OuterRef("pk"), effective_on__lte=as_of)
    return _sets().filter(~Exists(later), ~Exists(_replacing()), loan__in=loans, effective_on__lte=as_of)


def _replacing() -> QuerySet[ParticipationSet]:
    return ParticipationSet.objects.filter(loan=OuterRef("loan"), pk__gt=OuterRef("pk"), follows=None)


def _sets() -> QuerySet[ParticipationSet]:
    return ParticipationSet.objects.select_related("loan__organisation", "loan__book", "terms").prefetch_related(
        "participations__investor"
    )


def participations(loan: Loan, as_of: date) -> Parts | None:
    """Who shares a loan on a day, or None where nobody does yet."""
    standing = sets_in_force([loan], as_of).first()
    return as_value(standing) if standing else None


def parts_in_force(investor: Investor, book: Book, on: date) -> QuerySet[Participation]:
    """An investor's participations in the loans of a book that count on a day, by loan, each with its whole set."""
    counting = sets_in_force(Loan.objects.filter(book=book), on).values("pk")
    found = Participation.objects.filter(investor=investor, participation_set__in=counting, amount__gt=0)
    found = found.select_related(
        "investor",
        "participation_set__terms",
        "participation_set__loan__organisation",
        "participation_set__loan__book",
    )
    return found.order_by("participation_set__loan__reference")


def as_value(standing: ParticipationSet) -> Parts:
    """The immutable value of a recorded set."""
    currency = standing.loan.currency
    return Parts(
        loan=standing.loan.reference,
        effective_on=standing.effective_on,
        whole=plain(standing.terms.principal),
        participations=tuple(
            Part(
                part.investor.code,
                part.rank,
                from_minor(part.amount, currency),
                part.annual_rate,
                part.servicing_fee,
                part.principal_from,
            )
            for part in standing.participations.all()
        ),
        rule=SharingRule(standing.rule),
    )


def lender_accounts(loan: Loan) -> list[str]:
    """The codes of the participation accounts of everybody who shares a loan or did."""
    lenders = Participation.objects.filter(participation_set__loan=loan)
    codes = lenders.order_by("investor__code").values_list("investor__code", flat=True).distinct()
    named = (*LENDER_ACCOUNTS, participation_in_accrued)
    return [account(loan.reference, code) for code in codes for account in named]
