"""Documents that the business sends: the rules first, then the form, then what was sent."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from commonweal.access.downloads import kept_file_response
from commonweal.access.requests import PersonRequest
from commonweal.access.scope import files_for
from commonweal.borrower_portal.frame import own_loans, portal_page
from commonweal.documents.list_files import Sheet, download
from commonweal.file_form import KeepFileForm
from commonweal.jobs.refusals import REFUSALS
from loans.domain.kept_files import OF_THE_BUSINESS, KeptKind
from loans.services import keep_file


def files(request: PersonRequest) -> HttpResponse:
    """What was sent, the latest first, and sending one more."""
    loans = own_loans(request)
    kinds = [kind for kind in KeptKind if kind in OF_THE_BUSINESS]
    form = KeepFileForm(request.POST or None, request.FILES or None, kinds=kinds, loans=loans)
    if request.method == "POST" and form.is_valid() and loans:
        upload = form.cleaned_data["file"]
        loan = next(one for one in loans if str(one.pk) == form.cleaned_data["loan"])
        try:
            keep_file(
                book=loan.book,
                organisation=loan.organisation,
                loan=loan,
                kind=KeptKind(form.cleaned_data["kind"]),
                name=upload.name,
                content=upload.read(),
                by=request.user,
            )
        except REFUSALS as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, f"{upload.name} has arrived. Thank you.")
            return redirect("borrower:files")
    kept = files_for(request.user).select_related("loan")
    rows = [(one.name, one.get_kind_display(), str(one.file_type), one.size, one.uploaded_at.date()) for one in kept]
    if file := download(request, Sheet("documents", ("Document", "What it is", "Type", "Bytes", "Sent on"), rows)):
        return file
    context = {"form": form, "loans": loans, "files": kept}
    book = loans[0].book if loans else None
    return portal_page(request, "borrower_portal/files.html", section="borrower:documents", book=book, context=context)


def file(request: PersonRequest, file: str) -> HttpResponse:
    """One of them, as a download."""
    return kept_file_response(request.user, get_object_or_404(files_for(request.user), opaque_name=file))
