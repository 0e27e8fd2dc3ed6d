"""The contract of the API as OpenAPI, made from the same words that the access table and the operations are made of."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_basic_type
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, PolymorphicProxySerializer
from rest_framework import serializers

from commonweal.access.rules import Role
from commonweal.access.table import TABLE
from commonweal.api import fields
from commonweal.api.pagination import Pages

if TYPE_CHECKING:
    from commonweal.api.operations import BySide, Contract

WORDS = {
    "capital_act": "The number of an act on a fund’s capital.",
    "covenant": "The id of a covenant of the loan.",
    "story": "The id of a story that the business told.",
    "proxy": "The id of what a unit of an outcome is said to be worth.",
    "proposed": "The number of a proposal: 7 for P-7.",
    "proposal": "The id of a specific provision or a claim that was proposed.",
    "waiver": "The id of a proposed waiver of the covenant.",
    "asked": "The id of a request of the business that owes the loan.",
    "details": "The id of a payee's bank details.",
    "invitation": "The id of an invitation.",
    "person": "The id of a person who may log in.",
    "statement_run": "The number of a run of statements.",
    "prepared": "The number of a statement that a run prepared.",
    "investment": "The number of a tax-relieved investment: 7 for TR-7.",
    "payout": "The number of a payout to investors.",
    "facility": "The id of a facility, under which the fund borrows.",
    "version": "The number of a version of a facility's terms.",
    "consent": "The number of a question to lenders: 7 for C-7.",
    "transfer": "The number of a sale of a part: 7 for T-7.",
    "payment": "The id of a payment of a payment file.",
    "payment_file": "The id of a payment file.",
    "file": "The random id of a document.",
    "book": "The code of a book, as `GET /api/v1/books/` gives it.",
    "account": "The id of an account.",
    "entry": "The number of a journal entry: 12 for E-12.",
    "draft": "The number of a manual journal: 3 for J-3.",
    "job": "The number of a job: 7 for W-7.",
    "organisation": "The id of a community business.",
    "neighbourhood": "The id of a neighbourhood of the fund.",
    "reading": "The id of a reading of the business.",
    "impact_return": "The id of a return of the business.",
    "application": "The id of an application.",
    "product": "The id of a product.",
    "index": "The id of an index of base rates.",
    "moving_in": "The id of a book of loans from another system.",
    "bank_id": "The id of a bank account.",
    "line": "The id of a bank line.",
    "loan": "The id of a loan.",
    "mandate": "The id of a mandate.",
    "run": "The id of a run of Direct Debits.",
    "collection": "The id of a collection of a run.",
    "event": "The id of an event of the loan.",
    "investor": "The id of an investor.",
    "investor_contact": "The id of a person at the investor.",
    "year": "The year in which a tax year begins: 2025 for 2025-26.",
    "document": "The id of a document.",
    "pack": "The id of an auditor's pack.",
    "calendar": "The id of a calendar address of one's own.",
}
"""What each name in an address stands for."""

KEY = "New for each request, the same when one is repeated: 1 to 100 letters, digits, dots, dashes or underscores."

REFUSALS = {
    400: "Some fields are not right or not known; `fields` names each.",
    401: "Nobody is logged in, or the token is not known.",
    403: "Your role does not allow this; the message says whose does.",
    404: "There is nothing at this address, or it is not yours to see.",
    409: "The books, the loan or another person's act stand against it; the message says what and what to do.",
    413: "The request is larger than this operation takes.",
    415: "The content is in another format than this operation takes.",
    422: "The Idempotency-Key was used for another request.",
}


class WhatWentWrong(fields.Shape):
    """A refusal: a word for programs, a sentence for people, and what is wrong with which field."""

    code = serializers.CharField(help_text="A word for programs, such as `period_closed`.")
    message = serializers.CharField(help_text="What, which, by how much and what to do. Nothing was changed.")
    fields_ = serializers.DictField(help_text="What is wrong with each field, by its name.")


class ErrorEnvelope(fields.Shape):
    """Every refusal comes in this envelope."""

    error = WhatWentWrong()


class MoneyShape(fields.Shape):
    """An amount of money: text, never a float."""

    amount = serializers.RegexField(r"^-?[0-9]{1,15}(\.[0-9]{1,10})?$")
    currency = serializers.RegexField(r"^[A-Z]{3}$", help_text="ISO 4217, such as GBP.")


class ApiSchema(AutoSchema):
    """Reads an operation's contract and its line in the access table."""

    @property
    def contract(self) -> Contract:
        """What the operation promises."""
        found: Contract = getattr(self.view, self.method.lower()).contract
        return found

    @property
    def name(self) -> str:
        """The name of the address."""
        return _names()[type(self.view)]

    def get_operation_id(self) -> str:
        """`loan_list` to read, `loan_list_create` to add to a list, `loan_draw_down` for any other act."""
        words = self.name.replace("-", "_")
        return f"{words}_create" if self.method == "POST" and words.endswith("_list") else words

    def get_summary(self) -> str:
        """What it is for, as the access table says it."""
        purpose = TABLE[f"api:{self.name}"].permissions[self.method].purpose
        return purpose[0].upper() + purpose[1:]

    def get_description(self, path: str = "", method: str = "") -> str:
        """Whose it is, and what the handler says of itself."""
        roles = TABLE[f"api:{self.name}"].permissions[self.method].roles
        said = (getattr(self.view, self.method.lower()).__doc__ or "").strip()
        return f"{said}\n\nFor: {', '.join(role.value for role in Role if role in roles)}."

    def get_tags(self) -> list[str]:
        """The area, from the module that the view stands in."""
        return [type(self.view).__module__.rpartition(".")[2]]

    def get_request_serializer(self) -> Any:
        """What is taken."""
        if self.method != "POST":
            return None
        takes, form = self.contract.takes, self.contract.form
        return {"application/json": takes, "multipart/form-data": form} if form else takes

    def get_response_serializers(self) -> Any:
        """What is given, and every refusal that can come."""
        answers: dict[Any, Any] = {self.contract.status: self._given()}
        possible = [400, 401, 403, 404]
        if self.method == "POST":
            possible += [409, 413, 415, 422] if self.contract.changes else [413, 415]
        return answers | {code: OpenApiResponse(ErrorEnvelope, REFUSALS[code]) for code in possible}

    def get_override_parameters(self) -> list[Any]:
        """What stands in the address, the query string and the headers."""
        path = self.path.split("{")[1:]
        found: list[Any] = [_in_path(part.partition("}")[0]) for part in path]
        if self.contract.query is not fields.Nothing:
            found.append(self.contract.query)
        if self.method == "POST" and self.contract.changes:
            found.append(
                OpenApiParameter("Idempotency-Key", str, "header", required=self.contract.moves_money, description=KEY)
            )
        return found

    def _given(self) -> Any:
        gives = self.contract.gives
        if gives is None:
            return OpenApiResponse(OpenApiTypes.BINARY, "The file.")
        return gives if isinstance(gives, type) else _one_of(gives, many=self.contract.many)

    def _is_list_view(self, serializer: Any = None) -> bool:
        return self.contract.many and serializer is not ErrorEnvelope and not isinstance(serializer, ErrorEnvelope)

    def _get_paginator(self) -> Any:
        return Pages() if self.contract.many else None

    def _get_response_for_code(
        self, serializer: Any, status_code: str, media_types: Any = None, direction: Any = "response"
    ) -> Any:
        """A file in its own media type; refusals always as JSON."""
        if self.contract.media_type and status_code < "300":
            media_types = [self.contract.media_type]
        return super()._get_response_for_code(serializer, status_code, media_types, direction)

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> dict[str, Any]:
        schema: dict[str, Any] = super()._map_basic_serializer(serializer, direction)
        if isinstance(serializer, fields.Strict):
            schema["additionalProperties"] = False
        return schema


