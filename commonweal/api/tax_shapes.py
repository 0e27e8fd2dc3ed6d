"""What the API takes and gives of the tax relief scheme."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from commonweal.api.fields import Count, Day, Id, MoneyField, Shape, Share, Strict, Text, Word
from commonweal.api.investors import InvestorOut
from investors.domain.citr.claims import EndedBy
from investors.domain.citr.findings import Outcome
from investors.domain.citr.kinds import InvestmentKind, MovementKind
from investors.domain.citr.limits import Accreditation
from investors.models import CitrPeriod
from investors.queries import ReliefStanding

SHA256 = r"^[0-9a-f]{64}$"
BELOW = "10000000000000"
STATES = ["waiting", "issued", "declined"]


class TaxFindingOut(Shape):
    """A rule, tested."""

    rule = serializers.CharField()
    outcome = Word(Outcome)
    words = serializers.CharField()
    source_ = serializers.CharField()
    is_estimate = serializers.BooleanField(help_text="Whether the reading of the rule is our own.")


class AccreditationOut(Shape):
    """An accreditation with what was raised under it."""

    id = serializers.IntegerField(source="period.pk")
    reference = serializers.CharField(source="period.reference")
    kind = Word(Accreditation, source="period.kind")
    starts_on = Day(source="period.starts_on")
    ends_on = Day(source="period.ends_on", help_text="The first day that no longer belongs to it.")
    applied_for = MoneyField(source="period.applied_for_money")
    lost_on = serializers.SerializerMethodField(help_text="From which day it was withdrawn; null where it was not.")
    raised = MoneyField(help_text="By whole amounts.")
    findings = TaxFindingOut(many=True)

    def get_lost_on(self, row: dict[str, Any]) -> str | None:
        """The day of its end before its time."""
        period: CitrPeriod = row["period"]
        return period.loss.ended_on.isoformat() if hasattr(period, "loss") else None


class AccreditationIn(Strict):
    """An accreditation to be recorded."""

    reference = Text(max_length=100, help_text="The department's.")
    kind = Word(Accreditation)
    starts_on = Day()
    ends_on = Day(help_text="The first day that no longer belongs to it.")
    applied_for = MoneyField(below=BELOW, help_text="What the application says will be raised.")


class LossIn(Strict):
    """Which accreditation was withdrawn, and why."""

    accreditation = Id(help_text="The id of an accreditation of the book.")
    on = Day(help_text="From this day on.")
    reason = Text(max_length=500)


class MarkOut(Shape):
    """What was said of a loan."""

    id = serializers.IntegerField()
    loan = serializers.IntegerField(source="loan_id")
    reference = serializers.CharField(source="loan.reference")
    effective_on = Day()
    is_relevant = serializers.BooleanField()
    case = serializers.IntegerField(allow_null=True)
    distributes_profit = serializers.BooleanField()
    agreed_to_count = serializers.BooleanField()
    reason = serializers.CharField()
    recorded_by = serializers.CharField(source="recorded_by.name")


class MarkIn(Strict):
    """Whether a loan is a relevant investment, and why."""

    loan = Id(help_text="The id of a loan of the book.")
    effective_on = Day(required=False, help_text="The business date unless given.")
    case = Count(
        min_value=1,
        max_value=3,
        required=False,
        allow_null=True,
        help_text="1 listed area, 2 comparable area, 3 disadvantaged people; null: not relevant.",
    )
    distributes_profit = serializers.BooleanField(required=False)
    agreed_to_count = serializers.BooleanField(
        required=False, help_text="Though a guarantee protects it: not publicly funded, or agreed by the department."
    )
    reason = Text(max_length=500)


class OnwardDayOut(Shape):
    """How the money stands from a day on."""

    on = Day()
    fund = MoneyField(help_text="The investment fund.")
    relevant = MoneyField(help_text="What is outstanding of loans that count.")
    share = Share()


class CountedOut(Shape):
    """Whether a loan counts."""

    loan = serializers.CharField(source="loan.code", help_text="Its reference.")
    outstanding = MoneyField(source="loan.outstanding")
    counts = serializers.BooleanField()
    finding = TaxFindingOut()


class OnwardOut(Shape):
    """The onward-investment test."""

    as_of = Day()
    starts_on = Day(allow_null=True, help_text="Null before there is an accreditation and an investment.")
    days = OnwardDayOut(many=True, help_text="The days on which something changed, in order.")
    findings = TaxFindingOut(many=True, help_text="Each year that is over, and the one that runs.")
    counted = CountedOut(many=True, help_text="The loans that are marked relevant.")
    warnings = serializers.ListField(child=serializers.CharField())


class CertificateOut(Shape):
    """A certificate as it was proposed, and as it ended."""

    number = serializers.CharField()
    committed = MoneyField(source="committed_money")
    invested_on = Day()
    due_by = Day()
    sha256 = serializers.CharField(source="content_sha256", help_text="What an approval is bound to.")
    proposed_by = serializers.CharField(source="proposed_by.name")
    state = Word(STATES)
    issued_on = Day(source="decision.issued_on", allow_null=True, default=None)


class TaxYearOut(Shape):
    """A tax year of an investment."""

    tax_year = serializers.CharField()
    invested = MoneyField(help_text="The invested amount.")
    relief = MoneyField(help_text="5% of it.")
    available = MoneyField(help_text="What may be claimed.")
    withdrawn = MoneyField(help_text="What could be claimed and has to be given back.")
    claimable_from = Day(source="claim.claimable_from")
    qualifying_on = Day(source="claim.qualifying_on")
    why = serializers.CharField(source="claim.why")
    is_estimate = serializers.BooleanField()


class HeadroomOut(Shape):
    """A year of the five, and what may be repaid in it."""

    year = serializers.IntegerField()
    since = Day()
    until = Day(help_text="The first day that no longer belongs to it.")
    permitted = MoneyField(allow_null=True, help_text="What has to stand on average; null in years 1 and 2.")
    repaid = MoneyField()
    headroom = MoneyField(allow_null=True, help_text="What may still be repaid at once.")
    is_estimate = serializers.BooleanField()


class TaxInvestmentOut(Shape):
    """A tax-relieved investment on a day."""

    id = serializers.IntegerField(source="investment.pk")
    reference = serializers.SerializerMethodField()
    investor = InvestorOut(source="investment.investor")
    kind = Word(InvestmentKind, source="investment.kind")
    invested_on = Day(source="investment.invested_on")
    as_of = Day()
    committed = MoneyField(source="investment.committed_money", help_text="The whole amount.")
    drawdown_until = Day(source="investment.drawdown_until", allow_null=True)
    drawn = MoneyField()
    repaid = MoneyField()
    balance = MoneyField()
    is_withdrawn = serializers.BooleanField(help_text="Whether all its relief is withdrawn.")
    certificate = TaxFindingOut(help_text="Whether the certificate came in time.")
    certificates = CertificateOut(source="investment.certificates.all", many=True)
    years = TaxYearOut(many=True)
    headroom = HeadroomOut(many=True)
    warnings = serializers.ListField(child=serializers.CharField())

    def get_reference(self, row: ReliefStanding) -> str:
        """What the desk calls it."""
        return str(row.investment)


class TaxMovementOut(Shape):
    """What was drawn, repaid or received."""

    id = serializers.IntegerField()
    kind = Word(MovementKind)
    on = Day(source="moved_on")
    amount = MoneyField(source="money")
    is_standard = serializers.BooleanField(help_text="Whether a repayment counts against what has to stand.")
    reason = serializers.CharField()
    entry = serializers.IntegerField(source="entry_id", allow_null=True, help_text="The number of a journal entry.")
    takes_back = serializers.IntegerField(source="takes_back_id", allow_null=True)


class RequiredIn(Strict):
    """A repayment that may be required."""

    due_on = Day()
    amount = MoneyField(below=BELOW)


class TaxInvestmentIn(Strict):
    """An investment to be recorded."""

    investor = Text(max_length=20, help_text="The code of an investor.")
    kind = Word(InvestmentKind)
    committed = MoneyField(below=BELOW, help_text="The whole amount, drawn or not.")
    invested_on = Day(help_text="The day of receipt, or of the first drawdown.")
    drawn = MoneyField(below=BELOW, required=False, help_text="What was drawn on that day; all of it unless given.")
    drawdown_until = Day(required=False, help_text="The last day for drawing the rest.")
    is_convertible = serializers.BooleanField(required=False)
    required_ = serializers.ListField(child=RequiredIn(), required=False, max_length=200)
    entry = Id(required=False, help_text="The number of the contribution that brought the money.")


class TaxMovementIn(Strict):
    """A movement to be recorded."""

    kind = Word(MovementKind)
    on = Day()
    amount = MoneyField(below=BELOW)
    is_standard = serializers.BooleanField(required=False)
    reason = Text(max_length=500, required=False, allow_blank=True, help_text="Needed where it is not standard.")
    entry = Id(required=False, help_text="The number of the contribution that brought a drawdown.")


class TaxTakeBackIn(Strict):
    """Which movement was recorded wrongly, and why."""

    movement = Id(help_text="The id of a movement of the investment.")
    reason = Text(max_length=500)


class EndIn(Strict):
    """What ended the claims of an investment."""

    ended_by = Word([EndedBy.DISPOSED.value, EndedBy.INVESTOR_ACCREDITED.value])
    on = Day()
    reason = Text(max_length=500)


class CertificateDecisionIn(Strict):
    """What was shown, and why it is decided so."""

    sha256 = serializers.RegexField(SHA256, max_length=64)
    reason = Text(max_length=500, required=False, allow_blank=True, help_text="Needed to decline.")


class TaxYearIn(Strict):
    """The tax year that statements are issued for."""

    tax_year = Text(max_length=7, help_text="One that is over, such as 2025-26.")
