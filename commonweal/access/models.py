"""Who can log in, and whose side each person is on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now

from borrowers.domain.names import refuse_hidden_signs
from ledger.four_eyes import Verdict

if TYPE_CHECKING:
    from commonweal.access.roles import Roles


class UserManager(BaseUserManager["User"]):
    """Makes people, with their e-mail address in lower case."""

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email=(email or "").strip().lower())

    def create_user(self, *, email: str, name: str, password: str | None = None, **fields: Any) -> User:
        """A person who may log in once they have a password. Raises borrowers.domain.errors.NameMalformed."""
        refuse_hidden_signs(name)
        user = self.model(email=email.strip().lower(), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person; what they may see comes from their memberships alone."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    all_roles: Roles | None = None
    acting_as: Roles | None = None
    """Set for the length of a request: every role the person has, and those that the access table allows here."""

    class Meta:
        constraints = [models.CheckConstraint(name="email_in_lower_case", condition=Q(email=Lower("email")))]

    def __str__(self) -> str:
        return self.name


class StaffRole(models.TextChoices):
    """What a member of the fund's staff may do in one book."""

    MANAGER = "manager", "Fund manager"
    OFFICER = "officer", "Loan officer"
    FINANCE = "finance", "Finance officer"
    AUDITOR = "auditor", "Auditor"


class StaffMembership(models.Model):
    """A person's role in one book."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="staff_memberships")
    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=StaffRole.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "book"], name="one_staff_role_per_book"),
            models.CheckConstraint(name="staff_role_is_known", condition=Q(role__in=StaffRole.values)),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.user_id} in book {self.book_id}"


class BorrowerMembership(models.Model):
    """A person who acts for a community business."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="borrower_memberships")
    organisation = models.ForeignKey("borrowers.Organisation", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="one_borrower_membership")]

    def __str__(self) -> str:
        return f"user {self.user_id} of organisation {self.organisation_id}"


class InvestorRole(models.TextChoices):
    """What somebody may do for an investor: read all that is its own, or also ask, tell and propose for it."""

    READS = "reads", "Reads"
    ACTS = "acts", "Reads and acts"


class InvestorMembership(models.Model):
    """A person who sees an investor's portal, and what they may do there."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="investor_memberships")
    investor = models.ForeignKey("investors.Investor", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=InvestorRole.choices, default=InvestorRole.ACTS)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "investor"], name="one_investor_membership"),
            models.CheckConstraint(name="investor_role_is_known", condition=Q(role__in=InvestorRole.values)),
        ]

    def __str__(self) -> str:
        return f"user {self.user_id} of investor {self.investor_id}"


class ChangeKind(models.TextChoices):
    """What became of somebody's access."""

    GIVEN = "given", "given"
    CHANGED = "changed", "changed"
    ENDED = "ended", "ended"


def _label(role: str, *, is_staff: bool) -> str:
    return str((StaffRole if is_staff else InvestorRole)(role).label)


class AccessChange(models.Model):
    """What somebody may see was given, changed or ended: in a book, for a business or for an investor.

    Append-only, and written by the database itself with every change of a membership.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="access_changes")
    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey("borrowers.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    investor = models.ForeignKey("investors.Investor", on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=ChangeKind.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    """Who did it at the desk or by the API; None where a command did."""
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.role} {self.kind} to user {self.user_id}"

    @property
    def words(self) -> str:
        """The role as people read it, with what became of it where it is not there any more."""
        said = _label(self.role, is_staff=bool(self.book_id))
        return f"{said}, ended" if self.kind == ChangeKind.ENDED else said


class Invitation(models.Model):
    """That somebody is to see something: a colleague a book, others the portal of a business or an investor.

    Append-only. Nobody sees anything before a second person has approved it. `no` counts from 1 for each address and
    what it is invited to.
    """

    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("borrowers.Organisation", on_delete=models.PROTECT, null=True, related_name="+")
    investor = models.ForeignKey("investors.Investor", on_delete=models.PROTECT, null=True, related_name="+")
    email = models.EmailField()
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=20)
    no = models.PositiveIntegerField()
    content_sha256 = models.CharField(max_length=64)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["book", "organisation", "investor", "email", "no"],
                name="access_one_invitation_at_a_time",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(organisation=None, investor=None, role__in=StaffRole.values)
                | Q(organisation__isnull=False, investor=None, role=InvestorRole.ACTS)
                | Q(organisation=None, investor__isnull=False, role__in=InvestorRole.values),
                name="access_invited_to_a_role_there",
            ),
            models.CheckConstraint(condition=Q(email=Lower("email")), name="access_invited_in_lower_case"),
        ]

    def __str__(self) -> str:
        return f"invitation of {self.email} to {self.to}"

    @property
    def to(self) -> Any:
        """What the person is to see: the business, the investor, or the book itself."""
        return self.organisation or self.investor or self.book

    @property
    def words(self) -> str:
        """The role as people read it."""
        return _label(self.role, is_staff=not (self.organisation_id or self.investor_id))


class InvitationDecision(Verdict):
    """What a second person decided on an invitation, and whom it let in. Append-only."""

    invitation = models.OneToOneField(Invitation, on_delete=models.PROTECT, related_name="decision")
    reason = models.CharField(max_length=300, default="", blank=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="approved", approval__isnull=False, user__isnull=False)
                | Q(outcome="declined", approval=None, user=None) & ~Q(reason=""),
                name="access_let_in_under_an_approval",
            )
        ]

    def __str__(self) -> str:
        return f"invitation {self.invitation_id} {self.outcome}"


class ApiToken(models.Model):
    """A key with which a program acts for a person; only its hash is kept, so it can be shown once and never again."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    label = models.CharField(max_length=100)
    prefix = models.CharField(max_length=11)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(db_default=Now())
    last_used_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.label})"


class SavedFilter(models.Model):
    """A list of a book as somebody wants to see it again: `query` is what stands in the address after the "?"."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="saved_filters")
    book = models.ForeignKey("ledger.Book", on_delete=models.PROTECT, related_name="+")
    page = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "book", "page", "name"], name="one_saved_filter_per_name")
        ]

    def __str__(self) -> str:
        return self.name


class ReadRecord(models.Model):
    """That a person read something private; append-only."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["what", "subject", "at"], name="who_read_this")]

    def __str__(self) -> str:
        return f"user {self.user_id} read {self.what} {self.subject}"


class LogInAttempt(models.Model):
    """A log-in that has not succeeded; counted for a few minutes, then removed."""

    email = models.CharField(max_length=254)
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["email", "at"], name="attempts_for_person"),
            models.Index(fields=["address", "at"], name="attempts_from_address"),
        ]

    def __str__(self) -> str:
        return f"attempt for {self.email}"
