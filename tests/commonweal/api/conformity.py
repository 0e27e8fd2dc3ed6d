"""Does an answer have the shape that the OpenAPI document promises?"""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema
from drf_spectacular.generators import SchemaGenerator


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document."""
    return dict(SchemaGenerator().get_schema(request=None, public=True))


def operation(name: str) -> dict[str, Any]:
    """The description of one operation, by its operationId."""
    found = [one for path in document()["paths"].values() for one in path.values() if one["operationId"] == name]
    return dict(found[0])


def assert_conforms(operation_id: str, status: int, body: Any) -> None:
    """Fail unless the body is what the operation promises with this status: all of it, and nothing besides."""
    content = operation(operation_id)["responses"][str(status)]["content"]["application/json"]["schema"]
    jsonschema.validate(body, {**_as_json_schema(content), "components": _components()})


@cache
def _components() -> dict[str, Any]:
    return dict(_as_json_schema(document()["components"]))


def _as_json_schema(said: Any) -> Any:
    """OpenAPI 3.0 says `nullable` where JSON Schema says it in the type; objects are closed."""
    if isinstance(said, list):
        return [_as_json_schema(part) for part in said]
    if not isinstance(said, dict):
        return said
    plain = {name: _as_json_schema(part) for name, part in said.items() if name != "nullable"}
    if "properties" in plain:
        plain["additionalProperties"] = False
    return {"anyOf": [plain, {"type": "null"}]} if said.get("nullable") is True else plain
