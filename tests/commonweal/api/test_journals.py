"""Manual journals: prepared by one program, posted by another person's, exactly as shown."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from commonweal.access.models import User
from tests.commonweal.api.client import Api, pounds_out
from tests.commonweal.api.story import CODE, Story
from tests.commonweal.api.writes import journal

JOURNALS = f"books/{CODE}/journals/"


def test_one_prepares_and_a_colleague_posts_what_was_shown(story: Story, manager: Api, finance: Api) -> None:
    made = finance.post(JOURNALS, journal())
    assert (made.status, made.body["state"], made.body["made_by"]) == (201, "open", "finance of harbour-hills")
    shown = manager.get(f"{JOURNALS}{made.body['id']}/").body
    assert shown["lines"][0]["code"] == "5030"
    posted = manager.post(f"{JOURNALS}{made.body['id']}/post/", {"sha256": shown["sha256"]})
    assert (posted.status, posted.body["kind"]) == (201, "manual")
    assert posted.body["approval"]["made_by"] == "finance of harbour-hills"
    assert posted.body["approval"]["sha256"] == shown["sha256"]
    after = manager.get(f"{JOURNALS}{made.body['id']}/").body
    assert (after["state"], after["entry"]) == ("posted", posted.body["id"])


def test_nobody_posts_what_they_prepared(story: Story, finance: Api) -> None:
    made = finance.post(JOURNALS, journal()).body
    said = finance.post(f"{JOURNALS}{made['id']}/post/", {"sha256": made["sha256"]})
    assert (said.status, said.code) == (409, "same_two_eyes")


def test_what_changed_since_it_was_shown_is_not_posted(story: Story, manager: Api) -> None:
    said = manager.post(f"{JOURNALS}{story.ids['draft']}/post/", {"sha256": "0" * 64})
    assert (said.status, said.code) == (409, "content_changed")


def test_a_withdrawn_journal_is_not_posted(story: Story, manager: Api) -> None:
    path = f"{JOURNALS}{story.ids['draft']}/"
    sha256 = manager.get(path).body["sha256"]
    said = manager.post(f"{path}withdraw/").body
    manager_name = User.objects.get(pk=story.ids["people"]["manager"]).name
    assert (said["state"], said["withdrawn_by"]) == ("withdrawn", manager_name)
    said = manager.post(f"{path}post/", {"sha256": sha256})
    assert (said.status, said.code) == (409, "draft_not_open")


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"lines": [{"account": "5030", "debit": pounds_out("25.00")}]}, 400, "invalid"),
        (
            {
                "lines": [
                    {"account": "5030", "debit": pounds_out("25.00")},
                    {"account": "1010/MAIN", "credit": pounds_out("24.99")},
                ]
            },
            409,
            "unbalanced_entry",
        ),
        (
            {
                "lines": [
                    {"account": "9999", "debit": pounds_out("25.00")},
                    {"account": "1010/MAIN", "credit": pounds_out("25.00")},
                ]
            },
            409,
            "unknown_account",
        ),
        (
            {"attachment": {"name": "a.exe", "content_base64": base64.b64encode(b"MZ\x00\x00").decode()}},
            409,
            "unknown_file_type",
        ),
        ({"attachment": {"name": "a.txt", "content_base64": "no base64"}}, 400, "invalid"),
        ({"kind": "drawdown"}, 400, "invalid"),
    ],
)
def test_a_journal_that_could_not_be_posted_is_not_prepared(
    changes: dict[str, Any], status: int, code: str, story: Story, finance: Api
) -> None:
    before = finance.get(JOURNALS).body["count"]
    said = finance.post(JOURNALS, journal(**changes))
    assert (said.status, said.code) == (status, code)
    assert finance.get(JOURNALS).body["count"] == before


@pytest.mark.parametrize(
    "line", [{}, {"debit": pounds_out("1.00"), "credit": pounds_out("1.00")}, {"debit": pounds_out("-1.00")}]
)
def test_a_line_has_one_side_and_a_positive_amount(line: dict[str, Any], story: Story, finance: Api) -> None:
    lines = [{"account": "5030", **line}, {"account": "1010/MAIN", "credit": pounds_out("1.00")}]
    said = finance.post(JOURNALS, journal(lines=lines))
    assert (said.status, list(said.fields["lines"])) == (400, ["0"])


def test_a_line_refuses_what_it_does_not_know(story: Story, finance: Api) -> None:
    lines = journal()["lines"]
    said = finance.post(JOURNALS, journal(lines=[{**lines[0], "memo": "x"}, lines[1]]))
    assert said.fields["lines"]["0"] == {"memo": ["This field is not known here. Leave it out; nothing was changed."]}


def test_the_attachment_comes_back_as_it_was(story: Story, manager: Api) -> None:
    made = manager.post(JOURNALS, journal()).body
    said = manager.get(f"{JOURNALS}{made['id']}/attachment/")
    assert (said.content, said.headers["Content-Type"]) == (b"Bank charges of October", "text/plain")
    assert said.headers["Content-Disposition"].startswith("attachment;")


def test_an_attachment_that_is_too_large_is_refused_before_it_is_read(story: Story, manager: Api) -> None:
    content = base64.b64encode(b"x" * 12 * 1024 * 1024).decode()
    said = manager.post(JOURNALS, journal(attachment={"name": "a.txt", "content_base64": content}))
    assert (said.status, said.code) == (413, "request_too_large")


def test_an_attachment_of_almost_ten_megabytes_is_taken(story: Story, manager: Api) -> None:
    content = base64.b64encode(b"x" * (10 * 1024 * 1024 - 1)).decode()
    said = manager.post(JOURNALS, journal(attachment={"name": "a.txt", "content_base64": content}))
    assert said.status == 201


@pytest.mark.parametrize("body", ["{", "[" * 100_000, '{"on": NaN}', '{"on": 1e999}', "\ud83d"])
def test_what_is_no_json_is_refused(body: str, story: Story, manager: Api) -> None:
    headers = {"Authorization": f"Bearer {manager.token}"}
    content = body.encode(errors="surrogatepass")
    answer = Client().post(f"/api/v1/{JOURNALS}", content, content_type="application/json", headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] in ("parse_error", "invalid")


def test_another_format_is_refused(story: Story, manager: Api) -> None:
    headers = {"Authorization": f"Bearer {manager.token}"}
    answer = Client().post(f"/api/v1/{JOURNALS}", "<a/>", content_type="application/xml", headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "unsupported_media_type")


def test_the_years_result_is_prepared_and_waits(story: Story, manager: Api, as_: Callable[[str], Api]) -> None:
    said = manager.post(f"books/{CODE}/year-end/", {"on": "2025-05-31"})
    assert (said.body["kind"], said.body["state"]) == ("year-end", "open")
    assert said.body["lines"][-1]["code"] == "3010"
    assert as_("officer").post(f"books/{CODE}/year-end/", {"on": "2025-05-31"}).status == 403
