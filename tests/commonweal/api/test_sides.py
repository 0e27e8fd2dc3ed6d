"""Who sees what: field by field for the business and the investor, and nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from commonweal.access.models import ReadRecord
from commonweal.access.rules import Role
from commonweal.access.table import TABLE
from tests.commonweal.api.client import Api, Said
from tests.commonweal.api.reads import NEEDED, read_by
from tests.commonweal.api.story import CODE, OTHER, Story
from tests.commonweal.api.writes import contracts, write

BOOK = f"books/{CODE}/"
NAMED_IN_BODIES = [
    ("application-list", "organisation", "organisation"),
    ("application-list", "product", "product"),
    ("loan-repay", "bank_line", "bank_line"),
    ("loan-confirm-drawdown", "bank_line", "bank_line"),
    ("loan-repay-preview", "bank_line", "bank_line"),
    ("loan-settle", "bank_line", "bank_line"),
    ("loan-settle-preview", "bank_line", "bank_line"),
    ("loan-recover", "bank_line", "bank_line"),
    ("loan-recover-preview", "bank_line", "bank_line"),
    ("mandate-list", "loan", "loan"),
    ("loan-propose", "request", "asked"),
    ("loan-guarantee", "parameters", "parameters"),
    ("loan-guarantor-money", "bank_line", "bank_line"),
    ("authority-list", "person", "colleague"),
    ("contribution", "bank_line", "bank_line"),
    ("contribution", "investor", "investor"),
    ("reading-list", "replaces", "reading"),
    ("accounts-list", "replaces", "accounts"),
    ("project-funding", "replaces", "funding"),
    ("grant-payment", "grant", "grant"),
    ("grant-payment", "entry", "entry"),
    ("base-rate-list", "replaces", "base_rate"),
    ("file-list", "loan", "loan"),
    ("contact-list", "settles", "contact"),
    ("payee-list", "organisation", "organisation"),
    ("person-end", "organisation", "organisation"),
    ("person-end", "investor", "investor"),
    ("invitation-list", "organisation", "organisation"),
    ("invitation-list", "investor", "investor"),
    ("payee-list", "investor", "investor"),
    ("tax-accreditation-lose", "accreditation", "accreditation"),
    ("tax-loan-list", "loan", "loan"),
    ("tax-investment-list", "investor", "investor"),
    ("tax-investment-list", "entry", "entry"),
    ("tax-movement-list", "entry", "entry"),
    ("tax-movement-take-back", "movement", "movement"),
    ("facility-draw", "bank_line", "bank_line"),
    ("capital-pay-in", "investor", "investor"),
    ("participation-certificate", "loan", "loan"),
    ("investor-contact-list", "replaces", "investor_contact"),
    ("neighbourhood-priority", "replaces", "priority"),
    ("neighbourhood-answer", "priority", "priority"),
    ("neighbourhood-answer", "loan", "loan"),
    ("lender-consent-answer", "investor", "investor"),
]
OF_STAFF = {
    "people",
    "posted_by",
    "recorded_by",
    "prepared_by",
    "made_by",
    "checked_by",
    "agreed_by",
    "entry",
    "reason",
}


def keys_in(body: Any) -> set[str]:
    """Every name of a field in an answer."""
    if isinstance(body, list):
        return set().union(*(keys_in(part) for part in body)) if body else set()
    return set(body) | set().union(*map(keys_in, body.values())) if isinstance(body, dict) else set()


@pytest.mark.parametrize("role", ["borrower", "investor"])
def test_what_a_side_reads_is_these_fields_and_no_others(
    role: str, story: Story, as_: Callable[[str], Api], golden: Callable[[str, Said], None]
) -> None:
    for name in (
        "loan",
        "loan-list",
        *(["loan-schedule", "loan-event-list"] if role == "borrower" else ["holding-list"]),
    ):
        golden(f"{name}-for-{role}", as_(role).get(read_by(role, name, story)))


def test_the_manager_reads_these_fields(story: Story, manager: Api, golden: Callable[[str, Said], None]) -> None:
    for name in ("loan", "application", "loan-participation-list", "investor", "journal", "entry"):
        golden(name, manager.get(read_by("manager", name, story)))


@pytest.mark.parametrize("role", ["borrower", "investor"])
def test_nothing_of_the_staffs_is_read_by_the_other_sides(role: str, story: Story, as_: Callable[[str], Api]) -> None:
    for name, rule in TABLE.items():
        permission = rule.permission("GET")
        if not name.startswith("api:") or permission is None or Role(role) not in permission.roles:
            continue
        said = as_(role).get(read_by(role, name.removeprefix("api:"), story), **NEEDED.get(name, {}))
        assert keys_in(said.body) & OF_STAFF == set(), name


def test_an_investor_sees_no_other_investors_name_or_amount(story: Story, as_: Callable[[str], Api]) -> None:
    """The parts of NRB are 21,000.00 of 35,000.00; those of TST and LOT, and the whole, appear nowhere."""
    words = {"TST", "Tideway", "LOT", "Lottery", "10500.00", "3500.00", "35000.00", "14000.00"}
    for name in ("loan", "loan-list", "investor", "investor-list", "holding-list", "document-list", "book-list"):
        text = as_("investor").get(read_by("investor", name, story)).content.decode()
        assert [word for word in words if word in text] == [], name


def test_an_investor_does_not_find_another(story: Story, as_: Callable[[str], Api]) -> None:
    nrb, tst = as_("investor"), as_("second investor")
    assert [row["code"] for row in nrb.get(f"{BOOK}investors/").rows] == ["NRB"]
    assert [row["code"] for row in tst.get(f"{BOOK}investors/").rows] == ["TST"]
    theirs, nothing = (nrb.get(f"{BOOK}investors/{pk}/holdings/") for pk in (story.ids["TST"], 987654321))
    assert (theirs.status, theirs.content) == (404, nothing.content)


def test_an_investor_sees_only_the_loans_that_it_shares(story: Story, as_: Callable[[str], Api]) -> None:
    assert [row["reference"] for row in as_("investor").get(f"{BOOK}loans/").rows] == ["L-0108"]
    said = as_("investor").get(f"{BOOK}loans/{story.ids['undrawn']}/")
    assert (said.status, said.code) == (404, "not_found")


def test_a_business_sees_its_own_loans_and_documents(story: Story, as_: Callable[[str], Api]) -> None:
    jo = as_("borrower")
    assert [row["reference"] for row in jo.get(f"{BOOK}loans/").rows] == ["L-0108"]
    assert [row["number"] for row in jo.get("documents/").rows] == ["2026-Q3-L-0108"]
    assert [row["id"] for row in jo.get(f"{BOOK}organisations/").rows] == [story.ids["organisation"]]
    assert jo.get(f"{BOOK}applications/{story.ids['loan_application']}/").status == 404


@pytest.mark.parametrize(
    ("role", "name"), [("borrower", "trial-balance"), ("investor", "loan-schedule"), ("borrower", "investor-list")]
)
def test_what_is_not_for_a_side_does_not_exist_for_it(
    role: str, name: str, story: Story, as_: Callable[[str], Api]
) -> None:
    assert as_(role).get(read_by(role, name, story)).status == 404


def test_a_role_that_lacks_is_told_whom_to_ask(story: Story, as_: Callable[[str], Api]) -> None:
    one = write("application-approve", story)
    said = as_("officer").post(one.path, one.body)
    assert (said.status, said.code) == (403, "forbidden")
    assert said.message.startswith("Only a fund manager may approve an application that a colleague prepared. You are")
    assert "Ask manager of harbour-hills." in said.message


def test_a_stranger_finds_nothing(story: Story, as_: Callable[[str], Api]) -> None:
    assert as_("stranger").get("books/").status == 404
    assert as_("stranger").get(BOOK).status == 404


def test_another_fund_does_not_exist(story: Story, manager: Api) -> None:
    theirs, nothing = (manager.get(f"books/{code}/loans/") for code in (OTHER, "no-such-fund"))
    assert theirs.status == nothing.status == 404
    for part, pk in (("loans", "loan"), ("entries", "entry"), ("organisations", "organisation")):
        theirs, nothing = (manager.get(f"{BOOK}{part}/{n}/") for n in (story.foreign[pk], 987654321))
        assert (theirs.status, theirs.content) == (404, nothing.content), part


@pytest.mark.parametrize(("name", "field", "thing"), NAMED_IN_BODIES)
def test_what_a_body_names_of_another_fund_is_answered_like_nothing(
    name: str, field: str, thing: str, story: Story, manager: Api
) -> None:
    one = write(name, story)
    theirs = story.foreign[thing]
    nothing = 987654321 if isinstance(theirs, int) else "NOTHING"
    answers = []
    for value in (theirs, nothing):
        with transaction.atomic():
            answers.append(manager.post(one.path, {**one.body, field: value}))
            transaction.set_rollback(True)
    assert (answers[0].status, answers[0].content) == (400, answers[1].content)
    assert list(answers[0].fields) == [field]


def test_a_participation_of_another_funds_investor_is_answered_like_nothing(story: Story, manager: Api) -> None:
    one = write("loan-participation-list", story)
    answers = [
        manager.post(one.path, {**one.body, "participations": [{**one.body["participations"][0], "investor": code}]})
        for code in (story.foreign["investor"], "NOTHING")
    ]
    assert (answers[0].status, answers[0].content) == (400, answers[1].content)


def test_every_name_in_a_body_is_tried() -> None:
    """A field that names something by id, code or number stands in the list above, or names nothing of anybody's."""
    harmless = {(name, "indicator") for name in ("proxy-list", "target-list", "reading-list", "loan-target-list")}
    named = {
        (name, field)
        for name, contract in contracts("POST").items()
        for field, kind in contract.takes().fields.items()
        if type(kind).__name__ == "Id" or field in ("organisation", "product", "investor", "indicator", "person")
    }
    assert named - harmless == {(name, field) for name, field, _ in NAMED_IN_BODIES}


def test_what_staff_read_of_a_business_is_recorded(story: Story, manager: Api, as_: Callable[[str], Api]) -> None:
    as_("borrower").get(f"{BOOK}organisations/{story.ids['organisation']}/")
    manager.get(f"{BOOK}organisations/{story.ids['organisation']}/")
    manager.get(f"{BOOK}organisations/")
    manager.get(f"documents/{story.ids['document']}/download/")
    manager.get(f"{BOOK}journals/{story.ids['draft']}/attachment/")
    recorded = [(row.user_id, row.what) for row in ReadRecord.objects.order_by("pk")]
    who = story.ids["people"]["manager"]
    assert recorded == [(who, "organisation"), (who, "organisations"), (who, "document"), (who, "attachment")]


def test_a_revoked_token_opens_nothing(story: Story, manager: Api) -> None:
    from django.utils import timezone

    from commonweal.access.models import ApiToken
    from commonweal.access.tokens import revoke_token

    revoke_token(token=ApiToken.objects.get(label="manager"), at=timezone.now())
    assert manager.get("books/").status == 401
