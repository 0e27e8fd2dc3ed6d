"""The statements that were issued to the business."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from commonweal.access.requests import PersonRequest
from commonweal.access.scope import documents_for
from commonweal.borrower_portal.frame import own_loans, portal_page
from commonweal.documents.download import document_response, documents_sheet
from commonweal.documents.list_files import download


def documents(request: PersonRequest) -> HttpResponse:
    """The list, the latest first."""
    loans = own_loans(request)
    book = loans[0].book if loans else None
    found = documents_for(request.user).order_by("-period_end", "-pk")
    if file := download(request, documents_sheet(found)):
        return file
    context = {"documents": found}
    return portal_page(
        request, "borrower_portal/documents.html", section="borrower:documents", book=book, context=context
    )


def document(request: PersonRequest, document: int) -> HttpResponse:
    """One of them, as PDF."""
    return document_response(request.user, get_object_or_404(documents_for(request.user), pk=document))
