"""Asking for the figures of accounts, in the portal and at the desk: those that are needed first, with last time's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from moneyed import Money

from borrowers.domain.accounts import AccountsKind, AccountsSpan, Line, refuse_malformed_figures
from borrowers.models import Accounts
from commonweal.components import Fact
from commonweal.form_fields import DayField, MoneyField, PlainForm
from commonweal.templatetags.commonweal import day, money, span

USUAL = (Line.INCOME, Line.COSTS, Line.CASH)
"""What is asked for first where no covenant says what is needed."""

KINDS = tuple((kind.value, kind.words.capitalize()) for kind in AccountsKind)


class SignedMoneyField(MoneyField):
    """An amount that may be below nought: −500.00."""

    def to_python(self, value: Any) -> Money | None:
        """The amount typed, with its sign; raises ValidationError where it cannot be read."""
        text = str(value or "").strip()
        negative = text[:1] in ("-", "\N{MINUS SIGN}")
        found = super().to_python(text[1:] if negative else text)
        return -found if negative and found is not None else found


class AccountsForm(PlainForm):
    """The days, the kind, and every figure; none of them a must, and each with what was said last time."""

    start = DayField(noun="the first day", label="First day")
    last_day = DayField(noun="the last day", label="Last day", help_text="It has to be over.")
    kind = forms.ChoiceField(label="What are the figures from?", choices=KINDS, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="What was wrong before?",
        help_text="We keep what was said before, with this beside it.",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        *args: Any,
        currency: str,
        needed: Sequence[Line] = (),
        last: Accounts | None = None,
        replaces: Accounts | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.currency, self.replaces = currency, replaces
        self.first_asked = tuple(needed) or USUAL
        for line in Line:
            self.fields[line.value] = _field(line, currency, last)
        if replaces is None:
            del self.fields["reason"]
        else:
            self.fields["reason"].required = True
            for name in ("start", "last_day", "kind"):
                self.fields[name].disabled = True

    def needed_fields(self) -> Iterator[forms.BoundField]:
        """The figures that are asked for first."""
        return (self[line.value] for line in self.first_asked)

    def other_fields(self) -> list[forms.BoundField]:
        """The figures that help besides."""
        return [self[line.value] for line in Line if line not in self.first_asked]

    @property
    def has_more(self) -> bool:
        """Whether one of the other figures is filled in or not right, so that they are shown unfolded."""
        return any(field.errors or field.value() for field in self.other_fields())

    @property
    def span(self) -> AccountsSpan:
        """The days. Raises AccountsMalformed."""
        return AccountsSpan(self.cleaned_data["start"], self.cleaned_data["last_day"] + timedelta(days=1))

    @property
    def figures(self) -> dict[Line, Decimal]:
        """The figures that were filled in."""
        given = ((line, self.cleaned_data.get(line.value)) for line in Line)
        return {line: amount.amount for line, amount in given if amount is not None}

    def refuse(self, on: date) -> None:
        """Raise AccountsTooEarly or AccountsMalformed where the figures cannot be right, before they are kept."""
        self.span.refuse_unless_over(on)
        refuse_malformed_figures(self.figures)

    def answers(self) -> list[Fact]:
        """What was filled in, to be checked."""
        kind = AccountsKind(self.cleaned_data["kind"]).words
        given = [Fact("From", day(self.cleaned_data["start"])), Fact("To", day(self.cleaned_data["last_day"]))]
        given += [Fact("Taken from", kind)]
        return given + [
            Fact(line.label, money(Money(amount, self.currency)), number=True) for line, amount in self.figures.items()
        ]

    def not_given(self) -> list[str]:
        """The figures that were asked for and left empty."""
        return [line.label.lower() for line in self.first_asked if line not in self.figures]


def initial_of(accounts: Accounts) -> dict[str, Any]:
    """What a form for restating accounts starts from."""
    known = {line.value: amount for line, amount in accounts.lines}
    return {"start": accounts.period_start, "last_day": accounts.span.last_day, "kind": accounts.kind, **known}


def next_days(last: Accounts | None, on: date) -> dict[str, date]:
    """The days after the last accounts, as many months; without any, the last three months that are over."""
    if last is None:
        end, months = on.replace(day=1), 3
        start = _month(end, -months)
    else:
        start = last.period_end
        months = (last.period_end.year - last.period_start.year) * 12
        months += last.period_end.month - last.period_start.month
        end = _month(start, max(months, 1)) if start.day == 1 else start + (last.period_end - last.period_start)
    return {"start": start, "last_day": end - timedelta(days=1)}


def _field(line: Line, currency: str, last: Accounts | None) -> MoneyField:
    before = last.money(line) if last is not None else None
    said = f" Last time: {money(before)} ({span(last.period_start, last.span.last_day)})." if before and last else ""
    make = SignedMoneyField if line is Line.NET_ASSETS else MoneyField
    return make(
        noun=line.label.lower(), currency=currency, label=line.question, help_text=f"{line.hint}{said}", required=False
    )


def _month(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
