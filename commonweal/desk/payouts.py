"""Payouts at the desk: what is held for whom, proposing and approving it, and what became of each line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from moneyed import Money

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import investors_for
from commonweal.components import Fact, Link
from commonweal.desk.entries import entry_shown
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.desk.notices import notices_shown
from commonweal.desk.payout_forms import Candidate, DecidePayoutForm, PayoutForm, TakeBackForm
from commonweal.documents.list_files import Sheet, download
from commonweal.documents.payout_notices import lines_to_tell, payout_notices_of
from commonweal.documents.words import counted
from commonweal.jobs.letters import give_payout_notices
from commonweal.jobs.refusals import REFUSALS
from commonweal.payout_words import PAYOUT_STATES, line_state, paid_on
from commonweal.templatetags.commonweal import day, money
from investors.models import Payout
from investors.queries import (
    held_money,
    investors_in,
    is_under_way,
    money_to_pay_out,
    payments_of_lines,
    payout_entries,
)
from investors.queries import payouts as payouts_of
from investors.services import approve_payout, decline_payout, propose_payout, take_payout_back
from ledger.domain.money import from_minor

if TYPE_CHECKING:
    from ledger.models import Book

SECTION = "desk:investors"
ONE = "desk:payout"
PER_PAGE = 30
HEADINGS = ("Payout", "Day", "Investor", "Amount", "Interest", "Tax", "Paid", "Stays", "State", "Paid on")


def payouts(request: PersonRequest, book: str) -> HttpResponse:
    """The payouts of a book, the latest first; as a file line by line."""
    of = book_of(request, book)
    found = payouts_of(of)
    if request.GET.get("download"):
        rows = [row for one in found for row in _rows(one)]
        if file := download(request, Sheet(f"payouts-{of.code}-{of.business_date}", HEADINGS, rows)):
            return file
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(one, PAYOUT_STATES[one.state], _sums(one)) for one in page],
        "sign": sign(of),
        "why_not_propose": why_not(request.user, "desk:payout-new", "POST", book=of.pk),
    }
    crumbs = _crumbs(of, "Payouts")
    return desk_page(request, "desk/payouts/list.html", of, section=SECTION, crumbs=crumbs, context=context)


def payout_new(request: PersonRequest, book: str) -> HttpResponse:
    """What is held for each investor, and proposing to pay it out."""
    of = book_of(request, book)
    candidates = _candidates(request, of)
    form = PayoutForm(request.POST or None, candidates=candidates)
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            made = propose_payout(
                book=of, on=of.business_date, asked=form.asked(), reason=form.cleaned_data["reason"], by=request.user
            )
            messages.success(request, f"{made} is proposed. A colleague checks it; nothing has moved yet.")
            return redirect(ONE, of.code, made.pk)
    at_bank = money_to_pay_out(of, of.business_date)
    context = {
        "form": form,
        "rows": list(form.rows()),
        "at_bank": at_bank,
        "totals": _totals(of, candidates),
        "sign": sign(of),
        "why_not_propose": why_not(request.user, "desk:payout-new", "POST", book=of.pk),
        "why_not_tax": why_not(request.user, "desk:investor-tax", "POST", book=of.pk),
    }
    crumbs = [*_crumbs(of, "Payouts", last=False), Link("Propose")]
    return desk_page(request, "desk/payouts/new.html", of, section=SECTION, crumbs=crumbs, context=context)


def payout(request: PersonRequest, book: str, payout: int) -> HttpResponse:
    """One payout: each line with its entry and its payment, who decided, and taking it back."""
    of = book_of(request, book)
    found = _one(of, payout)
    if file := download(request, Sheet(f"payout-{of.code}-{found.pk}", HEADINGS, _rows(found))):
        return file
    return _page(request, found)


def payout_decide(request: PersonRequest, book: str, payout: int) -> HttpResponse:
    """Approve exactly what was shown, which puts the money on its way, or decline it with a reason."""
    of = book_of(request, book)
    found = _one(of, payout)
    form = DecidePayoutForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            messages.success(request, _decided(request, found, form))
            return redirect(ONE, of.code, found.pk)
    return _page(request, found, decide=form)


def payout_take_back(request: PersonRequest, book: str, payout: int) -> HttpResponse:
    """Take lines of a payout back, with a reason, while no payment file that stands pays them."""
    of = book_of(request, book)
    found = _one(of, payout)
    form = TakeBackForm(request.POST, choices=_choices(found))
    if form.is_valid():
        with refusals_in(form):
            lines, reason = form.cleaned_data["lines"], form.cleaned_data["reason"]
            back = take_payout_back(payout=found, lines=lines, on=of.business_date, reason=reason, by=request.user)
            of_whom = "1 investor" if len(back) == 1 else f"{len(back)} investors"
            messages.success(request, f"Taken back: the money of {of_whom} is held for them again.")
            return redirect(ONE, of.code, found.pk)
    return _page(request, found, take_back=form)


def payout_notices(request: PersonRequest, book: str, payout: int) -> HttpResponse:
    """Issue the notices of a payout, and tell the investors' people that there is one."""
    of = book_of(request, book)
    found = _one(of, payout)
    try:
        issued = give_payout_notices(payout=found, by=request.user)
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{counted(len(issued), 'notice stands', 'notices stand')} with the investors.")
    return redirect(ONE, of.code, found.pk)


