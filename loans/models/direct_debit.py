"""Who may be collected from, what was each told, what was asked of the bank, and what came of it? All append-only."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from moneyed import Money

from ledger.domain.bank_details import BankDetails
from ledger.domain.money import from_minor
from ledger.four_eyes import WAITING, Decision
from loans.domain.direct_debit.mandate import Scheme
from loans.domain.direct_debit.notice import NoticePeriod
from loans.models.loan import Loan


class DebitScheme(models.TextChoices):
    """By which scheme money is asked for."""

    BACS = Scheme.BACS, "Bacs"
    SEPA = Scheme.SEPA, "SEPA core"


class DebitSetting(models.Model):
    """How a fund collects into a bank account, from a day on; the latest of a scheme counts.

    `identifier` is the service user number, or the creditor identifier. Notice is in working days or in days.
    """

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    scheme = models.CharField(max_length=4, choices=DebitScheme.choices)
    effective_on = models.DateField()
    bank_account = models.ForeignKey("ledger.BankAccount", on_delete=models.PROTECT, related_name="+")
    identifier = models.CharField(max_length=35)
    creditor_name = models.CharField(max_length=70)
    bic = models.CharField(max_length=11, default="", blank=True)
    notice_days = models.PositiveSmallIntegerField()
    notice_in_working_days = models.BooleanField()
    presents_again = models.BooleanField(default=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-effective_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} from {self.effective_on}"

    @property
    def period(self) -> NoticePeriod:
        """The advance notice that payers get."""
        return NoticePeriod(self.notice_days, self.notice_in_working_days)


class Mandate(models.Model):
    """What a payer signed: that the fund may collect a loan's payments from this account."""

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    loan = models.ForeignKey(Loan, on_delete=models.PROTECT, related_name="mandates")
    scheme = models.CharField(max_length=4, choices=DebitScheme.choices)
    reference = models.CharField(max_length=35)
    signed_on = models.DateField()
    account_name = models.CharField(max_length=70)
    sort_code = models.CharField(max_length=6, default="", blank=True)
    account_number = models.CharField(max_length=8, default="", blank=True)
    iban = models.CharField(max_length=34, default="", blank=True)
    bic = models.CharField(max_length=11, default="", blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["book", "scheme", "reference"], name="loans_one_mandate_per_reference")
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def signed_details(self) -> BankDetails:
        """The account as it was signed; `loans.debits.details_of` says which one counts now."""
        return BankDetails(self.account_name, self.sort_code, self.account_number, self.iban, self.bic)


class MandateChange(models.Model):
    """What happened to a mandate, who said so and with which code; an amendment brings the account that counts now."""

    class Change(models.TextChoices):
        LODGED = "lodged", "Lodged with the bank"
        CONFIRMED = "confirmed", "Confirmed by the bank"
        AMENDED = "amended", "Amended"
        CANCELLED = "cancelled", "Cancelled"
        REINSTATED = "reinstated", "Reinstated"

    class Who(models.TextChoices):
        PAYER = "payer", "The payer"
        BANK = "bank", "The bank"
        FUND = "fund", "The fund"

    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="changes")
    change = models.CharField(max_length=10, choices=Change.choices)
    on = models.DateField()
    who = models.CharField(max_length=5, choices=Who.choices)
    code = models.CharField(max_length=4, default="", blank=True)
    words = models.CharField(max_length=300, default="", blank=True)
    account_name = models.CharField(max_length=70, default="", blank=True)
    sort_code = models.CharField(max_length=6, default="", blank=True)
    account_number = models.CharField(max_length=8, default="", blank=True)
    iban = models.CharField(max_length=34, default="", blank=True)
    bic = models.CharField(max_length=11, default="", blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(change="amended") & ~Q(account_name="") | ~Q(change="amended") & Q(account_name=""),
                name="loans_amendment_brings_an_account",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_change_display()}: {self.mandate_id}"

    @property
    def details(self) -> BankDetails | None:
        """The account that an amendment brings."""
        if not self.account_name:
            return None
        return BankDetails(self.account_name, self.sort_code, self.account_number, self.iban, self.bic)


