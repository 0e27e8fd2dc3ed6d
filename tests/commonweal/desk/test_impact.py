"""Impact at the desk: who is asked and who told, a claim and a plan agreed, a reading looked at and put right."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from borrowers.queries import claims_of, current_answers, indicators
from commonweal.demo.story import PRIYA, RUTH, TOM
from loans.queries import impact_targets
from loans.returns_queries import evidence_of, return_plan_of
from tests.demo import Demo
from tests.loans.builders import Fund, make_loan
from tests.pages import look, send

BOOK = "/desk/harbour-hills"


def of_shop(demo: Demo) -> str:
    return f"{BOOK}/organisations/{demo.loan.organisation_id}"


def questions_of(demo: Demo) -> int:
    plan = return_plan_of(demo.book, demo.loan.organisation)
    return plan.questions.count() if plan else 0


def test_the_returns_of_the_book_say_who_is_asked_and_who_told(demo: Demo) -> None:
    shown = look(demo.client(RUTH), f"{BOOK}/impact/")
    assert "0 of 1 sent, 0 late; a late return lowers coverage and nothing else" in shown.text
    assert "Netherby Corner Shop Society" in shown.text
    assert "0 of 4" in shown.text


def test_a_business_is_seen_with_its_claim_promise_figures_and_consents(demo: Demo) -> None:
    shown = look(demo.client(PRIYA), f"{of_shop(demo)}/impact/")
    for said in (
        "People find paid work in their own village",
        "young people under 25, people over 65",
        "from 3 to 6 people by 31 March 2028",
        "£182,400",
        "Till count in four weeks, times thirteen",
        "The counter that stayed",
        "never said",
        "How many hours did volunteers give?",
    ):
        assert said in shown.text, said


def test_a_colleague_looks_at_a_reading_and_puts_another_right(demo: Demo) -> None:
    shop = demo.loan.organisation
    one = current_answers(shop).filter(indicator__code="people-in-work").latest("period_end")
    path = f"{of_shop(demo)}/readings/{one.pk}/"
    confirmed = send(demo.client(PRIYA), f"{path}confirm/", how="Seen the payroll summary")
    assert "The reading is confirmed." in confirmed.text
    again = send(demo.client(TOM), f"{path}confirm/", how="Seen it too")
    assert "confirmed already" in again.text
    silent = send(demo.client(TOM), f"{path}restate/", value="6", reason="", evidence="Payroll")
    assert "Answer “What was wrong?”" in silent.text
    why = {"reason": "One was counted as a volunteer", "evidence": "Payroll"}
    right = send(demo.client(TOM), f"{path}restate/", value="6", **why)
    assert "6 people" in right.text
    assert "One was counted as a volunteer" in right.text
    assert "No statement was issued while the earlier figure stood" not in right.text
    assert "2026-Q3-TST" in right.text


def test_a_document_is_kept_with_a_reading_and_a_program_is_not(demo: Demo) -> None:
    one = current_answers(demo.loan.organisation).filter(indicator__code="people-in-work").latest("period_end")
    path = f"{of_shop(demo)}/readings/{one.pk}/"
    before = len(evidence_of([one]).get(one.pk, []))
    program = SimpleUploadedFile("payroll.pdf", b"MZ\x90\x00\x03")
    refused = send(demo.client(TOM), f"{path}evidence/", file=program)
    assert len(refused.problems()) == 1
    assert len(evidence_of([one]).get(one.pk, [])) == before
    kept = send(demo.client(TOM), f"{path}evidence/", file=SimpleUploadedFile("minutes.txt", b"Six people"))
    assert "The document is kept with the reading." in kept.text
    assert "minutes.txt" in kept.text
    assert len(evidence_of([one])[one.pk]) == before + 1


def test_what_is_asked_changes_only_with_consent(demo: Demo) -> None:
    path = f"{of_shop(demo)}/returns/"
    chosen = [one.pk for one in indicators().filter(code__in=("people-in-work", "homes", "revenue"))]
    asked = {"indicators": chosen, "every_months": "12", "first_start": "2025-11-01", "due_days": "75"}
    client = demo.client(PRIYA)
    assert "Who of the business agreed to the change" in send(client, path, **asked, consented="").text
    assert questions_of(demo) == 4
    send(client, path, **asked, consented="Jo Armstrong, by telephone")
    assert questions_of(demo) == 3


def test_a_claim_names_its_five_dimensions(demo: Demo) -> None:
    claim = {"what": "Older neighbours meet", "area": "family", "who": ["older"], "risk": "drop-off", "scale": "Forty"}
    refused = send(demo.client(PRIYA), f"{of_shop(demo)}/claims/new/", **claim | {"who": []})
    assert "For whom?" in refused.text
    send(demo.client(PRIYA), f"{of_shop(demo)}/claims/new/", **claim)
    assert [one.what for one in claims_of([demo.loan.organisation])][-1] == "Older neighbours meet"


def target(demo: Demo, code: str, **changes: object) -> dict[str, object]:
    """A promise as it is typed."""
    typed = {"baseline": "700", "baseline_on": "2025-04-01", "target": "900", "target_by": "2028-03-31"}
    return {"loan": demo.loan.pk, "indicator": indicators().get(code=code).pk, **typed, **changes}


def test_a_target_is_promised_with_the_loan_and_not_the_wrong_way_round(demo: Demo) -> None:
    client, path = demo.client(PRIYA), f"{of_shop(demo)}/targets/new/"
    assert "goes the other way" in send(client, path, **target(demo, "volunteer-hours", target="300")).text
    nowhere = send(client, path, **target(demo, "volunteer-hours", baseline="", baseline_on="")).text
    assert "needs a baseline" in nowhere
    told = send(client, path, **target(demo, "volunteer-hours")).text
    assert "from 700 to 900 hours by 31 March 2028" in told
    assert "is promised with L-0108 already" in send(client, path, **target(demo, "volunteer-hours")).text
    assert impact_targets(demo.loan).count() == 2


def test_a_target_cannot_name_the_loan_of_another_business(demo: Demo) -> None:
    fund = Fund(demo.book, demo.loan.product, demo.user(PRIYA), demo.user(TOM))
    other = make_loan(fund, shop="8999")
    assert other.organisation_id != demo.loan.organisation_id
    refused = send(demo.client(PRIYA), f"{of_shop(demo)}/targets/new/", **target(demo, "revenue", loan=other.pk))
    assert len(refused.problems()) == 1
    assert impact_targets(other).count() == 0


def test_what_was_told_on_paper_is_recorded_once(demo: Demo) -> None:
    client, path = demo.client(PRIYA), f"{of_shop(demo)}/readings/new/"
    typed = {"indicator": indicators().get(code="homes").pk, "first_day": "2025-10-01", "end": "2026-10-01"}
    figure = {"answer": "value", "value": "2", "grade": "B", "evidence": "Completion certificates"}
    assert "none that says how it is supported" in send(client, path, **typed, **figure | {"grade": ""}).text
    assert "is not over on" in send(client, path, **typed | {"end": "2027-10-01"}, **figure).text
    assert "has no figure beside it" in send(client, path, **typed, **figure | {"answer": "nothing"}).text
    told = send(client, path, **typed, **figure)
    assert "2 homes" in told.text
    assert "Completion certificates" in told.text
    assert "is recorded already" in send(client, path, **typed, **figure).text
    nothing = {**typed, "first_day": "2024-10-01", "end": "2025-10-01", "answer": "nothing", "value": "", "grade": ""}
    assert "nothing to report" in send(client, path, **nothing).text.lower()
    kept = current_answers(demo.loan.organisation).filter(indicator__code="homes").order_by("period_end")
    assert [(one.answer, one.value) for one in kept] == [("nothing", None), ("value", 2)]


@pytest.mark.parametrize("page", ["targets/new/", "readings/new/"])
def test_neither_is_the_auditor_s_to_enter(demo: Demo, page: str) -> None:
    assert demo.client(RUTH).post(f"{of_shop(demo)}/{page}").status_code == 403


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sdg_targets": "8.5, 8.11"}, "There is no SDG target '8.11'"),
        ({"least": "10", "most": "5"}, "holds nothing"),
        ({"adds_up": "average"}, "what weighs it"),
    ],
)
def test_an_indicator_of_our_own_is_refused_where_it_contradicts_itself(
    demo: Demo, changes: dict[str, str], said: str
) -> None:
    given = {
        "name": "Swimming lessons",
        "code": "swimming-lessons",
        "question": "How many lessons were given?",
        "unit": "lessons",
        "least": "0",
        "decimals": "0",
        "direction": "increase",
        "measure": "flow",
        "adds_up": "sum",
        "area": "body",
        "sdg_targets": "3.4",
    }
    client, path = demo.client(TOM), f"{BOOK}/indicators/new/"
    assert said in send(client, path, **given | changes).text
    assert "Swimming lessons" in send(client, path, **given).text
    assert indicators().get(code="swimming-lessons").is_own
