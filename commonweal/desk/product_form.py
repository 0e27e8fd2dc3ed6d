"""The form of a product's version: limits, price, what it brings, and its fees, as a person writes them."""

from __future__ import annotations

from calendar import month_name
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from moneyed import Money

from commonweal.desk.forms import use_currency
from commonweal.form_fields import DayField, MoneyField, PercentField, PlainForm
from loans.bank_holidays import CALENDARS
from loans.domain.allocation import OLDEST_INSTALMENT_FIRST, AllocationRule, Component, Instalments
from loans.domain.calendar import BusinessDayConvention, interval
from loans.domain.conventions import Amortisation, InterestMethod
from loans.domain.day_count import DayCount
from loans.domain.fees import (
    EARNED_AS_CHARGED,
    MAX_GRACE_DAYS,
    SETTLED,
    FeeKind,
    FeeRecognition,
    FeeSettlement,
    ProductFee,
)
from loans.domain.linked_rates import LinkedRate
from loans.domain.offer import Brings, Link, Offer
from loans.domain.offer_words import APART, KINDS, PREPAID
from loans.domain.servicing import DefaultInterest, FlatSettlement, Prepayment, Servicing
from loans.queries import base_rate_indexes

if TYPE_CHECKING:
    from ledger.models import Book

INTEREST_FIRST = AllocationRule(
    (Component.INTEREST, Component.PRINCIPAL, Component.FEE, Component.DEFAULT_INTEREST), Instalments.WITHIN
)
PRINCIPAL_FIRST = AllocationRule(
    (Component.PRINCIPAL, Component.INTEREST, Component.FEE, Component.DEFAULT_INTEREST), Instalments.ACROSS
)
ORDERS = {
    "usual": ("Fees, default interest, interest, principal; oldest instalment first", OLDEST_INSTALMENT_FIRST),
    "interest": ("Interest, principal, then fees; oldest instalment first", INTEREST_FIRST),
    "principal": ("All principal that is due before interest and fees", PRINCIPAL_FIRST),
}
EVERY = [(f"{months}M", words.capitalize()) for months, words in APART.items()]
ON_WHAT = {InterestMethod.DECLINING: "On what is still owed", InterestMethod.FLAT: "Flat, on all that was lent"}
MOVES = {
    BusinessDayConvention.FOLLOWING: "Moves to the next one",
    BusinessDayConvention.MODIFIED_FOLLOWING: "Moves to the next one, within its month",
    BusinessDayConvention.PRECEDING: "Moves to the one before",
    BusinessDayConvention.MODIFIED_PRECEDING: "Moves to the one before, within its month",
}
SETTLED_BY = {
    FlatSettlement.ACTUARIAL: "At the rate that it really costs",
    FlatSettlement.RULE_OF_78: "By the rule of 78",
    FlatSettlement.NO_REBATE: "Without a rebate",
}
SMALL: dict[str, Any] = {"widget": forms.NumberInput(attrs={"class": "input--xs num"})}


def words(names: Any) -> list[tuple[str, str]]:
    """The choices of an enumeration, as it writes them."""
    return [(str(name), str(name).replace("_", " ").capitalize()) for name in names]


SHARE_OF = {FeeKind.COMMITMENT: "a year of what is undrawn", FeeKind.LATE: "of what is late"}


