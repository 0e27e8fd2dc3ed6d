"""Whose rows does each person see? Two funds, with one of everything in each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from borrowers.models import Organisation
from commonweal.access.models import BorrowerMembership, StaffMembership, StaffRole, User
from commonweal.access.roles import roles_of
from commonweal.access.rules import Role
from commonweal.access.scope import (
    applications_for,
    books_for,
    investors_for,
    loans_for,
    organisations_for,
)
from commonweal.jobs.queries import jobs_for
from commonweal.jobs.services import enqueue
from investors.models import Investor
from ledger.models import Book
from loans.models import Application, Loan
from tests.builders import make_user
from tests.commonweal.access.conftest import Funds
from tests.commonweal.access.world import Fund
from tests.commonweal.jobs.kinds import GREET

Rows = Callable[[User | AnonymousUser], Any]

ROWS: dict[str, Rows] = {
    "book": books_for,
    "loan": loans_for,
    "application": applications_for,
    "organisation": organisations_for,
    "investor": investors_for,
}

SEES = """
# who        book  loan  application  organisation  investor
  manager     1     2     2            2             2
  officer     1     2     2            2             2
  finance     1     2     2            2             2
  auditor     1     2     2            2             2
  borrower    0     1     2            1             0
  investor    0     1     0            1             1
"""


@pytest.fixture
def own(at_hand: Funds) -> Fund:
    """The fund that looks."""
    return at_hand.own


@pytest.fixture
def foreign(at_hand: Funds) -> Fund:
    """The fund that is not looked into."""
    return at_hand.foreign


def test_each_person_sees_their_own_and_nothing_else(own: Fund, foreign: Fund) -> None:
    everything = [model.objects.count() for model in (Book, Loan, Application, Organisation, Investor)]
    assert everything == [2, 4, 4, 4, 4]
    head, *lines = [line.split() for line in SEES.strip().splitlines()]
    seen = [[who, *(str(rows(own.people[who]).count()) for rows in ROWS.values())] for who, *_ in lines]
    assert head[2:] == list(ROWS)
    assert seen == lines


def test_nobody_sees_what_is_the_other_funds(own: Fund, foreign: Fund) -> None:
    for what, rows in ROWS.items():
        for who in own.people:
            mine, theirs = ({row.pk for row in rows(fund.people[who])} for fund in (own, foreign))
            assert mine & theirs == set(), f"{who} {what}"


def test_nobody_in_particular_sees_nothing(own: Fund) -> None:
    for rows in ROWS.values():
        assert list(rows(AnonymousUser())) == []
        assert list(rows(make_user())) == []


def test_who_deals_with_nobody_yet_is_open_to_all_staff_and_to_nobody_else(own: Fund) -> None:
    newcomer = Organisation.objects.create(name="Newcomer", legal_form="cic", place="Whitby", region="North East")
    bank = Investor.objects.create(code="NEW", name="New bank", kind="regional-bank")
    for who, person in own.people.items():
        is_staff = who in StaffRole.values
        assert (newcomer in organisations_for(person), bank in investors_for(person)) == (is_staff, is_staff), who


def test_one_person_may_be_on_several_sides(own: Fund, foreign: Fund) -> None:
    person = own.people["auditor"]
    theirs = Organisation.objects.get(pk=foreign.things["organisation"])
    BorrowerMembership.objects.create(user=person, organisation=theirs)
    assert loans_for(person).count() == 3
    assert books_for(person).count() == 1


def test_what_somebody_is_costs_one_query(own: Fund, foreign: Fund, django_assert_num_queries: Any) -> None:
    person = own.people["auditor"]
    other = Book.objects.get(code="foreign")
    StaffMembership.objects.create(user=person, book=other, role="manager")
    BorrowerMembership.objects.create(user=person, organisation_id=own.things["organisation"])
    with django_assert_num_queries(1):
        roles = roles_of(person)
    mine = Book.objects.get(code="own")
    assert roles.books == {mine.pk: Role.AUDITOR, other.pk: Role.MANAGER}
    assert roles.codes == {"own": mine.pk, "foreign": other.pk}
    assert roles.organisations == {own.things["organisation"]}
    assert roles.kinds == {Role.AUDITOR, Role.MANAGER, Role.BORROWER}
    assert roles.narrowed(frozenset({Role.MANAGER})).books == {other.pk: Role.MANAGER}
    assert roles.in_book(mine.pk).kinds == {Role.AUDITOR, Role.BORROWER}


def test_jobs_are_seen_by_who_asked_and_by_the_staff_of_the_book(own: Fund, foreign: Fund) -> None:
    book = Book.objects.get(code="own")
    asked_for = enqueue(kind=GREET, arguments={"name": "Jo"}, by=own.people["manager"], book=book)
    by_borrower = enqueue(kind=GREET, arguments={"name": "Jo"}, by=own.people["borrower"])
    seen = {who: {job.pk for job in jobs_for(person)} for who, person in own.people.items()}
    assert seen["officer"] == {asked_for.pk, own.things["job"]}
    assert seen["borrower"] == {by_borrower.pk}
    assert {job.pk for job in jobs_for(foreign.people["officer"])} == {foreign.things["job"]}
