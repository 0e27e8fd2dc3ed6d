"""Who may log in: listed, invited by one person, let in by another, and ended."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from borrowers.models import Organisation
from commonweal.access.invitations import Invited, decline_invitation, invitations, invite, members_of, side_of
from commonweal.access.memberships import end_access
from commonweal.access.models import AccessChange, InvestorRole, InvitationDecision, StaffRole, User
from commonweal.access.scope import investors_for, organisations_for
from commonweal.api.fields import Id, Shape, Strict, Text, Word
from commonweal.api.operations import Asked, BookOperation, Paged, named, operation
from commonweal.jobs.people import approve_invitation
from investors.models import Investor

ROLES = [*StaffRole.values, *InvestorRole.values]
SHA256 = r"[0-9a-f]{64}"


class MemberOut(Shape):
    """Somebody who may log in, and what for."""

    id = serializers.IntegerField(source="user_id")
    name = serializers.CharField(source="user.name")
    email = serializers.CharField(source="user.email")
    role = serializers.SerializerMethodField(help_text="manager, officer, finance or auditor; elsewhere reads or acts.")
    has_password = serializers.BooleanField(source="user.has_usable_password")

    def get_role(self, row: Any) -> str:
        """Whoever is there for a business acts for it."""
        return str(getattr(row, "role", InvestorRole.ACTS))


class InvitationOut(Shape):
    """Somebody who is to be let in, and what was decided."""

    id = serializers.IntegerField()
    organisation = serializers.IntegerField(source="organisation_id", allow_null=True)
    investor = serializers.CharField(source="investor.code", allow_null=True, default=None)
    email = serializers.CharField()
    name = serializers.CharField()
    role = Word(ROLES)
    asked_by = serializers.CharField(source="asked_by.name")
    asked_at = serializers.DateTimeField()
    sha256 = serializers.CharField(source="content_sha256", help_text="The hash of exactly this: send it to approve.")
    outcome = Word(InvitationDecision.Outcome, source="decision.outcome", allow_null=True, default=None)
    reason = serializers.CharField(source="decision.reason", allow_null=True, default=None)
    decided_by = serializers.CharField(source="decision.decided_by.name", allow_null=True, default=None)


class Whose(Strict):
    """A business or an investor; the book itself where neither is named."""

    organisation = Id(required=False, help_text="The id of a community business.")
    investor = Text(max_length=20, required=False, help_text="The code of an investor.")


class PeopleQuery(Whose, Paged):
    """Whose people; colleagues in the book where nobody is named."""


class InvitationIn(Whose):
    """Who is invited, and to do what."""

    email = serializers.EmailField(max_length=254)
    name = Text(max_length=200)
    role = Word(ROLES, help_text="For a business always acts.")


class InvitationApproveIn(Strict):
    """What was shown."""

    sha256 = serializers.RegexField(SHA256, max_length=64)


class InvitationDeclineIn(Strict):
    """Why somebody is not invited."""

    reason = Text(max_length=300)


class WhoseOperation(BookOperation):
    """An operation on the people of a book, a business or an investor."""

    def whose(self, asked: Asked) -> Invited:
        """Whom the request names. Raises ValidationError."""
        found: list[Organisation | Investor] = []
        if "organisation" in asked:
            found.append(named(organisations_for(self.person), "organisation", pk=asked["organisation"]))
        if "investor" in asked:
            found.append(named(investors_for(self.person), "investor", code=asked["investor"]))
        if len(found) > 1:
            raise ValidationError({"organisation": ["Name a business or an investor, not both."]})
        return found[0] if found else None


class PersonList(WhoseOperation):
    @operation(gives=MemberOut, query=PeopleQuery, many=True)
    def get(self, asked: Asked) -> Any:
        """Who may log in now, by name."""
        return self.paged(members_of(self.whose(asked), self.book))


class PersonEnd(WhoseOperation):
    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        noted = AccessChange.objects.filter(
            Q(book=self.book)
            | Q(organisation__in=organisations_for(self.person))
            | Q(investor__in=investors_for(self.person))
        )
        self.user: User = get_object_or_404(User.objects.filter(pk__in=noted.values("user")), pk=path["person"])

    @operation(takes=Whose, gives=MemberOut)
    def post(self, asked: Asked) -> Any:
        """End what somebody may see, at once; what they did keeps their name."""
        to = self.whose(asked)
        found = get_object_or_404(members_of(to, self.book), user=self.user)
        end_access(user=found.user, side=side_of(to), of=to or self.book, by=self.person)
        return found


class InvitationList(WhoseOperation):
    @operation(gives=InvitationOut, query=Paged, many=True)
    def get(self, asked: Asked) -> Any:
        """Who was invited, the latest first."""
        return self.paged(invitations(self.book))

    @operation(takes=InvitationIn, gives=InvitationOut, status=201)
    def post(self, asked: Asked) -> Any:
        """Invite a colleague, or somebody of a business or an investor; a second person lets them in."""
        said = {name: asked[name] for name in ("email", "name", "role")}
        return invite(book=self.book, to=self.whose(asked), **said, by=self.person)


class InvitationOperation(BookOperation):
    """An operation on one invitation."""

    def look_up(self, **path: Any) -> None:
        super().look_up(**path)
        self.invitation: Any = get_object_or_404(invitations(self.book), pk=path["invitation"])


class InvitationDetail(InvitationOperation):
    @operation(gives=InvitationOut)
    def get(self, asked: Asked) -> Any:
        """An invitation as it was asked for, with its hash."""
        return self.invitation


class InvitationApprove(InvitationOperation):
    @operation(takes=InvitationApproveIn, gives=InvitationOut)
    def post(self, asked: Asked) -> Any:
        """Let in whom a colleague invited, exactly as it was shown; an e-mail tells them the way."""
        approve_invitation(invitation=self.invitation, shown_sha256=asked["sha256"], by=self.person)
        return invitations(self.book).get(pk=self.invitation.pk)


class InvitationDecline(InvitationOperation):
    @operation(takes=InvitationDeclineIn, gives=InvitationOut)
    def post(self, asked: Asked) -> Any:
        """Say no to an invitation, or take back one's own."""
        decline_invitation(invitation=self.invitation, reason=asked["reason"], by=self.person)
        return invitations(self.book).get(pk=self.invitation.pk)
