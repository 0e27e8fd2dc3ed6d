"""Sending what was written: one letter at a time, held under a lease, each attempt on record before it is made.

No mail server says within our transaction that it took a letter. So a worker that dies between handing one over and
noting it leaves a letter of which nobody knows. It is tried once more, with the same Message-ID: a second copy costs
its reader a moment, one that never came may cost a business its due date. If that attempt is lost as well, it is left
to a person. At most the one letter in hand is concerned, whatever happens.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import formataddr
from smtplib import SMTPException, SMTPRecipientsRefused

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection, transaction
from django.db.models import Q
from django.utils.timezone import localdate

from commonweal.access.roles import roles_of
from commonweal.letters.choices import choices_of
from commonweal.letters.errors import LetterGone
from commonweal.letters.kinds import LEGAL, LetterKind, LetterState
from commonweal.letters.models import Letter, LetterReturn
from commonweal.letters.own_links import for_reader
from commonweal.letters.wording import stop_url

LEASE = timedelta(minutes=5)
"""How long a letter stays with a worker that was not heard of; a mail server is given up after 20 seconds."""

RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
"""The pauses after a mail server that does not answer; then a person has to look."""

UNCERTAIN = (
    "The work stopped twice while this letter was on its way: it may have arrived, once or twice. Ask the person, or "
    "look at the mail server’s log; it is not tried again."
)


def next_moment() -> datetime | None:
    """When there is something to send again: a pause that ends, or the lease of a worker that may be lost."""
    waits = Letter.objects.filter(state=LetterState.WAITING).order_by("not_before").values_list("not_before", flat=True)
    leased = Letter.objects.filter(state=LetterState.SENDING).order_by("lease_until")
    moments = [*waits[:1], *leased.values_list("lease_until", flat=True)[:1]]
    return min((moment for moment in moments if moment is not None), default=None)


def is_on() -> bool:
    """Whether this installation sends e-mail at all; while it does not, letters wait."""
    return bool(settings.LETTERS_ARE_SENT)


def send_waiting(*, worker: str, at_most: int = 10_000) -> tuple[int, int]:
    """Send what waits; how many went, and how many were tried."""
    went = tried = 0
    while is_on() and tried < at_most and (letter := claim(worker=worker)):
        went += send(letter)
        tried += 1
    return went, tried


def claim(*, worker: str) -> Letter | None:
    """Take the oldest letter that may go, and note the attempt; None if there is none.

    What is not wanted any more, or would come too late to be of use, is held back here.
    """
    while True:
        with transaction.atomic():
            now = _now()
            waits = Q(state=LetterState.WAITING) & (Q(not_before=None) | Q(not_before__lte=now))
            lost = Q(state=LetterState.SENDING, lease_until__lte=now)
            free = Letter.objects.select_for_update(skip_locked=True, of=("self",)).filter(waits | lost)
            letter = free.select_related("person", "book").order_by("pk").first()
            if letter is None:
                return None
            if why := _why_not(letter):
                state = LetterState.FAILED if why == UNCERTAIN else LetterState.HELD
                _change(letter, state=state, note=why, lease_owner="", lease_until=None)
                continue
            lease = {"lease_owner": worker, "lease_until": now + LEASE, "attempts": letter.attempts + 1}
            return _change(letter, state=LetterState.SENDING, **lease)


def send(letter: Letter) -> bool:
    """Hand a claimed letter over and note how that went; whether it went."""
    try:
        _email(letter).send()
    except SMTPRecipientsRefused as refused:
        code, detail = _refusal(refused, letter.address)
        return _returned(letter, code, detail)
    except ValueError as error:
        return _note(letter, sent=False, state=LetterState.FAILED, note=f"No e-mail can be made of it: {error}"[:300])
    except (SMTPException, OSError) as error:
        return _try_later(letter, f"{type(error).__name__}: {error}"[:300])
    return _note(letter, state=LetterState.SENT, sent_at=_now(), note="")


def hold(*, letter: Letter, reason: str) -> Letter:
    """Keep a letter that waits from going. Raises LetterGone."""
    changed = Letter.objects.filter(pk=letter.pk, state=LetterState.WAITING).update(
        state=LetterState.HELD, note=f"Held back: {reason.strip()}"[:300]
    )
    letter.refresh_from_db()
    if not changed:
        raise LetterGone(
            f"“{letter.subject}” to {letter.person} cannot be held back: {letter.get_state_display().lower()}. "
            "Call the person instead; nothing was changed."
        )
    return letter


def record_return(*, message_id: str, code: str, detail: str) -> LetterReturn | None:
    """Keep what a mail server said about a letter that did not arrive; None where the letter is not ours."""
    number = message_id.strip().strip("<>").removeprefix("letter-").split(".")[0]
    letter = Letter.objects.filter(pk=int(number)).first() if number.isascii() and number.isdigit() else None
    if letter is None or letter.message_id.strip("<>") != message_id.strip().strip("<>"):
        return None
    known = letter.returns.filter(code=code[:20], detail=detail[:500]).first()
    return known or _kept(letter, code, detail)


def _why_not(letter: Letter) -> str:
    """Why a letter does not go any more; empty where it does."""
    if letter.state == LetterState.SENDING and letter.attempts > 1:
        return UNCERTAIN
    kind = LetterKind(letter.kind)
    if kind not in LEGAL and not choices_of(letter.person)[kind]:
        return "Not wanted any more"
    if not letter.person.is_active:
        return "The person has left"
    if kind is not LetterKind.PASSWORD and not roles_of(letter.person).kinds:
        return "The person’s access has ended"
    if letter.useful_to is not None and letter.useful_to < localdate() and letter.useful_to < letter.book.business_date:
        return "It would have come too late to be of use"
    return ""


def _email(letter: Letter) -> EmailMultiAlternatives:
    kind, book = LetterKind(letter.kind), letter.book
    headers = {"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"}
    if kind not in LEGAL:
        headers |= {
            "List-Unsubscribe": f"<{stop_url(letter.person, kind)}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    email = EmailMultiAlternatives(
        subject=letter.subject,
        body=for_reader(letter, letter.text),
        from_email=formataddr((book.fund_name, settings.DEFAULT_FROM_EMAIL)),
        to=[formataddr((letter.person.name, letter.address))],
        reply_to=[book.contact_email] if book.contact_email else [],
        headers=headers,
        connection=get_connection(),
    )
    email.attach_alternative(for_reader(letter, letter.html), "text/html")
    return email


def _refusal(refused: SMTPRecipientsRefused, address: str) -> tuple[str, str]:
    code, said = next(iter(refused.recipients.values()), (550, b"refused"))
    return str(code), said.decode(errors="replace") if isinstance(said, bytes) else str(said)


def _returned(letter: Letter, code: str, detail: str) -> bool:
    with transaction.atomic():
        kept = _kept(letter, code, detail)
        if kept.is_final:
            return _note(
                letter, sent=False, state=LetterState.FAILED, note=f"The mail server refused it: {detail}"[:300]
            )
    return _try_later(letter, f"{code} {detail}"[:300])


def _kept(letter: Letter, code: str, detail: str) -> LetterReturn:
    return LetterReturn.objects.create(
        letter=letter, code=code[:20], detail=detail[:500], is_final=code.startswith("5")
    )


def _try_later(letter: Letter, why: str) -> bool:
    if letter.attempts > len(RETRY_AFTER):
        return _note(letter, sent=False, state=LetterState.FAILED, note=why)
    after = _now() + RETRY_AFTER[letter.attempts - 1]
    return _note(letter, sent=False, state=LetterState.WAITING, note=why, not_before=after)


def _note(letter: Letter, *, sent: bool = True, **values: object) -> bool:
    """Write how an attempt ended, if the letter is still this worker's."""
    mine = Letter.objects.filter(pk=letter.pk, lease_owner=letter.lease_owner, attempts=letter.attempts)
    return bool(mine.update(lease_owner="", lease_until=None, **values)) and sent


def _change(letter: Letter, **values: object) -> Letter:
    for name, value in values.items():
        setattr(letter, name, value)
    letter.save(update_fields=list(values))
    return letter


def _now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
