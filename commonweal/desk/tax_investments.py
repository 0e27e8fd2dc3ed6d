"""One tax-relieved investment at the desk: its years, what may be repaid, its certificate, and what happened to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import documents_for, investors_for
from commonweal.components import Fact, Link
from commonweal.desk.forms import offer, refusals_in
from commonweal.desk.frame import as_at, asked_date, book_of, desk_page, sign
from commonweal.desk.tax_forms import CertificateForm, EndForm, InvestmentForm, MovementForm, TakeBackForm
from commonweal.desk.tax_relief import SECTION, findings_shown, tax_crumbs
from commonweal.documents.list_files import Sheet, download
from commonweal.documents.models import DocumentKind
from commonweal.jobs.tax_relief import issue_certificate
from commonweal.templatetags.commonweal import day, money
from investors.domain.citr.withdrawal import KEPT
from investors.models import CitrInvestment, CitrMovement
from investors.queries import ReliefStanding, citr_investments, citr_periods, contribution_named, relief_standing
from investors.services import (
    InvestmentTerms,
    decline_certificate,
    end_citr_investment,
    propose_certificate,
    record_citr_investment,
    record_citr_movement,
    take_back_citr_movement,
)

if TYPE_CHECKING:
    from ledger.models import Book, JournalEntry


WHO_MAY = {"move": "move", "propose": "certificate-propose", "decide": "certificate-decide"}
"""What the page asks about, and under which address it is done."""


def tax_investment_new(request: PersonRequest, book: str) -> HttpResponse:
    """Record what an investor put in for the relief."""
    of = book_of(request, book)
    form = InvestmentForm(request.POST or None, initial={"invested_on": of.business_date})
    offer(form, "investor", investors_for(request.user).order_by("name"))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            given = dict(form.cleaned_data)
            investor, entry = given.pop("investor"), _entry(form, of)
            given.pop("entry")
            terms = InvestmentTerms(required=given.pop("required_repayments"), **given)
            made = record_citr_investment(book=of, investor=investor, terms=terms, entry=entry, by=request.user)
            messages.success(request, f"{made} is recorded. Its certificate can be proposed now.")
            return redirect("desk:tax-investment", of.code, made.pk)
    context = {"form": form, "periods": list(citr_periods(of))}
    crumbs = [*tax_crumbs(of), Link("New investment")]
    return desk_page(request, "desk/tax/new.html", of, section=SECTION, crumbs=crumbs, context=context)


def tax_investment(request: PersonRequest, book: str, investment: int) -> HttpResponse:
    """One investment as at a date."""
    of = book_of(request, book)
    return _page(request, _investment(of, investment), {})


def tax_move(request: PersonRequest, book: str, investment: int) -> HttpResponse:
    """Record what was drawn, repaid or received."""
    of = book_of(request, book)
    found, form = _investment(of, investment), MovementForm(request.POST, auto_id="move_%s")
    if form.is_valid():
        with refusals_in(form):
            given = dict(form.cleaned_data)
            given["is_standard"] = not given.pop("is_not_standard")
            given["entry"] = _entry(form, of)
            made = record_citr_movement(investment=found, by=request.user, **given)
            messages.success(request, f"{made.words}: {money(made.money)} on {day(made.moved_on)} is recorded.")
            return redirect("desk:tax-investment", of.code, found.pk)
    return _page(request, found, {"move": form})


def tax_take_back(request: PersonRequest, book: str, investment: int) -> HttpResponse:
    """Take back what was recorded wrongly."""
    of = book_of(request, book)
    found = _investment(of, investment)
    form = _take_back(found, TakeBackForm(request.POST, auto_id="back_%s"))
    if form.is_valid():
        with refusals_in(form):
            made = take_back_citr_movement(by=request.user, **form.cleaned_data)
            messages.success(request, f"{made.words} on {day(made.moved_on)}, {money(made.money)}, is taken back.")
            return redirect("desk:tax-investment", of.code, found.pk)
    return _page(request, found, {"take_back": form})


def tax_end(request: PersonRequest, book: str, investment: int) -> HttpResponse:
    """Record what ended its claims."""
    of = book_of(request, book)
    found, form = _investment(of, investment), EndForm(request.POST, auto_id="end_%s")
    if form.is_valid():
        with refusals_in(form):
            made = end_citr_investment(investment=found, by=request.user, **form.cleaned_data)
            messages.success(request, f"{made.get_by_display().capitalize()} on {day(made.ended_on)}: recorded.")
            return redirect("desk:tax-investment", of.code, found.pk)
    return _page(request, found, {"end": form})


def tax_certificate_propose(request: PersonRequest, book: str, investment: int) -> HttpResponse:
    """Propose to issue its certificate."""
    of = book_of(request, book)
    found, form = _investment(of, investment), forms.Form(request.POST)
    if form.is_valid():
        with refusals_in(form):
            made = propose_certificate(investment=found, by=request.user)
            messages.success(request, f"{made} is proposed. A colleague checks it before it is issued.")
            return redirect("desk:tax-investment", of.code, found.pk)
    return _page(request, found, {"propose": form})


def tax_certificate_decide(request: PersonRequest, book: str, investment: int) -> HttpResponse:
    """Issue exactly what was shown, or decline it with a reason."""
    of = book_of(request, book)
    found, form = _investment(of, investment), CertificateForm(request.POST)
    waiting = next((each for each in found.certificates.all() if each.state == "waiting"), None)
    if waiting is None:
        raise Http404
    if form.is_valid():
        shown: dict[str, Any] = {
            "certificate": waiting,
            "shown_sha256": request.POST.get("sha256", ""),
            "by": request.user,
        }
        with refusals_in(form):
            if form.cleaned_data["decision"] == "decline":
                decline_certificate(reason=form.cleaned_data["reason"], **shown)
                messages.success(request, f"{waiting} is declined. Nothing was issued.")
            else:
                issue_certificate(reason=form.cleaned_data["reason"], **shown)
                messages.success(request, f"{waiting} is issued to {found.investor}.")
            return redirect("desk:tax-investment", of.code, found.pk)
    return _page(request, found, {"decide": form})


def _investment(book: Book, pk: int) -> CitrInvestment:
    row: CitrInvestment = get_object_or_404(citr_investments(book), pk=pk)
    return row


def _entry(form: forms.Form, book: Book) -> JournalEntry | None:
    """The entry that a form names. Raises ImpossibleTaxRelief where the book has no such contribution."""
    number = form.cleaned_data["entry"]
    return None if number is None else contribution_named(book, number)


def _take_back(found: CitrInvestment, form: TakeBackForm) -> TakeBackForm:
    """The form with the movements that stand, but for the first day's drawdown."""
    standing = CitrMovement.objects.filter(investment=found, takes_back=None, taken_back_by=None)
    offer(form, "movement", standing.exclude(kind="drawdown", moved_on=found.invested_on))
    return form


