"""What is asked for the management fee."""

from __future__ import annotations

from django import forms

from commonweal.form_fields import DayField, PercentField, PlainForm
from investors.domain.management_fee import FeeBase


class FeeAgreementForm(PlainForm):
    """Base and rate from a day on."""

    BASES = (
        (FeeBase.COMMITTED, "what is committed"),
        (FeeBase.DRAWN, "what is drawn"),
        (FeeBase.NET_ASSET_VALUE, "what capital accounts stand at"),
    )

    on = DayField(noun="the first day", label="From")
    base = forms.ChoiceField(label="A rate of", choices=BASES, widget=forms.RadioSelect)
    rate = PercentField(noun="the rate", label="Rate a year")
