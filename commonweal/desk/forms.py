"""The desk's forms: what is asked, in which words; the services decide what is right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from moneyed import Money

from borrowers.models import Organisation
from commonweal.desk.planned_drawdowns import DrawdownsField
from commonweal.form_fields import DayField, MoneyField, PercentField, PlainForm
from commonweal.jobs.refusals import REFUSALS
from ledger.bank_csv import read_table
from ledger.domain.csv_mapping import COLUMNS, DATE_FORMATS, DELIMITERS, ENCODINGS, CsvMapping, Sign
from ledger.domain.money import to_minor
from ledger.domain.suggestion import Part
from loans.models import Product
from loans.queries import products

if TYPE_CHECKING:
    from ledger.models import Book


@contextmanager
def refusals_in(form: forms.Form) -> Iterator[None]:
    """A refusal by a service becomes the form's error, in its own words; the page shows it and nothing was changed."""
    try:
        yield
    except REFUSALS as refusal:
        field = getattr(refusal, "field", None)
        form.add_error(field if field in form.fields else None, str(refusal))


def use_currency(form: forms.Form, currency: str) -> None:
    """Let every amount of a form be of this currency: that of the book or the loan in hand."""
    for field in form.fields.values():
        if isinstance(field, MoneyField):
            field.use_currency(currency)


