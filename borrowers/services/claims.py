"""What a business says that it changes, what it allows to be shown, and what it leaves for whoever comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from borrowers.domain.errors import ClaimUnclear, NothingWritten
from borrowers.domain.names import refuse_turning_signs
from borrowers.domain.outcomes import Group, OutcomeArea, Risk, Use
from borrowers.models import ClaimIndicator, Consent, HandoverNote, Indicator, Organisation, OutcomeClaim
from borrowers.queries import consents_of

LONGEST_NOTE = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What changes, for whom, how much, what the business contributes, and what is at risk."""

    area: OutcomeArea
    what: str
    who: Sequence[Group]
    is_for_community: bool = False
    scale: str = ""
    depth: str = ""
    duration: str = ""
    contribution: str = ""
    risk: Risk | None = None
    risk_note: str = ""


@transaction.atomic
def make_claim(
    *,
    organisation: Organisation,
    claim: Claim,
    shown_by: Sequence[Indicator],
    on: date,
    by: AbstractBaseUser,
    replaces: OutcomeClaim | None = None,
) -> OutcomeClaim:
    """Record what a business says that it changes, and by which indicators it is shown. Raises ClaimUnclear."""
    if not claim.what.strip() or not claim.who:
        raise ClaimUnclear("Say what changes, and for whom. Add what is missing; nothing was changed.")
    if replaces is not None and replaces.organisation_id != organisation.pk:
        raise ClaimUnclear(
            "The claim to be replaced is of another business. Choose one of its own; nothing was changed."
        )
    try:
        with transaction.atomic():
            made = OutcomeClaim.objects.create(
                organisation=organisation,
                area=claim.area,
                is_for_community=claim.is_for_community,
                what=claim.what.strip(),
                who=list(dict.fromkeys(claim.who)),
                scale=claim.scale.strip(),
                depth=claim.depth.strip(),
                duration=claim.duration.strip(),
                contribution=claim.contribution.strip(),
                risk=claim.risk or "",
                risk_note=claim.risk_note.strip(),
                claimed_on=on,
                claimed_by_id=by.pk,
                replaces=replaces,
            )
    except IntegrityError as error:
        raise ClaimUnclear(
            "This claim was changed by somebody else in the meantime. Look at it again; nothing was changed."
        ) from error
    chosen = {indicator.pk: indicator for indicator in shown_by}
    ClaimIndicator.objects.bulk_create(ClaimIndicator(claim=made, indicator=one) for one in chosen.values())
    return made


@transaction.atomic
def say_consents(
    *, organisation: Organisation, given: Mapping[Use, bool], on: date, by: AbstractBaseUser
) -> list[Consent]:
    """Allow uses, or allow them no more; what stays as it is leaves no row."""
    now = {use: one.is_given for (_, use), one in consents_of([organisation]).items()}
    changed = {use: is_given for use, is_given in given.items() if now.get(use, False) != is_given}
    return [
        Consent.objects.create(organisation=organisation, use=use, is_given=is_given, said_on=on, said_by_id=by.pk)
        for use, is_given in changed.items()
    ]


def leave_note(*, organisation: Organisation, text: str, by: AbstractBaseUser) -> HandoverNote:
    """Write down what whoever comes next has to know. Raises NothingWritten."""
    said = text.strip()
    refuse_turning_signs(said)
    if not said or len(said) > LONGEST_NOTE:
        raise NothingWritten(
            f"A note has between 1 and {LONGEST_NOTE:,} characters; this one has {len(said):,}. "
            "Write what somebody new would ask; nothing was changed."
        )
    return HandoverNote.objects.create(organisation=organisation, text=said, written_by_id=by.pk)
