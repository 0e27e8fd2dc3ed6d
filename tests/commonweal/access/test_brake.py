"""Guessing passwords: the sixth wrong one in five minutes is not even tried."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client

from commonweal.access.brake import FROM_ONE_ADDRESS, WINDOW, TooManyAttempts, note_attempt
from commonweal.access.models import LogInAttempt, User
from tests.builders import make_user

RIGHT, WRONG = "a long and right password", "a long and wrong password"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    """Noon, until it is moved."""
    with time_machine.travel(NOON, tick=False) as coordinates:
        yield coordinates


@pytest.fixture
def jo(db: None) -> User:
    """Somebody with a password."""
    return make_user(email="jo@example.org", password=RIGHT)


def log_in(password: str, email: str = "jo@example.org", **headers: str) -> int:
    """The status that a log-in is answered with; 302 leads into the house."""
    data = {"username": email, "password": password}
    return Client().post("/log-in/", data, headers=headers).status_code


def guess(times: int = 5, email: str = "jo@example.org") -> list[int]:
    return [log_in(WRONG, email) for _ in range(times)]


def test_the_sixth_wrong_password_in_five_minutes_is_not_tried(jo: User, clock: time_machine.Coordinates) -> None:
    assert guess(7) == [200] * 5 + [429] * 2


def test_the_right_password_is_not_tried_either_and_the_page_says_when_it_will_be(
    jo: User, clock: time_machine.Coordinates
) -> None:
    guess()
    answer = Client().post("/log-in/", {"username": "jo@example.org", "password": RIGHT})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "300")
    assert "Wait five minutes" in answer.content.decode()


def test_after_five_minutes_the_brake_is_loose_even_if_guessing_went_on(
    jo: User, clock: time_machine.Coordinates
) -> None:
    guess()
    clock.shift(WINDOW - timedelta(seconds=1))
    assert guess(3) == [429] * 3
    clock.shift(timedelta(seconds=1))
    assert log_in(RIGHT) == 302


def test_other_people_are_not_held_up(jo: User, clock: time_machine.Coordinates) -> None:
    make_user(email="hana@example.org", password=RIGHT)
    guess()
    assert log_in(RIGHT, "hana@example.org") == 302


def test_another_spelling_of_the_address_or_of_where_one_comes_from_is_no_way_round(
    jo: User, clock: time_machine.Coordinates
) -> None:
    guess()
    assert log_in(RIGHT, " Jo@Example.ORG ") == 429
    assert log_in(RIGHT, **{"X-Forwarded-For": "203.0.113.9"}) == 429


def test_addresses_that_nobody_has_are_braked_alike(db: None, clock: time_machine.Coordinates) -> None:
    assert guess(6, "nobody@example.org") == [200] * 5 + [429]


def test_logging_in_starts_the_count_anew(jo: User, clock: time_machine.Coordinates) -> None:
    guess(4)
    assert log_in(RIGHT) == 302
    assert LogInAttempt.objects.count() == 0
    assert guess(4) == [200] * 4


def test_one_connection_cannot_go_through_many_people(db: None, clock: time_machine.Coordinates) -> None:
    for number in range(FROM_ONE_ADDRESS):
        note_attempt(email=f"person-{number}@example.org", address="203.0.113.9")
    with pytest.raises(TooManyAttempts):
        note_attempt(email="another@example.org", address="203.0.113.9")
    note_attempt(email="another@example.org", address="203.0.113.10")


def test_old_attempts_are_not_kept(jo: User, clock: time_machine.Coordinates) -> None:
    guess(3)
    clock.shift(timedelta(days=2))
    guess(1)
    assert LogInAttempt.objects.count() == 1


@pytest.mark.committing
def test_the_count_is_shared_by_all_who_try_at_once() -> None:
    make_user(email="jo@example.org", password=RIGHT)

    def try_one(_: int) -> int:
        try:
            return log_in(WRONG)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(try_one, range(16)))
    assert answers.count(200) <= 5
    assert answers.count(200) + answers.count(429) == 16
