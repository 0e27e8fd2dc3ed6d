"""One loan's losses at the desk: what is set aside, who guarantees it, and what two people agree on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.components import Fact
from commonweal.desk.forms import ApprovalForm, refusals_in
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.desk.loans import SECTION, loan_crumbs, loan_of
from commonweal.desk.loss_forms import CertifyForm, ClaimForm, SpecificForm
from commonweal.templatetags.commonweal import day, money, percent
from loans.domain.errors import LoanError
from loans.losses import guarantee_of, loss_accounts, loss_entries, loss_proposals
from loans.models import Loan, LossProposal, SchemeParameters
from loans.queries import position_of
from loans.services import (
    approve_claim,
    approve_specific_provision,
    certify,
    claimable,
    decline_loss_proposal,
    propose_claim,
    propose_specific_provision,
)

if TYPE_CHECKING:
    from datetime import date

    from ledger.models import Book

PAGE = "desk:loan-losses"
Forms = dict[str, forms.Form]


def loan_losses(request: PersonRequest, book: str, loan: int) -> HttpResponse:
    """What stands on the accounts of a loan's loss, what was proposed, and what can be."""
    of = book_of(request, book)
    return _page(request, of, loan_of(request, of, loan), {})


def specific_propose(request: PersonRequest, book: str, loan: int) -> HttpResponse:
    """Propose a specific provision, which a colleague decides."""
    of = book_of(request, book)
    found = loan_of(request, of, loan)
    form = SpecificForm(request.POST, currency=found.currency, auto_id="specific_%s")
    if form.is_valid():
        with refusals_in(form):
            given = form.cleaned_data
            propose_specific_provision(
                loan=found, amount=given["amount"], on=given["on"], reason=given["reason"], by=request.user
            )
            messages.success(request, f"The specific provision for {found} waits for a colleague.")
            return redirect(PAGE, of.code, found.pk)
    return _page(request, of, found, {"specific": form})


def guarantee_certify(request: PersonRequest, book: str, loan: int) -> HttpResponse:
    """Put the loan under a guarantee scheme."""
    of = book_of(request, book)
    found = loan_of(request, of, loan)
    form = CertifyForm(request.POST, versions=_versions(of), auto_id="certify_%s")
    if form.is_valid():
        with refusals_in(form):
            given = form.cleaned_data
            kept = certify(
                loan=found,
                parameters=given["parameters"],
                reference=given["reference"],
                on=given["on"],
                by=request.user,
            )
            messages.success(request, f"{found} is under {kept.parameters.scheme} from {day(kept.certified_on)} on.")
            return redirect(PAGE, of.code, found.pk)
    return _page(request, of, found, {"certify": form})


def claim_propose(request: PersonRequest, book: str, loan: int) -> HttpResponse:
    """Propose to ask the guarantor, which a colleague decides."""
    of = book_of(request, book)
    found = loan_of(request, of, loan)
    form = ClaimForm(request.POST, auto_id="claim_%s")
    if form.is_valid():
        with refusals_in(form):
            made = propose_claim(
                loan=found, on=form.cleaned_data["on"], reason=form.cleaned_data["reason"], by=request.user
            )
            messages.success(request, f"A claim of {money(made.money)} for {found} waits for a colleague.")
            return redirect(PAGE, of.code, found.pk)
    return _page(request, of, found, {"claim": form})


def loss_decide(request: PersonRequest, book: str, loan: int, proposal: int) -> HttpResponse:
    """Decide exactly what was shown."""
    of = book_of(request, book)
    found = loan_of(request, of, loan)
    proposed = get_object_or_404(loss_proposals(found), pk=proposal)
    form = ApprovalForm(request.POST, auto_id=f"decide_{proposed.pk}_%s")
    if form.is_valid():
        with refusals_in(form):
            _decide(proposed, request, form.cleaned_data)
            what = proposed.get_kind_display()
            messages.success(request, f"{what} for {found}: {form.cleaned_data['decision']}d.")
            return redirect(PAGE, of.code, found.pk)
    return _page(request, of, found, {f"decide_{proposed.pk}": form})


