"""Is what is too large refused by its declared length alone, before anything is read and whoever sends it?"""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commonweal.access.table import TABLE
from commonweal.access.uploads import LARGEST
from ledger.services import MAX_BANK_FILE_BYTES

PLACES = {
    "desk:bank-import": "/desk/harbour-hills/repayments/import/",
    "desk:draft-new": "/desk/harbour-hills/ledger/journals/new/",
    "desk:files": "/desk/harbour-hills/loans/1/files/",
    "borrower:files": "/borrower/files/",
    "api:file-list": "/api/v1/books/harbour-hills/organisations/1/files/",
    "desk:reading-evidence": "/desk/harbour-hills/organisations/1/readings/1/evidence/",
    "api:evidence-list": "/api/v1/books/harbour-hills/organisations/1/readings/1/evidence/",
    "api:return-answer-list": "/api/v1/books/harbour-hills/organisations/1/returns/1/answers/",
    "api:bank-import": "/api/v1/books/harbour-hills/bank-imports/",
    "api:journal-list": "/api/v1/books/harbour-hills/journals/",
    "public:login": "/log-in/",
    "": "/no/such/page/",
}
FORM = "multipart/form-data; boundary=b"

pytestmark = pytest.mark.django_db


class Unread(BytesIO):
    """A body that must not be read."""

    def read(self, *args: Any) -> bytes:
        raise AssertionError("the body was read")

    readline = read


def send(path: str, **meta: Any) -> Any:
    """A request of nobody in particular whose body must not be read."""
    client = Client(enforce_csrf_checks=True)
    return client.generic("POST", path, content_type=FORM, **{"wsgi.input": Unread(), **meta})


@pytest.mark.parametrize("name", PLACES)
def test_a_larger_length_than_is_taken_is_refused_unread_and_before_log_in(name: str) -> None:
    limit = LARGEST.get(name, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    with CaptureQueriesContext(connection) as asked:
        said = send(PLACES[name], CONTENT_LENGTH=str(limit + 1))
    assert (said.status_code, len(asked)) == (413, 0)
    words = f"The request has {limit + 1:,} bytes; at most {limit:,} are taken here, so it was not read."
    assert words in said.content.decode()
    if name.startswith("api:"):
        assert said.json()["error"]["code"] == "request_too_large"


@pytest.mark.parametrize("name", PLACES)
def test_a_request_without_its_length_is_told_to_send_it(name: str) -> None:
    said = send(PLACES[name], CONTENT_LENGTH="", HTTP_TRANSFER_ENCODING="chunked")
    assert said.status_code == 411
    assert "Send it with its length (a Content-Length header, not in chunks); nothing was changed." in (
        said.content.decode()
    )
    if name.startswith("api:"):
        assert said.json()["error"]["code"] == "length_required"


def test_the_limits_are_of_pages_that_there_are_and_leave_room_for_what_they_take() -> None:
    from commonweal.api.parsers import BankFileForm, JsonWithAttachment, JsonWithBankFile

    assert LARGEST.keys() <= TABLE.keys()
    assert LARGEST["desk:bank-import"] > MAX_BANK_FILE_BYTES
    assert LARGEST["api:bank-import"] >= max(JsonWithBankFile.limit, BankFileForm.limit)
    assert LARGEST["api:journal-list"] > JsonWithAttachment.limit * 0.9


def test_an_ordinary_request_goes_on(client: Client) -> None:
    assert client.get("/log-in/").status_code == 200
    assert client.post("/log-in/", {"username": "", "password": ""}).status_code == 200
