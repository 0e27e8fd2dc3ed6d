"""Registering a community business, and keeping its address right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q

from borrowers.domain.errors import AlreadyRegistered, RegistrationMissing
from borrowers.domain.names import refuse_hidden_signs
from borrowers.domain.places import Region
from borrowers.domain.registration import LegalForm, RegisteredNumbers, refuse_missing_number
from borrowers.domain.sectors import Sector
from borrowers.models import Organisation
from borrowers.services.places import refuse_disagreement


@dataclass(frozen=True, slots=True)
class Address:
    """Where a business works. `small_area_code` is the code of its census area, for deprivation."""

    place: str
    region: Region
    line_1: str = ""
    line_2: str = ""
    postcode: str = ""
    small_area_code: str = ""


@dataclass(frozen=True, slots=True)
class Business:
    """What a register knows of a business, and where it works."""

    name: str
    legal_form: LegalForm
    numbers: RegisteredNumbers
    address: Address

    @property
    def all_numbers(self) -> tuple[str, str, str]:
        """Company, charity and society number; "" where it has none."""
        return self.numbers.company, self.numbers.charity, self.numbers.society


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
    two holds what nobody sees; AlreadyRegistered where a number is another's; NoSuchPlace and PlacesDisagree for the
    small area.
    """
    if not name.strip() or not address.place.strip():
        raise RegistrationMissing("An organisation needs a name and a place. Add them; nothing was changed.")
    refuse_hidden_signs(name.strip())
    refuse_missing_number(name, legal_form, numbers)
    refuse_disagreement(*_codes(address))
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
    """Record where a business works now.

    Raises RegistrationMissing without a place, NameMalformed, NoSuchPlace and PlacesDisagree.
    """
    if not address.place.strip():
        raise RegistrationMissing(f"{organisation.name} needs a place. Add it; nothing was changed.")
    refuse_disagreement(*_codes(address))
    _set_address(organisation, address)
    organisation.save()
    return organisation


def find_or_register(wanted: Sequence[Business]) -> list[Organisation]:
    """The record of each business, in the order asked: the one that stands, or a new one; in a few statements for all.

    A business is known by its registered numbers; one that has none, by its name and place. What stands is not amended.
    """
    known = _Known(wanted)
    new: list[Organisation] = []
    found: list[Organisation] = []
    for business in wanted:
        organisation = known.record_of(business)
        if organisation is None:
            organisation = _unsaved(business)
            new.append(organisation)
            known.add(organisation)
        found.append(organisation)
    Organisation.objects.bulk_create(new)
    return found


def which_stand(wanted: Sequence[Business]) -> list[Organisation | None]:
    """The record that `find_or_register` would find for each business, in the order asked; None where there is none."""
    known = _Known(wanted)
    return [known.record_of(business) for business in wanted]


class _Known:
    """Records by each of their numbers, and by name and place."""

    def __init__(self, wanted: Sequence[Business]) -> None:
        self._by_number: dict[tuple[str, str], Organisation] = {}
        self._by_name: dict[tuple[str, str], Organisation] = {}
        asked = Q()
        for field in Organisation.NUMBERS:
            numbers = {getattr(one.numbers, field.split("_")[0]) for one in wanted} - {""}
            asked |= Q(**{f"{field}__in": numbers})
        named = {one.name for one in wanted if not any(one.all_numbers)}
        for organisation in Organisation.objects.filter(asked | Q(name__in=named)).order_by("-pk"):
            self.add(organisation)

    def add(self, organisation: Organisation) -> None:
        for register_and_number in organisation.registrations:
            self._by_number[register_and_number] = organisation
        if not organisation.registrations:
            self._by_name[_named(organisation.name, organisation.place)] = organisation

    def record_of(self, business: Business) -> Organisation | None:
        if not any(business.all_numbers):
            return self._by_name.get(_named(business.name, business.address.place))
        labels = (field.replace("_", " ") for field in Organisation.NUMBERS)
        keys = zip(labels, business.all_numbers, strict=True)
        return next((self._by_number[key] for key in keys if key in self._by_number), None)


def _named(name: str, place: str) -> tuple[str, str]:
    return name.casefold(), place.casefold()


def _unsaved(business: Business) -> Organisation:
    organisation = Organisation(
        name=business.name,
        legal_form=business.legal_form,
        company_number=business.numbers.company,
        charity_number=business.numbers.charity,
        society_number=business.numbers.society,
    )
    _set_address(organisation, business.address)
    return organisation


def _codes(address: Address) -> tuple[str, str]:
    """Postcode and small area in capitals and without spaces."""
    postcode, area = ("".join(code.split()).upper() for code in (address.postcode, address.small_area_code))
    return postcode, area


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
