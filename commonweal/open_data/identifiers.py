"""Under which identifiers are organisations and deals published? A register's where there is one, else minted once."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection

from borrowers.models import Organisation
from commonweal.open_data.models import PublishedId

ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Without signs that are taken for one another."""


def mint() -> str:
    """An identifier that tells nothing: `CW-7Q2MXK9AT4HC`, one of 10¹⁷."""
    return "CW-" + "".join(secrets.choice(ALPHABET) for _ in range(12))


def minted(subjects: Collection[str]) -> dict[str, str]:
    """The identifier of each subject; those that have none yet are given one. Three statements for any number."""
    wanted = list(dict.fromkeys(subjects))
    known = set(PublishedId.objects.filter(subject__in=wanted).values_list("subject", flat=True))
    new = [PublishedId(subject=subject, code=mint()) for subject in wanted if subject not in known]
    PublishedId.objects.bulk_create(new, ignore_conflicts=True)
    return dict(PublishedId.objects.filter(subject__in=wanted).values_list("subject", "code"))


def registered(organisation: Organisation) -> str:
    """The identifier by a register, the company's before the charity's and the mutual's; "" where it has none.

    Prefixes are those of org-id.guide; SEDL asks for this order.
    """
    if organisation.company_number:
        return f"GB-COH-{organisation.company_number}"
    if organisation.charity_number:
        return _charity(organisation.charity_number)
    if organisation.society_number:
        return f"GB-MPR-{organisation.society_number}"
    return ""


def _charity(number: str) -> str:
    if number.startswith("SC"):
        return f"GB-SC-{number}"
    if found := re.fullmatch(r"NIC?(1\d{5})", number):
        return f"GB-NIC-{found[1]}"
    return f"GB-CHC-{number}" if re.fullmatch(r"\d{6,7}(-\d+)?", number) else ""


def subject_of(organisation: Organisation) -> str:
    """What its minted identifier stands for."""
    return f"organisation:{organisation.pk}"
