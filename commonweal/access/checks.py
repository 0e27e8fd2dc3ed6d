"""What stops the build: an address without a line in the access table, or a line without an address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.urls import URLPattern, URLResolver, get_resolver

from commonweal.access.table import TABLE


def addresses(resolver: URLResolver | None = None) -> Iterator[tuple[str, str, URLPattern]]:
    """Every address of the product: its name with its namespaces, its route, and its pattern."""
    yield from _walk(resolver or get_resolver(), (), "")


def _walk(resolver: URLResolver, namespaces: tuple[str, ...], route: str) -> Iterator[tuple[str, str, URLPattern]]:
    for pattern in resolver.url_patterns:
        path = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern, inner, path)
        else:
            yield ":".join((*namespaces, pattern.name or "")), path, pattern


def every_address_has_a_line(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    """Names each address that is missing from the access table (an error) and each line that leads nowhere."""
    known = {name: route for name, route, _ in addresses()}
    undeclared = [
        checks.Error(
            f"the address {name!r} (/{route}) has no line in the access table",
            hint="Say in commonweal/access/table.py who may use it, and what for.",
            id="access.E001",
        )
        for name, route in known.items()
        if name not in TABLE
    ]
    idle = [
        checks.Warning(f"the access table has a line for {name!r}, which is no address", id="access.W001")
        for name in TABLE
        if name not in known
    ]
    return [*undeclared, *idle]
