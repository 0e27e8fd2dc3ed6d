"""The ledger at the desk: chart of accounts, trial balance, account statement, journal, entry and reversal."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.components import EntryLine, EntryShown, Link
from commonweal.desk.downloads import Sheet, download
from commonweal.desk.forms import ReversalForm, refusals_in
from commonweal.desk.frame import asked_date, book_of, desk_page
from commonweal.templatetags.commonweal import figure
from ledger import queries
from ledger.domain.chart import AccountKind
from ledger.domain.entry import REVERSIBLE
from ledger.domain.money import from_minor
from ledger.queries import Book, JournalEntry, Seal
from ledger.services import reverse as reverse_entry

SECTION = "desk:trial-balance"


def chart(request: PersonRequest, book: str) -> HttpResponse:
    """The chart of accounts with its accounts under each line."""
    of = book_of(request, book)
    nodes = queries.chart(of)
    rows = [(node.code, node.name, node.kind, node.parent.code if node.parent else "") for node in nodes]
    if file := download(request, Sheet(f"chart-{of.code}", ("Code", "Name", "Kind", "Under"), rows)):
        return file
    return desk_page(
        request,
        "desk/ledger/chart.html",
        of,
        section=SECTION,
        crumbs=_crumbs(of, "Chart of accounts"),
        context={"nodes": nodes},
    )


def trial_balance(request: PersonRequest, book: str) -> HttpResponse:
    """Every account's balance as at a date, and as it was known under a seal."""
    of = book_of(request, book)
    as_of, seal = asked_date(request, of), _asked_seal(request, of)
    rows = queries.trial_balance(of, as_of, known_under=seal)
    sheet = Sheet(
        f"trial-balance-{of.code}-{as_of}",
        ("Code", "Account", "Kind", "Currency", "Debit", "Credit"),
        [(r.code, r.name, r.kind.value, r.currency, r.debit, r.credit) for r in rows],
    )
    if file := download(request, sheet):
        return file
    in_base = [r for r in rows if r.currency == of.base_currency]
    context = {
        "rows": rows,
        "as_of": as_of,
        "seal": seal,
        "seals": queries.seals(of)[:50],
        "groups": [(kind, [r for r in rows if r.kind == kind]) for kind in AccountKind],
        "debits": from_minor(sum(r.minor for r in in_base if r.minor > 0), of.base_currency),
        "credits": from_minor(-sum(r.minor for r in in_base if r.minor < 0), of.base_currency),
    }
    return desk_page(request, "desk/ledger/trial_balance.html", of, section=SECTION, context=context)


def account(request: PersonRequest, book: str, account: int) -> HttpResponse:
    """The postings of one account over dates, with a running balance."""
    of = book_of(request, book)
    found = get_object_or_404(queries.accounts(of), pk=account)
    to_on = asked_date(request, of, "to")
    from_on = min(asked_date(request, of, "from") if request.GET.get("from") else _year_before(to_on), to_on)
    statement = queries.account_statement(found, from_on, to_on)
    sheet = Sheet(
        f"account-{found.code.replace('/', '-')}-{to_on}",
        ("Effective", "Entry", "Narrative", "Amount", "Balance"),
        [(r.effective_on, f"E-{r.entry_id}", r.narrative, r.amount, r.balance) for r in statement.rows],
    )
    if file := download(request, sheet):
        return file
    return desk_page(
        request,
        "desk/ledger/account.html",
        of,
        section=SECTION,
        crumbs=_crumbs(of, found.code),
        context={"account": found, "statement": statement},
    )


