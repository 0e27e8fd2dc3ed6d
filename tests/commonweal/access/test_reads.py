"""The record of who read what only ever grows."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, transaction

from commonweal.access.models import ReadRecord
from commonweal.access.reads import readings, record_read
from tests.builders import make_user

pytestmark = pytest.mark.django_db


def test_readings_are_found_by_what_was_read() -> None:
    amina, ruth = make_user(name="Amina Diallo"), make_user(name="Ruth Calder")
    for user, subject in ((amina, "17"), (ruth, "17"), (ruth, "18")):
        record_read(user=user, what="document", subject=subject)
    assert [record.user for record in readings("document", "17")] == [ruth, amina]


def test_a_reading_can_neither_be_changed_nor_taken_back() -> None:
    record = record_read(user=make_user(), what="document", subject="17")
    for attempt in (lambda: ReadRecord.objects.update(subject="18"), record.delete):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            attempt()
