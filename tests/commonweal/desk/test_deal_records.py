"""A SEDL file at the desk: tried, looked at, brought in as records, and a second time without effect."""

from __future__ import annotations

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from borrowers.models import Organisation
from commonweal.demo.story import PRIYA, RUTH, TOM
from commonweal.open_data.models import DealRecord
from commonweal.open_data.writing import written
from ledger.models import JournalEntry
from loans.models import Loan
from tests.commonweal.open_data.deals import changed
from tests.demo import Demo
from tests.pages import Shown, csv_rows, look

PAGE = "/desk/harbour-hills/open-data/deals/"
SOMEBODY_ELSE = ("recipientOrganization/name", "Longtown Bakery"), ("recipientOrganization/id", "GB-MPR-9001")
FILE = written(changed(*SOMEBODY_ELSE))


def uploaded(client: Client, content: bytes, name: str = "deals.json") -> Shown:
    """What somebody sees after sending a file."""
    return Shown(client.post(PAGE, {"file": SimpleUploadedFile(name, content)}, follow=True))


def confirmed(client: Client, tried: Shown) -> Shown:
    """What somebody sees after confirming what was tried."""
    return Shown(client.post(f"{PAGE}try/", {"sent": tried.value("sent")}, follow=True))


def counts() -> tuple[int, int, int, int]:
    """Records, businesses, loans and journal entries."""
    kinds: tuple[Callable[[], int], ...] = (
        DealRecord.objects.count,
        Organisation.objects.count,
        Loan.objects.count,
        JournalEntry.objects.count,
    )
    records, businesses, loans, entries = (count() for count in kinds)
    return records, businesses, loans, entries


def test_a_file_is_tried_before_anything_is_kept_and_makes_records_and_no_loans(demo: Demo) -> None:
    tom, before = demo.client(TOM), counts()
    tried = uploaded(tom, FILE)
    assert tried.figures()["New here"] == "1"
    assert tried.figures()["Loans to be made"] == "0"
    (row,) = tried.rows("Deals")
    assert row.endswith("2025-04-01 | £40,000.00 | Longtown Bakery would be registered | A new record")
    assert counts() == before
    done = confirmed(tom, tried)
    assert done.notices() == ["deals.json: 1 of 1 deals are kept as records. No loan was made."]
    assert done.rows("Records")[0].split(" | ")[1:3] == ["2025-04-01", "Longtown Bakery"]
    records, businesses, loans, entries = before
    assert counts() == (records + 1, businesses + 1, loans, entries)
    assert csv_rows(tom, PAGE)[1][3] == "Longtown Bakery"


def test_the_same_file_again_makes_nothing(demo: Demo) -> None:
    tom = demo.client(TOM)
    first = uploaded(tom, FILE)
    confirmed(tom, first)
    after = counts()
    again = uploaded(tom, FILE)
    assert again.rows("Deals")[0].endswith("Longtown Bakery registered here as Longtown Bakery | Kept already")
    assert again.forbidden() == {"Bring it in": "Every deal of this file is kept already."}
    assert "Nothing was new, so nothing was kept" in confirmed(tom, first).notices()[0]
    assert counts() == after


def test_a_business_that_stands_here_is_not_registered_twice(demo: Demo) -> None:
    shop = demo.loan.organisation
    known = written(changed(("recipientOrganization/id", f"GB-MPR-{shop.society_number}")))
    tried = uploaded(demo.client(TOM), known)
    assert tried.figures()["Businesses to be registered"] == "0"
    assert f"registered here as {shop}" in tried.rows("Deals")[0]
    before = counts()
    confirmed(demo.client(TOM), tried)
    assert counts() == (before[0] + 1, *before[1:])


def test_a_file_that_is_no_data_set_is_refused_beside_the_form(demo: Demo) -> None:
    tom = demo.client(TOM)
    assert "The file is no JSON" in uploaded(tom, b"deals").problems()[0]
    assert "breaks SEDL" in uploaded(tom, b'{"deals": [{"title": "A loan"}]}').problems()[0]
    assert "breaks SEDL in 1 place, first at deals:" in uploaded(tom, b'{"deals": []}').problems()[0]
    assert uploaded(tom, b"").problems() == ["The file is empty. Fetch it anew"]
    assert not DealRecord.objects.exists()


def test_what_was_told_otherwise_in_the_meantime_is_refused_when_it_is_confirmed(demo: Demo) -> None:
    tom = demo.client(TOM)
    waiting = uploaded(tom, FILE)
    confirmed(tom, uploaded(tom, written(changed(*SOMEBODY_ELSE, ("title", "Told otherwise")))))
    refused = confirmed(tom, waiting)
    assert "stands here with other content" in refused.notices()[0]
    assert DealRecord.objects.get().title == "Told otherwise"


def test_only_a_manager_brings_in_and_a_link_of_another_book_leads_nowhere(demo: Demo) -> None:
    tried = uploaded(demo.client(TOM), FILE)
    sent = {"sent": tried.value("sent")}
    assert demo.client(PRIYA).post(f"{PAGE}try/", sent).status_code == 403
    assert "Try it" in look(demo.client(RUTH), PAGE).forbidden()
    assert demo.client(TOM).get(f"{PAGE}try/", {"sent": f"{sent['sent']}x"}).status_code == 404
