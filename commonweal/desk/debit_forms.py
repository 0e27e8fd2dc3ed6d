"""What is asked about Direct Debits; the services decide what is right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms

from commonweal.desk.forms import use_currency
from commonweal.form_fields import DayField, MoneyField, PlainForm
from ledger.domain.bank_details import BankDetails, read_bank_details
from loans.debits import ToCollect
from loans.domain.direct_debit.mandate import Scheme
from loans.domain.direct_debit.reasons import REASONS, Report
from loans.models import DebitLine, DebitOutcome, DebitScheme, MandateChange
from loans.services import Collect, Collects


class SettingForm(PlainForm):
    """How a book collects from a day on."""

    scheme = forms.ChoiceField(label="Scheme", choices=DebitScheme.choices)
    bank_account = forms.ChoiceField(label="Credited to", choices=())
    identifier = forms.CharField(
        label="Service user number, or creditor identifier", max_length=35, help_text="123456, or DE98ZZZ09999999999."
    )
    creditor_name = forms.CharField(label="Name that payers read", max_length=70)
    bic = forms.CharField(label="BIC of the account", max_length=11, required=False, help_text="For SEPA.")
    notice_days = forms.IntegerField(
        label="Days of notice",
        required=False,
        help_text="Working days for Bacs, days for SEPA. Empty: ten and fourteen, as the schemes have it.",
    )
    presents_again = forms.BooleanField(label="Present again once what came back for want of money", required=False)
    effective_on = DayField(noun="the first day", label="From")

    def __init__(self, *args: Any, accounts: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "bank_account", accounts)

    def collects(self) -> Collects:
        """What is set."""
        names = ("identifier", "creditor_name", "bic", "notice_days", "presents_again")
        return Collects(**{name: self.cleaned_data[name] for name in names})


class AccountForm(PlainForm):
    """The payer's account."""

    account_name = forms.CharField(label="Name of the account", max_length=70)
    sort_code = forms.CharField(label="Sort code", max_length=12, required=False)
    account_number = forms.CharField(label="Account number", max_length=14, required=False)
    iban = forms.CharField(label="IBAN", max_length=44, required=False, help_text="For SEPA, instead.")
    bic = forms.CharField(label="BIC", max_length=15, required=False)

    def details(self) -> BankDetails:
        """The account. Raises BankDetailsMalformed."""
        names = ("account_name", "sort_code", "account_number", "iban", "bic")
        return read_bank_details(**{name: self.cleaned_data.get(name, "") for name in names})


class MandateForm(AccountForm):
    """A mandate as it was signed."""

    scheme = forms.ChoiceField(label="Scheme", choices=DebitScheme.choices)
    signed_on = DayField(noun="the day of the signature", label="Signed on")
    reference = forms.CharField(
        label="Reference", max_length=35, required=False, help_text="Left empty, the loan gives it one."
    )


class ChangeForm(AccountForm):
    """What happened to a mandate; the account is asked for where it changed."""

    change = forms.ChoiceField(
        label="What happened",
        choices=[each for each in MandateChange.Change.choices if each[0] != MandateChange.Change.LODGED],
    )
    who = forms.ChoiceField(label="Who says so", choices=MandateChange.Who.choices)
    words = forms.CharField(label="In which words", max_length=300, required=False)
    on = DayField(noun="the day", label="On")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account_name"].required = False
        self.fields["account_name"].help_text = "The new account, where that is what changed."

    def new_details(self) -> BankDetails | None:
        """The new account, where one is given. Raises BankDetailsMalformed."""
        return self.details() if self.cleaned_data["account_name"] else None


class TellForm(PlainForm):
    """One collection that the payer is told of."""

    amount = MoneyField(noun="the amount", label="Amount")
    collect_on = DayField(noun="the day of the collection", label="Collected on")

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use_currency(self, currency)


