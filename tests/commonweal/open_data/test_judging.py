"""Nothing that breaks the format, and nothing that must not be said, is fit to publish."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from commonweal.open_data.judging import judge
from commonweal.open_data.shapes import Standard
from commonweal.open_data.writing import read, written
from tests.commonweal.open_data.deals import DEAL, OUT, changed

CREDIT = "investments/credit/0"
RATE = f"{CREDIT}/interestRate"
RECIPIENT = "recipientOrganization"

FOURTEEN: dict[str, tuple[str, Any]] = {
    "a base rate that is not in the list": (f"{RATE}/base", "SONIA"),
    "a base rate that is null": (f"{RATE}/base", None),
    "a legal form that SEDL does not have": (f"{RECIPIENT}/organizationType", "CIC - Community Interest Company"),
    "another scheme of classification": ("projects/0/classification", [{"scheme": "IRIS", "code": "PI4060"}]),
    "a purpose outside the list": (f"{CREDIT}/purpose", ["shopfitting"]),
    "a purpose as text": (f"{CREDIT}/purpose", "workingCapital"),
    "a latitude that is a number": ("projects/0/locations/0/latitude", Decimal("54.9")),
    "a margin in per cent": (f"{RATE}/margin", 4),
    "a day where a moment is asked": (f"{CREDIT}/dateAgreed", "2025-04-01"),
    "a currency outside the list": ("currency", "SEK"),
    "a credit that is written off": (f"{CREDIT}/status", "writtenOff"),
    "an organisation without an identifier": (f"{RECIPIENT}/id", OUT),
    "a deal that is approved": ("status", "approved"),
    "no date of the deal": ("dealDate", OUT),
}
"""The negatives of the standard's own schema, each a change of one valid deal."""

FURTHER: dict[str, tuple[str, Any]] = {
    "a year written twice": ("dealDate", "20252025"),
    "a day that there is not": ("dealDate", "2025-02-31"),
    "a field that is misspelled": ("recipientOrganisation", {"id": "X", "name": "X"}),
    "a field that nobody knows": (f"{CREDIT}/arrears", Decimal(5)),
    "an extension that is a number": ("commonwealPrincipalOutstanding", Decimal("25576.12")),
    "a negative amount": (f"{CREDIT}/estimatedValue", Decimal(-1)),
    "negative months": (f"{CREDIT}/durationInMonths", -1),
    "a value that is not the sum of its parts": ("value", Decimal("40000.01")),
    "confirmed parts and no value": ("value", OUT),
    "one organisation by two names": ("arrangingOrganization", {"id": "CW-FUND23456789", "name": "Another fund"}),
    "a contact's name": (f"{RECIPIENT}/contactName", "Jo Armstrong"),
    "a contact's e-mail": (f"{RECIPIENT}/email", "jo@netherby.example"),
    "an e-mail in a description": (f"{CREDIT}/description", "Ask jo@netherby.example"),
    "a telephone number in a description": (f"{CREDIT}/description", "Ask Jo on 01228 555 0123"),
    "a number that its register does not write": (f"{RECIPIENT}/id", "GB-COH-123"),
    "a company number that disagrees": (RECIPIENT, {"id": "GB-COH-09506232", "name": "A", "companyNumber": "9506232"}),
    "a list item that would split in a CSV": (f"{RECIPIENT}/industryClassifications", ["47.11; 47.19"]),
    "a currency of a credit outside the list": (f"{CREDIT}/currency", "SEK"),
    "a moment in February's 30 days": ("dateModified", "2026-02-30T09:30:00Z"),
    "an empty text": (f"{RATE}/details", ""),
    "a source that is no address": ("dataSource", "our web site"),
}
"""What the standard's schema takes, and what is refused all the same."""


def test_the_deal_itself_is_fit() -> None:
    assert judge(Standard.SEDL, changed()) == []
    assert read(written(changed())) == changed()


@pytest.mark.parametrize("name", [*FOURTEEN, *FURTHER])
def test_a_wrong_value_is_refused(name: str) -> None:
    assert judge(Standard.SEDL, changed((FOURTEEN | FURTHER)[name])) != []


def test_an_identifier_stands_once() -> None:
    found = judge(Standard.SEDL, changed(deals=2))
    assert "CW-DEAL23456789" in " ".join(finding.what for finding in found)


def test_a_data_set_of_nothing_is_no_data_set() -> None:
    assert [judge(Standard.SEDL, data) != [] for data in ({}, {"deals": []}, [], None, {"deals": [None]})] == [True] * 5


PAID = {
    "id": "CW-PAID23456789",
    "transactionDate": "2025-05-01",
    "currency": "GBP",
    "value": Decimal("5000.00"),
    "provider": "CW-FUND23456789",
    "recipient": "GB-MPR-8123",
}
GRANT: dict[str, Any] = {
    "id": "360G-Village-CW-GRAN23456789",
    "title": "Grant beside a loan",
    "description": "The grant part of a blended deal",
    "currency": "GBP",
    "amountAwarded": Decimal("5000.00"),
    "awardDate": "2025-04-01",
    "recipientOrganization": [{"id": "GB-MPR-8123", "name": "Netherby Corner Shop Society"}],
    "fundingOrganization": [{"id": "CW-FUND23456789", "name": "Village Community Fund"}],
    "disbursementTransaction": [PAID],
    "dateModified": "2026-11-23T09:30:00Z",
}

WRONG_GRANTS: dict[str, dict[str, Any]] = {
    "no registered prefix": {"id": "CW-GRAN23456789"},
    "nothing awarded": {"amountAwarded": Decimal(0)},
    "an organisation that is no list": {"recipientOrganization": {"id": "GB-MPR-8123", "name": "Netherby"}},
    "a day that there is not": {"awardDate": "2025-02-31"},
    "a party that nobody knows": {
        "disbursementTransaction": [{**GRANT["disbursementTransaction"][0], "provider": "X"}]
    },
    "a list that is closed elsewhere": {"regrantType": "FRG999"},
    "an e-mail in the title": {"title": "jo@netherby.example"},
}


@pytest.mark.parametrize("name", WRONG_GRANTS)
def test_a_grant_that_is_wrong_is_refused(name: str) -> None:
    assert judge(Standard.GIVING, {"version": "1.4", "grants": [GRANT]}) == []
    assert judge(Standard.GIVING, {"version": "1.4", "grants": [GRANT | WRONG_GRANTS[name]]}) != []


def test_numbers_stay_exact() -> None:
    large = changed(("value", Decimal("90071992547409.93")), (f"{CREDIT}/value", Decimal("90071992542409.93")))
    assert judge(Standard.SEDL, large) == []
    assert b'"value": 90071992547409.93' in written(large)
    with pytest.raises(TypeError, match="exactly"):
        written({"value": 0.1})
    assert DEAL["value"] == Decimal("40000.00")
