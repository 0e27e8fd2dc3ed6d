"""Acts on a live loan at the desk: what is shown before is what the books show after, and two people decide on cost."""

from __future__ import annotations

import re
from datetime import date

import pytest

from commonweal.demo.story import AMINA, PRIYA, TOM
from commonweal.desk.act_table import ALONE, TOGETHER
from commonweal.desk.loan_events import COLUMNS, OF_AN_INSTALMENT
from loans.domain.movements import BY_ITSELF, Happening, Moved
from loans.models import LoanEvent, Proposal
from loans.queries import entries_of, position_of
from tests.demo import Demo, write_off
from tests.pages import Shown, look

DESK = "/desk/harbour-hills/"
GIVEN: dict[str, dict[str, str]] = {
    "fee": {"amount": "120.00", "kind": "late", "settlement": "paid", "earned_by": ""},
    "rate": {"annual_rate": "6.5"},
    "non-accrual": {},
    "holiday": {"instalments": "3", "interest": "deferred", "extends": "on"},
    "new-terms": {"first_due_on": "2027-02-05", "instalments": "60", "annual_rate": "", "capitalises": "on"},
    "waiver": {"component": "fee", "amount": "10.00"},
    "write-off": {"amount": "1,000.00"},
}
"""What is asked of each act that the loan of the story allows, without its day and reason."""

ON = {"on": "2026-11-23", "reason": "The road is closed all winter"}


def page(demo: Demo, act: str) -> str:
    kind = "propose" if act in TOGETHER else "acts"
    return f"{DESK}loans/{demo.loan.pk}/{kind}/{act}/"


def entries(shown: Shown) -> list[str]:
    """The narratives of the entries on a page."""
    found = [row for row in shown.rows("Entries that would be posted") if "·" in row]
    return [row.partition(" · ")[2] for row in found]


def previewed(demo: Demo, act: str) -> tuple[Shown, dict[str, str]]:
    """The page with the preview, and what has to be sent to record or propose exactly that."""
    answer = demo.client(AMINA).post(page(demo, act), GIVEN[act] | ON)
    shown = Shown(answer)
    assert shown.problems() == []
    (sha256,) = set(re.findall(r'name="shown" value="([0-9a-f]{64})"', shown.source))
    return shown, GIVEN[act] | ON | {"shown": sha256, "key": act}


@pytest.mark.parametrize("act", list(GIVEN))
def test_what_a_preview_shows_is_what_the_ledger_then_shows(demo: Demo, act: str) -> None:
    if act == "waiver":
        demo.client(AMINA).post(page(demo, "fee"), previewed(demo, "fee")[1])
    before = list(entries_of(demo.loan).values_list("pk", flat=True))
    shown, asked = previewed(demo, act)
    assert list(entries_of(demo.loan).values_list("pk", flat=True)) == before
    demo.client(AMINA).post(page(demo, act), asked)
    if act in TOGETHER:
        proposal = Proposal.objects.get()
        assert not LoanEvent.objects.filter(key=f"proposal:{proposal.pk}").exists()
        demo.client(TOM).post(
            f"{DESK}proposals/{proposal.pk}/decide/", {"decision": "approve", "sha256": proposal.content_sha256}
        )
    after = entries_of(demo.loan).exclude(pk__in=before).order_by("pk")
    would = (
        entries(shown)
        if "Entries that would be posted" in shown.source and "It moves nothing" not in shown.text
        else []
    )
    assert [entry.narrative for entry in after] == would
    event = LoanEvent.objects.filter(loan=demo.loan).latest("number")
    assert event.effective_on == date(2026, 11, 23)
    told = look(demo.client(TOM), f"{DESK}loans/{demo.loan.pk}/events/{event.pk}/")
    assert told.facts("What was recorded")["Reason"] == ON["reason"]
    assert look(demo.client(TOM), f"{DESK}loans/{demo.loan.pk}/").title


def test_every_act_is_on_the_panel_or_says_why_not(demo: Demo) -> None:
    shown = look(demo.client(AMINA), f"{DESK}loans/{demo.loan.pk}/")
    labels = {act.label for act in (*ALONE.values(), *TOGETHER.values())}
    reasons = shown.forbidden()
    assert reasons["Accrue income again"] == "It accrues as usual."
    assert labels <= set(reasons) | {"".join(each.itertext()) for each in shown.tree.iter("a")}
    assert "Only a fund manager" in look(demo.client(PRIYA), f"{DESK}loans/{demo.loan.pk}/").forbidden()["Charge a fee"]


