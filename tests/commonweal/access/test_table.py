"""Reading the table, and the sentences that are made from it."""

from __future__ import annotations

import pytest

from commonweal.access.models import User
from commonweal.access.reasons import may, why_not
from commonweal.access.rules import STAFF_ROLES, MalformedTable, Role, read_rules
from commonweal.access.table import TABLE
from ledger.models import Book
from tests.builders import make_book, make_user
from tests.commonweal.access.people import make_staff


def test_a_line_says_who_may_do_what_and_what_for() -> None:
    rules = read_rules(
        """
        # a remark
        desk:loans     GET, POST    staff                  read the loans
        desk:loan      POST         manager, officer       draw a loan down
        """
    )
    assert {name: sorted(rule.permissions) for name, rule in rules.items()} == {
        "desk:loans": ["GET", "POST"],
        "desk:loan": ["POST"],
    }
    assert rules["desk:loans"].permissions["GET"].roles == STAFF_ROLES
    assert rules["desk:loan"].permissions["POST"].purpose == "draw a loan down"
    assert rules["desk:loan"].permission("HEAD") is None
    assert rules["desk:loans"].permission("HEAD") is rules["desk:loans"].permissions["GET"]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("desk:loan  POST  manager", "four columns"),
        ("desk:loan  FETCH  manager  read", "FETCH is not a method"),
        ("desk:loan  GET  boss  read", "'boss' is not a role"),
        ("desk:loan  GET  manager,officer  read", "'manager,officer' is not a role"),
        ("desk:loan  GET  manager  read\ndesk:loan  GET  officer  read", "desk:loan GET is in the access table twice"),
    ],
)
def test_a_line_that_cannot_be_understood_is_named(line: str, complaint: str) -> None:
    with pytest.raises(MalformedTable, match=complaint):
        read_rules(line)


def test_an_auditor_changes_nothing_anywhere() -> None:
    """But for what everybody may do for themselves, such as logging out or saving a list of one's own."""
    writing = {
        (name, method): permission
        for name, rule in TABLE.items()
        for method, permission in rule.permissions.items()
        if method != "GET" and name not in {"desk:shortcuts", "desk:filter-save", "desk:filter-forget"}
    }
    assert [place for place, permission in writing.items() if Role.AUDITOR in permission.roles] == []


def test_what_only_staff_may_see_is_on_no_other_side() -> None:
    for name, rule in TABLE.items():
        if name.startswith("desk:"):
            assert not rule.concerns(frozenset({Role.BORROWER, Role.INVESTOR})), name


@pytest.fixture
def hills(db: None) -> Book:
    """A book."""
    return make_book(code="hills")


@pytest.fixture
def auditor(hills: Book) -> User:
    """Its auditor."""
    return make_staff(hills, "auditor", "Ruth Calder")


def test_the_reason_names_the_people_who_can(hills: Book, auditor: User) -> None:
    for name in ("Tom Ashworth", "Priya Nair", "Amina Diallo"):
        make_staff(hills, {"Tom Ashworth": "manager", "Priya Nair": "officer", "Amina Diallo": "finance"}[name], name)
    assert why_not(auditor, "desk:period-close", "POST", book=hills.pk) == (
        "Only a fund manager or a finance officer may close a month. You are an auditor. "
        "Ask Amina Diallo or Tom Ashworth."
    )


def test_the_reason_is_empty_for_who_may(hills: Book) -> None:
    tom = make_staff(hills, "manager")
    assert why_not(tom, "desk:period-reopen", "POST", book=hills.pk) == ""
    assert may(tom, "desk:period-reopen", "POST")


def test_a_role_counts_in_its_own_book_only(hills: Book) -> None:
    tom, vale = make_staff(hills, "manager"), make_book(code="vale")
    assert not may(tom, "desk:period-reopen", "POST", book=vale.pk)
    assert why_not(tom, "desk:period-reopen", "POST", book=vale.pk).startswith(
        "Only a fund manager may reopen the month closed last. You have no role here."
    )


def test_where_nobody_has_the_role_the_fund_manager_is_asked(hills: Book, auditor: User) -> None:
    assert "Ask the fund manager." in why_not(auditor, "desk:period-reopen", "POST", book=hills.pk)


def test_somebody_who_may_log_in_and_no_more(db: None) -> None:
    nobody = make_user()
    assert may(nobody, "public:home")
    assert not may(nobody, "desk:chart")
