"""The ledger at the desk: chart of accounts, trial balance, account statement and journal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from commonweal.access.requests import PersonRequest
from commonweal.components import Link
from commonweal.desk.frame import asked_date, book_of, desk_page, sign
from commonweal.documents.list_files import Sheet, download
from ledger import queries
from ledger.domain.chart import AccountKind
from ledger.domain.money import from_minor
from ledger.queries import TrialBalanceRow

if TYPE_CHECKING:
    from ledger.models import Book, JournalEntry, Seal

SECTION = "desk:trial-balance"
PER_PAGE = 50
LONGEST_NUMBER = 18
"""A longer figure is no entry's number."""

LEFT_SIDE = (AccountKind.ASSET, AccountKind.EXPENSE)
"""Kinds of account whose balance stands on the debit side, nought included."""

GROUPS = {
    AccountKind.ASSET: "Assets",
    AccountKind.LIABILITY: "Liabilities",
    AccountKind.EQUITY: "Equity",
    AccountKind.INCOME: "Income",
    AccountKind.EXPENSE: "Expenses",
}


def chart(request: PersonRequest, book: str) -> HttpResponse:
    """The chart of accounts with its accounts under each line."""
    of = book_of(request, book)
    nodes = queries.chart(of)
    rows = [(node.code, node.name, node.kind, node.parent.code if node.parent else "") for node in nodes]
    if file := download(request, Sheet(f"chart-{of.code}", ("Code", "Name", "Kind", "Under"), rows)):
        return file
    crumbs, context = _crumbs(of, "Chart of accounts"), {"nodes": nodes}
    return desk_page(request, "desk/ledger/chart.html", of, section=SECTION, crumbs=crumbs, context=context)


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
        "as_of": as_of,
        "seal": seal,
        "seals": queries.seals(of)[:PER_PAGE],
        "sign": sign(of),
        "groups": _groups(rows) if as_of >= of.opened_on else [],
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
    context = {"account": found, "statement": statement, "sign": _sign_of(found.currency, of)}
    crumbs = _crumbs(of, found.code)
    return desk_page(request, "desk/ledger/account.html", of, section=SECTION, crumbs=crumbs, context=context)


def journal(request: PersonRequest, book: str) -> HttpResponse:
    """The journal: every entry, the latest first, found by number, words or source."""
    of = book_of(request, book)
    asked = request.GET.get("q", "").replace("\0", "").strip()
    found = _found(queries.entries(of), asked)
    if request.GET.get("download"):
        headings = ("Entry", "Effective", "Kind", "Narrative", "Posted by", "Source")
        rows = [(f"E-{e.pk}", e.effective_on, e.kind, e.narrative, str(e.request.posted_by), e.source) for e in found]
        if file := download(request, Sheet(f"journal-{of.code}", headings, rows)):
            return file
    amount = Sum("postings__amount", filter=Q(postings__amount__gt=0, postings__account__currency=of.base_currency))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    moved = dict(
        queries.entries(of).filter(pk__in=[e.pk for e in page]).annotate(moved=amount).values_list("pk", "moved")
    )
    context = {
        "page": page,
        "shown": [(e, from_minor(moved.get(e.pk, 0), of.base_currency)) for e in page],
        "asked": asked,
        "sign": sign(of),
    }
    crumbs = _crumbs(of, "Journal")
    return desk_page(request, "desk/ledger/journal.html", of, section=SECTION, crumbs=crumbs, context=context)


def _found(entries: QuerySet[JournalEntry], asked: str) -> QuerySet[JournalEntry]:
    if not asked:
        return entries
    number = asked.upper().removeprefix("E-")
    one = Q(pk=int(number)) if number.isdecimal() and len(number) <= LONGEST_NUMBER else Q()
    return entries.filter(Q(narrative__icontains=asked) | Q(source=asked) | one)


def _moved(book: Book, entry_ids: Sequence[int]) -> dict[int, int]:
    """What each of these entries moves: its debits in the book's currency, in minor units."""
    debits = Q(postings__amount__gt=0, postings__account__currency=book.base_currency)
    found = queries.entries(book).order_by().filter(debits, pk__in=entry_ids)
    return dict(found.annotate(moved=Sum("postings__amount")).values_list("pk", "moved"))


def _groups(rows: Sequence[TrialBalanceRow]) -> list[tuple[str, bool, list[TrialBalanceRow]]]:
    """The accounts by kind; where a nought stands is said with each kind."""
    found = [(name, kind in LEFT_SIDE, [r for r in rows if r.kind == kind]) for kind, name in GROUPS.items()]
    return [group for group in found if group[2]]


def _crumbs(book: Book, label: str) -> list[Link]:
    return [Link("Ledger", reverse(SECTION, args=[book.code])), Link(label)]


def _asked_seal(request: PersonRequest, book: Book) -> Seal | None:
    number = request.GET.get("seal", "")
    return get_object_or_404(queries.seals(book), number=int(number)) if number.isdecimal() else None


def _sign_of(currency: str, book: Book) -> str:
    return sign(book) if currency == book.base_currency else currency


def _year_before(on: date) -> date:
    return on - timedelta(days=365)
