"""What the fund's money helped to do, over the API: totals with coverage and grade, shares, the ledger's answers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema_field
from moneyed import Money
from rest_framework import serializers

from commonweal.api.fields import Day, MoneyField, PlainDecimal, Shape, Strict
from commonweal.api.investors import InvestorOperation
from commonweal.api.operations import Asked, BookOperation, operation
from commonweal.documents.impact_as_at import as_at_response
from investors.impact_sections import fund_picture
from ledger.domain.money import from_minor
from loans.principal_moved import LossCover

if TYPE_CHECKING:
    from investors.domain.value import Valued
    from investors.impact import Impact
    from ledger.models import Book


class ImpactQuery(Strict):
    """To which day."""

    as_of = Day(required=False, help_text="The last day of the year told; the business date unless given.")


class DeductionOut(Shape):
    """What was taken off, as a fraction; nought is said too."""

    name = serializers.CharField()
    part = PlainDecimal()


class ImpactValueOut(Shape):
    """What our share is said to be worth, in its first year, by the fund's own proxy; it is no money."""

    unit = MoneyField(source="proxy.unit", help_text="What one unit is said to be worth.")
    source_ = serializers.CharField(source="proxy.source")
    as_of = Day(source="proxy.as_of", help_text="The day whose prices it is in.")
    deductions = serializers.SerializerMethodField()
    gross = MoneyField(help_text="Before the deductions.")
    net = MoneyField(help_text="After them, in whole units of the currency.")

    @extend_schema_field(DeductionOut(many=True))
    def get_deductions(self, row: Valued) -> Any:
        """Each, in the order in which it is taken off; of drop-off the first year loses none."""
        return [
            {"name": name, "part": PlainDecimal().to_representation(part)} for name, part in row.proxy.deductions.named
        ]


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
    value = ImpactValueOut(allow_null=True, help_text="Null where no proxy of the fund counts on the last day.")
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


class ImpactLentOut(Shape):
    """Principal outstanding on the last day in one field of trade, or one nation or region."""

    name = serializers.CharField(allow_blank=True, help_text="Empty where it is not known.")
    principal = MoneyField()


class ImpactRestatedOut(Shape):
    """A figure that was corrected in the year or since."""

    business = serializers.CharField(help_text="Its name where it allows that, else what and where it is.")
    indicator = serializers.CharField()
    period = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()
    why = serializers.CharField()


class ImpactStoryOut(Shape):
    """What a business tells, and lets the fund show."""

    title = serializers.CharField()
    business = serializers.CharField(help_text="Its name where it allows that, else what and where it is.")
    text = serializers.CharField()
    told_on = Day()


class ImpactNotClaimedOut(Shape):
    """Of how many businesses nothing is claimed, and why."""

    why = serializers.CharField()
    businesses = serializers.IntegerField()


class ImpactMovedOut(Shape):
    """A line between the principal at the beginning of the year and at its end; what lowers it is negative."""

    words = serializers.CharField()
    amount = MoneyField()


class ImpactCoverOut(Shape):
    """What stands behind the principal on the last day, and what first loss has borne so far."""

    set_aside = MoneyField(help_text="Provisions for losses.")
    guaranteed = MoneyField(help_text="Of the principal, where the guarantor was not asked yet.")
    asked_of_guarantors = MoneyField(help_text="Set against the principal, whether it was paid or not.")
    first_loss_classes = serializers.CharField(allow_blank=True, help_text="Of the fund's capital, by name.")
    first_loss_used = MoneyField(allow_null=True, help_text="Null where no class ranks behind another.")
    first_loss_left = MoneyField(allow_null=True)


class ImpactOut(Shape):
    """A fund's year."""

    from_ = Day(source="start")
    to = Day(source="last_day")
    outcomes = ImpactOutcomeOut(many=True)
    not_claimed = ImpactNotClaimedOut(many=True)
    ledger = LedgerAnswerOut(many=True)
    principal_opening = MoneyField(help_text="Of all loans, at the beginning of the first day.")
    principal_moved = ImpactMovedOut(many=True)
    principal_closing = MoneyField(help_text="The opening and all that moved.")
    cover = ImpactCoverOut()
    sectors = ImpactLentOut(many=True)
    regions = ImpactLentOut(many=True)
    went_wrong = serializers.ListField(child=serializers.CharField())
    restated = ImpactRestatedOut(many=True)
    stories = ImpactStoryOut(many=True, help_text="At most three, the latest first.")
    stories_kept_back = serializers.IntegerField(help_text="Told to the fund, and not to be shown.")


class ImpactOutcomeForInvestorOut(ImpactOutcomeOut):
    """One indicator, with the investor's part of the fund's share."""

    yours = PlainDecimal(allow_null=True, help_text="By the investor's part of what was lent; null as the share is.")


class InvestorImpactOut(ImpactOut):
    """A fund's year, with one investor's part of every share."""

    outcomes = ImpactOutcomeForInvestorOut(many=True)


class FundImpact(BookOperation):
    @operation(gives=ImpactOut, query=ImpactQuery)
    def get(self, asked: Asked) -> Any:
        """What the fund's money supported in the year to a day."""
        return shown(self.book, fund_picture(self.book, year_end(self.book, asked)).impact())


class FundImpactDownload(BookOperation):
    @operation(gives=None, query=ImpactQuery, media_type="application/pdf")
    def get(self, asked: Asked) -> Any:
        """The same year as a statement of the whole fund, with every figure attached as CSV."""
        return as_at_response(self.book, fund_picture(self.book, year_end(self.book, asked)).impact())


class InvestorImpact(InvestorOperation):
    @operation(gives=InvestorImpactOut, query=ImpactQuery)
    def get(self, asked: Asked) -> Any:
        """What the fund's money supported in the year to a day, and which part of it is the investor's."""
        return shown(self.book, fund_picture(self.book, year_end(self.book, asked)).impact(self.investor.code))


def year_end(book: Book, asked: Asked) -> date:
    """The first day after the year that is asked for."""
    return (asked.get("as_of") or book.business_date) + timedelta(days=1)


def shown(book: Book, found: Impact) -> Asked:
    """A year as the API gives it."""
    moved = found.principal

    def money(units: int) -> Money:
        return from_minor(units, book.base_currency)

    return {
        "start": found.start,
        "last_day": found.last_day,
        "outcomes": found.outcomes,
        "not_claimed": [{"why": why, "businesses": count} for why, count in found.not_attributable],
        "ledger": [
            {"iris": one.iris, "words": one.words, "is_flow": one.is_flow, "value": value, "unit": unit}
            for one in found.answers
            for value, unit in [one.amount]
        ],
        "principal_opening": moved.opening if moved else money(0),
        "principal_moved": moved.lines if moved else (),
        "principal_closing": moved.closing if moved else money(0),
        "cover": _cover(found),
        "sectors": [{"name": one.name, "principal": money(one.principal)} for one in found.sectors],
        "regions": [{"name": one.name, "principal": money(one.units)} for one in found.regions],
        "went_wrong": found.went_wrong,
        "restated": found.restated,
        "stories": found.stories,
        "stories_kept_back": found.kept_back,
    }


def _cover(impact: Impact) -> dict[str, Any]:
    cover, first = impact.cover or LossCover(0, 0, 0), impact.first_loss
    units = {"set_aside": cover.set_aside, "guaranteed": cover.guaranteed, "asked_of_guarantors": cover.asked}
    return {
        **{name: from_minor(minor, impact.currency.code) for name, minor in units.items()},
        "first_loss_classes": first.classes if first else "",
        "first_loss_used": first.used if first else None,
        "first_loss_left": first.left if first else None,
    }