class DebitNotice(models.Model):
    """That the payer was told: on this day we collect so much, in minor units. The last of a day counts."""

    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="notices")
    collect_on = models.DateField()
    amount = models.BigIntegerField()
    told_on = models.DateField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    given_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mandate", "collect_on", "told_on", "amount"], name="loans_one_notice_per_day_and_amount"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="loans_notice_of_some_money"),
        ]

    def __str__(self) -> str:
        return f"notice of {self.collect_on} under {self.mandate_id}"

    @property
    def money(self) -> Money:
        """What was told."""
        return from_minor(self.amount, Scheme(self.mandate.scheme).currency)


class DebitRun(models.Model):
    """A file for the bank, as one person made it: collections of a day, or instructions about mandates.

    `file` is what is sent, `sha256` its hash, which a second person approves.
    """

    class Purpose(models.TextChoices):
        COLLECT = "collect", "Collections"
        INSTRUCT = "instruct", "Instructions"

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    setting = models.ForeignKey(DebitSetting, on_delete=models.PROTECT, related_name="runs")
    collect_on = models.DateField()
    made_on = models.DateField()
    total = models.BigIntegerField()
    file = models.TextField()
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["book", "number"], name="loans_one_debit_run_per_number")]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """What it is called on screens and on the bank's statement."""
        return f"DD-{self.number:04d}"

    @property
    def money(self) -> Money:
        """What it asks for in all."""
        return from_minor(self.total, Scheme(self.setting.scheme).currency)

    @property
    def state(self) -> str:
        """`waiting` until somebody decides, then the word of the decision."""
        decision = getattr(self, "decision", None)
        return decision.decision if decision else WAITING


class DebitLine(models.Model):
    """What a run asks of one mandate, in minor units; an instruction asks for nothing."""

    run = models.ForeignKey(DebitRun, on_delete=models.PROTECT, related_name="lines")
    no = models.PositiveIntegerField()
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="lines")
    code = models.CharField(max_length=4)
    amount = models.BigIntegerField()
    again = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="presented_again")

    class Meta:
        ordering = ["run", "no"]
        constraints = [
            models.UniqueConstraint(fields=["run", "no"], name="loans_one_debit_line_per_number"),
            models.UniqueConstraint(fields=["run", "mandate"], name="loans_one_debit_line_per_mandate"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.no}"

    @property
    def money(self) -> Money:
        """What is asked for."""
        return from_minor(self.amount, Scheme(self.mandate.scheme).currency)


class DebitDecision(Decision):
    """What a second person decided about a run; the database holds an approval to the file. There is one."""

    class Decision(models.TextChoices):
        APPROVED = "approved", "Approved"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"

    run = models.OneToOneField(DebitRun, on_delete=models.PROTECT, related_name="decision")
    decision = models.CharField(max_length=9, choices=Decision.choices)
    decided_on = models.DateField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision="approved", approval__isnull=False)
                | Q(decision__in=["declined", "withdrawn"], approval__isnull=True),
                name="loans_debit_run_approved_under_an_approval",
            )
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.decision}"


class DebitOutcome(models.Model):
    """What came of a collection: paid, sent back, or taken back under the payer's guarantee; each at most once.

    `event` is the repayment, or the reversal that took it back; none where it came back before it was booked.
    """

    class Kind(models.TextChoices):
        PAID = "paid", "Paid"
        RETURNED = "returned", "Returned unpaid"
        CLAIMED = "claimed", "Taken back under an indemnity claim"

    line = models.ForeignKey(DebitLine, on_delete=models.PROTECT, related_name="outcomes")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    on = models.DateField()
    code = models.CharField(max_length=4, default="", blank=True)
    words = models.CharField(max_length=300, default="", blank=True)
    event = models.OneToOneField("loans.LoanEvent", on_delete=models.PROTECT, null=True, related_name="+")
    bank_line = models.ForeignKey("ledger.BankStatementLine", on_delete=models.PROTECT, null=True, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["line", "kind"], name="loans_one_debit_outcome_of_a_kind"),
            models.UniqueConstraint(
                fields=["line"], condition=~Q(kind="paid"), name="loans_a_collection_comes_back_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.line_id}"


class DebitChallenge(models.Model):
    """That the fund disputes an indemnity claim, and why. There is one."""

    outcome = models.OneToOneField(DebitOutcome, on_delete=models.PROTECT, related_name="challenge")
    words = models.CharField(max_length=500)
    on = models.DateField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"challenge of {self.outcome_id}"
