"""Provisions and guarantees at the desk: a preview, four eyes on what one loan needs, and a scheme that is entered."""

from __future__ import annotations

from commonweal.demo.story import AMINA, PRIYA, TOM
from loans.losses import claim_of, loss_accounts
from loans.models import LossProposal, ProvisionRun, SchemeParameters
from tests.demo import Demo
from tests.pages import look

PAGE = "/desk/harbour-hills/provisions/"
RULE = {f"stage_{number}": share for number, share in enumerate(("1", "5", "20", "35", "50", "75"))}
SCHEME = {
    "code": "scheme",
    "name": "A guarantee scheme",
    "source": "Its guide, page 4",
    "on": "2025-01-01",
    "share": "70",
    "recovery_share": "70",
    "least": "1,000.00",
    "most": "2,000,000.00",
    "max_months": "72",
    "claim_after_days": "0",
}


def losses_of(demo: Demo, step: str = "") -> str:
    return f"/desk/harbour-hills/loans/{demo.loan.pk}/losses/{step}"


def test_a_preview_is_posted_once_and_moves_in_the_table(demo: Demo) -> None:
    manager, finance = demo.client(TOM), demo.client(AMINA)
    assert "There are no percentages on 23 November 2026 yet" in look(manager, PAGE).text
    manager.post(f"{PAGE}percentages/", RULE | {"on": "2026-11-01", "reason": "The board’s policy"})
    shown = look(finance, PAGE)
    assert shown.rows("Provisions")[0].startswith("L-0108 | Netherby Corner Shop Society | nothing late | 1%")
    assert shown.rows("Provisions")[0].endswith("| 25,576.12 | – | 255.76 | 0.00 | 255.76")
    for _ in range(2):
        finance.post(f"{PAGE}post/", {"on": "2026-11-23", "key": "one"})
    assert ProvisionRun.objects.count() == 1
    assert str(loss_accounts(demo.loan)["set_aside"].amount) == "255.76"
    assert look(finance, PAGE).rows("Provisions")[0].endswith("| 255.76 | 255.76 | 0.00")


def test_a_specific_provision_takes_two_people(demo: Demo) -> None:
    demo.client(PRIYA).post(losses_of(demo, "specific/"), {"amount": "5,000.00", "on": "2026-11-23", "reason": "Roof"})
    proposal = LossProposal.objects.get()
    decided = {"decision": "approve", "sha256": proposal.content_sha256, "reason": ""}
    demo.client(TOM).post(losses_of(demo, f"{proposal.pk}/"), decided | {"sha256": "0" * 64})
    assert not hasattr(LossProposal.objects.get(), "decision")
    demo.client(TOM).post(losses_of(demo, f"{proposal.pk}/"), decided)
    assert LossProposal.objects.get().decision.is_approved
    assert "Approved by Tom Ashworth" in look(demo.client(TOM), losses_of(demo)).text


def test_a_scheme_a_certificate_and_a_claim(demo: Demo) -> None:
    demo.client(TOM).post(f"{PAGE}scheme/", SCHEME)
    page = look(demo.client(PRIYA), losses_of(demo))
    assert "Nobody guarantees this loan." in page.text
    version = str(SchemeParameters.objects.get().pk)
    certificate = {"parameters": version, "reference": "G-1", "on": "2026-11-23"}
    demo.client(PRIYA).post(losses_of(demo, "guarantee/"), certificate)
    demo.client(PRIYA).post(losses_of(demo, "claim/"), {"on": "2026-11-23", "reason": "It closed"})
    proposal = LossProposal.objects.get()
    assert proposal.amount == 1790328
    decided = {"decision": "approve", "sha256": proposal.content_sha256, "reason": "Agreed"}
    demo.client(TOM).post(losses_of(demo, f"{proposal.pk}/"), decided)
    assert claim_of(demo.loan) is not None
    assert str(loss_accounts(demo.loan)["receivable"].amount) == "17903.28"
