"""Covenants at the desk: which need somebody, one covenant with its tests, agreeing one, and letting a breach pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.covenant_words import ToldTest, covenant_told
from commonweal.desk.consents import consent_panel
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import asked_date, book_of, desk_page
from commonweal.desk.loans import SECTION, loan_crumbs, loan_of
from commonweal.documents.list_files import Sheet, download
from commonweal.form_fields import DayField, PercentField, PlainForm
from commonweal.jobs.servicing import waive_breach
from commonweal.templatetags.commonweal import day
from loans import services
from loans.covenants import CovenantShown, covenant_of, needing_somebody
from loans.domain.covenants import CovenantKind, Unit
from loans.models import Loan, WaiverProposal
from loans.services import CovenantAsked

if TYPE_CHECKING:
    from ledger.models import Book

REASON = forms.Textarea(attrs={"rows": 2})
HINTS = {Unit.TIMES: "in times, like 1.20", Unit.SHARE: "as a percentage, like 60", Unit.MONEY: "as an amount"}


class CovenantForm(PlainForm):
    """What is agreed; the kind says what the limit counts, and on which side of it the business stays."""

    kind = forms.ChoiceField(
        label="Covenant",
        choices=[
            (kind.value, f"{kind.rule.label}, {kind.rule.direction.words}, {HINTS[kind.rule.unit]}")
            for kind in CovenantKind
        ],
    )
    threshold = forms.DecimalField(
        label="Limit",
        help_text="The limit itself is kept to.",
        min_value=0,
        max_digits=16,
        decimal_places=4,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "input--s num"}),
    )
    first_test_on = DayField(noun="the day of the first test", label="First tested on", help_text="A month’s last day.")
    every_months = forms.TypedChoiceField(
        label="Tested",
        choices=[(3, "each quarter"), (6, "each half year"), (12, "each year"), (1, "each month")],
        coerce=int,
    )
    over_months = forms.IntegerField(
        label="Months that income and costs add up over",
        min_value=1,
        max_value=24,
        initial=12,
        widget=forms.NumberInput(attrs={"class": "input--xs num"}),
    )
    near_margin = PercentField(noun="the margin", label="Near a breach within", initial="10", digits=2)
    due_days = forms.IntegerField(
        label="Days in which the figures are due",
        min_value=0,
        max_value=366,
        initial=45,
        widget=forms.NumberInput(attrs={"class": "input--xs num"}),
    )
    reason = forms.CharField(
        label="Where it is agreed", help_text="Such as the offer letter.", required=False, max_length=500, widget=REASON
    )

    def asked(self) -> CovenantAsked:
        """What is agreed, as the service takes it; a share is typed as a percentage."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "reason"}
        kind = CovenantKind(given.pop("kind"))
        threshold = given.pop("threshold")
        return CovenantAsked(kind, threshold / 100 if kind.rule.unit is Unit.SHARE else threshold, **given)


class WaiverForm(PlainForm):
    """Why a breach should be let pass."""

    reason = forms.CharField(
        label="Why let it pass?", help_text="Who decides and the auditor read this.", max_length=500, widget=REASON
    )


class WaiverDecisionForm(PlainForm):
    """Whether a breach is let pass, and why."""

    decision = forms.ChoiceField(
        label="Decide",
        choices=[("approve", "Let this breach pass"), ("decline", "Let it stand")],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="Reason", help_text="Needed to let it stand.", required=False, max_length=500, widget=REASON
    )


class EndForm(PlainForm):
    """From which day, and why, a covenant is no longer tested."""

    ends_on = DayField(noun="the day of the end", label="No longer tested from")
    reason = forms.CharField(
        label="Why does it end?", help_text="The auditor reads this.", max_length=500, widget=REASON
    )


def covenants(request: PersonRequest, book: str) -> HttpResponse:
    """The covenants of the book that are broken, overdue or near a breach, the worst first."""
    of = book_of(request, book)
    as_of = asked_date(request, of)
    told = [covenant_told(one) for one in needing_somebody(of, as_of)]
    headings = ("Loan", "Borrower", "Covenant", "Limit", "Value", "Headroom", "Tested on", "State", "Why")
    rows = [
        (
            one.covenant.loan.reference,
            str(one.covenant.loan.organisation),
            one.label,
            one.limit,
            one.now.value,
            one.now.headroom,
            one.now.tested_on,
            one.now.words,
            one.now.why,
        )
        for one in told
        if one.now
    ]
    if file := download(request, Sheet(f"covenants-{of.code}-{as_of}", headings, rows)):
        return file
    context = {"covenants": told, "as_of": as_of}
    return desk_page(request, "desk/covenants/list.html", of, section=SECTION, context=context)


def covenant_new(request: PersonRequest, book: str, loan: int) -> HttpResponse:
    """Agree a covenant with a loan."""
    of = book_of(request, book)
    found = loan_of(request, of, loan)
    form = CovenantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            reason, on = form.cleaned_data["reason"], of.business_date
            made = services.agree_covenant(loan=found, asked=form.asked(), reason=reason, on=on, by=request.user)
            messages.success(request, f"{made} is agreed with {found}, first tested on {day(made.first_test_on)}.")
            return redirect("desk:covenant", of.code, found.pk, made.pk)
    context = {"loan": found, "form": form, "kinds": [kind.rule for kind in CovenantKind]}
    crumbs = loan_crumbs(found, "Agree a covenant")
    return desk_page(request, "desk/covenants/new.html", of, section=SECTION, crumbs=crumbs, context=context)