def test_a_loan_that_is_written_off_says_so_and_asks_for_nothing_more(demo: Demo) -> None:
    write_off(demo)
    shown = look(demo.client(TOM), f"{DESK}loans/{demo.loan.pk}/")
    assert "Written off £25,576.12 nothing has come back" in shown.text
    assert shown.forbidden()["Charge a fee"] == "The loan is over."
    lost = position_of(demo.loan, demo.book.business_date).lost
    quoted = look(demo.client(TOM), f"{DESK}loans/{demo.loan.pk}/settlement/", download="pdf")
    assert f"Written off; £{lost.amount:,} can still be recovered" in quoted.text
    assert "£0.00 settles" not in quoted.text


def test_another_content_than_was_shown_is_shown_first(demo: Demo) -> None:
    _, asked = previewed(demo, "fee")
    again = Shown(demo.client(AMINA).post(page(demo, "fee"), asked | {"amount": "12,000.00"}))
    assert "12,000.00" in again.text
    assert not LoanEvent.objects.filter(kind="fee_charged").exists()


def test_a_proposal_is_not_its_makers_to_approve_and_is_bound_to_what_was_shown(demo: Demo) -> None:
    _, asked = previewed(demo, "write-off")
    demo.client(AMINA).post(page(demo, "write-off"), asked)
    proposal = Proposal.objects.get()
    one = f"{DESK}proposals/{proposal.pk}/"
    assert "Write off" in look(demo.client(TOM), f"{DESK}proposals/").text
    assert look(demo.client(AMINA), one).forbidden()["Decide"] == "You proposed this, so a colleague decides."
    for person, sha256 in ((AMINA, proposal.content_sha256), (TOM, "0" * 64)):
        refused = Shown(demo.client(person).post(f"{one}decide/", {"decision": "approve", "sha256": sha256}))
        assert refused.problems()
    assert Shown(demo.client(TOM).post(f"{one}decide/", {"decision": "decline", "reason": ""})).problems()
    demo.client(AMINA).post(f"{one}withdraw/")
    assert "Withdrawn" in look(demo.client(TOM), one).text


def test_taking_a_repayment_back_shows_what_was_worked_out_again(demo: Demo) -> None:
    wrong = LoanEvent.objects.filter(loan=demo.loan, kind="repaid").order_by("number")[2]
    way = f"{DESK}loans/{demo.loan.pk}/events/{wrong.pk}/take-back/"
    would = entries(look(demo.client(TOM), way))
    before = list(entries_of(demo.loan).values_list("pk", flat=True))
    demo.client(TOM).post(way, {"on": "2026-11-23", "reason": "It was for another loan"})
    posted = [entry.narrative for entry in entries_of(demo.loan).exclude(pk__in=before).order_by("pk")]
    assert posted[0].startswith("Reversal of E-")
    assert would[0].startswith("Reversal of E-")
    assert posted[1:] == would[1:]
    undone = LoanEvent.objects.get(reverses=wrong)
    told = look(demo.client(TOM), f"{DESK}loans/{demo.loan.pk}/events/{undone.pk}/")
    assert "Worked out again because of it" in told.text
    assert told.facts("What was recorded")["Takes back"] == f"Repayment {wrong.number}"


def test_every_movement_and_all_that_it_moves_has_a_name() -> None:
    others = {Happening.DEFAULT_INTEREST, Happening.SETTLED}
    assert set(OF_AN_INSTALMENT) == BY_ITSELF - others
    assert set(COLUMNS) == set(Moved._fields)


def test_a_settlement_quote_adds_up_and_is_a_pdf(demo: Demo) -> None:
    way = f"{DESK}loans/{demo.loan.pk}/settlement/?on=2026-12-01"
    shown = look(demo.client(TOM), way)
    assert shown.facts("Parts of the figure")["Principal"].startswith("£25,")
    answer = demo.client(TOM).get(f"{way}&download=pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.getvalue().startswith(b"%PDF")
