"""Fixtures for every test. Which database does a test work on, as whom, and which programs may it use?

- `@pytest.mark.django_db`: the worker's clone of the template, as the app role, rolled back.
- `@pytest.mark.committing` (or the fixture `committing_database`): a fresh clone of its own, dropped afterwards.
- `@pytest.mark.browser` with `browser_page`: Chromium on a live server over such a clone.
- `demo`, `demo_page`: the same two on a clone in which the demo story has happened (`tests/demo.py`).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import hypothesis.configuration
import psycopg
import pytest
from django.conf import settings
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from commonweal.database import EmbeddedServer
from commonweal.database_roles import Roles
from tests.databases import TestDatabase, TestDatabases, connected_to
from tests.tools import IN_CI, find_program

pytest_plugins = ["tests.browser", "tests.demo"]

hypothesis.configuration.set_hypothesis_home_dir(Path(__file__).resolve().parents[1] / "var" / "cache" / "hypothesis")
hypothesis.settings.register_profile("dev", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if IN_CI else "dev")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give `committing` tests their database; refuse pytest-django's way, whose TRUNCATE the app role may not do.

    The stories take longest, so they begin first and no worker is left alone with them in the end.
    """
    items.sort(key=lambda item: "/stories/" not in item.path.as_posix())
    for item in items:
        own, shared = item.get_closest_marker("committing"), item.get_closest_marker("django_db")
        if shared and (own or shared.kwargs.get("transaction")):
            raise pytest.UsageError(f"{item.nodeid}: a test that commits is marked `committing`, and nothing else")
        if own:
            item.fixturenames.insert(0, "committing_database")


@pytest.fixture(scope="session")
def test_databases(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[TestDatabases]:
    """The maker of test databases, with the template of these migrations ready."""
    with django_db_blocker.unblock():
        databases = TestDatabases()
        databases.prepare_template()
    yield databases
    databases.close()


@pytest.fixture(scope="session")
def django_db_setup(test_databases: TestDatabases, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """pytest-django's hook: one clone per worker, for the tests that are rolled back."""
    with django_db_blocker.unblock():
        clone = test_databases.clone()
        with connected_to(clone.name):
            yield
        test_databases.drop(clone.name)


@pytest.fixture
def committing_database(test_databases: TestDatabases, django_db_blocker: DjangoDbBlocker) -> Iterator[TestDatabase]:
    """A fresh clone of this test's own: Django's aliases point at it in every thread, `.environment` for processes."""
    with django_db_blocker.unblock():
        clone = test_databases.clone()
        with connected_to(clone.name):
            yield clone
        test_databases.drop(clone.name)


@pytest.fixture
def auditor_connection(request: pytest.FixtureRequest) -> Iterator[psycopg.Connection]:
    """A connection as the auditor to the test's database; rows of a test that is rolled back are not seen by it."""
    if "committing_database" not in request.fixturenames:
        request.getfixturevalue("db")
    owner = connections["owner"].settings_dict
    login = {"user": owner["USER"], "password": owner["PASSWORD"], "host": owner["HOST"], "port": owner["PORT"]}
    known = {key: value for key, value in login.items() if value}
    with psycopg.connect(dbname=owner["NAME"], **known, autocommit=True) as connection:
        connection.execute(
            psycopg.sql.SQL("SET ROLE {}").format(psycopg.sql.Identifier(settings.DATABASE_ROLES["auditor"]))
        )
        yield connection


@pytest.fixture
def spare_server() -> Iterator[EmbeddedServer]:
    """Another PostgreSQL with an empty database `commonweal`, which a test may kill; stopped and removed afterwards."""
    var_dir = Path(tempfile.mkdtemp(prefix="commonweal-"))
    var_dir.chmod(0o711)
    server = EmbeddedServer(var_dir)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(var_dir)


@pytest.fixture
def roles() -> Roles:
    """The PostgreSQL names of owner, app and auditor."""
    return Roles(**settings.DATABASE_ROLES)


@pytest.fixture(scope="session")
def hledger() -> str:
    """The path of hledger."""
    return find_program("hledger", package="hledger")


@pytest.fixture(scope="session")
def pdftotext() -> str:
    """The path of Poppler's pdftotext."""
    return find_program("pdftotext", package="poppler-utils")


@pytest.fixture(scope="session")
def qpdf() -> str:
    """The path of qpdf."""
    return find_program("qpdf", package="qpdf")


@pytest.fixture(scope="session")
def unprivileged() -> str:
    """The name of an ordinary system user, when the tests run as root."""
    if os.geteuid() != 0:
        pytest.skip("runs as an ordinary user already")
    return "nobody"
