"""A small product for the tests of the access table: one address for each thing that the table can say."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path

from commonweal import urls as product
from commonweal.access.roles import acting_roles
from commonweal.access.rules import read_rules

handler400, handler403, handler404, handler500 = (
    product.handler400,
    product.handler403,
    product.handler404,
    product.handler500,
)

RULES = read_rules(
    """
    public:home         GET        signed-in          what is there for me
    public:login        GET, POST  anyone             log in
    desk:ledger         GET        staff              read the ledger
    desk:ledger         POST       finance, manager   post a journal
    desk:any-book       POST       manager            open a book
    borrower:payments   GET        borrower           see the next payment
    investor:holding    GET        investor           see the holding
    api:loans           GET        staff, investor    read loans
    api:loans           POST       officer            write a loan
    api:schema          GET        anyone             read what the API can do
    """
)


def echo(request: HttpRequest, **kwargs: str) -> HttpResponse:
    """Says for which books the person counts here."""
    return JsonResponse({"books": sorted(acting_roles(request.user).books)})


desk = [path("any/", echo, name="any-book"), path("<slug:book>/", echo, name="ledger")]
borrower, investor = [path("", echo, name="payments")], [path("", echo, name="holding")]
api = [path("loans/", echo, name="loans"), path("schema/", echo, name="schema"), path("new/", echo, name="new")]

urlpatterns = [
    path("", include("commonweal.public.urls")),
    path("desk/", include((desk, "desk"))),
    path("borrower/", include((borrower, "borrower"))),
    path("investor/", include((investor, "investor"))),
    path("api/v1/", include((api, "api"))),
    path("nameless/", echo),
]
