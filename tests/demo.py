"""The demo story for tests: told once in a run, then worked on and rolled back, or on a clone that may commit.

Most tests take the corner shop's part of it alone, one loan's life with nobody beside it; `living_demo` is the whole
book as `make demo` shows it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.plugin import DjangoDbBlocker

from commonweal.access.models import User
from commonweal.demo import story
from commonweal.demo.load import load
from investors.models import Investor
from ledger import queries as ledger
from ledger.models import Book
from loans.domain.events import WrittenOff
from loans.models import Loan
from loans.queries import loan_by_reference
from loans.services import approve_proposal, propose
from tests.browser import page_of, served
from tests.databases import TestDatabase, TestDatabases, connected_to, rolled_back_in

PERIODS = ("2026-Q2", *story.STATEMENTS)
"""Periods for which the corner shop's part has statements."""


@dataclass(frozen=True, slots=True)
class Demo:
    """The fund as the story leaves it on Monday 23 November 2026."""

    @property
    def book(self) -> Book:
        """The fund's book."""
        found = ledger.book_by_code(story.BOOK)
        assert found is not None
        return found

    @property
    def loan(self) -> Loan:
        """The loan to the corner shop, L-0108."""
        found = loan_by_reference(self.book, "L-0108")
        assert found is not None
        return found

    def user(self, person: story.Person) -> User:
        """Somebody of the story."""
        return User.objects.get(email=person.email)

    def client(self, person: story.Person) -> Client:
        """Django's client, with somebody of the story logged in."""
        client = Client()
        client.force_login(self.user(person))
        return client

    def investor(self, code: str) -> Investor:
        """A lender of the story: NRB, TST or LOT."""
        return Investor.objects.get(code=code)


def write_off(demo: Demo) -> None:
    """The whole loan to the corner shop is written off on the business date, by two people."""
    event, maker = WrittenOff(demo.book.business_date, 0), demo.user(story.PRIYA)
    proposal = propose(loan=demo.loan, event=event, reason="The shop closed", by=maker)
    approve_proposal(proposal=proposal, shown_sha256=proposal.content_sha256, by=demo.user(story.TOM))


@pytest.fixture(scope="session")
def demo_template(test_databases: TestDatabases, django_db_blocker: DjangoDbBlocker) -> str:
    """The name of the template in which the story has happened."""
    with django_db_blocker.unblock():
        return test_databases.filled_template("demo", _tell)


@pytest.fixture(scope="session")
def demo_clone(
    test_databases: TestDatabases, demo_template: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[TestDatabase]:
    """A clone for the tests that are rolled back."""
    with django_db_blocker.unblock():
        clone = test_databases.clone(demo_template)
        yield clone
        test_databases.drop(clone.name)


@pytest.fixture
def demo(demo_clone: TestDatabase, django_db_blocker: DjangoDbBlocker) -> Iterator[Demo]:
    """The story, and a transaction around the test that never commits."""
    with django_db_blocker.unblock(), rolled_back_in(demo_clone.name):
        yield Demo()


@pytest.fixture(scope="session")
def living_clone(test_databases: TestDatabases, django_db_blocker: DjangoDbBlocker) -> Iterator[TestDatabase]:
    """A clone of the whole book of `make demo` for the tests that are rolled back."""
    with django_db_blocker.unblock():
        clone = test_databases.clone(test_databases.filled_template("living", _tell_all))
        yield clone
        test_databases.drop(clone.name)


@pytest.fixture
def living_demo(living_clone: TestDatabase, django_db_blocker: DjangoDbBlocker) -> Iterator[Demo]:
    """The whole book of `make demo`, and a transaction around the test that never commits."""
    with django_db_blocker.unblock(), rolled_back_in(living_clone.name):
        yield Demo()


@pytest.fixture
def demo_database(
    test_databases: TestDatabases, demo_template: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[TestDatabase]:
    """A clone of the test's own, on which it may commit."""
    with django_db_blocker.unblock():
        clone = test_databases.clone(demo_template)
        with connected_to(clone.name):
            yield clone
        test_databases.drop(clone.name)


@pytest.fixture
def demo_site(demo_database: TestDatabase) -> Iterator[str]:
    """The address of a web server over that clone."""
    with served() as address:
        yield address


@pytest.fixture
def demo_page(browser: Browser, demo_site: str) -> Iterator[Page]:
    """A page of Chromium on that site."""
    with page_of(browser, demo_site) as page:
        yield page


def log_in(page: Page, person: story.Person) -> None:
    """Log in by e-mail and password, whoever was logged in before."""
    page.context.clear_cookies()
    page.goto("/log-in/")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(story.PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_text(person.name, exact=True).wait_for()


@contextmanager
def without_scripts(browser: Browser, site: str) -> Iterator[Page]:
    """A page of a browser in which no script runs."""
    with page_of(browser, site, java_script_enabled=False) as page:
        yield page


def _tell() -> None:
    with tempfile.TemporaryDirectory(prefix="commonweal-") as files:
        load(files=Path(files), tell=lambda text: None, lives=(), periods=PERIODS)


def _tell_all() -> None:
    with tempfile.TemporaryDirectory(prefix="commonweal-") as files:
        load(files=Path(files), tell=lambda text: None)
