"""What whoever watches the web server is told, with the database and without."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client

from commonweal.public import health


@pytest.mark.django_db
def test_live_and_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [client.get(path).status_code for path in ("/live", "/ready")] == [200, 200]

    class Away:
        def cursor(self) -> None:
            raise OperationalError("connection refused: secret-host")

    monkeypatch.setattr(health, "connection", Away())
    answer = client.get("/ready")
    assert (answer.status_code, answer.headers["Retry-After"], answer.content) == (503, "5", b"not ready\n")
    assert client.get("/live").status_code == 200
