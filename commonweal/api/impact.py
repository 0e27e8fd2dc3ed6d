"""What the fund's money helped to do, over the API: totals with coverage and grade, shares, the ledger's answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from rest_framework import serializers

from commonweal.api.fields import Day, PlainDecimal, Shape, Strict
from commonweal.api.operations import Asked, BookOperation, operation
from investors.impact_sections import fund_picture


class ImpactQuery(Strict):
    """To which day."""

    as_of = Day(required=False, help_text="The last day of the year told; the business date unless given.")


class ImpactOutcomeOut(Shape):
    """One indicator over all businesses that were asked; a share that cannot be attributed is null, never nought."""

    indicator = serializers.CharField()
    unit = serializers.CharField(allow_blank=True)
    area = serializers.CharField(allow_blank=True)
    iris = serializers.CharField(allow_blank=True, help_text="The id of IRIS+ 5.3.")
    sdg = serializers.CharField(allow_blank=True, help_text="Targets, such as 8.5, with commas between them.")
    supported = PlainDecimal(allow_null=True)
    is_at_least = serializers.BooleanField(help_text="Whether it is the largest of counts that may overlap.")
    our_share = PlainDecimal(allow_null=True)
    target = PlainDecimal(allow_null=True)
    year_before = PlainDecimal(allow_null=True, source="before")
    per_thousand = PlainDecimal(allow_null=True, help_text="Our share for each 1,000 of money at risk.")
    asked = serializers.IntegerField()
    reported = serializers.IntegerField()
    attributed = serializers.IntegerField()
    coverage_by_value = PlainDecimal(allow_null=True, source="by_value")
    grade = serializers.CharField(allow_blank=True)
    evidence = serializers.CharField(allow_blank=True)


class LedgerAnswerOut(Shape):
    """A figure that nobody typed."""

    iris = serializers.CharField()
    words = serializers.CharField()
    is_flow = serializers.BooleanField(help_text="Whether it is of the year's days, rather than of its last one.")
    value = PlainDecimal()
    unit = serializers.CharField(help_text="A currency, or loans.")


class ImpactOut(Shape):
    """A fund's year."""

    from_ = Day(source="start")
    to = Day(source="last_day")
    outcomes = ImpactOutcomeOut(many=True)
    ledger = LedgerAnswerOut(many=True)
    went_wrong = serializers.ListField(child=serializers.CharField())


class FundImpact(BookOperation):
    @operation(gives=ImpactOut, query=ImpactQuery)
    def get(self, asked: Asked) -> Any:
        """What the fund's money supported in the year to a day."""
        end = (asked.get("as_of") or self.book.business_date) + timedelta(days=1)
        found = fund_picture(self.book, end).impact()
        return {
            "start": found.start,
            "last_day": found.last_day,
            "outcomes": found.outcomes,
            "ledger": [
                {"iris": one.iris, "words": one.words, "is_flow": one.is_flow, "value": value, "unit": unit}
                for one in found.answers
                for value, unit in [one.amount]
            ],
            "went_wrong": found.went_wrong,
        }
