"""What is set aside for losses, who guarantees a loan, and what two people agreed on? All tables are append-only."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from moneyed import Money

from ledger.domain.money import from_minor
from ledger.four_eyes import WAITING, Decision
from loans.domain.guarantee import SchemeTerms
from loans.domain.provision import Stage
from loans.models.loan import Loan


def _by() -> models.ForeignKey:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")


def _share() -> models.DecimalField:
    return models.DecimalField(max_digits=6, decimal_places=5)


class ProvisionRule(models.Model):
    """The percentages of a book from a day on, as fractions: one for each stage."""

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    effective_on = models.DateField()
    current = _share()
    to_30 = _share()
    to_60 = _share()
    to_90 = _share()
    over_90 = _share()
    non_accrual = _share()
    reason = models.CharField(max_length=500)
    recorded_by = _by()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-effective_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    current__gte=0,
                    to_30__gte=F("current"),
                    to_60__gte=F("to_30"),
                    to_90__gte=F("to_60"),
                    over_90__gte=F("to_90"),
                    non_accrual__gte=F("over_90"),
                    non_accrual__lte=1,
                ),
                name="loans_worse_stages_need_no_less",
            )
        ]

    def __str__(self) -> str:
        return f"rule {self.pk} from {self.effective_on}"

    @property
    def percentages(self) -> dict[Stage, Decimal]:
        """The share of each stage."""
        columns = (self.current, self.to_30, self.to_60, self.to_90, self.over_90, self.non_accrual)
        return dict(zip(Stage, columns, strict=True))


class ProvisionRun(models.Model):
    """The provisions of a book on a day: once a day, by the rule in force."""

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    rule = models.ForeignKey(ProvisionRule, on_delete=models.PROTECT, related_name="runs")
    key = models.CharField(max_length=100)
    recorded_by = _by()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-on"]
        constraints = [models.UniqueConstraint(fields=["book", "on"], name="loans_one_provision_run_a_day")]

    def __str__(self) -> str:
        return f"provisions on {self.on}"


class ProvisionLine(models.Model):
    """What a run found for one loan, in minor units; `share` is empty where two people agreed on the amount."""

    run = models.ForeignKey(ProvisionRun, on_delete=models.PROTECT, related_name="lines")
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=12, choices=[(stage.value, stage.words) for stage in Stage])
    share = models.DecimalField(max_digits=6, decimal_places=5, null=True)
    principal = models.BigIntegerField()
    guaranteed = models.BigIntegerField()
    should = models.BigIntegerField()
    had = models.BigIntegerField()

    class Meta:
        ordering = ["run", "loan"]
        constraints = [models.UniqueConstraint(fields=["run", "loan"], name="loans_one_provision_per_loan")]

    def __str__(self) -> str:
        return f"{self.loan_id} in run {self.run_id}"


class GuaranteeScheme(models.Model):
    """Who guarantees loans, such as a public scheme; the parameters are rows of their own."""

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=200)
    recorded_by = _by()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["book", "code"], name="loans_one_scheme_per_code")]

    def __str__(self) -> str:
        return self.name


class SchemeParameters(models.Model):
    """A scheme's parameters from a day on; amounts in minor units of the book's currency."""

    scheme = models.ForeignKey(GuaranteeScheme, on_delete=models.PROTECT, related_name="versions")
    effective_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    share = _share()
    recovery_share = _share()
    least = models.BigIntegerField()
    most = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    max_months = models.PositiveSmallIntegerField()
    claim_after_days = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=500)
    recorded_by = _by()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["scheme", "-effective_on"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "effective_on"], name="loans_one_scheme_version_a_day"),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=1, recovery_share__gte=0, recovery_share__lte=1),
                name="loans_scheme_shares_are_sane",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} from {self.effective_on}"

    @property
    def terms(self) -> SchemeTerms:
        """The parameters as the domain knows them."""
        return SchemeTerms(
            self.effective_on,
            self.ends_on,
            self.share,
            self.recovery_share,
            from_minor(self.least, self.currency),
            from_minor(self.most, self.currency),
            self.max_months,
            self.claim_after_days,
        )


class Guarantee(models.Model):
    """A loan under a scheme's parameters; the lender certified that it belongs there. The last row of a loan counts."""

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="guarantees")
    parameters = models.ForeignKey(SchemeParameters, on_delete=models.PROTECT, related_name="guarantees")
    reference = models.CharField(max_length=100)
    certified_by = _by()
    certified_on = models.DateField()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.reference} for {self.loan_id}"


class LossProposal(models.Model):
    """What one person proposes for a loan, and another decides: a specific provision, or a claim.

    A specific provision of no amount ends the one before it. `amount` is in minor units.
    """

    class Kind(models.TextChoices):
        """What is proposed."""

        SPECIFIC = "specific", "Specific provision"
        CLAIM = "claim", "Guarantee claim"

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="loss_proposals")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    effective_on = models.DateField()
    amount = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=500)
    content_sha256 = models.CharField(max_length=64)
    made_by = _by()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["id", "content_sha256"], name="loans_loss_proposal_binds_content"),
            models.CheckConstraint(
                condition=Q(kind="claim", amount__gt=0) | Q(kind="specific") & (Q(amount__gte=0) | Q(amount=None)),
                name="loans_loss_proposal_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk} for {self.loan_id}"

    @property
    def state(self) -> str:
        """What became of it; `waiting` while nobody has decided."""
        decision = getattr(self, "decision", None)
        if decision is None:
            return WAITING
        return "approved" if decision.is_approved else "declined"

    @property
    def money(self) -> Money | None:
        """The amount proposed; none where a specific provision ends."""
        return None if self.amount is None else from_minor(self.amount, self.loan.currency)


class LossDecision(Decision):
    """What a second person decided; the approval stands only where it was a yes, bound to what was proposed."""

    proposal = models.OneToOneField(LossProposal, on_delete=models.PROTECT, related_name="decision")
    is_approved = models.BooleanField()
    content_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_approved=True, approval__isnull=False) | Q(is_approved=False, approval__isnull=True),
                name="loans_loss_decision_is_whole",
            )
        ]

    def __str__(self) -> str:
        return f"decision on {self.proposal_id}"


class LossEntry(models.Model):
    """An entry about a loan's loss beside the loan itself, and what it rests on; amounts in minor units.

    What follows from the loan's life is negative where it is less than was booked.
    """

    class Kind(models.TextChoices):
        """What was booked."""

        CLAIMED = "claimed", "Claimed from the guarantor"
        CLAIM_PAID = "claim-paid", "Paid by the guarantor"
        GUARANTEE_USED = "guarantee", "Guarantee used for a loss"
        PROVISION_USED = "provision", "Provision used for a loss"
        SHARED = "shared", "Guarantor's share of principal repaid"
        RECOVERY_SHARED = "recovery", "Guarantor's share of a recovery"
        PAID_OVER = "paid-over", "Paid over to the guarantor"

    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="loss_entries")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    effective_on = models.DateField()
    amount = models.BigIntegerField()
    entry = models.OneToOneField("ledger.JournalEntry", on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey("loans.LoanEvent", on_delete=models.PROTECT, null=True, related_name="loss_entries")
    proposal = models.OneToOneField(LossProposal, on_delete=models.PROTECT, null=True, related_name="entry")
    recorded_by = _by()
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0) | Q(kind__in=("guarantee", "provision", "shared", "recovery")) & ~Q(amount=0),
                name="loans_loss_entry_is_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.loan_id}"

    @property
    def money(self) -> Money:
        """The amount."""
        return from_minor(self.amount, self.loan.currency)
