"""A loss through the API: provided for, claimed from a guarantor, written off by two people, recovered and shared."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from commonweal.access.models import User
from ledger.checks import examine
from ledger.models import Book
from loans.checks import CHECKS
from loans.models import Product
from tests.builders import make_user
from tests.commonweal.api.client import Api, pounds_out
from tests.commonweal.api.story import CODE, Story
from tests.commonweal.api.writes import PERCENTAGES, SCHEME
from tests.loans.builders import Fund, bank_line

BOOK = f"books/{CODE}/"
WHY = {"reason": "It closed its doors"}


def money_line(amount: str, reference: str) -> dict[str, int]:
    """A line of today that waits in suspense."""
    book = Book.objects.get(code=CODE)
    fund = Fund(book, Product.objects.get(book=book), priya=make_user(name="Priya Two"), tom=make_user(name="Tom Two"))
    return {"bank_line": bank_line(fund, amount, reference, "2026-11-23").pk}


def test_a_loan_is_provided_for_claimed_written_off_and_partly_recovered(
    story: Story, manager: Api, finance: Api, as_: Callable[[str], Api]
) -> None:
    loan = f"{BOOK}loans/{story.ids['loan']}/"
    provided_for(finance)
    claimed_and_paid(loan, manager, finance, as_("officer"))
    may_approve = User.objects.get(pk=story.ids["people"]["finance"]).email
    written_off(loan, manager, finance, as_("officer"), may_approve)
    recovered_and_shared(loan, finance)
    assert examine(Book.objects.get(code=CODE), CHECKS) == []


def provided_for(finance: Api) -> None:
    """Half of what nobody guarantees: the loan is late by more than 90 days."""
    before = finance.get(f"{BOOK}provisions/").rows
    row = next(row for row in before if row["reference"] == "L-0108")
    assert (row["stage"], row["share"], row["principal"]["amount"], row["guaranteed"]["amount"]) == (
        *("over-90", "0.5"),
        *("33994.19", "23795.93"),
    )
    assert (row["should"]["amount"], row["has"]["amount"], row["change"]["amount"]) == ("5099.13", "101.98", "4997.15")
    assert finance.post(f"{BOOK}provisions/runs/").status == 201
    after = finance.get(f"{BOOK}provisions/").rows
    assert [(one["has"], one["change"]["amount"]) for one in after] == [(one["should"], "0.00") for one in before]
    totals = finance.get(f"{BOOK}provisions/totals/").body
    assert (totals["is_posted"], totals["rule"]["percentages"]["over-90"]) == (True, "0.5")
    charged = sum(Decimal(one["change"]["amount"]) for one in before)
    assert Decimal(totals["movement"]["charge"]["amount"]) - Decimal(totals["movement"]["release"]["amount"]) == charged
    late = next(one for one in totals["stages"] if one["stage"] == "over-90")
    assert late["should"]["amount"] == totals["movement"]["closing"]["amount"]


def claimed_and_paid(loan: str, manager: Api, finance: Api, officer: Api) -> None:
    """Seventy per cent of principal, by two people; the guarantor pays it."""
    could = manager.get(f"{loan}losses/").body
    assert (could["claimable"], could["why_not_claim"]) == (pounds_out("23795.93"), "")
    made = officer.post(f"{loan}loss-proposals/", {"kind": "claim", **WHY}).body
    assert (made["state"], made["amount"]) == ("waiting", pounds_out("23795.93"))
    assert officer.post(f"{BOOK}loss-proposals/{made['id']}/approve/", {"sha256": made["sha256"]}).status == 403
    other = manager.post(f"{BOOK}loss-proposals/{made['id']}/approve/", {"sha256": "0" * 64})
    assert (other.status, other.code) == (409, "terms_changed")
    said = manager.post(f"{BOOK}loss-proposals/{made['id']}/approve/", {"sha256": made["sha256"]})
    assert (said.status, said.body["state"]) == (200, "approved")
    found = [row["id"] for row in manager.get(f"{BOOK}loss-proposals/", state="approved").rows]
    assert made["id"] in found
    stands = manager.get(f"{loan}losses/").body
    assert "is claimed for already" in stands["why_not_claim"]
    assert (stands["receivable"], stands["claimed"]) == (pounds_out("23795.93"), pounds_out("23795.93"))
    paid = finance.post(f"{loan}guarantor-money/", money_line("23795.93", "G-1"))
    assert (paid.status, paid.body["kind"]) == (201, "claim-paid")
    assert manager.get(f"{loan}losses/").body["receivable"] == pounds_out("0.00")
    more = finance.post(f"{loan}guarantor-money/", money_line("1.00", "G-1"))
    assert (more.status, more.code) == (409, "guarantee_refused")


def written_off(loan: str, manager: Api, finance: Api, officer: Api, may_approve: str) -> None:
    """The guarantee bears it first, then what is set aside; nobody signs above their authority."""
    manager.post(f"{BOOK}authorities/", {"kind": "written_off", "limit": pounds_out("1000.00")})
    event = {"event": {"event": "written_off"}, **WHY}
    seen = officer.post(f"{loan}acts/preview/", event, key=None).body
    assert [entry["narrative"] for entry in seen["entries"][-2:]] == [
        "Guarantee used for L-0108",
        "Provision used for L-0108",
    ]
    made = officer.post(f"{loan}proposals/", event).body
    approval = {"sha256": made["sha256"], "reason": "Nothing is left"}
    refused = manager.post(f"{BOOK}proposals/{made['id']}/approve/", approval)
    assert (refused.status, refused.code) == (409, "above_authority")
    theirs = {"kind": "written_off", "person": may_approve, "limit": pounds_out("50000.00")}
    assert manager.post(f"{BOOK}authorities/", theirs).status == 201
    assert finance.post(f"{BOOK}proposals/{made['id']}/approve/", approval).status == 201
    after = manager.get(loan).body["position"]
    assert (after["principal_outstanding"], after["written_off"]) == (pounds_out("0.00"), pounds_out("33994.19"))
    assert after == {name: value for name, value in seen["after"].items() if name != "instalments"}


def recovered_and_shared(loan: str, finance: Api) -> None:
    """£5,000.00 come back, of which the guarantor gets seventy per cent."""
    assert finance.post(f"{loan}recoveries/", money_line("5000.00", "freezers")).status == 201
    assert finance.get(loan).body["position"]["recovered"] == pounds_out("5000.00")
    assert finance.get(f"{loan}losses/").body["owed"] == pounds_out("3500.00")
    assert finance.post(f"{loan}guarantor-money/", money_line("-3500.00", "G-1")).status == 201
    stands = finance.get(f"{loan}losses/").body
    assert [(row["kind"], row["amount"]["amount"]) for row in stands["entries"]] == [
        ("claimed", "23795.93"),
        ("claim-paid", "23795.93"),
        ("guarantee", "23795.93"),
        ("provision", "5099.13"),
        ("recovery", "3500.00"),
        ("paid-over", "3500.00"),
    ]
    assert {stands[name]["amount"] for name in ("set_aside", "claimed", "receivable", "owed")} == {"0.00"}


def test_ones_own_is_not_approved_and_may_be_taken_back(story: Story, manager: Api, finance: Api) -> None:
    path = f"{BOOK}loans/{story.ids['loan']}/loss-proposals/"
    made = finance.post(path, {"kind": "specific", "amount": pounds_out("9000.00"), **WHY}).body
    one, shown = f"{BOOK}loss-proposals/{made['id']}/", {"sha256": made["sha256"], **WHY}
    own = finance.post(f"{one}approve/", shown)
    assert (own.status, own.code) == (409, "approval_by_maker")
    assert finance.post(f"{one}decline/", shown).body["state"] == "declined"
    again = manager.post(f"{one}approve/", shown)
    assert (again.status, again.code) == (409, "move_not_allowed")
    too_much = finance.post(path, {"kind": "specific", "amount": pounds_out("99000.00"), **WHY})
    assert (too_much.status, too_much.code) == (409, "provision_refused")


def test_percentages_name_every_stage_and_never_ease(story: Story, manager: Api, as_: Callable[[str], Api]) -> None:
    path = f"{BOOK}provisions/percentages/"
    rule = {"effective_on": "2026-11-24", "percentages": PERCENTAGES, **WHY}
    assert as_("finance").post(path, rule).status == 403
    for wrong in ({"current": "0.9"}, {"current": "1.1"}, {"late": "1"}):
        said = manager.post(path, {**rule, "percentages": {**PERCENTAGES, **wrong}})
        assert said.status in (400, 409)
    missing = manager.post(path, {**rule, "percentages": {"current": "0"}})
    assert set(missing.fields["percentages"]) == set(PERCENTAGES) - {"current"}
    assert manager.post(path, rule).body["percentages"] == PERCENTAGES
    assert manager.get(f"{BOOK}provisions/totals/", as_of="2026-11-24").body["rule"]["percentages"] == PERCENTAGES


def test_before_there_are_percentages_nothing_is_worked_out(story: Story, manager: Api) -> None:
    assert manager.get(f"{BOOK}provisions/", as_of="2025-04-30").rows == []
    assert manager.get(f"{BOOK}provisions/totals/", as_of="2025-04-30").body["rule"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"share": "0"},
        {"most": pounds_out("1.00")},
        {"ends_on": "2025-01-01"},
        {"most": {"amount": "9.00", "currency": "EUR"}},
    ],
)
def test_a_scheme_makes_sense_and_is_of_the_books_currency(
    wrong: dict[str, object], story: Story, manager: Api
) -> None:
    said = manager.post(f"{BOOK}guarantee-schemes/", {**SCHEME, "least": pounds_out("2.00"), **wrong})
    assert (said.status, said.code) == (409, "guarantee_refused")


def test_another_version_of_a_scheme_stands_beside_the_first(story: Story, manager: Api) -> None:
    manager.post(f"{BOOK}guarantee-schemes/", SCHEME)
    again = manager.post(f"{BOOK}guarantee-schemes/", {**SCHEME, "effective_on": "2026-06-01", "share": "0.8"})
    assert [version["share"] for version in again.body["versions"]] == ["0.8", "0.7"]
    same = manager.post(f"{BOOK}guarantee-schemes/", SCHEME)
    assert (same.status, same.code) == (409, "guarantee_refused")
