"""The forms of impact at the desk: an indicator, a claim, what a business is asked, and a look at a reading."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from borrowers.domain.indicators import Definition, Range
from borrowers.domain.outcomes import AddUp, Group, Measure, OutcomeArea, Risk
from borrowers.domain.readings import PLACES, Direction
from borrowers.models import Indicator
from borrowers.queries import asked_indicators
from borrowers.services import Claim
from commonweal.file_form import ACCEPTED, RULES
from commonweal.form_fields import DayField, NumberField, PlainForm
from loans.domain.returns import EVERY, MOST, ReturnCalendar
from loans.models import ReturnPlan
from loans.services import Upload

SHORT = forms.Textarea(attrs={"rows": 2})
AREAS = [(area.value, area.words) for area in OutcomeArea]
GROUPS = [(group.value, group.words.capitalize()) for group in Group]


class IndicatorForm(PlainForm):
    """An indicator of the fund's own."""

    name = forms.CharField(label="Name", max_length=200)
    code = forms.SlugField(label="Code", help_text="For programs, such as swimming-lessons.", max_length=40)
    question = forms.CharField(label="The question that a business reads", max_length=200)
    hint = forms.CharField(label="What is meant", max_length=300, required=False, widget=SHORT)
    unit = forms.CharField(label="Unit", help_text="Such as people, hours, pounds.", max_length=40)
    least = NumberField(noun="the least", label="Least that there can be", initial="0", required=False)
    most = NumberField(noun="the most", label="Most that there can be", required=False)
    decimals = forms.IntegerField(
        label="Decimals",
        min_value=0,
        max_value=PLACES,
        initial=0,
        widget=forms.NumberInput(attrs={"class": "input--xs num"}),
    )
    direction = forms.ChoiceField(
        label="Better is",
        choices=[("increase", "more of it"), ("decrease", "less of it"), ("maintain", "keeping it")],
    )
    measure = forms.ChoiceField(label="It is counted", choices=[(one.value, one.words.capitalize()) for one in Measure])
    adds_up = forms.ChoiceField(label="How it adds up", choices=[(one.value, one.words.capitalize()) for one in AddUp])
    weighted_by = forms.CharField(label="For an average: the code of what weighs it", max_length=40, required=False)
    area = forms.ChoiceField(label="Outcome area", choices=AREAS)
    groups = forms.MultipleChoiceField(
        label="Asked for by group", choices=GROUPS, required=False, widget=forms.CheckboxSelectMultiple
    )
    iris_id = forms.CharField(label="IRIS+ id", help_text="Such as PI4060.", max_length=10, required=False)
    iris_version = forms.CharField(label="Release of IRIS+", help_text="Such as 5.3.", max_length=10, required=False)
    sdg_targets = forms.CharField(
        label="SDG targets", help_text="Codes with commas, such as 8.5, 11.7.", max_length=100, required=False
    )
    needs_baseline = forms.BooleanField(label="A target needs a baseline", initial=True, required=False)

    def definition(self) -> Definition:
        """The indicator as the domain takes it. Raises IndicatorUnclear and UnknownSdgTarget."""
        said = self.cleaned_data
        plain = ("name", "code", "question", "hint", "unit", "weighted_by", "iris_id", "iris_version", "needs_baseline")
        return Definition(
            **{name: said[name] for name in plain},
            range=Range(said["least"], said["most"], said["decimals"]),
            direction=Direction(said["direction"]),
            measure=Measure(said["measure"]),
            adds_up=AddUp(said["adds_up"]),
            area=OutcomeArea(said["area"]),
            groups=tuple(Group(one) for one in said["groups"]),
            sdg_targets=tuple(code.strip() for code in said["sdg_targets"].split(",") if code.strip()),
        )


