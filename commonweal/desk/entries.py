"""One journal entry at the desk: its postings, where it comes from, and the way back: reversal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.components import EntryLine, EntryShown, Link
from commonweal.desk.forms import ReversalForm, refusals_in
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.templatetags.commonweal import figure
from investors.domain.entries import source_of
from investors.queries import investor_by_code
from investors.services import reverse_contribution
from ledger import queries
from ledger.domain.entry import REVERSIBLE, Kind
from ledger.domain.money import from_minor
from ledger.services import reverse_by_hand
from loans.models import EventKind, LoanEvent
from loans.queries import loan_by_reference

if TYPE_CHECKING:
    from ledger.models import Account, Book, JournalEntry

SECTION = "desk:trial-balance"

MADE_ELSEWHERE = (
    "This entry follows from a loan, a bank line or another entry. Correct it there; its reversal is posted with it."
)

TAKEN_BACK_HERE = REVERSIBLE | {Kind.CONTRIBUTION}
"""Kinds of entry that are reversed on their own page; a contribution's bank line waits again then."""


def entry(request: PersonRequest, book: str, entry: int) -> HttpResponse:
    """One journal entry: its postings, its source, who posted it and when, its seal and its reversal."""
    of = book_of(request, book)
    found = get_object_or_404(queries.entries(of), pk=entry)
    answers = queries.entries_by_source(of, source_of(found.pk))
    context = {
        "entry": found,
        "shown": [entry_shown(found)],
        "answers": [entry_shown(one) for one in answers],
        "source": _source(found),
        "reversal": getattr(found, "reversed_by", None),
        "sign": sign(of),
        **_ways_back(request, found),
    }
    crumbs = [*_crumbs(of), Link(f"E-{found.pk}")]
    return desk_page(request, "desk/ledger/entry.html", of, section=SECTION, crumbs=crumbs, context=context)


def entry_reverse(request: PersonRequest, book: str, entry: int) -> HttpResponse:
    """Ask for date and reason, then post the mirror image."""
    of = book_of(request, book)
    found = get_object_or_404(queries.entries(of), pk=entry)
    if found.kind not in TAKEN_BACK_HERE:
        messages.error(request, f"{MADE_ELSEWHERE} Nothing was changed.")
        return redirect("desk:entry", of.code, found.pk)
    form = ReversalForm(request.POST or None, initial={"on": of.business_date})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            on, reason = form.cleaned_data["on"], form.cleaned_data["reason"]
            key = f"desk-reversal:{found.pk}"
            take_back = reverse_contribution if found.kind == Kind.CONTRIBUTION else reverse_by_hand
            posted = take_back(entry_id=found.pk, book=of, on=on, reason=reason, key=key, by=request.user)
            waits = " Its bank line waits in suspense again." if found.kind == Kind.CONTRIBUTION else ""
            messages.success(request, f"E-{found.pk} was reversed by E-{posted.entry_ids[0]}.{waits}")
            return redirect("desk:entry", of.code, posted.entry_ids[0])
    context = {"entry": found, "shown": [entry_shown(found)], "form": form, "sign": sign(of)}
    crumbs = [*_crumbs(of), Link(f"E-{found.pk}", reverse("desk:entry", args=[of.code, found.pk])), Link("Reverse")]
    return desk_page(request, "desk/ledger/reverse.html", of, section=SECTION, crumbs=crumbs, context=context)


def entry_shown(entry: JournalEntry) -> EntryShown:
    """An entry as the component shows it, the entry and its accounts linked."""
    lines: list[EntryLine] = []
    totals: dict[bool, Any] = {}
    for posting in queries.entry_postings(entry):
        amount = from_minor(abs(posting.amount), posting.account.currency)
        is_debit = posting.amount > 0
        totals[is_debit] = totals.get(is_debit, 0 * amount) + amount
        url = f"{reverse('desk:account', args=[entry.book.code, posting.account_id])}?to={entry.effective_on}"
        shown = figure(amount)
        lines.append(
            EntryLine(account_name(posting.account), shown if is_debit else "", "" if is_debit else shown, url)
        )
    url = reverse("desk:entry", args=[entry.book.code, entry.pk])
    return EntryShown(f"E-{entry.pk} · {entry.narrative}", lines, figure(totals[True]), figure(totals[False]), url)


def account_name(account: Account) -> str:
    """An account as people read it: its line of the chart, and a name that says whose it is."""
    return f"{account.code.partition('/')[0]} {account.name}"


def _ways_back(request: PersonRequest, found: JournalEntry) -> dict[str, Any]:
    """How the entry can be corrected, by whom, or why not."""
    wrong = LoanEvent.objects.filter(entry_id=found.pk, reversed_by=None).exclude(kind=EventKind.REVERSED).first()
    if wrong is not None:
        name, label = "desk:event-take-back", f"Take this {wrong.get_kind_display().lower()} back"
        url = reverse(name, args=[found.book.code, wrong.loan_id, wrong.pk])
        return {
            "back_label": label,
            "back_url": url,
            "why_not_back": why_not(request.user, name, "POST", book=found.book_id),
        }
    url = reverse("desk:entry-reverse", args=[found.book.code, found.pk])
    why = why_not(request.user, "desk:entry-reverse", "POST", book=found.book_id)
    elsewhere = "" if found.kind in TAKEN_BACK_HERE else MADE_ELSEWHERE
    label = "Take this contribution back" if found.kind == Kind.CONTRIBUTION else "Reverse this entry"
    return {"back_label": label, "back_url": url, "why_not_back": elsewhere or why}


def _source(found: JournalEntry) -> Link:
    """What caused an entry, with the way to it where the desk has a page for it."""
    kind, _, what = found.source.partition(":")
    book = found.book
    if kind == "loan" and (loan := loan_by_reference(book, what)):
        return Link(f"Loan {loan}, {loan.organisation}", reverse("desk:loan", args=[book.code, loan.pk]))
    if kind == "investor" and (investor := investor_by_code(what)):
        return Link(str(investor), reverse("desk:investor", args=[book.code, investor.pk]))
    if kind == "bank-line" and what.isdigit():
        return Link(f"Bank line {what}", reverse("desk:bank-line", args=[book.code, int(what)]))
    if kind == "apportion" and what.removeprefix("E").isdigit():
        number = int(what.removeprefix("E"))
        return Link(f"E-{number}", reverse("desk:entry", args=[book.code, number]))
    return Link(found.source or "–")


def _crumbs(book: Book) -> list[Link]:
    return [
        Link("Ledger", reverse(SECTION, args=[book.code])),
        Link("Journal", reverse("desk:journal", args=[book.code])),
    ]
