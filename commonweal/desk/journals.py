"""Manual journals at the desk: one person prepares with an attachment, another posts, nobody edits what stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from commonweal.access.downloads import handed_out
from commonweal.access.reads import record_read
from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.components import EntryLine, EntryShown, Link
from commonweal.desk.entries import account_name
from commonweal.desk.forms import YearEndForm, refusals_in
from commonweal.desk.frame import book_of, desk_page, sign
from commonweal.desk.journal_form import JournalForm, LineFormSet, draft_lines
from commonweal.desk.periods import periods_page
from commonweal.documents.list_files import Sheet, download
from commonweal.jobs.refusals import REFUSALS
from commonweal.jobs.year_end_journal import prepare_year_end
from commonweal.templatetags.commonweal import figure
from ledger import queries
from ledger.domain.attachments import file_name
from ledger.domain.entry import Kind
from ledger.domain.money import from_minor
from ledger.services import (
    draft_journal,
    draft_sha256,
    keep_attachment,
    post_draft,
    withdraw_draft,
)

if TYPE_CHECKING:
    from ledger.models import Book, JournalDraft

SECTION = "desk:trial-balance"


def drafts(request: PersonRequest, book: str) -> HttpResponse:
    """The manual journals: what waits for a second person first."""
    of = book_of(request, book)
    found = sorted(queries.drafts(of), key=lambda draft: draft.state != "open")
    headings = ("Journal", "Effective", "What it is for", "Prepared by", "State")
    rows = [(str(d), d.effective_on, d.narrative, str(d.made_by), d.get_state_display()) for d in found]
    if file := download(request, Sheet(f"manual-journals-{of.code}", headings, rows)):
        return file
    context = {
        "drafts": found,
        "new_url": reverse("desk:draft-new", args=[of.code]),
        "why_not_new": why_not(request.user, "desk:draft-new", "POST", book=of.pk),
    }
    return desk_page(request, "desk/journals/list.html", of, section=SECTION, crumbs=_crumbs(of), context=context)


def draft_new(request: PersonRequest, book: str) -> HttpResponse:
    """Prepare a manual journal."""
    of = book_of(request, book)
    form = JournalForm(request.POST or None, request.FILES or None, initial={"on": of.business_date})
    lines = LineFormSet(request.POST or None, prefix="lines", form_kwargs={"book": of})
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        with refusals_in(form):
            upload = form.cleaned_data["attachment"]
            draft = draft_journal(
                book=of,
                on=form.cleaned_data["on"],
                narrative=form.cleaned_data["narrative"],
                lines=draft_lines(lines.forms),
                attachment=keep_attachment(name=upload.name, content=upload.read(), by=request.user),
                by=request.user,
                kind=Kind(form.cleaned_data["kind"]),
            )
            messages.success(request, f"Journal {draft} is prepared. A colleague has to post it.")
            return redirect("desk:draft", of.code, draft.pk)
    context = {
        "form": form,
        "formset": lines,
        "accounts": queries.accounts(of).filter(closed_on=None),
        "sign": sign(of),
    }
    crumbs = _crumbs(of, "New journal")
    return desk_page(request, "desk/journals/new.html", of, section=SECTION, crumbs=crumbs, context=context)


def draft(request: PersonRequest, book: str, draft: int) -> HttpResponse:
    """One manual journal, as it would be posted, with the decision of the second person."""
    of = book_of(request, book)
    found = get_object_or_404(queries.drafts(of), pk=draft)
    is_own = found.made_by_id == request.user.pk
    why = why_not(request.user, "desk:draft-post", "POST", book=of.pk)
    if is_own and not why:
        why = "You prepared this journal, so a colleague has to post it."
    context = {
        "draft": found,
        "shown": [_shown(found)],
        "file_name": file_name(found.pk, found.attachment.content_type),
        "entry": queries.entries(of).filter(approval=found.approval).first() if found.approval else None,
        "sha256": draft_sha256(found),
        "why_not_post": why,
        "why_not_withdraw": why_not(request.user, "desk:draft-withdraw", "POST", book=of.pk),
        "sign": sign(of),
    }
    crumbs = _crumbs(of, str(found))
    return desk_page(request, "desk/journals/draft.html", of, section=SECTION, crumbs=crumbs, context=context)


def draft_post(request: PersonRequest, book: str, draft: int) -> HttpResponse:
    """Post a journal that a colleague prepared, exactly as it was shown."""
    return _decide(request, book, draft, "posted")


def draft_withdraw(request: PersonRequest, book: str, draft: int) -> HttpResponse:
    """Take a journal back."""
    return _decide(request, book, draft, "withdrawn")


def attachment(request: PersonRequest, book: str, draft: int) -> HttpResponse:
    """The file behind a journal, always as a download; the reading is recorded."""
    of = book_of(request, book)
    found = get_object_or_404(queries.drafts(of), pk=draft).attachment
    record_read(user=request.user, what="attachment", subject=f"J-{draft}")
    name = file_name(draft, found.content_type)
    return handed_out(name=name, content_type=found.content_type, content=bytes(found.content))


def year_end(request: PersonRequest, book: str) -> HttpResponse:
    """Prepare the entry that carries the year's result forward."""
    of = book_of(request, book)
    form = YearEndForm(request.POST)
    if form.is_valid():
        with refusals_in(form):
            made = prepare_year_end(book=of, year_end=form.cleaned_data["on"], by=request.user)
            messages.success(request, f"Journal {made} is prepared. A colleague has to post it.")
            return redirect("desk:draft", of.code, made.pk)
    return periods_page(request, of, year_end=form)


def _decide(request: PersonRequest, book: str, draft: int, outcome: str) -> HttpResponse:
    of = book_of(request, book)
    found = get_object_or_404(queries.drafts(of), pk=draft)
    try:
        if outcome == "posted":
            posted = post_draft(draft=found, shown_sha256=request.POST.get("sha256", ""), by=request.user)
            messages.success(request, f"Journal {found} is posted as E-{posted.entry_ids[0]}.")
            return redirect("desk:entry", of.code, posted.entry_ids[0])
        withdraw_draft(draft=found, by=request.user)
        messages.success(request, f"Journal {found} is withdrawn. Nothing was posted.")
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    return redirect("desk:draft", of.code, found.pk)


def _shown(draft: JournalDraft) -> EntryShown:
    lines, totals = [], {True: 0, False: 0}
    for line in draft.postings.select_related("account"):
        amount = figure(from_minor(abs(line.amount), line.account.currency))
        is_debit = line.amount > 0
        totals[is_debit] += abs(line.amount)
        url = reverse("desk:account", args=[draft.book.code, line.account_id])
        sides = (amount, "") if is_debit else ("", amount)
        lines.append(EntryLine(account_name(line.account), *sides, url))
    currency = draft.book.base_currency
    return EntryShown(
        draft.narrative, lines, figure(from_minor(totals[True], currency)), figure(from_minor(totals[False], currency))
    )


def _crumbs(book: Book, label: str = "") -> list[Link]:
    here = Link("Manual journals", reverse("desk:drafts", args=[book.code]) if label else "")
    return [Link("Ledger", reverse(SECTION, args=[book.code])), here, *([Link(label)] if label else [])]
