"""A whole over the ten deciles of one scale, drawn; a spread has one scale, so a chart cannot have two."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from django.utils.safestring import SafeString

from borrowers.domain.deciles import Unplaced
from commonweal.documents.charts import Bar, bars
from loans.domain.by_place import Share, Spread

SHORT = {Unplaced.OTHER_NATION: "Another nation", Unplaced.UNKNOWN: "Unknown here"}


def decile_bars(prefix: str, found: Spread, *, title: str, words: Callable[[int], str], width: int = 420) -> SafeString:
    """Twelve bars, the most deprived tenth first; `words` writes units as they stand behind a bar."""
    rows = [Bar(_name(share), Decimal(share.units), words(share.units)) for share in found.shares]
    return bars(prefix, title=title, rows=rows, width=width, value_room=64)


def _name(share: Share) -> str:
    return SHORT[share.stands] if isinstance(share.stands, Unplaced) else str(share.stands)
