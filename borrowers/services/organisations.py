"""Registering a community business, and keeping its address right."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from borrowers.domain.errors import AlreadyRegistered, RegistrationMissing
from borrowers.domain.names import refuse_hidden_signs
from borrowers.domain.places import Region
from borrowers.domain.registration import LegalForm, RegisteredNumbers, refuse_missing_number
from borrowers.domain.sectors import Sector
from borrowers.models import Organisation


@dataclass(frozen=True, slots=True)
class Address:
    """Where a business works. `small_area_code` is the code of its census area, for deprivation."""

    place: str
    region: Region
    line_1: str = ""
    line_2: str = ""
    postcode: str = ""
    small_area_code: str = ""


def register_organisation(
    *,
    name: str,
    legal_form: LegalForm,
    numbers: RegisteredNumbers,
    address: Address,
    sector: Sector | None = None,
) -> Organisation:
    """Keep a record of a community business.

    Raises RegistrationMissing without a name, a place, or the number of its legal form; NameMalformed where one of the
    two holds what nobody sees; AlreadyRegistered where a number is another's.
    """
    if not name.strip() or not address.place.strip():
        raise RegistrationMissing("An organisation needs a name and a place. Add them; nothing was changed.")
    refuse_hidden_signs(name.strip())
    refuse_missing_number(name, legal_form, numbers)
    organisation = Organisation(
        name=name.strip(),
        legal_form=legal_form,
        company_number=numbers.company,
        charity_number=numbers.charity,
        society_number=numbers.society,
        sector=sector or "",
    )
    _set_address(organisation, address)
    try:
        with transaction.atomic():
            organisation.save(force_insert=True)
    except IntegrityError as error:
        raise _already_registered(organisation) from error
    return organisation


@transaction.atomic
def amend_organisation(*, organisation: Organisation, address: Address) -> Organisation:
    """Record where a business works now. Raises RegistrationMissing without a place, and NameMalformed."""
    if not address.place.strip():
        raise RegistrationMissing(f"{organisation.name} needs a place. Add it; nothing was changed.")
    _set_address(organisation, address)
    organisation.save()
    return organisation


def _set_address(organisation: Organisation, address: Address) -> None:
    refuse_hidden_signs(address.place.strip())
    organisation.address_line_1, organisation.address_line_2 = address.line_1, address.line_2
    organisation.place, organisation.postcode = address.place.strip(), address.postcode.strip().upper()
    organisation.region, organisation.small_area_code = address.region, address.small_area_code


def _already_registered(wanted: Organisation) -> AlreadyRegistered:
    for label, number in wanted.registrations:
        standing = Organisation.objects.filter(**{label.replace(" ", "_"): number}).first()
        if standing is not None:
            return AlreadyRegistered(
                f"{standing.name} is registered under {label} {number} already. Use that record; nothing was changed."
            )
    return AlreadyRegistered(f"{wanted.name} is registered already. Use that record; nothing was changed.")
