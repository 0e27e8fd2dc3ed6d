"""Are products offered and changed from a day on, and is what a base rate changes shown before it is recorded?"""

from __future__ import annotations

from typing import Any

from commonweal.demo.story import RUTH, TOM
from loans import queries
from loans.models import BaseRate, BaseRateIndex, Product, ProductVersion
from tests.demo import Demo
from tests.pages import csv_rows, look, send

DESK = "/desk/harbour-hills/"
PRODUCTS, RATES = f"{DESK}products/", f"{DESK}base-rates/"


def version(**changes: Any) -> dict[str, Any]:
    """What the form of a seasonal product sends."""
    return {
        "effective_on": "2026-12-01",
        "min_amount": "1,000.00",
        "max_amount": "48,000.00",
        "min_months": "12",
        "max_months": "48",
        "annual_rate": "7",
        "index": "",
        "resets_every": "",
        "amortisation": "equal_principal",
        "every": "1M",
        "interest_method": "declining",
        "interest_only_periods": "3",
        "months_without": ["1", "2"],
        "day_count": "30e/360",
        "calendar": "GB-ENG",
        "convention": "following",
        "allocation": "usual",
        "prepayment": "shorter term",
        "flat_settlement": "actuarial",
        "arrangement_share": "2",
        "arrangement_settlement": "deducted",
        "arrangement_recognition": "at once",
        **changes,
    }


BRINGS = (
    "Equal principal, monthly, up to 3 interest-only periods, no principal in January and February; money paid early "
    "shortens the term; 2% arrangement fee, deducted."
)


def test_a_product_is_offered_with_what_it_brings(demo: Demo) -> None:
    client = demo.client(TOM)
    given = version(name="Seasonal loan", code="seasonal", payment_prefix="SL", effective_on="2026-11-23")
    shown = send(client, f"{PRODUCTS}new/", **given, work_out="1")
    assert BRINGS in shown.text
    assert "Instalments from" in shown.text
    assert not Product.objects.filter(code="seasonal").exists()
    assert BRINGS in send(client, f"{PRODUCTS}new/", **given).text
    assert any(BRINGS in row for row in look(client, PRODUCTS).rows("Products"))
    assert [row[0] for row in csv_rows(demo.client(RUTH), PRODUCTS)[1:]] == ["Community business loan", "Seasonal loan"]


def test_a_change_is_another_version(demo: Demo) -> None:
    client, product = demo.client(TOM), Product.objects.get()
    address = f"{PRODUCTS}{product.pk}/change/"
    assert look(client, address).value("annual_rate") == "6"
    assert "Version 2, from 1 December 2026" in send(client, address, **version()).text
    latest = queries.versions_of(product).order_by("-version")[0]
    assert (latest.version, latest.made_by) == (2, demo.user(TOM))
    assert queries.version_in_force(product, demo.book.business_date).version == 1


def test_a_refused_version_keeps_what_was_typed(demo: Demo) -> None:
    address = f"{PRODUCTS}{Product.objects.get().pk}/change/"
    page = send(demo.client(TOM), address, **version(effective_on="2026-11-01", max_amount="49,000.00"))
    assert "is in force from 23 November 2026 on or later" in page.text
    assert page.value("max_amount") == "49,000.00"
    assert ProductVersion.objects.count() == 1


def test_a_base_rate_is_shown_before_it_is_recorded(demo: Demo) -> None:
    client = demo.client(TOM)
    send(client, f"{RATES}new/", name="Bank Rate", code="bank-rate")
    index = BaseRateIndex.objects.get()
    address = f"{RATES}{index.pk}/"
    rate = {"effective_on": "2026-11-06", "annual_rate": "3.75", "replaces": ""}
    assert "No loan changes" in send(client, f"{address}new/", **rate, work_out="1").text
    assert not BaseRate.objects.exists()
    page = send(client, f"{address}new/", **rate)
    assert page.rows("Rates")[0].startswith("6 November 2026 | 3.75% | Tom Ashworth")
    (known,) = page.tree.xpath("//select[@name='replaces']/option[@value!='']")
    assert known.text == "3.75% from 6 November 2026"
    assert "already" in send(client, f"{address}new/", **rate).text
    assert "3.75%" in look(client, RATES).text
