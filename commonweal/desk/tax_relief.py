"""The tax relief scheme at the desk: accreditation, what was raised, whether enough is lent on, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import documents_for, loans_for
from commonweal.components import Figure, Link
from commonweal.desk.forms import offer, refusals_in
from commonweal.desk.frame import as_at, asked_date, book_of, desk_page, sign
from commonweal.desk.tax_forms import CASES, AccreditationForm, LossForm, MarkForm, TaxYearForm
from commonweal.desk.tax_next_steps import next_steps
from commonweal.documents import charts
from commonweal.documents.list_files import Sheet, download
from commonweal.documents.models import DocumentKind
from commonweal.jobs.services import enqueue
from commonweal.jobs.tax_relief import tax_years_over
from commonweal.templatetags.commonweal import day, money, percent
from investors.domain.citr.findings import Finding, Outcome
from investors.domain.citr.limits import Accreditation, lending_limits, raising_limits
from investors.domain.citr.onward import NEEDED, Case, Counted
from investors.models import CitrMark, CitrPeriod
from investors.queries import (
    OnwardTest,
    ReliefStanding,
    citr_periods,
    marks_in_force,
    onward_test,
    raised_by_period,
    relief_standings,
)
from investors.services import lose_accreditation, mark_loan, record_accreditation
from ledger import queries as ledger
from ledger.domain.money import from_minor
from loans.domain.calendar import add_months
from loans.domain.entries import loan_principal
from loans.losses import guarantees_in_force
from loans.queries import loans

if TYPE_CHECKING:
    from moneyed import Money

    from ledger.models import Book
    from loans.models import Loan

SECTION = "desk:investors"
STATES = {Outcome.HOLDS: "good", Outcome.FAILS: "late", Outcome.WARNS: "watch", Outcome.RUNNING: "due"}
WORDS = {Outcome.HOLDS: "Kept", Outcome.FAILS: "Not kept", Outcome.WARNS: "Look at it", Outcome.RUNNING: "Not over"}


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """An accreditation with what was raised under it."""

    period: CitrPeriod
    raised: Money
    limit: Money
    left: Money
    notice: str


@dataclass(frozen=True, slots=True)
class LoanRow:
    """A loan of the book, what was said of it, and whether it counts."""

    loan: Loan
    principal: Money
    mark: CitrMark | None
    is_guaranteed: bool
    counted: Counted | None

    @property
    def case(self) -> str:
        """Why it is relevant, in a few words."""
        if self.mark is None:
            return "Not said yet"
        return CASES[Case(self.mark.case)].partition(":")[0] if self.mark.case else "Not relevant"

    @property
    def state(self) -> tuple[str, str]:
        """Whether it counts, as a state and a word."""
        if self.mark is None:
            return "ask", "To be said"
        if self.counted is None:
            return "closed", "Does not count"
        if not self.counted.counts:
            return "late", "Does not count"
        return ("watch", "Counts, look at it") if self.counted.finding.is_estimate else ("good", "Counts")


def tax_relief(request: PersonRequest, book: str) -> HttpResponse:
    """The scheme as at a date."""
    return _page(request, book_of(request, book), {})


def accredit(request: PersonRequest, book: str) -> HttpResponse:
    """Record an accreditation."""
    of = book_of(request, book)
    form = AccreditationForm(request.POST, auto_id="accredit_%s")
    if form.is_valid():
        with refusals_in(form):
            given = dict(form.cleaned_data)
            ends_on = given.pop("last_day") + timedelta(days=1)
            made = record_accreditation(book=of, ends_on=ends_on, by=request.user, **given)
            messages.success(request, f"{made} is recorded, from {day(made.starts_on)} to {day(made.last_day)}.")
            return redirect("desk:tax-relief", of.code)
    return _page(request, of, {"accredit": form})


def lose(request: PersonRequest, book: str) -> HttpResponse:
    """Record that accreditation was withdrawn."""
    of = book_of(request, book)
    form = LossForm(request.POST, auto_id="lose_%s")
    offer(form, "period", citr_periods(of))
    if form.is_valid():
        with refusals_in(form):
            made = lose_accreditation(by=request.user, **form.cleaned_data)
            messages.success(request, f"{made.period} is recorded as withdrawn from {day(made.ended_on)}.")
            return redirect("desk:tax-relief", of.code)
    return _page(request, of, {"lose": form})


def statements_issue(request: PersonRequest, book: str) -> HttpResponse:
    """Ask for the tax statements of a tax year; the job's page tells how it goes."""
    of = book_of(request, book)
    form = _years(TaxYearForm(request.POST, auto_id="years_%s"), of)
    if form.is_valid():
        arguments = {"book": of.code, "tax_year": form.cleaned_data["tax_year"]}
        job = enqueue(kind="issue_tax_statements", arguments=arguments, by=request.user, book=of)
        return redirect("desk:job", of.code, job.pk)
    return _page(request, of, {"years": form})


