"""The demo's whole book: added up by programs that we did not write, checked by every rule, and shown at the desk."""

from __future__ import annotations

from pathlib import Path

from commonweal.demo import story
from commonweal.demo.load import load
from commonweal.demo.story import BEA, PRIYA, TOM
from commonweal.jobs.checks import examine_everything
from ledger.models import JournalEntry
from loans.models import LoanEvent, Standing
from loans.queries import loan_by_reference
from tests.demo import Demo
from tests.ledger.other_programs import assert_others_agree
from tests.pages import look


def test_hledger_and_beancount_come_to_the_demo_s_trial_balances(living_demo: Demo, hledger: str) -> None:
    book = living_demo.book
    assert_others_agree(hledger, book, from_on=None, to_on=book.business_date)
    assert examine_everything(book) == []


def test_told_again_it_changes_nothing(living_demo: Demo, tmp_path: Path) -> None:
    def counted() -> tuple[int, int, int]:
        return JournalEntry.objects.count(), LoanEvent.objects.count(), Standing.objects.count()

    before = counted()
    load(files=tmp_path, tell=lambda text: None)
    assert counted() == before


def test_the_book_has_every_kind_of_life(living_demo: Demo) -> None:
    desk, client = f"/desk/{story.BOOK}/", living_demo.client(TOM)
    bakery = loan_by_reference(living_demo.book, "L-0103")
    assert bakery is not None
    waiting = look(client, desk).text
    for words in (
        "2 Proposals and requests to decide",
        "Waiver, The Plough Community Pub, by Priya Nair; Ovens of Otterby asks for a pause",
        "2 Loans in arrears",
        "1 Message not read Ovens of Otterby",
    ):
        assert words in waiting, waiting
    arrears = {row[0]: row[1] for row in look(client, f"{desk}loans/arrears/").table("Arrears by age")[1:]}
    assert (arrears["1–30 days late"], arrears["31–60 days late"]) == ("1", "1")
    assert "Near" in look(client, f"{desk}covenants/").text
    assert "bakery-july-to-september.csv" in look(client, f"{desk}loans/{bakery.pk}/").text
    assert "We are looking at it" in look(living_demo.client(BEA), "/borrower/").text
    assert "Ovens of Otterby" in look(living_demo.client(PRIYA), f"{desk}proposals/").text
