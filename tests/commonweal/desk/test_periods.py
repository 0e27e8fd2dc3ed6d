"""Does a month that was shown get closed once, however often the form is sent?"""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from commonweal.access.models import StaffMembership, StaffRole
from commonweal.jobs.models import Job
from commonweal.jobs.worker import work
from ledger.queries import closed_until, periods
from ledger.services import move_business_date
from tests.builders import make_book, make_user

pytestmark = pytest.mark.django_db


def test_the_form_sent_twice_closes_one_month() -> None:
    book, client = make_book(opened_on=date(2025, 1, 1)), Client()
    move_business_date(book=book, to=date(2025, 4, 1))
    user = make_user()
    StaffMembership.objects.create(user=user, book=book, role=StaffRole.FINANCE)
    client.force_login(user)
    page = client.get(f"/desk/{book.code}/month-end/").content.decode()
    assert '<input type="hidden" name="through" value="2025-01-31">' in page
    for _ in range(2):
        client.post(f"/desk/{book.code}/month-end/close/", {"through": "2025-01-31"})
        assert work(worker="test") == 1
    assert closed_until(book) == date(2025, 2, 1)
    assert periods(book).get().events.count() == 1
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}