def journal(request: PersonRequest, book: str) -> HttpResponse:
    """The journal: every entry, the latest first, found by number, words or kind."""
    of = book_of(request, book)
    asked = request.GET.get("q", "").strip()
    found = queries.entries(of)
    if asked:
        number = asked.upper().removeprefix("E-")
        found = found.filter(
            Q(narrative__icontains=asked) | Q(source=asked) | Q(pk=int(number) if number.isdigit() else 0)
        )
    if request.GET.get("download"):
        rows = [(f"E-{e.pk}", e.effective_on, e.kind, e.narrative, str(e.request.posted_by), e.source) for e in found]
        if file := download(
            request, Sheet(f"journal-{of.code}", ("Entry", "Effective", "Kind", "Narrative", "By", "Source"), rows)
        ):
            return file
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    return desk_page(
        request,
        "desk/ledger/journal.html",
        of,
        section=SECTION,
        crumbs=_crumbs(of, "Journal"),
        context={"page": page, "asked": asked},
    )


def entry(request: PersonRequest, book: str, entry: int) -> HttpResponse:
    """One journal entry: its postings, its source, who posted it and when, its seal and its reversal."""
    of = book_of(request, book)
    found = get_object_or_404(queries.entries(of), pk=entry)
    context = {
        "entry": found,
        "shown": [entry_shown(found)],
        "reversal": getattr(found, "reversed_by", None),
        "why_not_reverse": why_not(request.user, "desk:entry-reverse", "POST", book=of.pk) or _made_elsewhere(found),
    }
    return desk_page(
        request, "desk/ledger/entry.html", of, section=SECTION, crumbs=_crumbs(of, f"E-{found.pk}"), context=context
    )


def entry_reverse(request: PersonRequest, book: str, entry: int) -> HttpResponse:
    """Ask for date and reason, then post the mirror image."""
    of = book_of(request, book)
    found = get_object_or_404(queries.entries(of), pk=entry)
    if _made_elsewhere(found):
        return redirect("desk:entry", of.code, found.pk)
    form = ReversalForm(request.POST or None, initial={"on": of.business_date})
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            posted = reverse_entry(
                found.pk,
                book=of,
                on=form.cleaned_data["on"],
                reason=form.cleaned_data["reason"],
                key=f"desk-reversal:{found.pk}",
                by=request.user,
            )
            messages.success(request, f"E-{found.pk} was reversed by E-{posted.entry_ids[0]}.")
            return redirect("desk:entry", of.code, posted.entry_ids[0])
    context = {"entry": found, "shown": [entry_shown(found)], "form": form}
    crumbs = [*_crumbs(of, f"E-{found.pk}", reverse("desk:entry", args=[of.code, found.pk])), Link("Reverse")]
    return desk_page(request, "desk/ledger/reverse.html", of, section=SECTION, crumbs=crumbs, context=context)


def entry_shown(entry: JournalEntry) -> EntryShown:
    """An entry as the component shows it, its accounts linked."""
    lines: list[EntryLine] = []
    totals: dict[bool, Any] = {}
    for posting in queries.entry_postings(entry):
        amount = from_minor(abs(posting.amount), posting.account.currency)
        is_debit = posting.amount > 0
        totals[is_debit] = totals.get(is_debit, 0 * amount) + amount
        url = reverse("desk:account", args=[entry.book.code, posting.account_id])
        shown = figure(amount)
        name = f"{posting.account.code} {posting.account.name}"
        lines.append(EntryLine(name, shown if is_debit else "", "" if is_debit else shown, url))
    label = f"E-{entry.pk} · {entry.narrative}"
    return EntryShown(label, lines, figure(totals[True]), figure(totals[False]))


def _made_elsewhere(entry: JournalEntry) -> str:
    """Why an entry is not reversed on its own: the loan or the bank line behind it has to know as well."""
    if entry.kind in REVERSIBLE:
        return ""
    return "This entry follows from a loan or a bank line. Correct it there, and its reversal is posted with it."


def _crumbs(book: Book, label: str, url: str = "") -> list[Link]:
    return [Link("Ledger", reverse(SECTION, args=[book.code])), Link(label, url)]


def _asked_seal(request: PersonRequest, book: Book) -> Seal | None:
    number = request.GET.get("seal", "")
    return get_object_or_404(queries.seals(book), number=int(number)) if number.isdigit() else None


def _year_before(on: date) -> date:
    return on - timedelta(days=365)
