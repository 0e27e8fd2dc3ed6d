"""Keeping the people whom a fund writes and talks to at its investors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from borrowers.domain.names import hidden_sign
from investors.domain.contacts import ContactRole
from investors.domain.errors import ContactOvertaken, ImpossibleContact
from investors.models import Investor, InvestorContact
from investors.queries.contacts import contacts_of


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is said of a person at an investor."""

    name: str
    role: ContactRole
    email: str
    phone: str = ""
    gets_notices: bool = False


@transaction.atomic
def keep_contact(
    *, investor: Investor, said: Particulars, by: AbstractBaseUser, replaces: InvestorContact | None = None
) -> InvestorContact:
    """Keep a person at an investor, or what changed of one; what stands already is the answer.

    Raises ImpossibleContact, and ContactOvertaken where somebody else changed it meanwhile.
    """
    Investor.objects.select_for_update().get(pk=investor.pk)
    name, email = said.name.strip(), said.email.strip()
    _refuse_unreachable(investor, name, email)
    fields = {
        "name": name,
        "role": said.role.value,
        "email": email,
        "phone": said.phone.strip(),
        "gets_notices": said.gets_notices,
    }
    if replaces is not None:
        _refuse_overtaken(replaces)
        if _says(replaces, fields):
            return replaces
    same = contacts_of(investor).filter(email__iexact=email)
    if (standing := (same.exclude(pk=replaces.pk) if replaces else same).first()) is not None:
        if replaces is None and _says(standing, fields):
            return standing
        raise ImpossibleContact(
            "email",
            f"{standing.name} at {investor} has the e-mail address {standing.email} already. Change that contact, or "
            "give another address; nothing was changed.",
        )
    return InvestorContact.objects.create(investor=investor, replaces=replaces, said_by_id=by.pk, **fields)


@transaction.atomic
def end_contact(*, contact: InvestorContact, by: AbstractBaseUser) -> InvestorContact:
    """Say that somebody is no contact any more; again, it changes nothing. Raises ContactOvertaken."""
    Investor.objects.select_for_update().get(pk=contact.investor_id)
    later = InvestorContact.objects.filter(replaces=contact).first()
    if later is not None and later.ended:
        return later
    _refuse_overtaken(contact)
    return InvestorContact.objects.create(
        investor=contact.investor,
        name=contact.name,
        role=contact.role,
        email=contact.email,
        phone=contact.phone,
        ended=True,
        replaces=contact,
        said_by_id=by.pk,
    )


def _says(contact: InvestorContact, fields: Mapping[str, object]) -> bool:
    return all(getattr(contact, name) == value for name, value in fields.items())


def _refuse_unreachable(investor: Investor, name: str, email: str) -> None:
    if not name or hidden_sign(name):
        raise ImpossibleContact(
            "name",
            f"A contact of {investor} has a name in one line, without signs that nobody sees. Type it anew; nothing "
            "was changed.",
        )
    try:
        validate_email(email)
    except ValidationError:
        raise ImpossibleContact(
            "email", f"{email!r} is no e-mail address. Give one such as ann@example.org; nothing was changed."
        ) from None


def _refuse_overtaken(contact: InvestorContact) -> None:
    if contact.ended or InvestorContact.objects.filter(replaces=contact).exists():
        raise ContactOvertaken(
            f"What stood of {contact.name} at {contact.investor} was changed or ended meanwhile. Look at the contacts "
            "again; nothing was changed."
        )
