"""Agreeing covenants, ending them, and letting one breach pass by two people's decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from ledger.services import approve as approve_content
from loans.covenants import ShownTest, covenant_of, waiver_sha256
from loans.domain.covenants import CovenantKind, CovenantStatus, Unit
from loans.domain.errors import CovenantRefused, WaiverRefused
from loans.domain.words import date_text
from loans.models import Covenant, CovenantEnd, Loan, WaiverDecision, WaiverProposal
from loans.models.covenant import LIMIT, value_text

PLACES = {Unit.TIMES: 4, Unit.SHARE: 4, Unit.MONEY: 2}


@dataclass(frozen=True, slots=True)
class CovenantAsked:
    """A covenant as it is agreed: `threshold` in times, as a fraction of one, or in the loan's currency."""

    kind: CovenantKind
    threshold: Decimal
    first_test_on: date
    every_months: int = 3
    over_months: int = 12
    near_margin: Decimal = Decimal("0.10")
    due_days: int = 45


@transaction.atomic
def agree_covenant(*, loan: Loan, asked: CovenantAsked, on: date, by: AbstractBaseUser, reason: str = "") -> Covenant:
    """Agree a covenant with a loan. Raises CovenantRefused where it makes no sense or runs already."""
    locked = _lock(loan)
    _refuse_senseless(locked, asked)
    if Covenant.objects.filter(loan=locked, kind=asked.kind.value, end=None).exists():
        raise CovenantRefused(
            "kind",
            f"{asked.kind.rule.label} is agreed with {locked} already. End that covenant first; nothing was changed.",
        )
    return Covenant.objects.create(
        loan=locked,
        kind=asked.kind.value,
        threshold=asked.threshold,
        near_margin=asked.near_margin,
        over_months=asked.over_months if asked.kind.rule.is_of_flows else 0,
        every_months=asked.every_months,
        first_test_on=asked.first_test_on,
        due_days=asked.due_days,
        agreed_on=on,
        reason=reason.strip(),
        agreed_by_id=by.pk,
    )


@transaction.atomic
def end_covenant(*, covenant: Covenant, ends_on: date, reason: str, on: date, by: AbstractBaseUser) -> CovenantEnd:
    """Test a covenant no more from a day on. Raises CovenantRefused; a breach is waived by two people before."""
    loan = _lock(covenant.loan)
    shown = covenant_of(loan, covenant.pk, on)
    if shown is None or shown.covenant.ends_on is not None:
        raise CovenantRefused("", f"{covenant} of {loan} has ended already. Nothing was changed.")
    if ends_on < on:
        raise CovenantRefused(
            "ends_on",
            f"{covenant} cannot end on {date_text(ends_on)}, before {date_text(on)}: what was tested stands. "
            "Choose today or a later day; nothing was changed.",
        )
    if not reason.strip():
        raise CovenantRefused("reason", f"Say why {covenant} ends: the auditor reads it. Nothing was changed.")
    now = shown.now
    if now is not None and now.test.status is CovenantStatus.BREACH and now.waiver is None:
        raise CovenantRefused(
            "",
            f"{covenant} of {loan} is broken since its test of {date_text(now.test.tested_on)}. "
            "Let two people waive that breach first; nothing was changed.",
        )
    return CovenantEnd.objects.create(
        covenant=shown.covenant, ends_on=ends_on, reason=reason.strip(), recorded_by_id=by.pk
    )


@transaction.atomic
def propose_waiver(
    *, covenant: Covenant, tested_on: date, reason: str, on: date, by: AbstractBaseUser
) -> WaiverProposal:
    """Propose that one breach be let pass; somebody else decides. Raises WaiverRefused."""
    found = _breach(covenant, tested_on, on)
    if found.waiver is not None or found.waiting is not None:
        done = "is waived already" if found.waiver is not None else "waits for a decision about a waiver already"
        raise WaiverRefused(f"{covenant} on {date_text(tested_on)} {done}. Look at that; nothing was changed.")
    if not reason.strip():
        raise WaiverRefused(
            f"Say why the breach of {covenant} on {date_text(tested_on)} should be let pass: whoever decides and the "
            "auditor read it. Nothing was changed."
        )
    value = value_text(found.test.value)
    return WaiverProposal.objects.create(
        covenant=found.covenant,
        tested_on=tested_on,
        value=value,
        reason=reason.strip(),
        content_sha256=waiver_sha256(found.covenant, tested_on, value, reason.strip()),
        proposed_on=on,
        proposed_by_id=by.pk,
    )


