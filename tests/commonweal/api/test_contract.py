"""What holds for every operation: it works, it refuses what it does not know, and it is as the schema says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction

from commonweal.access.table import TABLE
from commonweal.api.fields import Strict, Text
from tests.commonweal.api.client import Api
from tests.commonweal.api.conformity import assert_conforms, operation
from tests.commonweal.api.story import CODE, Story
from tests.commonweal.api.writes import contracts, write, writes

WRITES = sorted(contracts("POST"))
MONEY = {
    "bank-import",
    "bank-line-match",
    "bank-line-undo",
    "contribution",
    "debit-advice",
    "debit-return",
    "entry-reverse",
    "journal-post",
    "capital-act-approve",
    "capital-pay-in",
    "loan-confirm-drawdown",
    "loan-act",
    "loan-draw-down",
    "loan-event-reverse",
    "loan-guarantor-money",
    "loan-recover",
    "loan-repay",
    "loan-settle",
    "loss-proposal-approve",
    "moving-in-confirm",
    "payment-file-list",
    "payment-file-take",
    "payout-approve",
    "payout-take-back",
    "proposal-approve",
    "provision-run-list",
    "transfer-approve",
    "facility-draw",
    "facility-repay",
    "facility-rate",
    "facility-fee",
    "facility-take-back",
    "facility-terms-approve",
}
HOSTILE: tuple[Any, ...] = (
    None,
    "",
    " ",
    True,
    0,
    -1,
    1.5,
    2**63,
    "NaN",
    "1e3",
    "١٢",
    "-0.00",
    "99999999999999.99",
    "9999-12-31",
    "2026-02-30",
    "a\x00b",
    "\ud800",
    "x" * 5000,
    "'; DROP TABLE ledger_book; --",
    [],
    {},
    [None],
    {"amount": "1e9", "currency": "GBP"},
    {"amount": "-5.00", "currency": "GBP"},
    {"amount": "99999999999999.00", "currency": "GBP"},
    {"amount": "1.00", "currency": "XXX1"},
    {"amount": "1.001", "currency": "GBP"},
)


def changes_so_far() -> int:
    """How many rows this transaction has inserted, updated or deleted, taken back or not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_xact_user_tables")
        return int(cursor.fetchone()[0])


def test_every_write_is_tried(story: Story) -> None:
    assert sorted(one.name for one in writes(story)) == WRITES


@pytest.mark.parametrize("name", WRITES)
def test_a_write_works_and_answers_as_the_schema_says(name: str, story: Story, as_: Callable[[str], Api]) -> None:
    one = write(name, story)
    said = as_(one.role).post(one.path, one.body)
    assert said.status == contracts("POST")[name].status, said.body
    words = name.replace("-", "_")
    assert_conforms(f"{words}_create" if words.endswith("_list") else words, said.status, said.body)


@pytest.mark.parametrize("name", WRITES)
def test_a_write_refuses_every_field_of_every_model_that_it_does_not_declare(
    name: str, story: Story, as_: Callable[[str], Api]
) -> None:
    one = write(name, story)
    declared = set(contracts("POST")[name].takes().fields)
    columns = {field.name for model in apps.get_models() for field in model._meta.concrete_fields}
    foreign = columns | {"id", "pk", "is_active", "book_id", "user", "role"} - declared
    extra = dict.fromkeys(sorted(foreign - declared), "1")
    as_(one.role).get("books/")
    before = changes_so_far()
    said = as_(one.role).post(one.path, {**one.body, **extra})
    assert (said.status, said.code) == (400, "invalid")
    assert set(said.fields) == set(extra)
    assert changes_so_far() == before


@pytest.mark.parametrize("name", WRITES)
def test_a_write_names_the_one_field_that_it_does_not_know(name: str, story: Story, as_: Callable[[str], Api]) -> None:
    one = write(name, story)
    said = as_(one.role).post(one.path, {**one.body, "amuont": "1"})
    assert (said.status, said.fields) == (
        400,
        {"amuont": ["This field is not known here. Leave it out; nothing was changed."]},
    )


@pytest.mark.parametrize("name", WRITES)
def test_a_write_takes_no_query(name: str, story: Story, as_: Callable[[str], Api]) -> None:
    one = write(name, story)
    said = as_(one.role).post(f"{one.path}?dry_run=true", one.body)
    assert (said.status, list(said.fields)) == (400, ["dry_run"])


