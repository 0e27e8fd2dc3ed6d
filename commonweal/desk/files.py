"""Documents kept with a loan at the desk: what is there, keeping another, and saying that one no longer counts."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from commonweal.access.downloads import kept_file_response
from commonweal.access.reasons import why_not
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import files_for
from commonweal.desk.forms import refusals_in
from commonweal.desk.frame import book_of, desk_page
from commonweal.desk.loans import SECTION, loan_crumbs, loan_of
from commonweal.documents.list_files import Sheet, download
from commonweal.file_form import KeepFileForm
from commonweal.jobs.refusals import REFUSALS
from loans.domain.kept_files import KeptKind
from loans.models import Loan, StoredFile
from loans.services import keep_file, withdraw_file


def files(request: PersonRequest, book: str, loan: int) -> HttpResponse:
    """The documents of a loan and of its business, and keeping one more."""
    of = book_of(request, book)
    found = loan_of(request, of, loan)
    if answer := download(request, _sheet(found, files_beside(request, found))):
        return answer
    form = KeepFileForm(request.POST or None, request.FILES or None, kinds=list(KeptKind))
    if request.method == "POST" and form.is_valid():
        with refusals_in(form):
            upload, kind = form.cleaned_data["file"], KeptKind(form.cleaned_data["kind"])
            name, content = upload.name, upload.read()
            keep_file(
                book=of,
                organisation=found.organisation,
                loan=found,
                kind=kind,
                name=name,
                content=content,
                by=request.user,
            )
            messages.success(request, f"{name} is kept with {found}.")
            return redirect("desk:files", of.code, found.pk)
    context = {
        "loan": found,
        "files": files_beside(request, found),
        "form": form,
        "why_not_keep": why_not(request.user, "desk:files", "POST", book=of.pk),
        "why_not_withdraw": why_not(request.user, "desk:file-withdraw", "POST", book=of.pk),
    }
    crumbs = loan_crumbs(found, "Documents")
    return desk_page(request, "desk/files/files.html", of, section=SECTION, crumbs=crumbs, context=context)


def _sheet(loan: Loan, kept: QuerySet[StoredFile]) -> Sheet:
    headings = ("Document", "What it is", "Type", "Bytes", "Sent on", "Sent by", "Withdrawn because")
    rows = [
        (
            one.name,
            one.get_kind_display(),
            str(one.file_type),
            one.size,
            one.uploaded_at.date(),
            str(one.uploaded_by),
            one.withdrawal.reason if hasattr(one, "withdrawal") else "",
        )
        for one in kept
    ]
    return Sheet(f"documents-{loan.reference}", headings, rows)


def file(request: PersonRequest, book: str, file: str) -> HttpResponse:
    """One document, always as a download."""
    found = get_object_or_404(files_for(request.user), opaque_name=file, book=book_of(request, book))
    return kept_file_response(request.user, found)


def file_withdraw(request: PersonRequest, book: str, file: str) -> HttpResponse:
    """Say that a document no longer counts, and why."""
    of = book_of(request, book)
    found = get_object_or_404(files_for(request.user), opaque_name=file, book=of)
    try:
        withdraw_file(file=found, reason=request.POST.get("reason", "")[:300], by=request.user)
        messages.success(request, f"{found} is withdrawn. It stays here with your reason, and no longer counts.")
    except REFUSALS as refusal:
        messages.error(request, str(refusal))
    return redirect("desk:files", of.code, found.loan_id) if found.loan_id else redirect("desk:loans", of.code)


def files_beside(request: PersonRequest, loan: Loan) -> QuerySet[StoredFile]:
    """The documents of a loan, and those of its business that are of no one loan; the latest first."""
    found = files_for(request.user).filter(Q(loan=loan) | Q(loan=None), book=loan.book, organisation=loan.organisation)
    return found.select_related("uploaded_by", "withdrawal__withdrawn_by")
