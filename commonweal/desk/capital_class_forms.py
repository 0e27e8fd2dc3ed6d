"""What is asked for a class of a fund's capital and for the management fee."""

from __future__ import annotations

from django import forms

from commonweal.form_fields import DayField, PercentField, PlainForm
from investors.domain.fund_class import FundClass as Terms
from investors.domain.management_fee import FeeBase
from investors.domain.waterfall import Unpaid


class FundClassForm(PlainForm):
    """A class as the deed has it."""

    code = forms.CharField(
        label="Code", max_length=20, help_text="Capital letters, digits and dashes, such as SENIOR; it never changes."
    )
    name = forms.CharField(label="Name", max_length=100)
    rank = forms.IntegerField(
        label="Rank", min_value=1, max_value=99, help_text="1 is paid first and bears losses last."
    )
    target_return = PercentField(
        noun="the target return", label="Target return a year", required=False, help_text="Of what is invested."
    )
    return_cap = PercentField(noun="the cap", label="Cap a year", required=False, help_text="Where there is one.")
    unpaid = forms.ChoiceField(
        label="A target that is not earned",
        choices=[(Unpaid.ACCRUES, "stays owed"), (Unpaid.LAPSES, "lapses")],
        widget=forms.RadioSelect,
        initial=Unpaid.ACCRUES,
    )
    takes_rest = forms.BooleanField(label="Shares in what is left when all targets and caps are met", required=False)

    def terms(self) -> Terms:
        """The class as a value. Raises ImpossibleClass."""
        said = self.cleaned_data
        return Terms(
            said["code"],
            said["name"],
            said["rank"],
            said["target_return"],
            said["return_cap"],
            Unpaid(said["unpaid"]),
            said["takes_rest"],
        )


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