def accepted(takes: type[Strict], body: dict[str, Any], field: str) -> list[Any]:
    """The values that the shape alone does not refuse, so that a service is reached; of plain text two are enough."""
    found = [value for value in HOSTILE if takes(data={**body, field: value}).is_valid()]
    return found[-2:] if isinstance(takes().fields[field], Text) else found


@pytest.mark.parametrize("name", [name for name in WRITES if contracts("POST")[name].takes().fields])
def test_a_write_answers_hostile_values_and_never_breaks(name: str, story: Story, as_: Callable[[str], Api]) -> None:
    one, takes = write(name, story), contracts("POST")[name].takes
    bodies = [dict.fromkeys(one.body, value) for value in HOSTILE]
    bodies += [{**one.body, field: value} for field in one.body for value in accepted(takes, one.body, field)]
    for body in {repr(body): body for body in bodies}.values():
        with transaction.atomic():
            said = as_(one.role).post(one.path, body)
            transaction.set_rollback(True)
        assert said.status in (200, 201, 202, 400, 409), (body, said.body)
        if said.status >= 400:
            assert said.message.strip(), body


def test_a_name_that_is_no_text_is_named_all_the_same(story: Story, manager: Api) -> None:
    said = manager.post(f"books/{CODE}/seals/", {"\ud800": 1, "x" * 500: 1})
    assert (said.status, sorted(said.fields)) == (400, ["?", "x" * 100])


@pytest.mark.parametrize("name", WRITES)
def test_content_that_is_no_object_is_refused(name: str, story: Story, as_: Callable[[str], Api]) -> None:
    one = write(name, story)
    for body in ([], [one.body], "text", 1):
        said = as_(one.role).post(one.path, body)
        assert (said.status, said.code) == (400, "invalid"), body


def test_the_operations_that_move_money_are_these() -> None:
    assert {name for name, contract in contracts("POST").items() if contract.moves_money} == MONEY


@pytest.mark.parametrize("name", sorted(MONEY))
def test_a_request_that_moves_money_needs_a_key(name: str, story: Story, manager: Api) -> None:
    one = write(name, story)
    before = changes_so_far()
    said = manager.post(one.path, one.body, key=None)
    assert (said.status, said.code) == (400, "idempotency_key_missing")
    assert changes_so_far() - before <= 1, "only the token's day of use may be noted"


@pytest.mark.parametrize("key", ["", "a b", "é", "x" * 101, "a/b"])
def test_a_key_that_is_none_is_refused(key: str, story: Story, manager: Api) -> None:
    one = write("seal-list", story)
    headers = {"Authorization": f"Bearer {manager.token}", "Idempotency-Key": key}
    from django.test import Client

    answer = Client().post(f"/api/v1/{one.path}", "{}", content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "idempotency_key_malformed")


def test_the_schema_is_valid_and_has_no_warnings(tmp_path: Any) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "openapi.yaml"))


def test_the_schema_is_there_for_anybody(story: Story) -> None:
    said = Api("").get("/api/schema/")
    assert said.status == 200
    assert b'"operationId":"loan_draw_down"' in said.content.replace(b'": "', b'":"')


def test_the_schema_says_which_requests_need_a_key() -> None:
    header = [one for one in operation("loan_draw_down")["parameters"] if one["name"] == "Idempotency-Key"]
    assert [one["required"] for one in header] == [True]
    assert not any(one["name"] == "Idempotency-Key" for one in operation("loan_list")["parameters"])


def test_what_changes_nothing_takes_no_key() -> None:
    assert {name for name, contract in contracts("POST").items() if not contract.changes} == {
        *("calculate-schedule", "calculate-apr", "calculate-irr", "calculate-day-count"),
        *("bank-line-match-preview", "loan-act-preview", "loan-event-reverse-preview"),
        *("loan-repay-preview", "loan-settle-preview", "loan-recover-preview", "capital-act-preview"),
        *("deal-file-try", "coach-suggestions"),
    }
    described = operation("calculate_schedule")
    assert not any(one["name"] == "Idempotency-Key" for one in described.get("parameters", ()))
    assert set(described["responses"]) == {"200", "400", "401", "403", "404", "413", "415"}


def test_every_operation_of_the_table_is_in_the_schema() -> None:
    described = {f"api:{name}" for method in ("GET", "POST") for name in contracts(method)}
    assert described == {name for name in TABLE if name.startswith("api:") and name != "api:schema"}