@transaction.atomic
def approve_waiver(
    *, proposal: WaiverProposal, shown_sha256: str, on: date, by: AbstractBaseUser, reason: str = ""
) -> WaiverDecision:
    """Let exactly the breach pass that was shown. Raises WaiverRefused, and SameTwoEyes for its maker."""
    covenant = proposal.covenant
    found = _breach(covenant, proposal.tested_on, on)
    _refuse_decided(proposal, shown_sha256)
    if value_text(found.test.value) != proposal.value:
        raise WaiverRefused(
            f"The figures behind {covenant} on {date_text(proposal.tested_on)} were restated since the waiver was "
            "proposed. Decline it, and propose it anew; nothing was changed."
        )
    approval = approve_content(
        subject=f"{covenant.loan.book.code}/{covenant.loan.reference}/waiver/{proposal.pk}",
        content_sha256=proposal.content_sha256,
        made_by=proposal.proposed_by,
        made_at=proposal.proposed_at,
        checked_by=by,
        reason=reason.strip(),
    )
    return WaiverDecision.objects.create(
        proposal=proposal,
        content_sha256=proposal.content_sha256,
        decided_on=on,
        approval=approval,
        reason=reason.strip(),
        decided_by_id=by.pk,
    )


@transaction.atomic
def decline_waiver(
    *, proposal: WaiverProposal, shown_sha256: str, on: date, by: AbstractBaseUser, reason: str
) -> WaiverDecision:
    """Let a breach stand; its maker may so take the proposal back. Raises WaiverRefused."""
    _lock(proposal.covenant.loan)
    _refuse_decided(proposal, shown_sha256)
    if not reason.strip():
        raise WaiverRefused("Say why the breach is not let pass: its maker will read it. Nothing was changed.")
    return WaiverDecision.objects.create(
        proposal=proposal,
        content_sha256=proposal.content_sha256,
        decided_on=on,
        reason=reason.strip(),
        decided_by_id=by.pk,
    )


def _lock(loan: Loan) -> Loan:
    """The loan as it stands now; who else wants to change what is agreed about it waits for this transaction."""
    return Loan.objects.select_for_update(of=("self",)).select_related("book", "organisation").get(pk=loan.pk)


def _breach(covenant: Covenant, tested_on: date, on: date) -> ShownTest:
    """The test of a day, which has to be a breach. Raises WaiverRefused."""
    shown = covenant_of(_lock(covenant.loan), covenant.pk, on)
    tests = shown.tests if shown else ()
    for found in tests:
        if found.test.tested_on == tested_on and found.test.status is CovenantStatus.BREACH:
            return found
    raise WaiverRefused(
        f"{covenant} of {covenant.loan} is not broken on {date_text(tested_on)}, so there is nothing to let pass. "
        "Choose the test of a breach; nothing was changed."
    )


def _refuse_decided(proposal: WaiverProposal, shown_sha256: str) -> None:
    if WaiverDecision.objects.filter(proposal=proposal).exists():
        raise WaiverRefused("Somebody has decided on this waiver already. Look at the decision; nothing was changed.")
    if proposal.content_sha256 != shown_sha256:
        raise WaiverRefused(
            "This is not the waiver that you were shown. Read it and decide again; nothing was changed."
        )


def _refuse_senseless(loan: Loan, asked: CovenantAsked) -> None:
    rule = asked.kind.rule
    most = {Unit.SHARE: Decimal(1), Unit.TIMES: Decimal(100), Unit.MONEY: Decimal(LIMIT)}[rule.unit]
    places = PLACES[rule.unit]
    if not asked.threshold.is_finite() or not 0 <= asked.threshold < most:
        raise CovenantRefused(
            "threshold",
            f"{rule.label} of {asked.threshold} makes no sense: it is from nought to below {most:,}. "
            "Correct it; nothing was changed.",
        )
    if asked.threshold != round(asked.threshold, places):
        raise CovenantRefused(
            "threshold",
            f"{rule.label} of {asked.threshold} has more than {places} decimals. Round it; nothing was changed.",
        )
    if not asked.near_margin.is_finite() or not 0 <= asked.near_margin < 1:
        raise CovenantRefused(
            "near_margin",
            f"A margin of {asked.near_margin} is not from nought to below one. Correct it; nothing was changed.",
        )
    if (asked.first_test_on + timedelta(days=1)).day != 1 or asked.first_test_on < loan.approved_on:
        raise CovenantRefused(
            "first_test_on",
            f"Tests are on the last day of a month, from the approval of {loan} on {date_text(loan.approved_on)} on; "
            f"{date_text(asked.first_test_on)} is not. Correct it; nothing was changed.",
        )
    _refuse_months(asked)


def _refuse_months(asked: CovenantAsked) -> None:
    for field, least, most in (("every_months", 1, 12), ("over_months", 1, 24), ("due_days", 0, 366)):
        given = getattr(asked, field)
        if not least <= given <= most and (field != "over_months" or asked.kind.rule.is_of_flows):
            raise CovenantRefused(
                field,
                f"{field.replace('_', ' ').capitalize()} of {given} is not from {least} to {most}. "
                "Correct it; nothing was changed.",
            )
