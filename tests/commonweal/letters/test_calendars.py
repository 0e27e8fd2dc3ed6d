"""Does a subscriber see each due date once, learn of every change, and nothing else?"""

from __future__ import annotations

from datetime import date

from django.test import Client
from django.utils import timezone

from commonweal.demo.story import JO
from commonweal.letters.calendars import calendars_of, keep_dates, make_calendar, revoke_calendar
from commonweal.letters.ics import folded
from commonweal.letters.models import CalendarDate
from tests.demo import Demo


def lines_of(client: Client, secret: str) -> list[str]:
    """The calendar's lines, unfolded."""
    answer = client.get(f"/calendar/{secret}.ics")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    text = answer.content.decode()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").split("\r\n")


def event_on(lines: list[str], day: str) -> dict[str, str]:
    """The fields of the event on a day."""
    place = lines.index(f"DTSTART;VALUE=DATE:{day}")
    first = max(number for number in range(place) if lines[number] == "BEGIN:VEVENT")
    return dict(line.split(":", 1) for line in lines[first : lines.index("END:VEVENT", first)])


def test_every_payment_is_a_whole_day_without_amounts_or_names(demo: Demo) -> None:
    _, secret = make_calendar(person=demo.user(JO), label="phone")
    lines = lines_of(Client(), secret)
    assert lines.count("BEGIN:VEVENT") == 60
    event = event_on(lines, "20261201")
    assert (event["DTEND;VALUE=DATE"], event["SEQUENCE"], event["STATUS"]) == ("20261202", "0", "CONFIRMED")
    said = "\n".join(lines)
    assert not [word for word in ("Netherby", "Jo ", "L-0108", "676.65", "£", "netherby", "HH-") if word in said]
    assert lines_of(Client(), secret) == lines


def test_a_date_that_moved_counts_up_and_one_that_fell_away_is_cancelled(demo: Demo) -> None:
    _, secret = make_calendar(person=demo.user(JO), label="phone")
    before = event_on(lines_of(Client(), secret), "20261201")
    CalendarDate.objects.filter(loan=demo.loan, no=19).update(due_on=date(2026, 12, 5))
    CalendarDate.objects.create(loan=demo.loan, no=61, uid="61@x", due_on=date(2030, 6, 3))
    lines = lines_of(Client(), secret)
    moved, gone = event_on(lines, "20261201"), event_on(lines, "20300603")
    assert (moved["UID"], moved["SEQUENCE"]) == (before["UID"], "1")
    assert (gone["STATUS"], gone["SEQUENCE"]) == ("CANCELLED", "1")
    assert event_on(lines_of(Client(), secret), "20300603")["SEQUENCE"] == "1"


def test_keeping_dates_again_changes_nothing(demo: Demo) -> None:
    keep_dates([demo.loan], demo.book.business_date)
    kept = list(CalendarDate.objects.values_list())
    keep_dates([demo.loan], demo.book.business_date)
    assert list(CalendarDate.objects.values_list()) == kept


def test_a_revoked_address_and_a_wrong_one_are_the_same(demo: Demo) -> None:
    token, secret = make_calendar(person=demo.user(JO), label="phone")
    assert secret not in str(vars(token))
    assert Client().get("/calendar/nobody.ics").status_code == 404
    revoke_calendar(token=token, at=timezone.now())
    assert Client().get(f"/calendar/{secret}.ics").status_code == 404
    assert not calendars_of(demo.user(JO))


def test_a_line_is_never_broken_inside_a_character() -> None:
    assert folded("é" * 80).replace("\r\n ", "") == "é" * 80