def tax_loans(request: PersonRequest, book: str) -> HttpResponse:
    """Which loans are relevant investments, and whether each counts; and saying so of one."""
    of = book_of(request, book)
    form = MarkForm(request.POST or None, initial={"on": of.business_date, "loan": request.GET.get("loan", "")})
    offer(form, "loan", loans(of).filter(pk__in=loans_for(request.user).values("pk")))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            given = {name: form.cleaned_data[name] for name in ("loan", "on", "distributes_profit", "reason")}
            agreed = form.cleaned_data["agreed_to_count"]
            made = mark_loan(case=form.case_asked(), agreed_to_count=agreed, by=request.user, **given)
            messages.success(request, _said_of(made))
            return redirect("desk:tax-loans", of.code)
    as_of = asked_date(request, of)
    test = onward_test(of, as_of)
    rows = _loan_rows(of, as_of, test)
    if file := download(request, _loans_sheet(of, as_of, rows)):
        return file
    context = {
        "form": form,
        "rows": rows,
        "test": test,
        "as_of": as_of,
        "limits": lending_limits(as_of),
        "sign": sign(of),
        "why_not_mark": why_not(request.user, "desk:tax-loans", "POST", book=of.pk),
    }
    crumbs = [*tax_crumbs(of), Link("Loans that count")]
    return desk_page(request, "desk/tax/loans.html", of, section=SECTION, crumbs=crumbs, context=context)


def tax_crumbs(book: Book) -> list[Link]:
    """The way to the scheme's page."""
    return [
        Link("Investors", reverse(SECTION, args=[book.code])),
        Link("Tax relief", reverse("desk:tax-relief", args=[book.code])),
    ]


def findings_shown(findings: Sequence[Finding]) -> list[tuple[Finding, str, str]]:
    """Each finding with the state and the word by which a page shows it."""
    return [(each, STATES[each.outcome], WORDS[each.outcome]) for each in findings]


def _page(request: PersonRequest, book: Book, forms_asked: dict[str, forms.Form]) -> HttpResponse:
    as_of = asked_date(request, book)
    standings = relief_standings(book, as_of)
    if file := download(request, _sheet(book, as_of, standings)):
        return file
    periods, test = raised_by_period(book, as_of), onward_test(book, as_of)
    loss = LossForm(auto_id="lose_%s", initial={"on": book.business_date})
    offer(loss, "period", citr_periods(book))
    shown: dict[str, forms.Form] = {
        "accredit": AccreditationForm(auto_id="accredit_%s"),
        "lose": loss,
        "years": _years(TaxYearForm(auto_id="years_%s"), book),
    }
    context = {
        **shown,
        **forms_asked,
        "form": next(iter(forms_asked.values()), None),
        "as_of": as_of,
        "at": as_at(as_of, book),
        "sign": sign(book),
        "todos": next_steps(book, as_of, standings, test, periods),
        "figures": _figures(standings, test) if standings else [],
        "periods": [_period_row(*each) for each in periods],
        "test": test,
        "findings": findings_shown(test.findings),
        "chart": _chart(test),
        "standings": standings,
        "statements": documents_for(request.user)
        .filter(book=book, kind=DocumentKind.TAX_STATEMENT)
        .select_related("investor")
        .order_by("-period_end", "-pk")[:8],
        **{
            f"why_not_{name}": why_not(request.user, f"desk:{address}", "POST", book=book.pk)
            for name, address in (
                ("accredit", "tax-accredit"),
                ("lose", "tax-lose"),
                ("issue", "tax-statements"),
                ("invest", "tax-investment-new"),
            )
        },
    }
    crumbs = [tax_crumbs(book)[0], Link("Tax relief")]
    return desk_page(request, "desk/tax/scheme.html", book, section=SECTION, crumbs=crumbs, context=context)


def _years(form: TaxYearForm, book: Book) -> TaxYearForm:
    """The form with the tax years that are over, the latest first."""
    years = tax_years_over(book)
    field = form.fields["tax_year"]
    if isinstance(field, forms.ChoiceField):
        field.choices = [(str(year), f"{year}, to {day(year.last_on)}") for year in reversed(years)]
    return form


