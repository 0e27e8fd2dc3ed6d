"""The bytes of a data set: the same for the same content, numbers exactly as the ledger has them, no float between."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal


def written(data: object) -> bytes:
    """JSON in UTF-8, two spaces deep; a Decimal stands as it is.

    >>> written({"value": Decimal("35000.00"), "status": "closed"}).decode()
    '{\\n  "value": 35000.00,\\n  "status": "closed"\\n}\\n'
    """
    return (_text(data, "") + "\n").encode("utf-8")


def sha256(content: bytes) -> str:
    """The hash under which a data set is published."""
    return hashlib.sha256(content).hexdigest()


def read(content: bytes) -> object:
    """A data set as it is written, its numbers exact. Raises ValueError."""

    def refuse(constant: str) -> object:
        raise ValueError(f"{constant} is no number of JSON")

    return json.loads(content.decode("utf-8"), parse_float=Decimal, parse_constant=refuse)


def _text(value: object, indent: str) -> str:
    deeper = f"{indent}  "
    if isinstance(value, dict):
        rows = [f"{deeper}{_text(key, '')}: {_text(item, deeper)}" for key, item in value.items()]
        return "{\n" + ",\n".join(rows) + f"\n{indent}}}" if rows else "{}"
    if isinstance(value, list | tuple):
        rows = [f"{deeper}{_text(item, deeper)}" for item in value]
        return "[\n" + ",\n".join(rows) + f"\n{indent}]" if rows else "[]"
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"{value} is no number of JSON")
        return f"{value:f}"
    if value is None or isinstance(value, str | int):
        return json.dumps(value, ensure_ascii=False)
    raise TypeError(f"{value!r} cannot be published exactly")
