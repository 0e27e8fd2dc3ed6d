"""What does an e-mail say? One text for each kind, in `templates/emails/`, shown plain and as HTML.

The first line is the subject; blank lines part the paragraphs. Each has one link, a person's name and number, and at
the foot how to stop this kind of e-mail where it may be stopped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from commonweal.access.models import User
from commonweal.letters.choices import token_for
from commonweal.letters.kinds import LEGAL, LetterKind

if TYPE_CHECKING:
    from ledger.models import Book


@dataclass(frozen=True, slots=True)
class Worded:
    """A letter as it will be read."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Link:
    """The one thing to follow: what it is called, and the name of its address."""

    label: str
    name: str = "public:home"

    @property
    def url(self) -> str:
        """The whole address, as it works from anywhere."""
        return absolute(reverse(self.name))


def worded(*, book: Book, kind: LetterKind, person: User, link: Link, facts: Mapping[str, Any]) -> Worded:
    """A letter of one kind to one person."""
    context = {"book": book, "person": person, "link": link, "contact": book.contact_name or "us", **facts}
    source = render_to_string(f"emails/{kind}.txt", context).strip()
    subject, _, body = source.partition("\n")
    paragraphs = [" ".join(part.split()) for part in body.split("\n\n") if part.strip()]
    stop = "" if kind in LEGAL else stop_url(person, kind)
    frame = {**context, "subject": subject.strip(), "paragraphs": paragraphs, "stop_url": stop}
    text = render_to_string("emails/letter.txt", frame).strip() + "\n"
    return Worded(subject.strip()[:200], text, render_to_string("emails/letter.html", frame))


def stop_url(person: User, kind: LetterKind) -> str:
    """Where a person stops a kind of e-mail without logging in."""
    return absolute(reverse("public:unsubscribe", args=[token_for(person, kind)]))


def absolute(path: str) -> str:
    """A path as an address that works from anywhere (`SITE_URL`)."""
    return f"{settings.SITE_URL.rstrip('/')}{path}"
