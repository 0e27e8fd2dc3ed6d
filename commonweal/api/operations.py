"""One operation of the API: what it takes, what it gives, and the way of a request through it.

A handler is a method of an `Operation` under `@operation(…)`. It is given the checked content of the request and gives
back rows or a value; who may call it is decided before, by the access table. The same contract feeds the schema and the
tests that walk over all operations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial, wraps
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from rest_framework.exceptions import NotAuthenticated, ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from commonweal.access.models import User
from commonweal.access.roles import acting_roles
from commonweal.access.rules import Side
from commonweal.access.scope import applications_for, loans_for
from commonweal.api.fields import Count, Nothing, Strict
from commonweal.api.idempotency import effect_key, key_of, once
from commonweal.api.pagination import Pages, Rows, Shown
from commonweal.api.parsers import SmallJson
from commonweal.api.schema import ApiSchema
from investors.queries.borrowings import books_funded_by
from ledger.queries import books

if TYPE_CHECKING:
    from ledger.models import Book

Asked = dict[str, Any]
"""The checked content of a request."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Something to be shown, and the window through which it is seen."""

    side: Side
    value: Any


@dataclass(frozen=True, slots=True)
class BySide:
    """One thing in as many forms as there are windows on it; each names its own fields."""

    name: str
    forms: Mapping[Side, type[Serializer[Any]]]

    def shown(self, seen: Seen) -> Any:
        """The fields that this side may see."""
        return self.forms[seen.side](seen.value).data


Gives = type[Serializer[Any]] | BySide | None


@dataclass(frozen=True, slots=True)
class Contract:
    """What an operation promises. Where `gives` is None the answer is a file, and the handler makes the response.

    `form` is what is taken where the content comes as multipart/form-data.
    """

    gives: Gives
    takes: type[Strict] = Nothing
    form: type[Strict] | None = None
    query: type[Strict] = Nothing
    status: int = 200
    many: bool = False
    moves_money: bool = False
    changes: bool = True
    """Whether a POST changes something; one that only answers takes no key."""
    media_type: str = ""


Handler = Callable[..., Any]


def operation(**promised: Any) -> Callable[[Handler], Handler]:
    """Make a handler of an `Operation` keep a `Contract`."""
    contract = Contract(**promised)

    def keep(handler: Handler) -> Handler:
        @wraps(handler)
        def answer(view: Operation, request: Request, **path: Any) -> Any:
            return view.answer(contract, partial(handler, view))

        answer.contract = contract  # type: ignore[attr-defined]
        return answer

    return keep


class Paged(Strict):
    """The query of every list."""

    page = Count(required=False, min_value=1, max_value=10**9, help_text="Which page; the first is 1.")
    page_size = Count(required=False, min_value=1, max_value=200, help_text="Rows on a page; 50 unless given.")


class Operation(APIView):
    """What is looked up from the address, and how a request is answered."""

    schema = ApiSchema()
    parser_classes: Sequence[type[BaseParser]] = [SmallJson]

    key = ""
    """Under a request that moves money: the name by which the services know it."""

    @property
    def person(self) -> User:
        """Who asks."""
        user = self.request.user
        if not isinstance(user, User):
            raise NotAuthenticated
        return user

    def initial(self, request: Request, *args: Any, **path: Any) -> None:
        """Look up what the address names before anything else, so that a wrong address says nothing but that."""
        super().initial(request, *args, **path)
        self.look_up(**path)

    def look_up(self, **path: Any) -> None:
        """Find what the address names. Raises Http404."""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Whatever a client would accept: the answer is JSON, or the file that was asked for."""
        return super().perform_content_negotiation(request, force=True)

    def finalize_response(self, request: Request, response: Any, *args: Any, **path: Any) -> Any:
        """No answer is kept by anything on its way: it is for one person."""
        final = super().finalize_response(request, response, *args, **path)
        final.headers.setdefault("Cache-Control", "private, no-store")
        return final

    def answer(self, contract: Contract, act: Handler) -> HttpResponse:
        """Check the request, act, and show what came of it; a change is one transaction, once per key."""
        asked = checked(contract.query, self.request.query_params, is_query=True)
        if self.request.method in ("GET", "HEAD"):
            return self._respond(contract, act(asked))
        key = key_of(self.request, is_required=contract.moves_money)
        body = self.request.data

        def change() -> Response:
            takes = contract.form if isinstance(body, QueryDict) and contract.form else contract.takes
            return self._respond(contract, act(checked(takes, body)))

        if key is None:
            with transaction.atomic():
                return change()
        self.key = effect_key(self.person, key)
        return once(self.request, key=key, by=self.person, act=change)

    def paged(self, found: Rows, shown: Shown = list) -> tuple[Pages, Sequence[Any]]:
        """The page that was asked for; `shown` makes what is shown of its rows, all at once."""
        pages = Pages()
        page = pages.paginate_queryset(found, self.request, view=self)
        return pages, shown(list(page or []))

    def _respond(self, contract: Contract, result: Any) -> Any:
        if isinstance(result, HttpResponse):
            return result
        if not contract.many:
            return Response(_shown(contract.gives, result), status=contract.status)
        pages, rows = result
        return pages.get_paginated_response([_shown(contract.gives, row) for row in rows])


class BookOperation(Operation):
    """An operation on one book, whose code stands in the address."""

    book: Book

    def look_up(self, **path: Any) -> None:
        self.book = get_object_or_404(books_concerning(self.person), code=path["book"])

    def day(self, asked: Asked) -> date:
        """The day that is asked for, or the book's business date."""
        day: date = asked.get("as_of", self.book.business_date)
        return day

    def side_towards(self, organisation: int | None = None) -> Side:
        """Who sees something of the book: its staff, the business that it is about, or an investor."""
        roles = acting_roles(self.person)
        if self.book.pk in roles.books:
            return Side.STAFF
        return Side.BORROWER if organisation in roles.organisations else Side.INVESTOR


def books_concerning(user: User) -> QuerySet[Book]:
    """The books in which somebody has a role, a loan, an application, or money."""
    roles = acting_roles(user)
    concerning = Q(pk__in=roles.books)
    if roles.organisations or roles.investors:
        concerning |= Q(pk__in=loans_for(user).values("book")) | Q(pk__in=applications_for(user).values("book"))
    if roles.investors:
        concerning |= Q(pk__in=books_funded_by(roles.investors).values("pk"))
    return books().filter(concerning)


def checked(serializer: type[Serializer[Any]], data: Any, *, is_query: bool = False) -> Asked:
    """The checked content of a body or a query string. Raises ValidationError."""
    content = data.dict() if is_query else data
    found = serializer(data=content, context={"is_query": is_query})
    found.is_valid(raise_exception=True)
    return dict(found.validated_data)


def narrowed(found: QuerySet[Any], asked: Asked, filters: Mapping[str, str]) -> QuerySet[Any]:
    """The rows that a query asks for; `filters` says by which look-up each of its fields narrows."""
    return found.filter(**{lookup: asked[name] for name, lookup in filters.items() if name in asked})


def named(found: QuerySet[Any], field: str, **by: Any) -> Any:
    """What a body or a query names, among the rows that the person may see.

    Raises ValidationError in the same words for what does not exist and for what is somebody else's.
    """
    row = found.filter(**by).first()
    if row is None:
        raise ValidationError({field: ["There is nothing under this name, or it is not yours to use."]})
    return row


def _shown(gives: Gives, value: Any) -> Any:
    if isinstance(gives, BySide):
        return gives.shown(value)
    return gives(value).data if gives else value