class ClaimForm(PlainForm):
    """What a business says that it changes, by the five dimensions."""

    what = forms.CharField(label="What changes?", max_length=300, widget=SHORT)
    area = forms.ChoiceField(label="Where is it felt?", choices=AREAS)
    is_for_community = forms.BooleanField(
        label="A change for the community rather than for single people", required=False
    )
    who = forms.MultipleChoiceField(label="For whom?", choices=GROUPS, widget=forms.CheckboxSelectMultiple)
    scale = forms.CharField(label="How many?", max_length=200, required=False)
    depth = forms.CharField(label="How deep does it go?", max_length=200, required=False)
    duration = forms.CharField(label="How long does it last?", max_length=200, required=False)
    contribution = forms.CharField(
        label="What would have happened anyway?", max_length=500, required=False, widget=SHORT
    )
    risk = forms.ChoiceField(
        label="What is most at risk?",
        choices=[("", "Nothing is said"), *((one.value, one.words.capitalize()) for one in Risk)],
        required=False,
    )
    risk_note = forms.CharField(label="And why?", max_length=300, required=False)
    shown_by = forms.ModelMultipleChoiceField(
        label="Shown by",
        queryset=Indicator.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_indicators(self.fields["shown_by"])

    def claim(self) -> Claim:
        """The claim as the service takes it."""
        said = self.cleaned_data
        words = ("what", "is_for_community", "scale", "depth", "duration", "contribution", "risk_note")
        return Claim(
            **{name: said[name] for name in words},
            area=OutcomeArea(said["area"]),
            who=[Group(one) for one in said["who"]],
            risk=Risk(said["risk"]) if said["risk"] else None,
        )


class ReturnPlanForm(PlainForm):
    """What a business is asked, how often, and by when."""

    indicators = forms.ModelMultipleChoiceField(
        label="Questions",
        help_text=f"Three to {MOST}: what its claim needs and no more.",
        queryset=Indicator.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    every_months = forms.TypedChoiceField(
        label="Asked", choices=[(months, words.capitalize()) for months, words in EVERY.items()], coerce=int, initial=12
    )
    first_start = DayField(
        noun="the first day", label="First period begins", help_text="The first of a month; best with its own year."
    )
    due_days = forms.IntegerField(
        label="Days in which it is due",
        initial=75,
        widget=forms.NumberInput(attrs={"class": "input--xs num"}),
    )
    consented = forms.CharField(
        label="Who of the business agreed to the change, and how?", max_length=300, widget=SHORT
    )

    def __init__(self, *args: Any, before: ReturnPlan | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_indicators(self.fields["indicators"])
        if before is None:
            del self.fields["consented"]
        else:
            self.initial.update(
                indicators=[one.indicator_id for one in before.questions.all()],
                every_months=before.every_months,
                due_days=before.due_days,
                first_start=before.first_start,
            )

    def calendar(self) -> ReturnCalendar:
        """When it is asked. Raises ReturnPlanRefused."""
        said = self.cleaned_data
        return ReturnCalendar(said["first_start"], said["every_months"], said["due_days"])


class ConfirmForm(PlainForm):
    """What was looked at."""

    how = forms.CharField(label="What did you look at?", help_text="The auditor reads this.", max_length=300)


class EvidenceForm(PlainForm):
    """A document that shows a figure."""

    file = forms.FileField(
        label="File",
        help_text=RULES,
        error_messages={"required": "Choose a file", "empty": "The file is empty. Choose another."},
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def upload(self) -> Upload:
        """The document as the service takes it."""
        sent = self.cleaned_data["file"]
        return Upload(sent.name, sent.read())


class RestateForm(PlainForm):
    """Another figure in place of one that was wrong."""

    value = NumberField(noun="the right figure", label="Right figure")
    reason = forms.CharField(
        label="What was wrong?", help_text="It stands beside the earlier figure.", max_length=500, widget=SHORT
    )
    evidence = forms.CharField(label="Shown by", max_length=500, required=False)

    @property
    def figure(self) -> Decimal:
        """The right figure."""
        value: Decimal = self.cleaned_data["value"]
        return value


def _offer_indicators(field: forms.Field) -> None:
    if isinstance(field, forms.ModelMultipleChoiceField):
        field.queryset = asked_indicators()