def _page(request: PersonRequest, found: CitrInvestment, forms_asked: dict[str, forms.Form]) -> HttpResponse:
    of = found.book
    as_of = max(asked_date(request, of), found.invested_on)
    one = relief_standing(found, as_of)
    if file := download(request, _sheet(one)):
        return file
    waiting = next((each for each in found.certificates.all() if each.state == "waiting"), None)
    documents = documents_for(request.user).filter(book=of, kind=DocumentKind.TAX_CERTIFICATE, subject=str(found))
    context = {
        "move": MovementForm(auto_id="move_%s", initial={"on": of.business_date}),
        "take_back": _take_back(found, TakeBackForm(auto_id="back_%s")),
        "end": EndForm(auto_id="end_%s", initial={"on": of.business_date}),
        "decide": CertificateForm(),
        **forms_asked,
        "form": next(iter(forms_asked.values()), None),
        "investment": found,
        "one": one,
        "as_of": as_of,
        "at": as_at(as_of, of),
        "sign": sign(of),
        "facts": _facts(one),
        "years": one.years,
        "room": _room(one),
        "terms": findings_shown(one.terms),
        "certificate": findings_shown([one.certificate])[0],
        "waiting": waiting,
        "is_own": waiting is not None and waiting.proposed_by_id == request.user.pk,
        "document": documents.first(),
        "movements": CitrMovement.objects.filter(investment=found).select_related("recorded_by", "takes_back"),
        "endings": list(found.endings.all()),
        **{
            f"why_not_{name}": why_not(request.user, f"desk:tax-{address}", "POST", book=of.pk)
            for name, address in (
                ("move", "move"),
                ("propose", "certificate-propose"),
                ("decide", "certificate-decide"),
            )
        },
    }
    crumbs = [*tax_crumbs(of), Link(str(found))]
    return desk_page(request, "desk/tax/investment.html", of, section=SECTION, crumbs=crumbs, context=context)


def _facts(one: ReliefStanding) -> list[Fact]:
    found = one.investment
    until = found.drawdown_until
    drawing = f"the rest by {day(until)}" if until else "all of it at once"
    return [
        Fact("Investor", str(found.investor)),
        Fact("What it is", "A loan to the fund" if found.kind == "loan" else "Shares in the fund"),
        Fact("Investment date", day(found.invested_on), "receipt, or first drawdown"),
        Fact("Whole amount", money(found.committed_money), "what the certificate is for", number=True),
        Fact("Drawn", money(one.drawn), drawing, number=True),
        Fact("Repaid", money(one.repaid), number=True),
        Fact("Stands", money(one.balance), f"on {day(one.as_of)}", number=True, total=True),
    ]


def _room(one: ReliefStanding) -> list[tuple[Any, Any, str, str]]:
    """Each year of the five with its test, where it is over, as a state and a word."""
    kept = {each.year: each for each in one.kept}
    rows = []
    for row in one.headroom:
        test = kept.get(row.year)
        if row.year not in KEPT:
            state, words = "closed", "None required"
        elif test is None:
            state, words = "due", "Not over"
        elif test.is_kept:
            state, words = "good", "Kept"
        else:
            state, words = ("late", "Relief withdrawn") if test.withdraws_relief else ("watch", "Short, insignificant")
        rows.append((row, test, state, words))
    return rows


def _sheet(one: ReliefStanding) -> Sheet:
    headings = ("Tax year", "Invested amount", "Relief", "May be claimed", "Withdrawn", "Estimate", "Claim")
    rows = [
        (
            str(each.tax_year),
            each.invested,
            each.relief,
            each.available,
            each.withdrawn,
            "yes" if each.is_estimate else "no",
            each.claim.why,
        )
        for each in one.years
    ]
    return Sheet(f"tax-relief-{one.investment}-{one.as_of}", headings, rows)
