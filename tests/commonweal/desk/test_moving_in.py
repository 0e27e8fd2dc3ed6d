"""Does the handbook's example move into the demo, are there sheets to fill in, and is only who can confirm asked to?"""

from __future__ import annotations

from datetime import date

from django.conf import settings

from commonweal.demo.story import AMINA, PRIYA, TOM
from commonweal.jobs.moving_in import try_moving_in
from loans.domain.moving_in.findings import Part
from loans.models import MovingIn
from loans.services import BroughtFile, prepare_moving_in
from tests.demo import Demo
from tests.pages import csv_rows, look

DESK = "/desk/harbour-hills/"
NAMES = {Part.LOANS: "loans", Part.TRIAL_BALANCE: "trial-balance", Part.TOTALS: "totals", Part.HISTORY: "history"}


def test_the_example_of_the_handbook_would_move_in_and_waits_for_who_can_confirm(demo: Demo) -> None:
    folder = settings.BASE_DIR / "docs" / "moving-in"
    files = {
        str(part): BroughtFile(f"{name}.csv", (folder / f"{name}.csv").read_bytes()) for part, name in NAMES.items()
    }
    on, amina = date(2026, 11, 1), demo.user(AMINA)
    found = try_moving_in(moving_in=prepare_moving_in(book=demo.book, cut_over_on=on, files=files, by=amina))
    assert [one.message for one in found.findings.all()] == []
    assert found.state == MovingIn.State.READY
    assert "Book of loans to confirm" in look(demo.client(TOM), DESK).text
    assert "Book of loans to confirm" not in look(demo.client(PRIYA), DESK).text


def test_each_sheet_has_an_empty_template(demo: Demo) -> None:
    page = f"{DESK}moving-in/"
    assert "?template=totals&download=csv" in look(demo.client(AMINA), page).links()
    for name in NAMES.values():
        (headings, *_) = csv_rows(demo.client(AMINA), page, template=name)
        assert headings
