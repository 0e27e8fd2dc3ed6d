"""Whose bank details are these, in words, and what is asked for them?"""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

from borrowers.models import Organisation
from commonweal.form_fields import PlainForm
from investors.models import Investor


def of_organisation(organisation: Organisation) -> str:
    """How the ledger knows a business as a payee."""
    return f"organisation:{organisation.pk}"


def of_investor(investor: Investor) -> str:
    """How the ledger knows an investor as a payee."""
    return f"investor:{investor.code}"


def names_of(subjects: Iterable[str]) -> dict[str, str]:
    """The payees' names by subject, in two queries however many there are."""
    parted = [subject.partition(":")[::2] for subject in subjects]
    organisations = Organisation.objects.filter(pk__in=[name for kind, name in parted if kind == "organisation"])
    investors = Investor.objects.filter(code__in=[name for kind, name in parted if kind == "investor"])
    return {of_organisation(one): one.name for one in organisations} | {of_investor(one): one.name for one in investors}


class BankDetailsForm(PlainForm):
    """An account in the United Kingdom, or one by IBAN."""

    account_name = forms.CharField(label="Name of the account", help_text="As the bank has it.", max_length=70)
    sort_code = forms.CharField(label="Sort code", help_text="Such as 60-16-13.", required=False, max_length=12)
    account_number = forms.CharField(label="Account number", help_text="Eight digits.", required=False, max_length=14)
    iban = forms.CharField(
        label="or IBAN", help_text="For an account abroad, instead of the two above.", required=False, max_length=44
    )
    bic = forms.CharField(label="BIC", help_text="With an IBAN.", required=False, max_length=15)


class ProposeDetailsForm(BankDetailsForm):
    """Whose account it is, among the payees that the person may see."""

    payee = forms.ChoiceField(label="Who is paid")
    field_order = ("payee", "account_name", "sort_code", "account_number", "iban", "bic")


class DecideDetailsForm(PlainForm):
    """What was decided, and how it was checked."""

    DECISIONS = (("confirm", "Confirm them"), ("decline", "Decline them"))

    decision = forms.ChoiceField(label="Decide", choices=DECISIONS, widget=forms.RadioSelect)
    how = forms.CharField(
        label="How were they checked?",
        help_text="Whom you called back, on which number that you knew before. The auditor reads this.",
        error_messages={"required": "Say how they were checked"},
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
