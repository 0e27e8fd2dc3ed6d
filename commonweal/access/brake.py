"""The brake on guessing passwords: five wrong ones in five minutes, and no more are tried for a while.

The count is in the database, so that all web workers share it. It goes by the e-mail address, and more loosely by the
address of the connection (never by a header, which a guesser can write at will).
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from commonweal.access.models import LogInAttempt

WINDOW = timedelta(minutes=5)
FOR_ONE_PERSON = 5
FROM_ONE_ADDRESS = 50
KEEP = timedelta(days=1)


class TooManyAttempts(Exception):
    """Raised when a log-in is not even tried, since too many have failed. Wait five minutes, then try again."""

    retry_after = int(WINDOW.total_seconds())

    def __init__(self) -> None:
        super().__init__(
            "A wrong password was given too often, so for a while none is tried, not even the right one. "
            "Wait five minutes, then log in again."
        )


def note_attempt(*, email: str, address: str | None) -> None:
    """Count a log-in that is about to be tried. Raises TooManyAttempts.

    The attempt is written before it is counted, so that attempts at the same moment all see each other; one that is
    refused is taken back, so that the brake loosens by itself.
    """
    now = timezone.now()
    LogInAttempt.objects.filter(at__lt=now - KEEP).delete()
    attempt = LogInAttempt.objects.create(email=_name(email), address=address, at=now)
    recent = LogInAttempt.objects.filter(at__gt=now - WINDOW)
    for_person = recent.filter(email=attempt.email).count()
    from_address = recent.filter(address=address).count() if address else 0
    if for_person > FOR_ONE_PERSON or from_address > FROM_ONE_ADDRESS:
        attempt.delete()
        raise TooManyAttempts


def forget_attempts(*, email: str) -> None:
    """Start counting anew for a person who has logged in."""
    LogInAttempt.objects.filter(email=_name(email)).delete()


def _name(email: str) -> str:
    return email.strip().lower()[:254]