class AdviceForm(PlainForm):
    """A bank's report."""

    file = forms.FileField(
        label="Report",
        help_text="ARUDD, ADDACS, AUDDIS or DDICA, as XML.",
        error_messages={"required": "Choose a file", "empty": "The file is empty. Choose another."},
        widget=forms.FileInput(attrs={"accept": ".xml"}),
    )


class RunForm(PlainForm):
    """Which collections are made on a day, and of how much."""

    def __init__(self, *args: Any, found: Sequence[ToCollect], again: Sequence[DebitLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found, self.again = found, again
        for one in found:
            self._add(f"collect_{one.standing.mandate.pk}", str(one.standing.mandate.loan), one.amount > 0)
            amount = MoneyField(noun="the amount", required=False, initial=one.money if one.amount else None)
            amount.use_currency(one.standing.rules.scheme.currency)
            amount.widget.attrs["aria-label"] = f"Amount for {one.standing.mandate.loan}"
            self.fields[f"amount_{one.standing.mandate.pk}"] = amount
        for line in again:
            self._add(f"again_{line.pk}", f"{line.mandate.loan} again", initial=False)

    def _add(self, name: str, label: str, initial: bool) -> None:
        field = forms.BooleanField(required=False, initial=initial)
        field.widget.attrs["aria-label"] = f"Collect from {label}"
        self.fields[name] = field

    def rows(self) -> Iterable[tuple[ToCollect, Any, Any]]:
        """Each candidate with its two fields."""
        for one in self.found:
            pk = one.standing.mandate.pk
            yield one, self[f"collect_{pk}"], self[f"amount_{pk}"]

    def rows_again(self) -> Iterable[tuple[DebitLine, Any]]:
        """Each collection that may be presented again with its field."""
        for line in self.again:
            yield line, self[f"again_{line.pk}"]

    def asked(self) -> list[Collect]:
        """What was chosen."""
        given = self.cleaned_data
        chosen = [one for one in self.found if given[f"collect_{one.standing.mandate.pk}"]]
        typed = [(one, given[f"amount_{one.standing.mandate.pk}"]) for one in chosen]
        regular = [Collect(one.standing.mandate, one.money if amount is None else amount) for one, amount in typed]
        once_more = [line for line in self.again if given[f"again_{line.pk}"]]
        return [*regular, *(Collect(line.mandate, line.money, again=line) for line in once_more)]


class RunDecisionForm(PlainForm):
    """A yes to exactly the file that was shown, or a no with its reason."""

    decision = forms.ChoiceField(
        label="Decision", choices=[("approve", "Approve it"), ("decline", "Decline it")], widget=forms.RadioSelect
    )
    reason = forms.CharField(label="Reason", max_length=500, required=False, help_text="Needed to decline.")


class ReturnForm(PlainForm):
    """How, when and why a collection came back."""

    kind = forms.ChoiceField(
        label="How it came back",
        choices=[each for each in DebitOutcome.Kind.choices if each[0] != DebitOutcome.Kind.PAID],
    )
    code = forms.ChoiceField(label="Reason", choices=())
    on = DayField(noun="the day", label="On")

    def __init__(self, *args: Any, scheme: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "code", reason_choices(scheme))


class ChallengeForm(PlainForm):
    """Why a claim is wrong."""

    words = forms.CharField(label="Why the claim is wrong", max_length=500)


def reason_choices(scheme: str) -> list[Any]:
    """The reasons of a scheme, by report."""
    reports = [Report.SEPA] if scheme == Scheme.SEPA else [Report.ARUDD, Report.DDICA]
    names = {Report.ARUDD: "Returned (ARUDD)", Report.DDICA: "Claimed (DDICA)", Report.SEPA: "SEPA"}
    return [
        (names[report], [(f"{report}:{code}", f"{code} {reason.words}") for code, reason in REASONS[report].items()])
        for report in reports
    ]


def _offer(form: forms.Form, name: str, choices: Sequence[Any]) -> None:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        field.choices = list(choices)


def first_of(days: Sequence[date], fallback: date) -> date:
    """The first of some days, or another where there is none."""
    return days[0] if days else fallback