def _figures(standings: Sequence[ReliefStanding], test: OnwardTest) -> list[Figure]:
    nought = from_minor(0, "GBP")
    stands = sum((one.balance for one in standings), nought)
    certified = [one for one in standings if one.issued is not None]
    relief = sum((year.available for one in standings for year in one.years), nought)
    figures = [
        Figure("Invested for the relief", money(stands), f"stands today, in {len(standings)} investments"),
        Figure("Certified", f"{len(certified)} of {len(standings)}", "one certificate for each investment"),
        Figure("Relief that may be claimed", money(relief), "of all tax years that are over"),
    ]
    if test.today is not None:
        state = "late" if test.findings[-1].outcome is Outcome.FAILS else ""
        share = percent(_decimal(test.today.share), 2)
        figures.append(Figure("Lent on where it counts", share, f"of {money(test.today.fund)}", "", state))
    return figures


def _period_row(period: CitrPeriod, raised: Money, findings: Sequence[Finding]) -> PeriodRow:
    limit = raising_limits(period.last_day).of(Accreditation(period.kind))
    notice = next((each.words for each in findings if each.outcome is Outcome.WARNS), "")
    return PeriodRow(period, raised, limit, limit - raised, notice)


def _chart(test: OnwardTest) -> SafeString | str:
    """What is lent on beside what is needed, by day."""
    if test.starts_on is None or test.today is None or not any(each.fund.amount for each in test.days):
        return ""
    lent = [charts.Step(each.on, each.relevant.amount) for each in test.days]
    needed = [charts.Step(each.on, _needed(test.starts_on, each.on, each.fund)) for each in test.days]
    return charts.step_lines(
        "onward",
        title=f"{money(test.today.relevant)} is lent on where it counts on {day(test.as_of)}; "
        f"{money(from_minor(int(needed[-1].value * 100), 'GBP'))} is needed by the end of the year",
        lines=[charts.Line("Lent on", lent), charts.Line("Needed", needed)],
        until=test.as_of,
        sign="£",
    )


def _needed(starts_on: date, on: date, fund: Money) -> Decimal:
    """What has to be in relevant investments by the end of the year that a day is in."""
    year = next(number for number in range(1, 200) if on <= add_months(starts_on, 12 * number))
    share = NEEDED[min(year, len(NEEDED)) - 1]
    return (fund.amount * share.numerator / share.denominator).quantize(Decimal("0.01"))


def _decimal(share: Fraction) -> Decimal:
    return Decimal(share.numerator) / share.denominator


def _loan_rows(book: Book, as_of: date, test: OnwardTest) -> list[LoanRow]:
    """The loans that were drawn, in a fixed number of queries."""
    found = list(loans(book).filter(currency="GBP"))
    marks, guaranteed = marks_in_force(book, as_of), guarantees_in_force(book, as_of)
    counted = {each.loan.code: each for each in test.counted}
    codes = {one.pk: loan_principal(one.reference) for one in found}
    principal = ledger.balances(book, list(codes.values()), as_of)
    rows = [
        LoanRow(one, principal[codes[one.pk]], marks.get(one.pk), one.pk in guaranteed, counted.get(one.reference))
        for one in found
    ]
    return [row for row in rows if row.principal or row.mark]


def _said_of(mark: CitrMark) -> str:
    which = "is a relevant investment" if mark.is_relevant else "is no relevant investment"
    return f"{mark.loan} {which} from {day(mark.effective_on)}."


def _loans_sheet(book: Book, as_of: date, rows: Sequence[LoanRow]) -> Sheet:
    headings = ("Loan", "Borrower", "Principal", "Case", "Guaranteed", "Counts", "Why", "Reason")
    listed = [
        (
            row.loan.reference,
            str(row.loan.organisation),
            row.principal,
            row.case,
            "yes" if row.is_guaranteed else "no",
            row.state[1],
            row.counted.finding.words if row.counted else "",
            row.mark.reason if row.mark else "",
        )
        for row in rows
    ]
    return Sheet(f"tax-relief-loans-{book.code}-{as_of}", headings, listed)


def _sheet(book: Book, as_of: date, standings: Sequence[ReliefStanding]) -> Sheet:
    amounts = ("Whole amount", "Drawn", "Repaid", "Stands", "May be claimed", "Withdrawn")
    headings = ("Investment", "Investor", "Kind", "Invested on", *amounts, "Certificate due by", "Issued on", "Look at")
    nought = from_minor(0, "GBP")
    rows: list[Sequence[Any]] = [
        (
            str(one.investment),
            str(one.investment.investor),
            one.investment.get_kind_display(),
            one.investment.invested_on,
            one.investment.committed_money,
            one.drawn,
            one.repaid,
            one.balance,
            sum((year.available for year in one.years), nought),
            sum((year.withdrawn for year in one.years), nought),
            one.loan.certificate_due_by,
            one.issued.issued_on if one.issued else None,
            " ".join(one.warnings),
        )
        for one in standings
    ]
    return Sheet(f"tax-relief-{book.code}-{as_of}", headings, rows)
