"""What was issued, to whom, about which period, knowing what, and as which bytes?"""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now

from commonweal.documents.words import plain
from ledger.four_eyes import Decision


class DocumentKind(models.TextChoices):
    """What sort of document it is."""

    LOAN_STATEMENT = "loan-statement", "Loan statement"
    INVESTOR_STATEMENT = "investor-statement", "Investor statement"
    FACILITY_STATEMENT = "facility-statement", "Lender’s statement"
    IMPACT_STATEMENT = "impact-statement", "Impact statement of the fund"
    AUDITORS_PACK = "auditors-pack", "Auditor’s pack"
    TAX_CERTIFICATE = "tax-certificate", "Tax relief certificate"
    TAX_STATEMENT = "tax-statement", "Tax statement"
    CALL_NOTICE = "capital-call-notice", "Capital call notice"
    DISTRIBUTION_NOTICE = "distribution-notice", "Distribution notice"
    PAYOUT_NOTICE = "payout-notice", "Payout notice"
    PARTICIPATION = "loan-participation", "Loan participation certificate"


OF_ACTS = (DocumentKind.CALL_NOTICE, DocumentKind.DISTRIBUTION_NOTICE)
"""What tells an investor of an act on the fund's capital."""

NOTICES = (*OF_ACTS, DocumentKind.PAYOUT_NOTICE)
"""What tells an investor of one thing that two people decided; its period is the day of that."""

OF_INVESTORS = (
    *("facility-statement", "tax-certificate", "tax-statement", "loan-participation"),
    *(kind.value for kind in NOTICES),
)
"""What is an investor's beside its statements."""

ON_ITS_DAY = ("tax-certificate", "loan-participation", *(kind.value for kind in NOTICES))
"""What may be issued on the day that it is about, which need not be over."""


OF_THE_FUND = ("auditors-pack", "impact-statement")
"""What is about a whole fund and for nobody alone."""

TOLD_ANEW = (
    *("auditors-pack", "tax-statement", "loan-statement", "investor-statement", "facility-statement"),
    "impact-statement",
)
"""What may be issued again under the same seal: not everything that it says is in the ledger."""

FOR_ALL = "All who fund the fund"
"""For whom a statement of the whole fund is."""

SAID = "The fingerprint of what borrowers had said, which no seal covers; empty where none was taken."


class DocumentStatus(models.TextChoices):
    """Whether the books of the period were closed when it was issued."""

    FINAL = "final", "Final"
    PROVISIONAL = "provisional", "Provisional"


