"""Which e-mails does a person want? Chosen in the portals, or by the link at the foot of an e-mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.core import signing
from django.db import transaction

from commonweal.access.models import User
from commonweal.letters.errors import LegalNotice
from commonweal.letters.kinds import LEGAL, LetterKind
from commonweal.letters.models import LetterChoice

SALT = "commonweal.letters.choices"


def choices_of(person: User) -> dict[LetterKind, bool]:
    """For each kind whether it is wanted; what nobody chose is."""
    made = LetterChoice.objects.filter(person=person).order_by("kind", "-pk").distinct("kind")
    chosen = {choice.kind: choice.is_wanted for choice in made}
    return {kind: kind in LEGAL or chosen.get(kind, True) for kind in LetterKind}


def who_wants(people: Iterable[User], kind: LetterKind) -> list[User]:
    """Those who may log in and have not switched a kind off, in one query."""
    asked = [person for person in people if person.is_active]
    if kind in LEGAL or not asked:
        return asked
    made = LetterChoice.objects.filter(person__in=asked, kind=kind).order_by("person", "-pk").distinct("person")
    without = {choice.person_id for choice in made if not choice.is_wanted}
    return [person for person in asked if person.pk not in without]


@transaction.atomic
def choose(*, person: User, wanted: Mapping[LetterKind, bool]) -> None:
    """Switch kinds on and off; what stays as it is leaves no row. Raises LegalNotice."""
    now = choices_of(person)
    for kind, is_wanted in wanted.items():
        if kind in LEGAL and not is_wanted:
            raise LegalNotice(
                f"“{kind.label}” is something that the fund has to tell you, so it cannot be switched off. "
                "Leave it on; nothing was changed."
            )
        if now[kind] != is_wanted:
            LetterChoice.objects.create(person=person, kind=kind, is_wanted=is_wanted)


def token_for(person: User, kind: LetterKind) -> str:
    """What the link at the foot of an e-mail carries: it switches this kind off for this person and does nothing else.

    It is signed and not secret beyond that, and does not run out, so that an old e-mail can still be stopped.
    """
    return signing.Signer(salt=SALT).sign_object([person.pk, str(kind)])


def read_token(token: str) -> tuple[User, LetterKind] | None:
    """Whose it is and for which kind; None where it was not signed here."""
    try:
        pk, kind = signing.Signer(salt=SALT).unsign_object(token)
        return User.objects.get(pk=pk), LetterKind(kind)
    except (signing.BadSignature, User.DoesNotExist, ValueError, TypeError):
        return None
