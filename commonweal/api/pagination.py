"""Long lists come in pages, in one plain envelope."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response

Rows = QuerySet[Any] | Sequence[Any]
Shown = Callable[[list[Any]], Sequence[Any]]


class Pages(PageNumberPagination):
    """`?page=2&page_size=100`: fifty rows unless asked otherwise, two hundred at most."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200

    def get_paginated_response(self, data: Any) -> Response:
        """The page in its envelope: results, the next and the previous page's address, and how many there are."""
        pages: Any = self.page
        return Response(
            {
                "results": data,
                "next": self.get_next_link(),
                "previous": self.get_previous_link(),
                "count": pages.paginator.count,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The same as a schema."""
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["results", "next", "previous", "count"],
            "properties": {
                "results": schema,
                "next": {**link, "description": "The address of the next page."},
                "previous": {**link, "description": "The address of the page before."},
                "count": {"type": "integer", "description": "How many there are on all pages."},
            },
        }
