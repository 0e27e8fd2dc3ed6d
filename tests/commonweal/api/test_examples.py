"""Do the requests that docs/api.md shows do what it says? Each is sent as it is written there."""

from __future__ import annotations

import base64
import re
import shlex

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.commonweal.api.story import Story

PAGE = settings.BASE_DIR / "docs" / "api.md"
COMMANDS = re.findall(r"^ {4}(curl (?:.*\\\n)*.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.split("/api/v1/")[-1][:40])
def test_an_example_does_what_it_says(command: str, story: Story) -> None:
    words = shlex.split(command.replace("\\\n", " ").replace("$TOKEN", story.tokens["manager"]))
    headers = dict(words[place + 1].split(": ", 1) for place, word in enumerate(words) if word == "-H")
    files = [words[place + 1] for place, word in enumerate(words) if word == "-F"]
    bodies = [written(words[place + 1]) for place, word in enumerate(words) if word == "-d"]
    (address,) = [word for word in words if word.startswith("http")]
    path = re.sub(r"^https?://[^/]+", "", address)
    if files:
        form = {name: SimpleUploadedFile("bank.xml", b"<a/>") for name in (part.split("=")[0] for part in files)}
        said = Client().post(path, form, headers=headers)
    elif bodies:
        said = Client().post(path, bodies[0], content_type="application/json", headers=headers)
    else:
        said = Client().get(path, headers=headers)
    assert said.status_code in (200, 201, 202), said.content


def written(body: str) -> str:
    """A body as a shell sends it, with a document in place of the file that it names."""
    return re.sub(r"\$\(base64 -w0 [\w.]+\)", base64.b64encode(b"%PDF-1.7\n%%EOF\n").decode(), body)


def test_the_page_shows_reading_and_changing() -> None:
    assert {"POST" if "POST" in command else "GET" for command in COMMANDS} == {"GET", "POST"}