def _decide(proposal: LossProposal, request: PersonRequest, given: dict[str, Any]) -> None:
    shown, reason = request.POST.get("sha256", ""), given["reason"]
    if given["decision"] == "decline":
        decline_loss_proposal(proposal=proposal, shown_sha256=shown, by=request.user, reason=reason)
    elif proposal.kind == LossProposal.Kind.CLAIM:
        approve_claim(proposal=proposal, shown_sha256=shown, by=request.user, reason=reason)
    else:
        approve_specific_provision(proposal=proposal, shown_sha256=shown, by=request.user, reason=reason)


def _versions(book: Book) -> Any:
    return SchemeParameters.objects.filter(scheme__book=book).select_related("scheme").order_by("scheme__name", "-pk")


def _page(request: PersonRequest, book: Book, loan: Loan, given: Forms) -> HttpResponse:
    today = book.business_date
    guarantee = guarantee_of(loan, today)
    proposals = list(loss_proposals(loan))
    asked, why_not_claim = _claimable(loan, today)
    context = {
        "loan": loan,
        "sign": sign(book),
        "facts": loss_facts(loan, today),
        "guarantee": guarantee,
        "guarantee_facts": _guarantee_facts(guarantee) if guarantee else [],
        "entries": list(loss_entries(loan)),
        "waiting": [(one, _decision_form(one, given)) for one in proposals if not hasattr(one, "decision")],
        "decided": [one for one in proposals if hasattr(one, "decision")],
        "claimable": asked,
        "why_not_claim": why_not_claim or why_not(request.user, "desk:claim-propose", "POST", book=book.pk),
        "why_not_propose": why_not(request.user, "desk:specific-propose", "POST", book=book.pk),
        "why_not_decide": why_not(request.user, "desk:loss-decide", "POST", book=book.pk),
        "person": request.user,
        "specific": given.get("specific") or SpecificForm(**_at("specific", today), currency=loan.currency),
        "certify": given.get("certify") or CertifyForm(**_at("certify", today), versions=_versions(book)),
        "claim": given.get("claim") or ClaimForm(**_at("claim", today)),
        "form": next(iter(given.values()), None),
    }
    crumbs = loan_crumbs(loan, "Losses")
    return desk_page(request, "desk/loans/losses.html", book, section=SECTION, crumbs=crumbs, context=context)


def _at(name: str, today: date) -> dict[str, Any]:
    """An empty form dated today, whose fields have ids of their own."""
    return {"initial": {"on": today}, "auto_id": f"{name}_%s"}


def _decision_form(proposal: LossProposal, given: Forms) -> forms.Form:
    return given.get(f"decide_{proposal.pk}") or ApprovalForm(auto_id=f"decide_{proposal.pk}_%s")


def loss_facts(loan: Loan, as_of: date) -> list[Fact]:
    """What stands between the fund and a loss on a loan."""
    stands = loss_accounts(loan, as_of)
    labels = {
        "set_aside": "Set aside",
        "guarantee": "Asked of the guarantor, against the loan",
        "receivable": "Asked of the guarantor and not paid",
        "owed": "Owed to the guarantor",
    }
    outstanding = position_of(loan, as_of).principal_outstanding
    facts = [Fact("Principal outstanding", money(outstanding), number=True)]
    return [*facts, *(Fact(label, money(stands[name]), number=True) for name, label in labels.items())]


def _guarantee_facts(guarantee: Any) -> list[Fact]:
    parameters = guarantee.parameters
    return [
        Fact("Scheme", str(parameters.scheme), f"parameters from {day(parameters.effective_on)}: {parameters.source}"),
        Fact("Reference", guarantee.reference),
        Fact("Certified", f"{day(guarantee.certified_on)}, by {guarantee.certified_by}"),
        Fact("Share guaranteed", percent(parameters.share)),
        Fact("Share of what comes in that is the scheme’s", percent(parameters.recovery_share)),
        Fact("Claim after", f"{parameters.claim_after_days} days past due"),
    ]


def _claimable(loan: Loan, on: date) -> tuple[Any, str]:
    try:
        return claimable(loan, on), ""
    except LoanError as refusal:
        return None, str(refusal)
