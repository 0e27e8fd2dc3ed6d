"""Saying whether income tax is withheld from the interest that an investor is paid."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from investors.domain.errors import TaxTreatmentRefused
from investors.models import Investor, TaxTreatment


@transaction.atomic
def say_tax_treatment(
    *, investor: Investor, rate: Decimal, effective_on: date, reason: str, by: AbstractBaseUser
) -> TaxTreatment:
    """Keep at which rate, a fraction, tax is withheld from an investor's interest from a day on, and why.

    Nought is interest paid gross. What counts already is the answer. Payouts that were proposed or made stay as they
    are. Raises TaxTreatmentRefused.
    """
    Investor.objects.select_for_update().get(pk=investor.pk)
    if not 0 <= rate < 1:
        raise TaxTreatmentRefused(
            f"Tax at {100 * rate:f} % of the interest paid to {investor} is not possible. Give a rate from 0 to below "
            "100 %; nothing was changed."
        )
    if not reason.strip():
        raise TaxTreatmentRefused(
            f"Say why interest is paid to {investor} so, such as what it declared: the tax authority and the auditor "
            "ask. Nothing was changed."
        )
    latest = TaxTreatment.objects.filter(investor=investor, effective_on=effective_on).order_by("-pk").first()
    if latest is not None and (latest.rate, latest.reason) == (rate, reason.strip()):
        return latest
    return TaxTreatment.objects.create(
        investor=investor, effective_on=effective_on, rate=rate, reason=reason.strip(), said_by_id=by.pk
    )
