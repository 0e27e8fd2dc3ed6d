"""The tax relief scheme at the desk: from the accreditation to a certificate that two people issue, and a statement."""

from __future__ import annotations

from commonweal.demo.story import AMINA, PRIYA, TOM
from commonweal.documents.models import Document
from commonweal.jobs.worker import work
from investors.models import CitrInvestment, CitrMovement
from tests.demo import Demo
from tests.pages import csv_rows, look, send
from tests.tax_relief import tell_scheme

HERE = "/desk/harbour-hills/tax-relief/"
ACCREDITATION = {
    "kind": "retail",
    "starts_on": "2025-01-01",
    "last_day": "2027-12-31",
    "applied_for": "200,000.00",
    "reference": "CDFI-2025-014",
}
TERMS = {"kind": "loan", "committed": "60,000.00", "invested_on": "2025-01-15"}


def test_from_the_accreditation_to_a_certificate_and_a_statement(demo: Demo) -> None:
    amina, tom = demo.client(AMINA), demo.client(TOM)
    assert look(amina, "/desk/harbour-hills/investors/").link("Tax relief") == HERE
    given = TERMS | {"investor": str(demo.investor("TST").pk)}
    page = send(amina, f"{HERE}investments/new/", **given)
    assert page.problems()[0].startswith("Harbour & Hills Community Fund is not accredited on 15 January 2025")
    page = send(amina, f"{HERE}accreditations/", **ACCREDITATION)
    assert page.notices() == ["CDFI-2025-014 is recorded, from 1 January 2025 to 31 December 2027."]

    asks = {"required_repayments": "2027-06-01 10,000.00\n2028-06-01 25,000.00"}
    page = send(amina, f"{HERE}investments/new/", **given, **asks)
    assert "£35,000.00 may be required before 15 January 2029; 50% of £60,000.00, £30,000.00" in page.problems()[0]
    page = send(amina, f"{HERE}investments/new/", **given, required_repayments="soon 10.00")
    assert page.problems() == ["Line 1: begin with a day like 2028-12-01, then a blank and the amount"]
    page = send(amina, f"{HERE}investments/new/", **given, entry="E-999999")
    assert "E-999999 is no contribution that stands" in page.problems()[0]
    page = send(amina, f"{HERE}investments/new/", **given)
    one = CitrInvestment.objects.get()
    assert page.notices() == [f"TR-{one.pk} is recorded. Its certificate can be proposed now."]
    assert "it is 647 days late" in page.text

    here = f"{HERE}investments/{one.pk}/"
    page = send(amina, f"{here}certificate/")
    assert page.notices() == [f"CITR-{one.pk} is proposed. A colleague checks it before it is issued."]
    shown = {"decision": "approve", "sha256": one.certificates.get().content_sha256}
    assert "so somebody else has to check it" in send(amina, f"{here}certificate/decide/", **shown).problems()[0]
    assert "Certificate to check" in look(tom, HERE).text
    assert "Certificate to check" in look(tom, "/desk/harbour-hills/").text
    page = send(tom, f"{here}certificate/decide/", **shown)
    assert page.notices() == [f"CITR-{one.pk} is issued to Tideway Social Trust."]
    document = Document.objects.get(kind="tax-certificate")
    assert page.link(f"CITR-{one.pk} (PDF)") == f"/desk/harbour-hills/statements/{document.pk}/"
    assert page.table("Relief by tax year")[1][1:] == ["60,000.00", "3,000.00", "3,000.00", "0.00"]

    page = send(amina, f"{HERE}statements/", tax_year="2025-26")
    work(worker="a")
    assert Document.objects.get(kind="tax-statement").number == "T2025-26-TST"
    assert "T2025-26-TST (PDF)" in look(amina, HERE).text


def test_what_is_repaid_lowers_the_relief_and_is_taken_back(demo: Demo) -> None:
    one = tell_scheme(demo.book, demo.loan, demo.investor("TST"), demo.user(PRIYA))
    here, amina = f"{HERE}investments/{one.pk}/", demo.client(AMINA)
    asked = {"kind": "repayment", "on": "2026-11-23", "amount": "60,000.00"}
    page = send(amina, f"{here}movements/", **asked)
    assert "£60,000.00 is £2,000.00 more than the £58,000.00 that stands" in page.problems()[0]
    page = send(amina, f"{here}movements/", **asked | {"amount": "58,000.00"})
    assert page.notices() == ["Repaid or withdrawn: £58,000.00 on 23 November 2026 is recorded."]
    assert "the loan was wholly repaid" in page.text
    assert "the loan was wholly repaid" not in look(amina, f"{here}?as_of=2026-11-22").text
    wrong = CitrMovement.objects.get(amount=5800000)
    page = send(amina, f"{here}take-back/", movement=str(wrong.pk), reason="Another investor’s")
    assert page.notices() == ["Repaid or withdrawn on 23 November 2026, £58,000.00, is taken back."]
    page = send(amina, f"{here}end/", ended_by="disposed", on="2026-11-20", reason="Given away")
    assert "Claims ended" in page.text
    rows = csv_rows(amina, here)
    assert [row[0] for row in rows[1:]] == ["2024-25", "2025-26", "2026-27", "2027-28", "2028-29"]


def test_loans_are_said_to_count_with_a_reason(demo: Demo) -> None:
    tell_scheme(demo.book, demo.loan, demo.investor("TST"), demo.user(PRIYA))
    priya, here = demo.client(PRIYA), f"{HERE}loans/"
    page = look(priya, here)
    assert "With L-0108, Netherby Corner Shop" in page.text, "25,576.12 is more than 20% of 58,000.00"
    said = {"loan": str(demo.loan.pk), "on": "2026-11-23", "case": "none"}
    assert send(priya, here, **said).problems() == ["Enter the reason"]
    page = send(priya, here, **said, reason="It moved out of the area")
    assert page.notices() == ["L-0108 is no relevant investment from 23 November 2026."]
    (row,) = [row for row in csv_rows(priya, here)[1:] if row[0] == "L-0108"]
    assert row[3:6] == ["Not relevant", "no", "Does not count"]
    assert "Year of the onward test not kept" in look(priya, HERE).text