class VersionForm(PlainForm):
    """What a product is from a day on."""

    effective_on = DayField(noun="the first day", label="In force from")
    min_amount = MoneyField(noun="the least amount", label="Least amount")
    max_amount = MoneyField(noun="the greatest amount", label="Greatest amount")
    min_months = forms.IntegerField(label="Shortest term in months", min_value=1, max_value=480, **SMALL)
    max_months = forms.IntegerField(label="Longest term in months", min_value=1, max_value=480, **SMALL)
    annual_rate = PercentField(
        noun="the nominal rate", label="Nominal rate a year", help_text="Or choose an index.", required=False
    )
    index = forms.ChoiceField(label="Index that the rate follows", required=False)
    margin = PercentField(noun="the margin", label="Margin above the index", required=False)
    floor = PercentField(noun="the floor", label="Never below", help_text="Margin included.", required=False)
    cap = PercentField(noun="the cap", label="Never above", help_text="Margin included.", required=False)
    notice_days = forms.IntegerField(
        label="Days of notice before a change", min_value=0, max_value=366, required=False, **SMALL
    )
    resets_every = forms.ChoiceField(
        label="Set anew", required=False, choices=[("", "From each change’s own day"), *EVERY]
    )
    amortisation = forms.ChoiceField(label="Repayment", choices=[(str(kind), said) for kind, said in KINDS.items()])
    every = forms.ChoiceField(label="Instalments", choices=EVERY)
    interest_method = forms.ChoiceField(
        label="Interest", choices=[(str(method), said) for method, said in ON_WHAT.items()]
    )
    interest_only_periods = forms.IntegerField(
        label="Interest-only periods", help_text="The most to ask for.", min_value=0, max_value=480, **SMALL
    )
    months_without = forms.MultipleChoiceField(
        label="Months without an instalment",
        required=False,
        choices=[(str(month), month_name[month]) for month in range(1, 13)],
        widget=forms.CheckboxSelectMultiple,
    )
    day_count = forms.ChoiceField(label="Day count", choices=[(str(each), str(each).upper()) for each in DayCount])
    calendar = forms.ChoiceField(label="Bank holidays", choices=[(name, name) for name in CALENDARS])
    convention = forms.ChoiceField(
        label="A day that is no working day", choices=[(str(rule), said) for rule, said in MOVES.items()]
    )
    allocation = forms.ChoiceField(label="Money pays", choices=[(name, said) for name, (said, _) in ORDERS.items()])
    prepayment = forms.ChoiceField(
        label="Money paid early", choices=[(str(rule), said.capitalize()) for rule, said in PREPAID.items()]
    )
    default_rate = PercentField(noun="the default interest", label="Default interest a year", required=False)
    grace_days = forms.IntegerField(label="Days of grace", min_value=0, max_value=366, required=False, **SMALL)
    on_interest = forms.BooleanField(label="On late interest too", required=False)
    flat_settlement = forms.ChoiceField(
        label="Flat interest settled early", choices=[(str(rule), said) for rule, said in SETTLED_BY.items()]
    )

    def __init__(self, *args: Any, book: Book, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        indexes = [(index.code, index.name) for index in base_rate_indexes(book)]
        self._offer_choices("index", [("", "None: the rate is fixed"), *indexes])
        for kind in FeeKind:
            self._add_fee(kind)
        use_currency(self, book.base_currency)

    def _offer_choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def _add_fee(self, kind: FeeKind) -> None:
        noun, name = f"the {kind} fee", f"{kind.capitalize()} fee"
        share = PercentField(noun=noun, label=f"{name}, {SHARE_OF.get(kind, 'of principal')}", required=False)
        fields: dict[str, forms.Field] = {"share": share}
        if kind is not FeeKind.COMMITMENT:
            fields["amount"] = MoneyField(noun=noun, label=f"{name}, an amount", required=False)
        if kind is FeeKind.LATE:
            fields["grace_days"] = forms.IntegerField(
                label="Days of grace before the late fee", min_value=0, max_value=MAX_GRACE_DAYS, **SMALL
            )
        if len(settled := SETTLED.get(kind, tuple(FeeSettlement))) > 1:
            fields["settlement"] = forms.ChoiceField(label=f"{name} is", choices=words(settled))
        if kind not in EARNED_AS_CHARGED:
            fields["recognition"] = forms.ChoiceField(label=f"{name} is income", choices=words(FeeRecognition))
        for name, field in fields.items():
            field.required = False
            self.fields[f"{kind}_{name}"] = field

    def fee_rows(self) -> list[list[Any]]:
        """The bound fields of each fee, for the page."""
        names = ("share", "amount", "grace_days", "settlement", "recognition")
        return [[self[f"{kind}_{name}"] for name in names if f"{kind}_{name}" in self.fields] for kind in FeeKind]

    def offer(self) -> Offer:
        """What the form says. Raises ImpossibleTerms."""
        given = self.cleaned_data
        return Offer(
            amounts=(given["min_amount"], given["max_amount"]),
            months=(given["min_months"], given["max_months"]),
            annual_rate=given["annual_rate"],
            link=self._link(),
            brings=self._brings(),
            fees=tuple(fee for kind in FeeKind if (fee := self._fee(kind))),
        )

    def _link(self) -> Link | None:
        given = self.cleaned_data
        if not given["index"]:
            return None
        rate = LinkedRate(given["margin"] or Decimal(0), given["floor"], given["cap"])
        resets = interval(given["resets_every"]) if given["resets_every"] else None
        return Link(given["index"], rate, given["notice_days"] or 0, resets)

    def _brings(self) -> Brings:
        given = self.cleaned_data
        late = given["default_rate"]
        return Brings(
            amortisation=Amortisation(given["amortisation"]),
            interest_method=InterestMethod(given["interest_method"]),
            day_count=DayCount(given["day_count"]),
            calendar=given["calendar"],
            convention=BusinessDayConvention(given["convention"]),
            every=interval(given["every"]),
            interest_only_periods=given["interest_only_periods"],
            months_without=tuple(int(month) for month in given["months_without"]),
            servicing=Servicing(
                allocation=ORDERS[given["allocation"]][1],
                prepayment=Prepayment(given["prepayment"]),
                default_interest=DefaultInterest(late, given["grace_days"] or 0, given["on_interest"])
                if late
                else None,
                flat_settlement=FlatSettlement(given["flat_settlement"]),
            ),
        )

    def _fee(self, kind: FeeKind) -> ProductFee | None:
        given = self.cleaned_data
        amount, share = given.get(f"{kind}_amount"), given[f"{kind}_share"]
        if amount is None and share is None:
            return None
        return ProductFee(
            kind,
            amount.amount if amount else None,
            share,
            FeeSettlement(given.get(f"{kind}_settlement") or FeeSettlement.PAID),
            FeeRecognition(given.get(f"{kind}_recognition") or FeeRecognition.AT_ONCE),
            given.get(f"{kind}_grace_days") or 0,
        )


class ProductForm(VersionForm):
    """A new product with its first version."""

    name = forms.CharField(label="Name", max_length=200)
    code = forms.SlugField(label="Code", help_text="Small letters, digits and hyphens.", max_length=40)
    payment_prefix = forms.RegexField(
        r"^[A-Z0-9]{1,10}$",
        label="Payment references begin with",
        help_text="Capital letters and digits: HH in HH-0108.",
        widget=forms.TextInput(attrs={"class": "input--xs"}),
    )


def initial_of(offer: Offer) -> dict[str, Any]:
    """What a form shows of a version, to be changed."""
    brings, link = offer.brings, offer.link
    late, servicing = brings.servicing.default_interest, brings.servicing
    currency = offer.amounts[0].currency.code
    orders = {rule: name for name, (_, rule) in ORDERS.items()}
    shown: dict[str, Any] = {
        "min_amount": offer.amounts[0],
        "max_amount": offer.amounts[1],
        "min_months": offer.months[0],
        "max_months": offer.months[1],
        "annual_rate": offer.annual_rate,
        "amortisation": str(brings.amortisation),
        "every": str(brings.every),
        "interest_method": str(brings.interest_method),
        "interest_only_periods": brings.interest_only_periods,
        "months_without": [str(month) for month in brings.months_without],
        "day_count": str(brings.day_count),
        "calendar": brings.calendar,
        "convention": str(brings.convention),
        "allocation": orders.get(servicing.allocation, "usual"),
        "prepayment": str(servicing.prepayment),
        "flat_settlement": str(servicing.flat_settlement),
    }
    if late:
        shown |= {"default_rate": late.annual_rate, "grace_days": late.grace_days, "on_interest": late.on_interest}
    if link:
        shown |= {"index": link.index, "margin": link.rate.margin, "floor": link.rate.floor, "cap": link.rate.cap}
        shown |= {"notice_days": link.notice_days, "resets_every": str(link.resets_every or "")}
    for fee in offer.fees:
        amount = None if fee.amount is None else Money(fee.amount, currency)
        shown |= {f"{fee.kind}_share": fee.share, f"{fee.kind}_amount": amount}
        shown |= {f"{fee.kind}_settlement": str(fee.settlement), f"{fee.kind}_recognition": str(fee.recognition)}
        shown[f"{fee.kind}_grace_days"] = fee.grace_days or None
    return shown
