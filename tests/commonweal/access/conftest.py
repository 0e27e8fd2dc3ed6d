"""Two funds with their people, made once for all tests of a worker; what a test changes in them is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from pytest_django.plugin import DjangoDbBlocker

from commonweal.access.models import User
from tests.builders import make_user
from tests.commonweal.access.people import session_of
from tests.commonweal.access.world import TELLTALE, Fund, make_fund
from tests.databases import TestDatabases, connected_to, rolled_back_in


@dataclass(frozen=True)
class Funds:
    """Two funds in a database of their own, and somebody who has no role in either."""

    database: str
    own: Fund
    foreign: Fund
    somebody: User


@pytest.fixture(scope="session")
def funds(test_databases: TestDatabases, django_db_blocker: DjangoDbBlocker) -> Iterator[Funds]:
    """Both funds, whose people are logged in for good."""
    with django_db_blocker.unblock():
        clone = test_databases.clone()
        with connected_to(clone.name):
            made = Funds(clone.name, make_fund("own"), make_fund("foreign", TELLTALE), make_user(name="somebody"))
            for user in (*made.own.people.values(), *made.foreign.people.values(), made.somebody):
                session_of(user)
        yield made
        test_databases.drop(clone.name)


@pytest.fixture
def at_hand(funds: Funds, django_db_blocker: DjangoDbBlocker) -> Iterator[Funds]:
    """Both funds, and a transaction around the test that never commits."""
    with django_db_blocker.unblock(), rolled_back_in(funds.database):
        yield funds
