"""Bringing in what another publisher told in SEDL: businesses and records of deals, never loans of the ledger.

A dry run says what would come of it. What stands is not changed: the same file again changes nothing, and a deal that
is told otherwise than before is refused.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet

from borrowers.domain.errors import BorrowerError
from borrowers.domain.places import Region
from borrowers.domain.registration import LegalForm, RegisteredNumbers, refuse_missing_number
from borrowers.models import Organisation
from borrowers.services import Address, Business, find_or_register, which_stand
from commonweal.open_data.errors import NotReadable
from commonweal.open_data.judging import judge
from commonweal.open_data.models import DealRecord, PublishedId
from commonweal.open_data.sedl import FORMS
from commonweal.open_data.shapes import Standard
from commonweal.open_data.writing import read, sha256, written
from loans.models import Loan

if TYPE_CHECKING:
    from ledger.models import Book

LEGAL_FORMS = {label: form for form, label in FORMS.items()} | {
    "IPS - Industrial and Provident Society": LegalForm.CO_OPERATIVE_SOCIETY
}
LARGEST = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What a file tells, and how much of it is new here."""

    deals: int
    new: int
    businesses: int


@dataclass(frozen=True, slots=True)
class TriedDeal:
    """One deal of a file, and what bringing it in would make of it: a record or nothing, a business or none."""

    code: str
    title: str
    deal_date: str
    business: str
    currency: str
    value: Decimal | None
    is_new: bool
    stands: Organisation | None
    """The business as it is registered here already."""


def deal_records(book: Book) -> QuerySet[DealRecord]:
    """The records of a book, in the order of their identifiers."""
    return DealRecord.objects.filter(book=book).select_related("organisation").order_by("code")


def try_records(*, book: Book, content: bytes) -> BroughtIn:
    """What bringing a file in would do; nothing is kept. Raises NotReadable."""
    deals = _deals(content)
    known = _standing(book, deals)
    businesses = {deal["recipientOrganization"]["id"] for deal in deals}
    return BroughtIn(len(deals), len(deals) - len(known), len(businesses))


def tried_deals(*, book: Book, content: bytes) -> list[TriedDeal]:
    """Each deal of a file, in its order; nothing is kept. Raises NotReadable."""
    deals = _deals(content)
    known = _standing(book, deals)
    standing = which_stand([_business(deal) for deal in deals])
    return [
        TriedDeal(
            code=deal["id"],
            title=deal["title"],
            deal_date=deal["dealDate"],
            business=deal["recipientOrganization"]["name"],
            currency=deal.get("currency", ""),
            value=None if deal.get("value") is None else Decimal(deal["value"]),
            is_new=deal["id"] not in known,
            stands=organisation,
        )
        for deal, organisation in zip(deals, standing, strict=True)
    ]


@transaction.atomic
def bring_in_records(*, book: Book, content: bytes, by: AbstractBaseUser) -> BroughtIn:
    """Keep each deal of a file that is not known yet, with its business, which is registered where it is new.

    Raises NotReadable where the file is no fit data set, a deal is told otherwise than it stands, or a business cannot
    be registered as it is told of.
    """
    deals = _deals(content)
    known = _standing(book, deals)
    new = [deal for deal in deals if deal["id"] not in known]
    organisations = find_or_register([_business(deal) for deal in new])
    whole = sha256(content)
    DealRecord.objects.bulk_create(
        DealRecord(
            book=book,
            organisation=organisation,
            code=deal["id"],
            title=deal["title"][:300],
            deal_date=deal["dealDate"],
            content=written(deal).decode(),
            content_sha256=_fingerprint(deal),
            source_sha256=whole,
            brought_in_by_id=by.pk,
        )
        for deal, organisation in zip(new, organisations, strict=True)
    )
    return BroughtIn(len(deals), len(new), len({organisation.pk for organisation in organisations}))


def _deals(content: bytes) -> list[dict[str, Any]]:
    if len(content) > LARGEST:
        raise NotReadable(f"The file has more than {LARGEST:,} bytes. Bring it in in parts; nothing was kept.")
    try:
        data = read(content)
    except (ValueError, RecursionError) as error:
        raise NotReadable(f"The file is no JSON: {error}. Fetch it anew; nothing was kept.") from error
    data = {"deals": data} if isinstance(data, list) else data
    found = judge(Standard.SEDL, data)
    if found or not isinstance(data, dict):
        first, places = found[0], "1 place" if len(found) == 1 else f"{len(found)} places"
        raise NotReadable(
            f"The file breaks SEDL in {places}, first at {first.where}: {first.what}. Correct it with its "
            "publisher; nothing was kept."
        )
    deals: list[dict[str, Any]] = data["deals"]
    for deal in deals:
        _business(deal)
    return deals


def _standing(book: Book, deals: list[dict[str, Any]]) -> set[str]:
    """The identifiers that stand in the book with the same content. Raises NotReadable where they say otherwise."""
    codes = {deal["id"]: deal for deal in deals}
    loans = [f"loan:{key}" for key in Loan.objects.filter(book=book).values_list("pk", flat=True)]
    ours = PublishedId.objects.filter(code__in=codes, subject__in=loans).first()
    if ours is not None:
        raise NotReadable(f"{ours.code} is a loan of {book}, published from here. Leave it out; nothing was kept.")
    known = dict(deal_records(book).filter(code__in=codes).values_list("code", "content_sha256"))
    for code, fingerprint in known.items():
        if _fingerprint(codes[code]) != fingerprint:
            raise NotReadable(
                f"The deal {code} stands here with other content. A record is not changed: leave it out of the file; "
                "nothing was kept."
            )
    return set(known)


def _fingerprint(deal: dict[str, Any]) -> str:
    return hashlib.sha256(written(deal)).hexdigest()


def _business(deal: dict[str, Any]) -> Business:
    """The recipient as a business that can be registered. Raises NotReadable."""
    told = deal.get("recipientOrganization")
    if told is None:
        raise NotReadable(f"The deal {deal['id']} names no recipientOrganization. Add it; nothing was kept.")
    is_cic = told.get("description") == "Community interest company"
    form = LegalForm.CIC if is_cic else LEGAL_FORMS.get(told.get("organizationType", ""))
    region = next((one for one in Region if one == told.get("addressRegion")), None)
    if form is None or region is None or not told.get("addressLocality"):
        missing = "organizationType" if form is None else "addressRegion" if region is None else "addressLocality"
        raise NotReadable(
            f"The recipient {told['id']} has no {missing} that is known here. Add it in the file; nothing was kept."
        )
    try:
        numbers = _numbers(told)
        refuse_missing_number(told["name"], form, numbers)
    except BorrowerError as refusal:
        raise NotReadable(f"The recipient {told['id']} cannot be registered: {refusal}") from refusal
    address = Address(place=told["addressLocality"], region=region, postcode=told.get("postalCode", ""))
    return Business(told["name"], form, numbers, address)


def _numbers(told: dict[str, Any]) -> RegisteredNumbers:
    """The registered numbers: from the identifier, and from what stands beside it. Raises RegistrationMalformed."""
    code = told["id"]
    register = "-".join(code.split("-")[:2])
    number = code[len(register) + 1 :]
    charity = {"GB-CHC": number, "GB-SC": number, "GB-NIC": f"NIC{number}"}.get(register, "")
    return RegisteredNumbers(
        company=number if register == "GB-COH" else told.get("companyNumber", ""),
        charity=charity or told.get("charityNumber", ""),
        society=number if register == "GB-MPR" else "",
    )