class DocumentFile(models.Model):
    """The bytes of an issued document under their SHA-256, which the database computes again. Append-only."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256=Func(Func(F("content"), function="sha256"), Value("hex"), function="encode")),
                name="documents_file_is_its_hash",
            )
        ]

    def __str__(self) -> str:
        return self.sha256


class Document(models.Model):
    """A statement, or an auditor's pack, that was issued. Append-only: a correction is another one that replaces it.

    `subject` is the loan, the investor or the facility by its reference, or the book by its code, with `-impact` after
    it where the statement is of the fund's impact. A statement asked for
    again with the same period, status, seal and fingerprint of what borrowers said is this very document and no new
    one; a pack is, where its bytes are the same.
    A statement was `prepared` in a run, which two people published; a notice tells of a `capital_act` or a
    `payout_line` that two people approved; a certificate of a `participation` is its holder's. The database
    lets no other in.
    Tax documents know what is recorded of the relief and not the ledger: their `seal` is the fingerprint of that.
    """

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=DocumentKind.choices)
    subject = models.CharField(max_length=80)
    organisation = models.ForeignKey("borrowers.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    investor = models.ForeignKey("investors.Investor", on_delete=models.PROTECT, null=True, related_name="+")
    period_start = models.DateField()
    period_end = models.DateField(help_text="The first day that no longer belongs to the period.")
    status = models.CharField(max_length=12, choices=DocumentStatus.choices)
    number = models.CharField(max_length=120)
    revision = models.PositiveSmallIntegerField()
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    prepared = models.OneToOneField(
        "documents.PreparedStatement", on_delete=models.PROTECT, null=True, related_name="document"
    )
    capital_act = models.ForeignKey("investors.CapitalAct", on_delete=models.PROTECT, null=True, related_name="notices")
    payout_line = models.ForeignKey("investors.PayoutLine", on_delete=models.PROTECT, null=True, related_name="notices")
    participation = models.ForeignKey(
        "investors.Participation", on_delete=models.PROTECT, null=True, related_name="certificates"
    )
    seal = models.CharField(max_length=200)
    said_sha256 = models.CharField(max_length=64, default="", blank=True, help_text=SAID)
    renderer = models.CharField(max_length=200)
    file = models.ForeignKey(DocumentFile, on_delete=models.PROTECT, related_name="documents")
    size = models.PositiveIntegerField(help_text="Bytes of the file.")
    issued_on = models.DateField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-period_end", "-pk"]
        indexes = [
            models.Index(fields=["organisation", "-period_end"], name="documents_of_organisation"),
            models.Index(fields=["investor", "-period_end"], name="documents_of_investor"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["book", "kind", "subject", "period_start", "period_end", "status", "seal"],
                condition=~Q(kind__in=TOLD_ANEW),
                name="documents_once_for_what_it_knew",
            ),
            models.UniqueConstraint(
                fields=["book", "kind", "subject", "period_start", "period_end", "revision"],
                name="documents_one_of_each_revision",
            ),
            models.UniqueConstraint(fields=["book", "number"], name="documents_one_of_each_number"),
            models.CheckConstraint(condition=Q(period_start__lt=F("period_end")), name="documents_period"),
            models.CheckConstraint(
                condition=Q(issued_on__gte=F("period_end")) | Q(kind__in=ON_ITS_DAY, issued_on__gte=F("period_start")),
                name="documents_after_the_period",
            ),
            models.CheckConstraint(condition=Q(status__in=DocumentStatus.values), name="documents_status_is_known"),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in OF_ACTS], capital_act__isnull=False)
                | (~Q(kind__in=[kind.value for kind in OF_ACTS]) & Q(capital_act=None)),
                name="documents_notice_of_an_act",
            ),
            models.CheckConstraint(
                condition=Q(kind="payout-notice", payout_line__isnull=False)
                | (~Q(kind="payout-notice") & Q(payout_line=None)),
                name="documents_notice_of_a_payout",
            ),
            models.CheckConstraint(
                condition=Q(kind="loan-statement", organisation__isnull=False, investor__isnull=True)
                | Q(kind="investor-statement", organisation__isnull=True, investor__isnull=False)
                | Q(kind__in=OF_THE_FUND, organisation__isnull=True, investor__isnull=True)
                | Q(kind__in=OF_INVESTORS, organisation=None, investor__isnull=False),
                name="documents_one_recipient",
            ),
            models.CheckConstraint(
                condition=Q(kind="loan-participation", participation__isnull=False)
                | (~Q(kind="loan-participation") & Q(participation=None)),
                name="documents_certificate_of_a_part",
            ),
            models.CheckConstraint(
                condition=Q(revision=1, replaces__isnull=True) | Q(revision__gt=1, replaces__isnull=False),
                name="documents_revision_says_what_it_replaces",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> str:
        """What it is called in a list."""
        return DocumentKind(self.kind).label

    @property
    def recipient(self) -> str:
        """Whom it is for."""
        return str(self.organisation or self.investor or FOR_ALL)

    @property
    def last_day(self) -> date:
        """The last day of the period, as it is printed."""
        return self.period_end - timedelta(days=1)

    @property
    def sha256(self) -> str:
        """The hash of its bytes."""
        return self.file_id

    @property
    def file_name(self) -> str:
        """What a download is called: letters, digits, dots and hyphens only."""
        if self.kind != DocumentKind.AUDITORS_PACK:
            return f"{self.kind}-{plain(self.number)}.pdf"
        return f"{self.kind}-{plain(self.number)}{'' if self.status == DocumentStatus.FINAL else '-not-closed'}.zip"

    @property
    def content_type(self) -> str:
        """What its bytes are."""
        return "application/zip" if self.kind == DocumentKind.AUDITORS_PACK else "application/pdf"


class StatementRun(models.Model):
    """The statements of a period as one person had them prepared, to be published together. Append-only.

    `planned` says which there will be: pairs of a kind and a subject. Nobody but staff sees
    them until a second person has published the run.
    """

    class State(models.TextChoices):
        PREPARING = "preparing", "Being prepared"
        WAITING = "waiting", "Waiting for a second person"
        OVERTAKEN = "overtaken", "Overtaken by a later run"
        PUBLISHED = "published", "Published"
        DECLINED = "declined", "Declined"

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    period_start = models.DateField()
    period_end = models.DateField(help_text="The first day that no longer belongs to the period.")
    status = models.CharField(max_length=12, choices=DocumentStatus.choices)
    seal = models.CharField(max_length=200)
    said_sha256 = models.CharField(max_length=64, default="", blank=True, help_text=SAID)
    issued_on = models.DateField()
    planned = models.JSONField()
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["book", "-period_end", "-id"], name="documents_runs_of_period")]
        constraints = [
            models.CheckConstraint(condition=Q(period_start__lt=F("period_end")), name="documents_run_period"),
            models.CheckConstraint(condition=Q(status__in=DocumentStatus.values), name="documents_run_status_is_known"),
        ]

    def __str__(self) -> str:
        return f"S-{self.pk}"

    @property
    def last_day(self) -> date:
        """The last day of the period, as it is printed."""
        return self.period_end - timedelta(days=1)


class PreparedStatement(models.Model):
    """One statement of a run, rendered, or the document that says the same and stands. Append-only.

    `figures_sha256` is of all that it says but for its own number, day and seal; empty where `stands` was issued for
    the same seal, and nothing had to be read. `figures` is the CSV that is inside, kept where the statement that
    replaces it lists by how much each figure differs.
    """

    run = models.ForeignKey(StatementRun, on_delete=models.PROTECT, related_name="prepared")
    kind = models.CharField(max_length=20, choices=DocumentKind.choices)
    subject = models.CharField(max_length=80)
    organisation = models.ForeignKey("borrowers.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    investor = models.ForeignKey("investors.Investor", on_delete=models.PROTECT, null=True, related_name="+")
    number = models.CharField(max_length=120)
    revision = models.PositiveSmallIntegerField()
    replaces = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    stands = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    file = models.ForeignKey(DocumentFile, on_delete=models.PROTECT, related_name="+")
    size = models.PositiveIntegerField()
    renderer = models.CharField(max_length=200)
    figures_sha256 = models.CharField(max_length=64)
    figures = models.ForeignKey(DocumentFile, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["kind", "subject"]
        constraints = [
            models.UniqueConstraint(fields=["run", "kind", "subject"], name="documents_prepared_once"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> str:
        """What it is called in a list."""
        return DocumentKind(self.kind).label

    @property
    def recipient(self) -> str:
        """Whom it is for."""
        return str(self.organisation or self.investor or FOR_ALL)


class RunDecision(Decision):
    """What a second person decided about a run: publish exactly these files, or decline it. Append-only."""

    class Outcome(models.TextChoices):
        PUBLISHED = "published", "Published"
        DECLINED = "declined", "Declined"

    run = models.OneToOneField(StatementRun, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    content_sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="published", approval__isnull=False) | Q(outcome="declined", approval=None),
                name="documents_published_under_an_approval",
            )
        ]

    def __str__(self) -> str:
        return f"{self.run} {self.outcome}"