def _decided(request: PersonRequest, found: Payout, form: DecidePayoutForm) -> str:
    shown, reason = request.POST.get("sha256", ""), form.cleaned_data["reason"]
    if form.cleaned_data["decision"] == "decline":
        decline_payout(payout=found, shown_sha256=shown, reason=reason, by=request.user)
        return f"{found} is declined. Nothing was booked."
    approve_payout(payout=found, shown_sha256=shown, reason=reason, by=request.user)
    return f"{found} is approved. Put it into a payment file under Payments out."


def _one(book: Book, pk: int) -> Payout:
    return get_object_or_404(payouts_of(book), pk=pk)


def _candidates(request: PersonRequest, book: Book) -> list[Candidate]:
    """The investors for whom anything is held, by name."""
    found = list(investors_in(book).filter(pk__in=investors_for(request.user)))
    held = held_money(book, found, book.business_date)
    return [Candidate(one, there) for one, there in zip(found, held, strict=True) if there.held.amount > 0]


def _totals(book: Book, candidates: Sequence[Candidate]) -> dict[str, Money]:
    nought = from_minor(0, book.base_currency)
    columns = {
        "held": [one.held.held for one in candidates],
        "clearing": [one.held.clearing for one in candidates],
        "free": [one.held.free for one in candidates],
        "interest": [one.interest for one in candidates],
    }
    return {name: sum(amounts, nought) for name, amounts in columns.items()}


def _page(
    request: PersonRequest,
    found: Payout,
    *,
    decide: DecidePayoutForm | None = None,
    take_back: TakeBackForm | None = None,
) -> HttpResponse:
    of = found.book
    lines = list(found.lines.all())
    posted, payments = payout_entries(of, lines), payments_of_lines(of, lines)
    choices = _choices(found)
    context = {
        "payout": found,
        "state": PAYOUT_STATES[found.state],
        "decision": getattr(found, "decision", None),
        "lines": [(one, _state(found, one, payments.get(one.pk)), payments.get(one.pk)) for one in lines],
        "sums": _sums(found),
        "facts": _facts(found),
        "entries": [entry_shown(posted[one.pk]) for one in lines if one.pk in posted],
        "form": decide or DecidePayoutForm(),
        "take_back": (take_back or TakeBackForm(choices=choices)) if choices else None,
        "form_in_error": next((one for one in (decide, take_back) if one is not None), None),
        "is_own": found.proposed_by_id == request.user.pk,
        "why_not": why_not(request.user, "desk:payout-decide", "POST", book=of.pk),
        "why_not_take_back": why_not(request.user, "desk:payout-take-back", "POST", book=of.pk),
        **_notices(request, found),
        "sign": sign(of),
    }
    crumbs = [*_crumbs(of, "Payouts", last=False), Link(str(found))]
    return desk_page(request, "desk/payouts/payout.html", of, section=SECTION, crumbs=crumbs, context=context)


def _notices(request: PersonRequest, found: Payout) -> dict[str, Any]:
    """The notices of a payout that stands: which there are, who was told, and how many are missing."""
    issued, wanted = payout_notices_of(found), lines_to_tell(found)
    if not issued and not wanted:
        return {}
    standing = {one.payout_line_id for one in issued}
    return {
        **notices_shown(found.book, issued),
        "notices_missing": len([one for one in wanted if one.pk not in standing]),
        "notices_url": reverse("desk:payout-notices", args=[found.book.code, found.pk]),
        "why_no_notices": why_not(request.user, "desk:payout-notices", "POST", book=found.book_id),
    }


def _choices(found: Payout) -> list[tuple[int, str]]:
    """The lines that can still be taken back, by number."""
    if found.state != "approved":
        return []
    lines = [one for one in found.lines.all() if not one.is_taken_back]
    payments = payments_of_lines(found.book, lines)
    free = [one for one in lines if not is_under_way(payments.get(one.pk))]
    return [(one.line_no, f"{one.investor}, {money(one.parts.amount)}") for one in free]


def _state(found: Payout, line: Any, payment: Any) -> tuple[str, str]:
    return line_state(line, payment) if found.state == "approved" else PAYOUT_STATES[found.state]


def _sums(found: Payout) -> dict[str, Money]:
    parts = [line.parts for line in found.lines.all()]
    nought = from_minor(0, found.currency)
    return {name: sum((getattr(one, name) for one in parts), nought) for name in ("amount", "interest", "tax", "net")}


def _facts(found: Payout) -> list[Fact]:
    sums = _sums(found)
    return [
        Fact("As at", day(found.effective_on)),
        Fact("Out of the money held", money(sums["amount"]), number=True),
        Fact("of which interest", money(sums["interest"]), number=True),
        Fact("Tax withheld", money(sums["tax"]), "owed to the tax authority", number=True),
        Fact("Paid", money(sums["net"]), number=True, total=True),
        Fact("Reason", found.reason),
        Fact("Proposed", f"by {found.proposed_by}"),
    ]


def _rows(found: Payout) -> list[tuple[str | date | Money | None, ...]]:
    lines = list(found.lines.all())
    payments = payments_of_lines(found.book, lines)
    return [
        (
            str(found),
            found.effective_on,
            str(one.investor),
            *(one.parts.amount, one.parts.interest, one.parts.tax, one.parts.net, one.parts.stays),
            _state(found, one, payments.get(one.pk))[1],
            paid_on(payments.get(one.pk)),
        )
        for one in lines
    ]


def _crumbs(book: Book, label: str, *, last: bool = True) -> list[Link]:
    investors = Link("Investors", reverse(SECTION, args=[book.code]))
    return [investors, Link(label, "" if last else reverse("desk:payouts", args=[book.code]))]