def offer(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    """Let a field choose among these rows, which are those that the person may see."""
    field = form.fields[name]
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = rows


class ReversalForm(PlainForm):
    """When and why an entry is reversed."""

    on = DayField(noun="the date of the reversal", label="Date of the reversal", help_text="In any open period.")
    reason = forms.CharField(
        label="Reason", help_text="The auditor reads this.", max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReopenForm(PlainForm):
    """Why the latest closed period is opened again."""

    reason = forms.CharField(
        label="Reason for reopening",
        help_text="It stays on record.",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class YearEndForm(PlainForm):
    """Which year's result is carried forward."""

    on = DayField(noun="the last day of the year", label="Last day of the year")


class DrawdownForm(PlainForm):
    """How much is lent, and from which day."""

    amount = MoneyField(noun="the drawdown", label="Amount", help_text="At most what is agreed and not drawn yet.")
    on = DayField(
        noun="the day of the drawdown", label="Drawn on", help_text="Not before the approval, in an open period."
    )
    despite_shortfall = forms.BooleanField(label="Lend although money is missing", required=False)
    shortfall_reason = forms.CharField(
        label="Reason",
        help_text="It is kept with the drawdown; the auditor reads it.",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use_currency(self, currency)

    def clean(self) -> dict[str, Any]:
        """A reason counts only with the tick, and the tick only with a reason."""
        given = super().clean() or self.cleaned_data
        if not given.get("despite_shortfall"):
            given["shortfall_reason"] = ""
        elif not given.get("shortfall_reason"):
            self.add_error("shortfall_reason", "Say why it is lent although money is missing")
        return given


class ApplicationForm(PlainForm):
    """The terms that a business asks for; the businesses are those that the person may see."""

    organisation: forms.ModelChoiceField[Organisation] = forms.ModelChoiceField(
        queryset=Organisation.objects.none(), label="Business", empty_label="Choose a business"
    )
    product: forms.ModelChoiceField[Product] = forms.ModelChoiceField(
        queryset=Product.objects.none(), label="Product", empty_label="Choose a product"
    )
    amount = MoneyField(noun="the amount", label="Amount")
    annual_rate = PercentField(
        noun="the nominal rate",
        label="Nominal rate a year",
        help_text="Left empty: the product’s own.",
        required=False,
    )
    months = forms.IntegerField(
        label="Months", min_value=1, max_value=480, widget=forms.NumberInput(attrs={"class": "input--xs num"})
    )
    first_due_on = DayField(noun="the first due date", label="First instalment due")
    interest_only_periods = forms.IntegerField(
        label="Interest-only periods",
        help_text="At the beginning, within what the product allows.",
        min_value=0,
        max_value=480,
        required=False,
        widget=forms.NumberInput(attrs={"class": "input--xs num"}),
    )
    payment = MoneyField(
        noun="the payment", label="Given payment", help_text="Only where the product has one.", required=False
    )
    drawdowns = DrawdownsField(
        noun="the drawdowns",
        label="Planned drawdowns",
        help_text="A day and an amount on each line. Left empty: all at once, an interval before the first instalment.",
        required=False,
    )
    purpose = forms.CharField(
        label="What the money is for",
        help_text="The person who decides and the lenders read this.",
        error_messages={"required": "Say what the money is for"},
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, book: Book, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "organisation", organisations)
        offer(self, "product", products(book))
        use_currency(self, book.base_currency)


class DecisionForm(PlainForm):
    """What is decided, and why."""

    DECISIONS = (("approve", "Approve"), ("send_back", "Send back with a comment"), ("decline", "Decline"))

    decision = forms.ChoiceField(label="Decide", choices=DECISIONS, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Reason",
        help_text="The board and the auditor read this. Needed to send back or to decline.",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ApprovalForm(PlainForm):
    """Yes or no to what a colleague proposes, and why."""

    decision = forms.ChoiceField(
        label="Decide", choices=(("approve", "Approve"), ("decline", "Decline")), widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="Reason",
        help_text="Needed to decline.",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class BankFileForm(PlainForm):
    """A bank statement file; where the fund has several accounts, a CSV is of one that is chosen."""

    file = forms.FileField(
        label="Bank statement file", help_text="CAMT.053, OFX or CSV, as your bank lets you download it; up to 20 MB."
    )
    bank_account = forms.ChoiceField(
        label="Bank account, for a CSV",
        help_text="Other files say themselves of which account they are.",
        required=False,
    )

    def __init__(self, *args: Any, accounts: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["bank_account"]
        if len(accounts) < 2:
            del self.fields["bank_account"]
        elif isinstance(chosen, forms.ChoiceField):
            chosen.choices = [("", "Not a CSV"), *accounts]


def _words(choices: Sequence[tuple[str, str]], label: str, help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, help_text=help_text, choices=choices)


def _column(label: str, help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, help_text=help_text, required=False)


class CsvMappingForm(PlainForm):
    """Which column of a CSV is what; the columns offered are those of the file."""

    date = _column("Date", "The day on which the bank booked it.")
    date_format = forms.ChoiceField(
        label="Dates are written as",
        choices=[("", "Choose how"), *((each, each) for each in DATE_FORMATS)],
        required=False,
    )
    amount = _column("Amount", "One column for both ways; or the next two.")
    debit = _column("Money out")
    credit = _column("Money in")
    sign = _words(
        [
            (Sign.MINUS_OUT, "Minus is money out"),
            (Sign.MINUS_IN, "Minus is money in"),
            (Sign.NONE, "Two columns, no signs"),
        ],
        "Signs",
    )
    balance = _column("Balance after the line", "With it every line is checked, and the file agreed with the bank.")
    counterparty = _column("Payer or payee")
    reference = _column("Reference", "What a payment is matched by.")
    description = _column("Description")
    bank_reference = _column("The bank’s own number")
    delimiter = _words([(each, name.capitalize()) for each, name in DELIMITERS.items()], "Between columns")
    encoding = _words([(each, each) for each in ENCODINGS], "Encoding", "Wrong where accents look odd.")
    header_row = forms.IntegerField(
        label="Row of the headings", help_text="Rows above it are left out; 0 where there are none.", min_value=0
    )
    decimal_comma = forms.TypedChoiceField(
        label="Decimals",
        choices=[("False", "Point: 1,234.50"), ("True", "Comma: 1.234,50")],
        coerce=lambda text: text == "True",
    )
    value_date = _column("Value date")
    account = _column("Account number", "With it a file of another account is refused.")
    currency = _column("Currency", "With it a line in another currency is refused.")

    def __init__(self, *args: Any, content: bytes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        headings = self._headings(content)
        for name in COLUMNS:
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", "No such column"), *((each, each) for each in headings)]

    def _headings(self, content: bytes) -> list[str]:
        """The columns of the file in its shape as asked for; those asked for as well, so that a refusal names them."""
        asked = CsvMapping.of_json(self._shape())
        try:
            found = list(read_table(content, asked).headings)
        except REFUSALS:
            found = []
        return [*found, *(heading for heading in asked.columns.values() if heading not in found)]

    def _shape(self) -> dict[str, object]:
        given = {name: self[name].value() for name in (*COLUMNS, "encoding", "delimiter", "header_row")}
        row = str(given["header_row"])
        return {**given, "header_row": row if row.isascii() and row.isdigit() and len(row) < 4 else 1}

    @property
    def mapping(self) -> CsvMapping:
        """What a valid form says."""
        return CsvMapping.of_json(self.cleaned_data)

    @property
    def mapping_if_valid(self) -> CsvMapping | None:
        """The same, or nothing where the form has errors."""
        return self.mapping if self.is_bound and self.is_valid() else None


class StatementRunForm(PlainForm):
    """Which period statements are issued for."""

    period = forms.CharField(
        label="Period",
        help_text="A year, a quarter or a month: 2026, 2026-Q3 or 2026-09.",
        max_length=7,
        widget=forms.TextInput(attrs={"class": "input--s"}),
    )


class MatchForm(PlainForm):
    """What the money of a bank line was for, in one part or in several."""

    MORE = range(2, 6)
    """The parts beside the first one."""

    purpose = forms.ChoiceField(label="What was it for?")
    books_later = forms.BooleanField(
        label="Book a repayment later if that month is closed",
        help_text="It counts from the bank’s day, and the difference is posted on the first open day.",
        required=False,
    )
    amount = MoneyField(
        noun="the amount", label="Amount", help_text="Left empty: all that the other parts leave.", required=False
    )

    def __init__(
        self, *args: Any, choices: Sequence[tuple[str, Sequence[tuple[str, str]]]], left: Money, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.left = abs(left)
        for number in self.MORE:
            self.fields[f"purpose_{number}"] = forms.ChoiceField(label=f"Part {number}: for what?", required=False)
            noun = f"the amount of part {number}"
            self.fields[f"amount_{number}"] = MoneyField(noun=noun, label=f"Amount of part {number}", required=False)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", "Choose what it was for"), *choices]
        use_currency(self, left.currency.code)

    @property
    def more(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The fields of the parts beside the first one."""
        return [(self[f"purpose_{number}"], self[f"amount_{number}"]) for number in self.MORE]

    @property
    def is_shared(self) -> bool:
        """Whether it is said to be for several things, or was meant to."""
        return any(
            field.value() or field.errors for field in (self["amount"], *(one for pair in self.more for one in pair))
        )

    def clean(self) -> dict[str, Any]:
        """A part beside the first one has a purpose and an amount, or neither."""
        given = super().clean() or self.cleaned_data
        for number in self.MORE:
            purpose, amount = given.get(f"purpose_{number}"), given.get(f"amount_{number}")
            if purpose and amount is None and f"amount_{number}" not in self.errors:
                self.add_error(f"amount_{number}", f"Enter the amount of part {number}")
            if amount is not None and not purpose:
                self.add_error(f"purpose_{number}", f"Say what part {number} was for, or take its amount away")
        return given

    def parts(self) -> tuple[Part, ...]:
        """What was said, part by part; the first has what is left, unless it has an amount of its own."""
        given = self.cleaned_data
        more = [(given[f"purpose_{n}"], given[f"amount_{n}"]) for n in self.MORE if given[f"purpose_{n}"]]
        first = given["amount"]
        if first is None:
            first = self.left - sum((amount for _, amount in more), 0 * self.left)
        return tuple(_part(purpose, amount) for purpose, amount in [(given["purpose"], first), *more])


class UndoForm(PlainForm):
    """Why a match is taken back."""

    reason = forms.CharField(
        label="Reason", help_text="The auditor reads this.", max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


def _part(purpose: str, amount: Money) -> Part:
    what, _, subject = purpose.partition("-")
    return Part(what, int(subject), to_minor(amount.amount, amount.currency.code))
