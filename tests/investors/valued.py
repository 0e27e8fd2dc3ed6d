"""A proxy of a fund for tests: a job kept for a year, by the fund's own study."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from investors.domain.value import Deductions, Proxy
from investors.services import ProxyTerms
from tests.builders import pounds


def deductions(**changes: str) -> Deductions:
    """A quarter would have happened anyway, a tenth is owed to others, a fifth is lost each further year."""
    said = {"deadweight": "0.25", "others": "0.1", "displacement": "0", "drop_off": "0.2"} | changes
    return Deductions(**{name: Decimal(part) for name, part in said.items()})


def terms(indicator: str = "people-in-work", *, amount: str = "9000.00", **changes: Any) -> ProxyTerms:
    """£9,000 for one, from 2025 on without an end."""
    taken = changes.pop("deductions", None) or deductions()
    source = changes.pop("source", "Own study of 40 jobs")
    proxy = Proxy(pounds(amount), source, date(2026, 4, 1), taken)
    return ProxyTerms(indicator, proxy, **{"valid_from": date(2025, 1, 1), **changes})
