"""A program that asks the API: one person's token, JSON both ways, and a new key for each change."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.test import Client

V1 = "/api/v1/"

_keys = count(1)


@dataclass(frozen=True)
class Said:
    """What the API answered."""

    status: int
    body: Any
    headers: dict[str, str]
    content: bytes

    @property
    def code(self) -> str:
        """The word of a refusal."""
        return str(self.body["error"]["code"])

    @property
    def message(self) -> str:
        """The sentence of a refusal."""
        return str(self.body["error"]["message"])

    @property
    def fields(self) -> dict[str, Any]:
        """What is wrong with which field."""
        return dict(self.body["error"]["fields"])

    @property
    def rows(self) -> list[Any]:
        """The rows of a page."""
        return list(self.body["results"])


@dataclass(frozen=True)
class Api:
    """The API as somebody uses it, or as nobody does where the token is empty."""

    token: str

    def get(self, path: str, **query: Any) -> Said:
        """Ask for something."""
        return _said(Client().get(_address(path), query, headers=self._headers()))

    def post(self, path: str, body: Any = None, *, key: str | None = "") -> Said:
        """Change something, under a key of its own unless one is given; without any if it is None."""
        given = key if key != "" else f"test-{next(_keys)}"
        headers = self._headers() | ({"Idempotency-Key": given} if given is not None else {})
        content = json.dumps({} if body is None else body)
        return _said(Client().post(_address(path), content, content_type="application/json", headers=headers))

    def form(self, path: str, fields: dict[str, Any], *, key: str) -> Said:
        """Change something by a form with files."""
        return _said(Client().post(_address(path), fields, headers=self._headers() | {"Idempotency-Key": key}))

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


def _address(path: str) -> str:
    return path if path.startswith(("/", "http")) else V1 + path


def _said(response: Any) -> Said:
    content = b"".join(response) if response.streaming else response.content
    is_json = response.headers.get("Content-Type", "").startswith("application/json")
    return Said(response.status_code, json.loads(content) if is_json else None, dict(response.headers), content)


def pounds_out(amount: str) -> dict[str, str]:
    """Pounds as the API writes them."""
    return {"amount": amount, "currency": "GBP"}
