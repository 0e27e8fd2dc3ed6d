"""A deal that may be published, to be changed one field at a time; everybody in it is made up."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from decimal import Decimal
from typing import Any

from commonweal.access.models import User
from commonweal.open_data.models import Release
from commonweal.open_data.shapes import Standard
from commonweal.open_data.writing import sha256, written
from ledger.models import Book

FUND = {"id": "CW-FUND23456789", "name": "Village Community Fund"}

DEAL: dict[str, Any] = {
    "id": "CW-DEAL23456789",
    "title": "Loan to Netherby Corner Shop Society",
    "status": "closed",
    "dealDate": "2025-04-01",
    "currency": "GBP",
    "value": Decimal("40000.00"),
    "recipientOrganization": {
        "id": "GB-MPR-8123",
        "name": "Netherby Corner Shop Society",
        "addressLocality": "Netherby",
        "addressRegion": "North West",
        "organizationType": "BENCOM - Registered Society (BenCom)",
    },
    "arrangingOrganization": FUND,
    "projects": [
        {
            "id": "CW-PROJ23456789",
            "estimatedValue": Decimal("50000.00"),
            "locations": [{"id": "CW-PLAC23456789", "latitude": "54.9", "longitude": "-3.0"}],
            "commonwealFinanceLeveredIn": "10000.00",
        }
    ],
    "investments": {
        "credit": [
            {
                "id": "CW-CRED23456789",
                "status": "confirmed",
                "purpose": ["workingCapital"],
                "currency": "GBP",
                "value": Decimal("35000.00"),
                "dateAgreed": "2025-04-01T00:00:00Z",
                "durationInMonths": 60,
                "interestRate": {"margin": Decimal("0.04"), "isVariable": False, "details": "6% a year, fixed"},
                "fundingOrganization": FUND,
            }
        ],
        "grants": [
            {
                "id": "CW-GRAN23456789",
                "status": "confirmed",
                "purpose": ["other"],
                "currency": "GBP",
                "amountCommitted": Decimal("5000.00"),
                "fundingOrganization": FUND,
            }
        ],
    },
    "dateModified": "2026-11-23T09:30:00Z",
    "commonwealState": "running",
}


class Out:
    """Takes a field away."""


OUT = Out()


def changed(*changes: tuple[str, Any], deals: int = 1) -> dict[str, Any]:
    """A data set of the deal with some of its fields changed, each named by its path, or taken away."""
    data = {"deals": [deepcopy(DEAL) for _ in range(deals)]}
    for path, value in changes:
        *steps, last = _steps(path)
        at: Any = data["deals"][0]
        for step in steps:
            at = at[step]
        if value is OUT:
            del at[last]
        else:
            at[last] = value
    return data


def _steps(path: str) -> Iterable[str | int]:
    return [int(step) if step.isdecimal() else step for step in path.split("/")]


def any_release(book: Book, by: User) -> Release:
    """The example as a data set that was published."""
    content = written(changed())
    total = {"name": "Lent", "what": "value of the deals", "currency": "GBP", "left_out": "0.00"}
    lent = total | {"published": "40000.00", "ledger": "40000.00", "entries": [["E-101", "2025-05-01", "40000.00"]]}
    note = {
        "publisher": "A fund",
        "licence": "CC BY 4.0",
        "seal": "",
        "deals": 1,
        "left_out": 0,
        "identifiers": [DEAL["id"]],
        "withdrawn": [],
        "totals": [lent],
        "passed": ["every identifier once"],
        "findings": 0,
    }
    return Release.objects.create(
        book=book,
        standard=Standard.SEDL,
        version=releases_of(book) + 1,
        as_of=book.business_date,
        content=content,
        sha256=sha256(content),
        note=note,
        published_by=by,
    )


def releases_of(book: Book) -> int:
    """How many a book has."""
    return Release.objects.filter(book=book).count()
