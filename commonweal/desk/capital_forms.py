"""What is asked for each act on a fund's capital, and how it is told to the service."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms

from commonweal.access.models import User
from commonweal.desk.capital_act_form import ActForm
from commonweal.form_fields import DayField, MoneyField, PercentField
from commonweal.jobs.moving_in import sent_sheets
from investors.domain.capital_act import ActKind
from investors.domain.fund_class import plain_rate
from investors.domain.management_fee import FeeBase, FeeTerms
from investors.domain.moved_in import Sheet
from investors.domain.moved_in_rows import read_moved_in
from investors.domain.restricted_grant import Purpose
from investors.domain.waterfall import Unpaid
from investors.models import FundClass, Investor
from investors.queries import class_terms, restricted_grants, waterfall_of

if TYPE_CHECKING:
    from ledger.models import Book


OF_A_CLAIM = 2
"""The words after a share: of, and the claim that it is a share of."""

PURPOSES = [(one.value, one.words.capitalize()) for one in Purpose]


class HolderForm(ActForm):
    """An amount of one holder."""

    fund_class = forms.ChoiceField(label="Class", choices=())
    investor: forms.ModelChoiceField[Investor] = forms.ModelChoiceField(
        queryset=Investor.objects.none(), label="Investor", empty_label="Choose an investor"
    )
    amount = MoneyField(noun="the amount", label="Amount")

    def asked(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "fund_class": said["fund_class"],
            "investor": said["investor"].code,
            "minor": self.minor(said["amount"]),
        }


class PaymentForm(HolderForm):
    """Money held for an investor that is put to its call."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["words"]


class CallForm(ActForm):
    """A call on classes, shared by commitments."""

    classes = forms.MultipleChoiceField(
        label="Called of", choices=(), widget=forms.CheckboxSelectMultiple, help_text="Each holder by its commitment."
    )
    amount = MoneyField(noun="how much is called", label="Amount in all")
    due_on = DayField(noun="the day on which it is due", label="Due on")

    def asked(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "classes": said["classes"],
            "minor": self.minor(said["amount"]),
            "due_on": said["due_on"].isoformat(),
        }


class TransferForm(ActForm):
    """A part of a holding that one investor transfers to another."""

    fund_class = forms.ChoiceField(label="Class", choices=())
    seller: forms.ModelChoiceField[Investor] = forms.ModelChoiceField(
        queryset=Investor.objects.none(), label="From", empty_label="Choose who transfers"
    )
    buyer: forms.ModelChoiceField[Investor] = forms.ModelChoiceField(
        queryset=Investor.objects.none(), label="To", empty_label="Choose who takes over"
    )
    amount = MoneyField(
        noun="the commitment", label="Commitment", help_text="Everything else moves in the same proportion."
    )
    price = MoneyField(
        noun="the price",
        label="Price",
        required=False,
        help_text="What they pay each other; it stays off the fund’s books.",
    )

    def asked(self) -> dict[str, Any]:
        said = self.cleaned_data
        price = {} if said["price"] is None else {"price": self.minor(said["price"])}
        return {
            "fund_class": said["fund_class"],
            "seller": said["seller"].code,
            "buyer": said["buyer"].code,
            "minor": self.minor(said["amount"]),
            **price,
        }


class EqualisationForm(ActForm):
    """The interest that later investors pay at a later close."""

    fund_class = forms.ChoiceField(label="Class", choices=())
    rate = PercentField(
        noun="the interest", label="Interest a year", help_text="From each draw to this day, as the deed has it."
    )

    def asked(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"fund_class": said["fund_class"], "rate": f"{said['rate'].normalize():f}"}


class GrantForm(ActForm):
    """A grant as its funder gives it, for one purpose."""

    grant = forms.CharField(label="Code", max_length=20, help_text="Capital letters, digits and dashes, such as LOT-A.")
    investor: forms.ModelChoiceField[Investor] = forms.ModelChoiceField(
        queryset=Investor.objects.none(), label="Funder", empty_label="Choose a funder"
    )
    purpose = forms.ChoiceField(label="Given for", choices=PURPOSES, widget=forms.RadioSelect)
    amount = MoneyField(noun="the grant", label="Promised")

    def asked(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "grant": said["grant"],
            "funder": said["investor"].code,
            "purpose": said["purpose"],
            "minor": self.minor(said["amount"]),
        }


