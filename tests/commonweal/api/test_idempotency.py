"""A change has one effect however often it is asked for: the same key, the same answer; other content, refused."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connections, transaction
from django.db.models.functions import Now

from commonweal.access.models import User
from commonweal.api.models import IdempotentAnswer
from commonweal.jobs import wakeup
from commonweal.jobs.models import Job
from ledger.models import JournalEntry
from loans.models import Application, LoanEvent
from tests.builders import make_user
from tests.commonweal.api.client import Api, Said, pounds_out
from tests.commonweal.api.story import Story, tell_story
from tests.commonweal.api.test_contract import MONEY
from tests.commonweal.api.writes import ACCOUNT, Write, contracts, write

AT_ONCE = 50


@pytest.mark.parametrize("name", sorted(name for name, contract in contracts("POST").items() if contract.changes))
def test_the_same_key_gives_the_same_answer_and_no_second_effect(
    name: str, story: Story, as_: Callable[[str], Api]
) -> None:
    one = write(name, story)
    first = as_(one.role).post(one.path, one.body, key="once")
    counts = rows()
    again = as_(one.role).post(one.path, one.body, key="once")
    assert (again.status, again.content) == (first.status, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert rows() == counts
    assert ACCOUNT["account_number"] not in first.content.decode(), "what is kept for repeats"


@pytest.mark.parametrize("name", sorted(MONEY))
def test_another_content_under_the_key_is_refused(name: str, story: Story, as_: Callable[[str], Api]) -> None:
    one, seal = write(name, story), write("seal-list", story)
    assert as_(one.role).post(one.path, one.body, key="once").status < 300
    counts = rows()
    for path, body in ((one.path, {**one.body, "reason": "another"}), (seal.path, {})):
        said = as_(one.role).post(path, body, key="once")
        assert (said.status, said.code) == (422, "idempotency_key_reused")
    assert rows() == counts


def test_a_key_is_each_persons_own(story: Story, manager: Api, finance: Api) -> None:
    one = write("application-list", story)
    seal = write("seal-list", story)
    assert manager.post(one.path, one.body, key="once").status == 201
    assert finance.post(seal.path, seal.body, key="once").status == 200


def test_a_refusal_keeps_nothing_so_that_a_corrected_request_may_use_its_key(story: Story, manager: Api) -> None:
    one = write("loan-draw-down", story)
    refused = manager.post(one.path, {**one.body, "amount": pounds_out("35000.01")}, key="draw")
    assert (refused.status, refused.code) == (409, "drawdown_refused")
    assert not IdempotentAnswer.objects.exists()
    assert manager.post(one.path, one.body, key="draw").status == 201


def test_without_a_key_a_change_that_moves_no_money_is_made_each_time(story: Story, manager: Api) -> None:
    one = write("application-list", story)
    before = Application.objects.count()
    assert [manager.post(one.path, one.body, key=None).status for _ in range(2)] == [201, 201]
    assert Application.objects.count() == before + 2


def test_a_file_in_a_form_is_known_by_its_bytes(story: Story, manager: Api) -> None:
    path = write("bank-import", story).path
    first, again, other = (
        manager.form(path, {"file": SimpleUploadedFile("bank.xml", content)}, key="file")
        for content in (b"<a/>", b"<a/>", b"<b/>")
    )
    assert (first.status, again.status, other.status) == (202, 202, 422)
    assert first.content == again.content
    assert Job.objects.filter(kind="import_bank").count() == 1


@pytest.mark.committing
@pytest.mark.parametrize("name", ["loan-draw-down", "loan-repay", "bank-import"])
def test_the_same_key_fifty_times_at_once_makes_one_effect(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wakeup.app, "send_task", lambda *task: None)
    story = tell_story()
    one = write(name, story)
    before = rows()
    answers = at_once([lambda: ask(story, one, "once")] * AT_ONCE)
    assert {(said.status, said.content) for said in answers} == {(contracts("POST")[name].status, answers[0].content)}
    assert [said.headers.get("Idempotent-Replayed") for said in answers].count(None) == 1
    after = rows()
    assert after["answers"] == before["answers"] + 1
    assert (after["events"] - before["events"], after["jobs"] - before["jobs"]) == effects(name)


@pytest.mark.committing
def test_fifty_keys_at_once_draw_a_loan_down_once() -> None:
    """What the key does not hold apart the loan does: 35,000.00 are lent once, and 49 are told so."""
    story = tell_story()
    one = write("loan-draw-down", story)
    answers = at_once([lambda key=f"draw-{number}": ask(story, one, key) for number in range(AT_ONCE)])
    assert sorted(said.status for said in answers) == [201] + [409] * (AT_ONCE - 1)
    assert LoanEvent.objects.filter(loan=story.ids["undrawn"]).count() == 1


@pytest.mark.committing
def test_one_decision_only() -> None:
    """Twenty approve, decline and send back at once: one is heard, the others are told what was decided."""
    story = tell_story()
    decisions = [write(f"application-{move}", story) for move in ("approve", "decline", "send-back")]
    asked = [lambda one=decisions[number % 3], key=f"d{number}": ask(story, one, key) for number in range(20)]
    answers = at_once(asked)
    assert sorted(said.status for said in answers) == [200] + [409] * 19
    assert {said.code for said in answers if said.status == 409} == {"move_not_allowed"}


def effects(name: str) -> tuple[int, int]:
    """New events of loans, and new jobs."""
    return (0, 1) if name == "bank-import" else (1, 0)


def ask(story: Story, one: Write, key: str) -> Said:
    """One request, on a connection of the thread's own."""
    try:
        return Api(story.tokens["manager"]).post(one.path, one.body, key=key)
    finally:
        connections.close_all()


def at_once(asked: list[Callable[[], Said]]) -> list[Said]:
    """All the answers to requests that are made together."""
    with ThreadPoolExecutor(len(asked)) as pool:
        return [waiting.result() for waiting in [pool.submit(one) for one in asked]]


def rows() -> dict[str, int]:
    """How much there is of what a second effect would add to."""
    tables = {"answers": IdempotentAnswer, "entries": JournalEntry, "events": LoanEvent, "jobs": Job}
    return {name: model.objects.count() for name, model in (tables | {"applications": Application}).items()}


def answered(by: User, key: str, *, days_ago: int) -> IdempotentAnswer:
    """An answer that was given some days ago."""
    return IdempotentAnswer.objects.create(
        user=by, key=key, fingerprint="f", status=200, body="{}", answered_at=Now() - timedelta(days=days_ago)
    )


@pytest.mark.django_db
def test_old_answers_are_forgotten_by_a_command() -> None:
    amina = make_user()
    for days in (1, 8, 89, 91):
        answered(amina, f"days-{days}", days_ago=days)
    assert run_command("forget_answers") == "1 answers older than 90 days removed."
    assert run_command("forget_answers", "--after", "7") == "2 answers older than 7 days removed."
    assert IdempotentAnswer.objects.get().key == "days-1"
    with pytest.raises(CommandError, match="Answers are kept for 7 days at least, and not 6"):
        call_command("forget_answers", "--after", "6")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda found: found.delete(), "stays for 7 days: DELETE is refused"),
        (lambda found: found.update(body="{}"), "permission denied"),
    ],
)
def test_a_young_answer_stays_as_it_is_whoever_asks(change: Callable[[Any], object], words: str) -> None:
    answered(make_user(), "young", days_ago=6)
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        change(IdempotentAnswer.objects.all())


def run_command(name: str, *words: str) -> str:
    """What a command prints."""
    said = StringIO()
    call_command(name, *words, stdout=said)
    return said.getvalue().strip()
