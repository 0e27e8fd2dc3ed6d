"""A person who asks for work, and jobs to ask for."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import pytest
import time_machine

from commonweal.access.models import User
from commonweal.jobs import wakeup

import_module("tests.commonweal.jobs.kinds")


@pytest.fixture
def wake_ups(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Messages that would have gone to the broker."""
    sent: list[str] = []
    monkeypatch.setattr(wakeup.app, "send_task", sent.append)
    return sent


def somebody() -> User:
    """A person who asks for work."""
    return User.objects.create_user(email="tom@example.org", name="Tom Ashworth")


@pytest.fixture
def tom(db: None) -> User:
    """Somebody, in a test that is rolled back."""
    return somebody()


@pytest.fixture
def time_machine_at_noon() -> Iterator[None]:
    """The clock stands still at noon on 23 November 2027, far from the database's."""
    with time_machine.travel("2027-11-23T12:00:00Z", tick=False):
        yield
