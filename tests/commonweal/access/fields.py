"""What can be sent to an address: the fields of its forms, or of its body as the API describes itself.

Each field is filled with the other fund's thing wherever its name says which, and with something harmless elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from html.parser import HTMLParser
from typing import Any

from drf_spectacular.generators import SchemaGenerator

HARMLESS = {
    "string": "2026-11-23",
    "integer": 1,
    "number": 1,
    "boolean": False,
    "array": [],
    "object": {},
}


def form_fields(page: str, things: Mapping[str, str]) -> dict[str, str]:
    """The fields of the forms on a page, as they stand where they name nothing."""
    parser = _FormFields()
    parser.feed(page)
    return {field: things.get(_named(field), value) for field, value in parser.fields.items()}


def body_fields(route: str, method: str, things: Mapping[str, str]) -> dict[str, Any]:
    """The fields of an operation's body; none where it takes none."""
    operation = _schema()["paths"].get(_template(route), {}).get(method.lower(), {})
    content = operation.get("requestBody", {}).get("content", {})
    described = next(iter(content.values()), {}).get("schema", {})
    properties = _resolved(described).get("properties", {})
    return {name: things.get(_named(name), _harmless(_resolved(said))) for name, said in properties.items()}


def _named(field: str) -> str:
    """Which thing a field is about: "loan" for `loan`, `loan_id` and `lines-0-loan`."""
    return re.split(r"[-_]\d+[-_]?", field.removesuffix("_id").removesuffix("_reference"))[-1].strip("-_0123456789")


def _harmless(said: Mapping[str, Any]) -> Any:
    return said["enum"][0] if said.get("enum") else HARMLESS.get(str(said.get("type")), "x")


@cache
def _schema() -> dict[str, Any]:
    return dict(SchemaGenerator().get_schema(request=None, public=True))


def _resolved(said: Mapping[str, Any]) -> Mapping[str, Any]:
    for reference in (said.get("$ref"), *(part.get("$ref") for part in said.get("allOf", ()))):
        if reference:
            return _resolved(_schema()["components"]["schemas"][reference.rpartition("/")[2]])
    return said


def _template(route: str) -> str:
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)


class _FormFields(HTMLParser):
    """Reads the names of a page's fields with the values that they hold."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in ("input", "select", "textarea") and said.get("name"):
            self.fields.setdefault(str(said["name"]), said.get("value") or "")
