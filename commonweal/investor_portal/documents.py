"""The statements that were issued to the investor."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from commonweal.access.requests import PersonRequest
from commonweal.access.scope import documents_for
from commonweal.documents.download import document_response, documents_sheet
from commonweal.documents.list_files import download
from commonweal.investor_portal.frame import portal_page, standing


def documents(request: PersonRequest) -> HttpResponse:
    """The list, the latest first."""
    found = documents_for(request.user).select_related("investor", "book").order_by("-period_end", "-pk")
    if file := download(request, documents_sheet(found)):
        return file
    return portal_page(
        request,
        "investor_portal/documents.html",
        standing(request),
        section="investor:documents",
        context={"documents": found},
    )


def document(request: PersonRequest, document: int) -> HttpResponse:
    """One of them, as PDF."""
    return document_response(request.user, get_object_or_404(documents_for(request.user), pk=document))
