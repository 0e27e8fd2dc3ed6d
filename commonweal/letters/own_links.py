"""Links that work once and for one person alone: put in while a letter goes out, and kept nowhere.

A letter is kept with the address of the page on which anybody may ask for such a link, so whoever reads it at the desk
holds no key to somebody's account.
"""

from __future__ import annotations

from django.contrib.auth.tokens import default_token_generator
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from commonweal.access.models import User
from commonweal.letters.kinds import WITH_OWN_LINK
from commonweal.letters.models import Letter
from commonweal.letters.wording import absolute


def for_reader(letter: Letter, text: str) -> str:
    """The text of a letter as its reader gets it."""
    if letter.kind not in WITH_OWN_LINK:
        return text
    return text.replace(absolute(reverse("public:password")), own_link(letter.person))


def own_link(person: User) -> str:
    """Where a person chooses a password: once, and within `PASSWORD_RESET_TIMEOUT` seconds."""
    key, token = urlsafe_base64_encode(force_bytes(person.pk)), default_token_generator.make_token(person)
    return absolute(reverse("public:password-new", args=[key, token]))