class GrantReceivedForm(ActForm):
    """Money that is held for a funder and becomes its grant."""

    grant = forms.ChoiceField(label="Grant", choices=())
    amount = MoneyField(noun="the amount", label="Amount")

    def __init__(self, book: Book, *args: Any, **kwargs: Any) -> None:
        super().__init__(book, *args, **kwargs)
        field = self.fields["grant"]
        if isinstance(field, forms.ChoiceField):
            found = restricted_grants(book).values()
            field.choices = [(one.code, f"{one.code}, for {one.purpose.words}") for one in found]

    def asked(self) -> dict[str, Any]:
        return {"grant": self.cleaned_data["grant"], "minor": self.minor(self.cleaned_data["amount"])}


class GrantAppliedForm(GrantReceivedForm):
    """What a grant is used for."""

    purpose = forms.ChoiceField(label="Used for", choices=PURPOSES, widget=forms.RadioSelect)
    loan = forms.CharField(
        label="Loan", max_length=20, required=False, help_text="Where it is made beside a loan: its number."
    )

    def asked(self) -> dict[str, Any]:
        said = self.cleaned_data
        beside = {"loan": said["loan"]} if said["loan"] else {}
        return {**super().asked(), "purpose": said["purpose"], **beside}


class DeedForm(ActForm):
    """The order in which cash is paid, a claim a line."""

    steps = forms.CharField(
        label="Claims, the first to be paid first",
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="A claim a line, each once. The reserve may be a share: reserve 5% of income:1. Numbers are ranks:",
    )

    def __init__(self, book: Book, *args: Any, **kwargs: Any) -> None:
        super().__init__(book, *args, **kwargs)
        known = waterfall_of(book, book.business_date).steps
        self.fields["steps"].help_text += " " + ", ".join(f"{one.rank} {one.name}" for one in self.of_fund) + "."
        said = [f"{one.code} {one.rate * 100:f}% of {one.of}" if one.rate else one.code for one in known]
        self.fields["steps"].initial = "\n".join(said)

    def clean_steps(self) -> list[dict[str, str]]:
        """The claims in order."""
        return [self._claim(line.split()) for line in self.cleaned_data["steps"].splitlines() if line.strip()]

    def _claim(self, words: list[str]) -> dict[str, str]:
        if len(words) == 1:
            return {"claim": words[0]}
        claim, rate, *of = words
        if len(of) != OF_A_CLAIM or not rate.endswith("%"):
            raise forms.ValidationError(f"Write {' '.join(words)} as a claim, or as reserve 5% of income:1")
        fraction = PercentField(noun="the share").clean(rate.removesuffix("%"))
        return {"claim": claim, "of": of[1], "rate": f"{fraction.normalize():f}"}

    def asked(self) -> dict[str, Any]:
        return {"steps": self.cleaned_data["steps"]}


class ReturnsForm(ActForm):
    """What a class agrees: its rank, and what it earns."""

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

    def asked(self) -> dict[str, Any]:
        said = self.cleaned_data
        rates = {name: plain_rate(said[name]) for name in ("target_return", "return_cap")}
        return {name: said[name] for name in ("rank", "unpaid", "takes_rest")} | rates


class ClassForm(ReturnsForm):
    """A class as the deed has it."""

    code = forms.CharField(
        label="Code", max_length=20, help_text="Capital letters, digits and dashes, such as SENIOR; it never changes."
    )
    name = forms.CharField(label="Name", max_length=100)
    field_order = ("code", "name", "rank", "target_return", "return_cap", "unpaid", "takes_rest")

    def asked(self) -> dict[str, Any]:
        return super().asked() | {name: self.cleaned_data[name] for name in ("code", "name")}


class TermsForm(ReturnsForm):
    """Other terms of a class: those in force are filled in, so that only what changes is typed."""

    fund_class = forms.ChoiceField(label="Class", choices=())
    field_order = ("fund_class",)

    def __init__(self, book: Book, person: User, classes: Sequence[FundClass], *args: Any, **kwargs: Any) -> None:
        super().__init__(book, person, classes, *args, **kwargs)
        in_force = class_terms(book, book.business_date)
        asked = self.data.get("fund_class") or self.initial.get("fund_class")
        self.code = asked if asked in in_force else next(iter(in_force), "")
        self.other_classes = [one for one in classes if one.code != self.code]
        field = self.fields["fund_class"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(one.code, one.name) for one in classes if one.code == self.code]
        if terms := in_force.get(self.code):
            for name in ("rank", "target_return", "return_cap", "unpaid", "takes_rest"):
                self.fields[name].initial = getattr(terms, name)

    def asked(self) -> dict[str, Any]:
        return super().asked() | {"fund_class": self.cleaned_data["fund_class"]}


