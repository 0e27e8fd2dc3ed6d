"""Does a program get the interest certificate of a tax year as the portal gives it, and nobody else's?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from commonweal.access.models import ReadRecord
from commonweal.api import payouts
from investors.domain.citr.tax_year import TaxYear
from investors.interest_certificates import InterestCertificate, InterestPaid
from investors.models import Investor
from ledger.models import Book
from tests.builders import pounds
from tests.commonweal.api.client import Api
from tests.commonweal.api.story import CODE, Story


def one_payment(investor: Investor, book: Book) -> list[InterestCertificate]:
    """A certificate with a payment of 40 pounds in 2025-26."""
    paid = InterestPaid(date(2025, 9, 30), "Payout 1", pounds("40.00"), Decimal("0.2"), pounds("8.00"), "E-12")
    return [InterestCertificate(investor, book, TaxYear(2025), (paid,))]


def test_the_certificate_of_a_year_comes_as_a_file(
    story: Story, as_: Callable[[str], Api], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payouts, "interest_certificates", one_payment)
    path = f"books/{CODE}/investors/{story.ids['NRB']}/interest/{{}}/download/"
    said = as_("investor").get(path.format(2025))
    assert (said.status, said.headers["Content-Type"]) == (200, "application/pdf")
    assert said.content.startswith(b"%PDF")
    assert ReadRecord.objects.filter(what="interest certificate", subject="2025-26-NRB").exists()
    assert as_("investor").get(path.format(2024)).code == "not_found"
    others = path.format(2025).replace(f"/{story.ids['NRB']}/", f"/{story.ids['OAK']}/")
    assert as_("investor").get(others).code == "not_found"
