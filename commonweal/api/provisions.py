"""Setting aside for losses: what each loan should have on a day, by which percentages, how it moved, and posting it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count as Counted
from moneyed import Money
from rest_framework import serializers

from commonweal.api.fields import Day, MoneyField, PlainDecimal, Shape, Strict, Text, Word
from commonweal.api.loans import AsOfQuery, PagedAsOfQuery
from commonweal.api.operations import Asked, BookOperation, Paged, operation
from ledger.domain.money import from_minor
from loans import losses, services
from loans.domain.provision import Stage
from loans.losses import ProvisionRow

FIGURES = ("principal", "guaranteed", "should", "has", "change")
"""What is added up by stage."""

MOVED = ("opening", "charge", "release", "used", "other", "closing")


class ProvisionOut(Shape):
    """What a loan should have set aside on a day."""

    loan = serializers.IntegerField(source="loan.pk")
    reference = serializers.CharField(source="loan.reference")
    stage = Word(Stage, source="provided.exposure.stage")
    days_past_due = serializers.IntegerField(source="provided.exposure.days_past_due")
    share = PlainDecimal(
        source="provided.share", allow_null=True, help_text="Of what nobody guarantees; null for an agreed amount."
    )
    principal = MoneyField()
    guaranteed = MoneyField(help_text="What a guarantor stands for.")
    should = MoneyField()
    has = MoneyField()
    change = MoneyField(help_text="What would be charged, or released where it is negative.")


class PercentagesShape(Strict):
    """A fraction for each stage, a worse one no less than a better."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """A field for each stage."""
        return {
            str(stage): PlainDecimal(places=5, least="0", below="1.00001", help_text=stage.words.capitalize() + ".")
            for stage in Stage
        }


class RuleOut(Shape):
    """The percentages of provisions from a day on, as fractions."""

    effective_on = Day()
    percentages = PercentagesShape()
    reason = serializers.CharField()
    recorded_by = serializers.CharField(source="recorded_by.name")


class RuleIn(Strict):
    """Percentages from a day on, as fractions."""

    effective_on = Day()
    percentages = PercentagesShape()
    reason = Text(max_length=500, help_text="The auditor reads this.")


class StageTotalOut(Shape):
    """The loans of a stage, added up."""

    stage = Word(Stage)
    loans = serializers.IntegerField()
    principal = MoneyField()
    guaranteed = MoneyField()
    should = MoneyField()
    has = MoneyField()
    change = MoneyField()


class MovementOut(Shape):
    """How provisions moved over dates, both inclusive: opening + charge - release - used + other is closing."""

    from_ = Day(source="from_on")
    to = Day(source="to_on")
    opening = MoneyField()
    charge = MoneyField()
    release = MoneyField()
    used = MoneyField(help_text="For losses.")
    other = MoneyField(help_text="Corrections.")
    closing = MoneyField()


class ProvisionTotalsOut(Shape):
    """The provisions of a day: the method, what each stage should have, and how they moved."""

    as_of = Day()
    rule = RuleOut(allow_null=True, help_text="The percentages in force; without any nothing can be worked out.")
    stages = StageTotalOut(many=True)
    movement = MovementOut()
    is_posted = serializers.BooleanField(help_text="Whether provisions were posted on this day.")


class TotalsQuery(AsOfQuery):
    """On which day, and since when movements count."""

    from_ = Day(required=False, help_text="The first of the month of `as_of` unless given; not after it.")


class RunIn(Strict):
    """On which day provisions are posted."""

    on = Day(required=False, help_text="The business date unless given.")


class RunOut(Shape):
    """The provisions of a day."""

    id = serializers.IntegerField()
    on = Day()
    rule_from = Day(source="rule.effective_on", help_text="The first day of the percentages that were used.")
    loans = serializers.IntegerField(help_text="How many loans were looked at.")
    recorded_by = serializers.CharField(source="recorded_by.name")
    recorded_at = serializers.DateTimeField()


class ProvisionOperation(BookOperation):
    """An operation on the provisions of a day."""

    def rows(self, asked: Asked) -> Sequence[ProvisionRow]:
        """The loans; none where no percentages are in force."""
        rule = losses.rule_in_force(self.book, self.day(asked))
        return losses.provision_rows(self.book, self.day(asked), rule) if rule else []


class ProvisionList(ProvisionOperation):
    @operation(gives=ProvisionOut, query=PagedAsOfQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """What each loan should have set aside on a day, and has: what posting would change, by reference."""
        return self.paged(self.rows(asked))


class ProvisionTotals(ProvisionOperation):
    @operation(gives=ProvisionTotalsOut, query=TotalsQuery)
    def get(self, asked: Asked) -> Any:
        """The method of a day, its provisions by stage, and how they moved, from the ledger."""
        as_of, rows = self.day(asked), self.rows(asked)
        moved = losses.provision_movement(self.book, min(asked.get("from") or as_of.replace(day=1), as_of), as_of)
        amounts = {name: from_minor(getattr(moved, name), self.book.base_currency) for name in MOVED}
        return {
            "as_of": as_of,
            "rule": losses.rule_in_force(self.book, as_of),
            "stages": [self._total(stage, rows) for stage in Stage],
            "movement": {"from_on": moved.from_on, "to_on": moved.to_on} | amounts,
            "is_posted": losses.provision_runs(self.book).filter(on=as_of).exists(),
        }

    def _total(self, stage: Stage, rows: Sequence[ProvisionRow]) -> dict[str, Any]:
        of_stage = [row for row in rows if row.provided.exposure.stage is stage]
        nought = Money(0, self.book.base_currency)
        sums = {name: sum((getattr(row, name) for row in of_stage), nought) for name in FIGURES}
        return {"stage": stage, "loans": len(of_stage)} | sums


class ProvisionRuleList(BookOperation):
    @operation(gives=RuleOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The percentages of provisions, the latest first."""
        return self.paged(losses.provision_rules(self.book))

    @operation(takes=RuleIn, gives=RuleOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Set the percentages from a day on; those before it stay in the record."""
        return services.set_provision_rule(
            book=self.book,
            percentages={Stage(stage): share for stage, share in asked["percentages"].items()},
            on=asked["effective_on"],
            reason=asked["reason"],
            by=self.person,
        )


class ProvisionRunList(BookOperation):
    @operation(gives=RunOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """The days on which provisions were posted, the latest first."""
        return self.paged(self._runs())

    @operation(takes=RunIn, gives=RunOut, status=201, moves_money=True)
    def post(self, asked: Asked) -> Any:
        """Post the provisions of a day; once posted, it gives the run that stands."""
        on = asked.get("on", self.book.business_date)
        run = services.provide(book=self.book, on=on, by=self.person, key=self.key)
        return self._runs().get(pk=run.pk)

    def _runs(self) -> Any:
        return losses.provision_runs(self.book).annotate(loans=Counted("lines"))
