"""What of the tax relief scheme needs somebody next, the most pressing first?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from commonweal.components import Todo
from commonweal.documents.models import Document, DocumentKind
from commonweal.jobs.tax_relief import tax_years_over
from commonweal.templatetags.commonweal import day, money
from investors.domain.citr.findings import Finding, Outcome
from investors.models import CitrPeriod
from investors.queries import OnwardTest, ReliefStanding

if TYPE_CHECKING:
    from moneyed import Money

    from ledger.models import Book

SOON = timedelta(days=90)
"""An accreditation that ends so soon should be applied for anew."""

Periods = Sequence[tuple[CitrPeriod, "Money", tuple[Finding, ...]]]


def next_steps(
    book: Book, as_of: date, standings: Sequence[ReliefStanding], test: OnwardTest, periods: Periods
) -> list[Todo]:
    """Each kind of work that waits, with the way to it."""
    steps = [*_certificates(book, standings), *_breaches(book, standings), *_onward(book, test)]
    return [*steps, *_accreditation(as_of, periods), *_statements(book, standings)]


def _certificates(book: Book, standings: Sequence[ReliefStanding]) -> Iterator[Todo]:
    """Certificates that wait for a second person, and those that nobody has proposed."""
    open_ones = [one for one in standings if one.issued is None]
    waiting = [one for one in open_ones if waits(one)]
    missing = [one for one in open_ones if not waits(one)]
    for found, label, labels in (
        (waiting, "Certificate to check", "Certificates to check"),
        (missing, "Certificate to propose", "Certificates to propose"),
    ):
        if found:
            first = min(found, key=lambda one: one.loan.certificate_due_by)
            is_late = first.certificate.outcome is Outcome.FAILS
            yield Todo(
                len(found),
                label if len(found) == 1 else labels,
                _to(book, first),
                "; ".join(f"{one.investment.investor}, {money(one.investment.committed_money)}" for one in found[:3]),
                f"{'was due' if is_late else 'due'} by {day(first.loan.certificate_due_by)}",
                "late" if is_late else "watch",
            )


def waits(one: ReliefStanding) -> bool:
    """Whether a certificate was proposed that nobody has decided."""
    return any(each.state == "waiting" for each in one.investment.certificates.all())


def _breaches(book: Book, standings: Sequence[ReliefStanding]) -> Iterator[Todo]:
    found = [one for one in standings if any(not each.is_kept for each in one.kept)]
    if found:
        label = "Investment below what has to stand" if len(found) == 1 else "Investments below what has to stand"
        told = "; ".join(f"{one.investment}, {one.investment.investor}" for one in found[:3])
        yield Todo(len(found), label, _to(book, found[0]), told, "tell the investor", "late")


def _onward(book: Book, test: OnwardTest) -> Iterator[Todo]:
    url = reverse("desk:tax-loans", args=[book.code])
    failed = [each for each in test.findings if each.outcome is Outcome.FAILS]
    if failed:
        yield Todo(len(failed), "Year of the onward test not kept", url, failed[-1].words, "ask for advice", "late")
    if test.warnings:
        label = "Loan marked relevant to look at" if len(test.warnings) == 1 else "Loans marked relevant to look at"
        yield Todo(len(test.warnings), label, url, " ".join(test.warnings[:2]), "look at it", "watch")


def _accreditation(as_of: date, periods: Periods) -> Iterator[Todo]:
    for period, _, findings in periods:
        for each in findings:
            if each.outcome is not Outcome.HOLDS:
                yield Todo(1, f"{each.rule.capitalize()}, {period}", "", each.words, "look at it", "watch")
    last = max((period for period, _, _ in periods), key=lambda one: one.ends_on, default=None)
    if last is not None and as_of <= last.last_day < as_of + SOON:
        yield Todo(1, "Accreditation to apply for anew", "", str(last), f"ends {day(last.last_day)}", "watch")


def _statements(book: Book, standings: Sequence[ReliefStanding]) -> Iterator[Todo]:
    """Investors without a statement of the last tax year that is over."""
    years = tax_years_over(book)
    if not years:
        return
    wanted = {one.investment.investor_id for one in standings if one.year_of(years[-1]) is not None}
    issued: Any = Document.objects.filter(book=book, kind=DocumentKind.TAX_STATEMENT, period_start=years[-1].first_on)
    missing = wanted - set(issued.values_list("investor_id", flat=True))
    if missing:
        label = "Tax statement to issue" if len(missing) == 1 else "Tax statements to issue"
        yield Todo(len(missing), label, "#years-h", f"for {years[-1]}", f"over since {day(years[-1].last_on)}")


def _to(book: Book, one: ReliefStanding) -> str:
    return reverse("desk:tax-investment", args=[book.code, one.investment.pk])
