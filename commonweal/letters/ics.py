"""A calendar as text (RFC 5545): all-day events, folded at 75 octets, with what a subscriber needs and no more.

Why our own writer: `docs/decisions/0018-letters.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

FOLD = 75
"""Octets of a line, without its end."""


@dataclass(frozen=True, slots=True)
class Event:
    """A whole day in a calendar; `sequence` counts its changes, and one that fell away is cancelled, not left out."""

    uid: str
    on: date
    summary: str
    description: str
    sequence: int
    changed_at: datetime
    is_cancelled: bool = False


def calendar_text(name: str, events: Iterable[Event]) -> str:
    """The whole calendar, its lines ended as the standard wants them."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Commonweal//Due dates//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
        "X-PUBLISHED-TTL:P1D",
        *(line for event in events for line in _lines(event)),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def escaped(text: str) -> str:
    r"""Text as a value (RFC 5545, 3.3.11).

    >>> escaped("Shop; Netherby, a\nline")
    'Shop\\; Netherby\\, a\\nline'
    """
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\n"), ("\n", "\\n")):
        text = text.replace(sign, written)
    return text


def folded(line: str) -> str:
    r"""A line broken before its 76th octet, never inside a character.

    >>> folded("x" * 76).split("\r\n ")[1]
    'x'
    """
    parts, size = [""], 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > FOLD - (len(parts) > 1):
            parts.append("")
            size = 0
        parts[-1] += sign
        size += octets
    return "\r\n ".join(parts)


def _lines(event: Event) -> Iterator[str]:
    changed = f"{event.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid}"
    yield f"DTSTAMP:{changed}"
    yield f"LAST-MODIFIED:{changed}"
    yield f"SEQUENCE:{event.sequence}"
    yield f"DTSTART;VALUE=DATE:{event.on:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{event.on + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escaped(event.summary)}"
    yield f"DESCRIPTION:{escaped(event.description)}"
    yield f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"