class TokenScheme(OpenApiAuthenticationExtension):
    """How a program says who it acts for."""

    target_class = "commonweal.access.authentication.ApiTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """`Authorization: Bearer cw_…`."""
        return {"type": "http", "scheme": "bearer", "description": "`manage.py create_api_token EMAIL --label L`"}


class MoneyFieldSchema(OpenApiSerializerFieldExtension):
    """Money is a component of its own."""

    target_class = "commonweal.api.fields.MoneyField"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Any) -> Any:
        """A reference to the component."""
        return auto_schema.resolve_serializer(MoneyShape, direction).ref


class PlainDecimalSchema(OpenApiSerializerFieldExtension):
    """A decimal is text."""

    target_class = "commonweal.api.fields.PlainDecimal"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Any) -> Any:
        """Text with its pattern."""
        return {"type": "string", "pattern": f"^{fields.PLAIN_DECIMAL.pattern}$"}


class GivenSchema(OpenApiSerializerFieldExtension):
    """What a calculator reads is described by hand, as the calculator's own readers check it."""

    target_class = "commonweal.api.fields.Given"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Any) -> Any:
        """The description that stands with the field."""
        return dict(self.target.says)


class Base64Schema(OpenApiSerializerFieldExtension):
    """Bytes in base64 are text."""

    target_class = "commonweal.api.fields.Base64"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Any) -> Any:
        """Text in base64."""
        return build_basic_type(OpenApiTypes.BYTE)


def schema(request: HttpRequest) -> HttpResponse:
    """The OpenAPI document, as JSON."""
    return HttpResponse(_document(), content_type="application/vnd.oai.openapi+json")


@cache
def _document() -> bytes:
    document = SchemaGenerator().get_schema(request=None, public=True)
    text: bytes = OpenApiJsonRenderer().render(document, renderer_context={})
    return text


@cache
def _names() -> dict[type, str]:
    """The names of the addresses, by the views that answer there."""
    from commonweal.api.urls import operations

    return {vars(pattern.callback)["view_class"]: str(pattern.name) for pattern in operations}


def _in_path(word: str) -> OpenApiParameter:
    kind = str if word in ("book", "file") else int
    return OpenApiParameter(word, kind, "path", description=WORDS[word])


def _one_of(gives: BySide, *, many: bool) -> PolymorphicProxySerializer:
    forms = list(gives.forms.values())
    return PolymorphicProxySerializer(gives.name, forms, resource_type_field_name=None, many=None if many else False)