def covenant(request: PersonRequest, book: str, loan: int, covenant: int) -> HttpResponse:
    """One covenant: its tests, what they were computed from, and what can be decided."""
    of = book_of(request, book)
    found, shown = _found(request, of, loan, covenant)
    return download(request, _tests_sheet(shown)) or _page(request, of, found, shown)


def _tests_sheet(shown: CovenantShown) -> Sheet:
    told = covenant_told(shown)
    headings = ("Tested on", "State", "Limit", "Value", "Headroom", "From")
    rows = [
        (one.tested_on, one.words, told.limit, one.value, one.headroom, one.why or _parts(one)) for one in told.tests
    ]
    return Sheet(f"covenant-{shown.covenant.pk}-tests", headings, rows)


def _parts(one: ToldTest) -> str:
    return ", ".join(f"{label} {amount}" for label, amount in one.parts)


def covenant_waive(request: PersonRequest, book: str, loan: int, covenant: int) -> HttpResponse:
    """Propose that the breach by which it stands be let pass."""
    of = book_of(request, book)
    found, shown = _found(request, of, loan, covenant)
    form = WaiverForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            tested_on = shown.now.test.tested_on if shown.now else of.business_date
            given = {"reason": form.cleaned_data["reason"], "on": of.business_date, "by": request.user}
            services.propose_waiver(covenant=shown.covenant, tested_on=tested_on, **given)
            messages.success(request, "The waiver waits for a colleague’s decision. Until then the breach stands.")
            return redirect("desk:covenant", of.code, found.pk, covenant)
    return _page(request, of, found, shown, waive=form)


def waiver_decide(request: PersonRequest, book: str, loan: int, covenant: int, waiver: int) -> HttpResponse:
    """Let exactly the breach pass that was shown, or let it stand."""
    of = book_of(request, book)
    found, shown = _found(request, of, loan, covenant)
    proposals = WaiverProposal.objects.select_related("covenant__loan__book", "proposed_by")
    proposal = get_object_or_404(proposals.filter(covenant=covenant), pk=waiver)
    form = WaiverDecisionForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            approves = form.cleaned_data["decision"] == "approve"
            decide = waive_breach if approves else services.decline_waiver
            decide(
                proposal=proposal,
                shown_sha256=request.POST.get("sha256", ""),
                reason=form.cleaned_data["reason"],
                on=of.business_date,
                by=request.user,
            )
            said = "let pass, at exactly this value" if approves else "not let pass; it stands"
            messages.success(request, f"The breach of {day(proposal.tested_on)} is {said}.")
            return redirect("desk:covenant", of.code, found.pk, covenant)
    return _page(request, of, found, shown, decide=form)


def covenant_end(request: PersonRequest, book: str, loan: int, covenant: int) -> HttpResponse:
    """Test it no more from a day on."""
    of = book_of(request, book)
    found, shown = _found(request, of, loan, covenant)
    form = EndForm(request.POST, auto_id="end_%s")
    if form.is_valid():
        with refusals_in(form):
            on = of.business_date
            services.end_covenant(covenant=shown.covenant, **form.cleaned_data, on=on, by=request.user)
            messages.success(request, f"{shown.covenant} ends on {day(form.cleaned_data['ends_on'])}.")
            return redirect("desk:covenant", of.code, found.pk, covenant)
    return _page(request, of, found, shown, end=form)


def _found(request: PersonRequest, book: Book, loan: int, covenant: int) -> tuple[Loan, CovenantShown]:
    """The loan and its covenant in the address. Raises Http404."""
    found = loan_of(request, book, loan)
    shown = covenant_of(found, covenant, book.business_date)
    if shown is None:
        raise Http404
    return found, shown


def _page(request: PersonRequest, book: Book, loan: Loan, shown: CovenantShown, **forms: Any) -> HttpResponse:
    names = {"waive": "covenant-waive", "decide": "waiver-decide", "end": "covenant-end"}
    now = shown.now
    waiting = now.waiting if now else None
    reasons = {
        f"why_not_{name}": why_not(request.user, f"desk:{address}", "POST", book=book.pk)
        for name, address in names.items()
    }
    if waiting is not None and waiting.proposed_by_id == request.user.pk and not reasons["why_not_decide"]:
        reasons["why_not_decide"] = "You proposed this waiver, so a colleague has to decide."
    context = {
        "loan": loan,
        "shown": shown,
        "told": covenant_told(shown),
        "waiting": waiting,
        "is_broken": now is not None and now.test.status == "breach" and now.waiver is None,
        "waivers": [one for one in shown.covenant.waivers.all() if hasattr(one, "decision")],
        "waive": WaiverForm(),
        "decide": WaiverDecisionForm(),
        "end": EndForm(initial={"ends_on": book.business_date}, auto_id="end_%s"),
        "form": next(iter(forms.values()), None),
        **consent_panel(request, waiting),
        **reasons,
        **forms,
    }
    crumbs = loan_crumbs(loan, str(shown.covenant))
    return desk_page(request, "desk/covenants/covenant.html", book, section=SECTION, crumbs=crumbs, context=context)