class FeeTermsForm(ActForm):
    """What the fund pays to be managed from a day on; that day may be to come."""

    base = forms.ChoiceField(
        label="A rate of", choices=[(one.value, one.words) for one in FeeBase], widget=forms.RadioSelect
    )
    rate = PercentField(noun="the rate", label="Rate a year")
    since = DayField(noun="the first day", label="From", help_text="It may be to come.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = "Agreed on"

    def asked(self) -> dict[str, Any]:
        said = self.cleaned_data
        return FeeTerms(said["since"], FeeBase(said["base"]), said["rate"]).asked()


class FeeForm(ActForm):
    """The management fee of some days."""

    since = DayField(noun="the first day of the fee", label="Fee from")
    until = DayField(noun="the last day of the fee", label="Fee to")

    def asked(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name].isoformat() for name in ("since", "until")}


class DistributionForm(ActForm):
    """How much is distributed, and what of it is capital."""

    most = MoneyField(
        noun="how much is distributed",
        label="Cash to distribute",
        required=False,
        help_text="All that is free, unless you say less.",
    )
    reserve = MoneyField(
        noun="the reserve", label="Reserve to be held", required=False, help_text="Kept back after all that is owed."
    )
    recallable = forms.BooleanField(label="Capital that is returned may be called again", required=False)

    def __init__(self, book: Book, person: User, classes: Sequence[FundClass], *args: Any, **kwargs: Any) -> None:
        super().__init__(book, person, classes, *args, **kwargs)
        for one in classes:
            self.fields[f"capital-{one.code}"] = MoneyField(
                noun=f"the capital of {one.name}",
                label=f"Capital of {one.name} to return",
                required=False,
                currency=book.base_currency,
            )
        names = ["most", *(f"capital-{one.code}" for one in classes), "recallable", "reserve", "on", "words"]
        self.order_fields(names)

    def asked(self) -> dict[str, Any]:
        said = self.cleaned_data
        found: dict[str, Any] = {
            "capital": {one.code: self.minor(amount) for one in self.of_fund if (amount := said[f"capital-{one.code}"])}
        }
        found |= {name: self.minor(said[name]) for name in ("most", "reserve") if said[name]}
        return found | ({"recallable": True} if said["recallable"] else {})


class MovedInForm(ActForm):
    """The lists with which holdings move in from elsewhere."""

    holdings = forms.FileField(label="Holdings", help_text="CSV, or one XLSX workbook with all the sheets.")
    history = forms.FileField(label="History", help_text="CSV: dated flows before the first day here.", required=False)
    totals = forms.FileField(label="Control totals", help_text="CSV, of the other system.", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = "First day here"
        self.fields["on"].help_text = "Figures are those of the evening before."

    def asked(self) -> dict[str, Any]:
        files = {sheet: self.cleaned_data[sheet.name.lower()] for sheet in Sheet}
        sent = {sheet: (file.name, file.read()) for sheet, file in files.items() if file}
        return read_moved_in(sent_sheets(Sheet, sent), self.book.base_currency).asked()


FORMS: dict[ActKind, type[ActForm]] = {
    ActKind.COMMITMENT: HolderForm,
    ActKind.CANCELLATION: HolderForm,
    ActKind.CALL: CallForm,
    ActKind.WITHDRAWAL: HolderForm,
    ActKind.PAYMENT: PaymentForm,
    ActKind.FEE_TERMS: FeeTermsForm,
    ActKind.FEE: FeeForm,
    ActKind.RESULT: ActForm,
    ActKind.DISTRIBUTION: DistributionForm,
    ActKind.TRANSFER: TransferForm,
    ActKind.EQUALISATION: EqualisationForm,
    ActKind.DEED: DeedForm,
    ActKind.CLASS: ClassForm,
    ActKind.TERMS: TermsForm,
    ActKind.GRANT: GrantForm,
    ActKind.GRANT_RECEIVED: GrantReceivedForm,
    ActKind.GRANT_APPLIED: GrantAppliedForm,
    ActKind.MOVED_IN: MovedInForm,
}
"""What is asked for each kind of act; a reversal begins at the act that it reverses."""
