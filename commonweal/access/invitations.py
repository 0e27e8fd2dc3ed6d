"""Inviting people: one member of staff asks, a second one approves, and only then somebody new sees anything.

Whoever could let somebody in alone could make the second pair of eyes for every other act.
"""

from __future__ import annotations

import unicodedata
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from borrowers.domain.names import refuse_hidden_signs
from borrowers.models import Organisation
from commonweal.access.errors import (
    AccessAlready,
    InvitationDecided,
    InvitationRefused,
    InvitationStale,
    InvitationWaiting,
)
from commonweal.access.memberships import MEMBERSHIPS, give_access, lock_person
from commonweal.access.models import (
    AccessChange,
    InvestorRole,
    Invitation,
    InvitationDecision,
    StaffMembership,
    StaffRole,
    User,
)
from investors.models import Investor
from ledger.database_errors import judged_by_database
from ledger.domain.errors import ContentChanged, SameTwoEyes
from ledger.services import approve

if TYPE_CHECKING:
    from ledger.models import Book

Invited = Organisation | Investor | None
"""To the portal of a business or an investor; None for a colleague, who is invited to the book."""

ROLES: dict[str, list[str]] = {
    "book": StaffRole.values,
    "investor": InvestorRole.values,
    "organisation": [InvestorRole.ACTS],
}
"""What somebody may be; whoever is there for a business acts for it."""

OF_PORTALS = [StaffRole.MANAGER, StaffRole.OFFICER, StaffRole.FINANCE]
ASKS: dict[str, list[StaffRole]] = {"book": [StaffRole.MANAGER], "investor": OF_PORTALS, "organisation": OF_PORTALS}
"""Who in the book may ask for it."""


def invite(*, book: Book, to: Invited, email: str, name: str, role: str, by: User) -> Invitation:
    """Ask that somebody may see a portal or, where `to` is None, be a colleague; the same again is the one that waits.

    Raises InvitationRefused, InvitationWaiting, AccessAlready and borrowers.domain.errors.NameMalformed.
    """
    refuse_hidden_signs(name)
    _refuse_lookalike(email)
    side, email = side_of(to), email.strip().lower()
    _refuse_role(side, role, book, by)
    natural = {
        "book": book,
        "organisation": to if isinstance(to, Organisation) else None,
        "investor": to if isinstance(to, Investor) else None,
        "email": email,
    }
    _refuse_closed(email)
    _refuse_known(side, to or book, email, role)
    asked = Invitation(**natural, name=name.strip(), role=role, asked_by=by)
    asked.content_sha256 = _sha256(asked)
    last = Invitation.objects.filter(**natural).select_related("decision").first()
    if last is not None and not hasattr(last, "decision"):
        return _same(last, asked)
    asked.no = last.no + 1 if last else 1
    try:
        with transaction.atomic():
            asked.save()
    except IntegrityError:
        return _same(Invitation.objects.filter(**natural)[0], asked)
    asked.refresh_from_db()
    return asked


@transaction.atomic
def approve_invitation(*, invitation: Invitation, shown_sha256: str, by: User) -> InvitationDecision:
    """Let somebody in as it was asked for; who is new has no password yet, and whose address is known keeps their name.

    Raises InvitationDecided, InvitationStale, ContentChanged, SameTwoEyes, AlreadyExists (of two at the same moment)
    and LastManager.
    """
    if _sha256(invitation) != shown_sha256:
        raise ContentChanged(f"The {invitation} is not what you were shown. Look at it again; nothing was changed.")
    _refuse_decided(invitation)
    if by.email == invitation.email:
        raise SameTwoEyes(
            f"{by} is who is invited, so somebody else has to decide. Ask a colleague; nothing was changed."
        )
    approval = approve(
        subject=f"invitation:{invitation.pk}",
        content_sha256=shown_sha256,
        made_by=invitation.asked_by,
        made_at=invitation.asked_at,
        checked_by=by,
    )
    new = {"name": invitation.name, "password": make_password(None)}
    user, _ = User.objects.get_or_create(email=invitation.email, defaults=new)
    lock_person(user)
    side = side_of(invitation.organisation or invitation.investor)
    _refuse_stale(invitation, side)
    decision = _decide(invitation, InvitationDecision.Outcome.APPROVED, by, user=user, approval=approval)
    give_access(user=user, side=side, of=invitation.to, role=invitation.role, by=by)
    return decision


@transaction.atomic
def decline_invitation(*, invitation: Invitation, reason: str, by: User) -> InvitationDecision:
    """Say no to an invitation, and why; whoever asked may take it back so.

    Raises InvitationDecided and InvitationRefused.
    """
    if not reason.strip():
        raise InvitationRefused(f"Say why the {invitation} is declined; nothing was changed.", "reason")
    return _decide(invitation, InvitationDecision.Outcome.DECLINED, by, reason=reason.strip())


def waiting_invitations(book: Book) -> QuerySet[Invitation]:
    """Those of a book that wait for a second person, the oldest first."""
    return invitations(book).filter(decision=None).order_by("pk")


def invitations(book: Book) -> QuerySet[Invitation]:
    """All of a book with what was decided, the latest first."""
    related = ("book", "organisation", "investor", "asked_by", "decision__decided_by", "decision__user")
    return Invitation.objects.filter(book=book).select_related(*related)


def members_of(to: Invited, book: Book) -> QuerySet[Any]:
    """Who may see a portal now or, where `to` is None, work in the book; with their people, by name."""
    side = side_of(to)
    found: QuerySet[Any] = MEMBERSHIPS[side].objects.filter(**{side: to or book}, user__is_active=True)
    return found.select_related("user").order_by("user__name", "pk")


def side_of(to: Invited) -> str:
    """The name of the side, as in `MEMBERSHIPS`."""
    if isinstance(to, Organisation):
        return "organisation"
    return "investor" if isinstance(to, Investor) else "book"


def _decide(invitation: Invitation, outcome: str, by: User, **decided: Any) -> InvitationDecision:
    try:
        with judged_by_database(), transaction.atomic():
            return InvitationDecision.objects.create(invitation=invitation, outcome=outcome, decided_by=by, **decided)
    except IntegrityError:
        _refuse_decided(invitation)
        raise


def _refuse_decided(invitation: Invitation) -> None:
    if InvitationDecision.objects.filter(invitation=invitation).exists():
        raise InvitationDecided(f"The {invitation} is decided already. Look at it again; nothing was changed.")


def _refuse_role(side: str, role: str, book: Book, by: User) -> None:
    if role not in ROLES[side]:
        where = {"book": "in a book", "organisation": "for a business", "investor": "at an investor"}[side]
        *others, last = ROLES[side]
        choose = f"{', '.join(others)} or {last}" if others else last
        raise InvitationRefused(f"{role} is no role {where}. Choose {choose}; nothing was changed.")
    if side == "book" and not _may_ask(side, book, by):
        raise InvitationRefused(
            f"Only a fund manager invites a colleague to {book}. Ask the fund manager; nothing was changed."
        )


def _may_ask(side: str, book: Book, by: User) -> bool:
    return StaffMembership.objects.filter(user=by, book=book, role__in=ASKS[side]).exists()


def _refuse_lookalike(email: str) -> None:
    """Two addresses that read alike are one to whoever decides, and two to the mail server."""
    if odd := next((sign for sign in email.strip() if not sign.isascii()), ""):
        raise InvitationRefused(
            f"The e-mail address holds U+{ord(odd):04X} ({unicodedata.name(odd, 'a sign without a name')}), and could "
            "be taken for another one. Type it in the letters a to z, a foreign domain in its form xn--; nothing was "
            "changed.",
            "email",
        )


def _refuse_closed(email: str) -> None:
    if User.objects.filter(email=email, is_active=False).exists():
        raise InvitationRefused(
            f"The log-in of {email} is closed, so nothing could be seen with it. Invite the person by another address; "
            "nothing was changed.",
            "email",
        )


def _refuse_stale(invitation: Invitation, side: str) -> None:
    """Let no invitation bring back what was ended since it was asked for, nor one of who has left."""
    since = AccessChange.objects.filter(
        **{"user__email": invitation.email, side: invitation.to}, at__gt=invitation.asked_at
    )
    if changed := since.select_related("user").order_by("-pk").first():
        raise InvitationStale(
            f"Since the {invitation} was asked for, the access of {changed.user} there was {changed.kind}. Decline it, "
            "and ask anew if it is still wanted; nothing was changed."
        )
    if not _may_ask(side, invitation.book, invitation.asked_by):
        raise InvitationStale(
            f"{invitation.asked_by}, who asked for the {invitation}, no longer may. Decline it, and ask anew if it is "
            "still wanted; nothing was changed."
        )


def _refuse_known(side: str, of: Any, email: str, role: str) -> None:
    known = MEMBERSHIPS[side].objects.filter(user__email=email, **{side: of}).first()
    if known is not None and getattr(known, "role", InvestorRole.ACTS) == role:
        raise AccessAlready(f"{email} may do that for {of} already. Choose another role; nothing was changed.")


def _sha256(asked: Invitation) -> str:
    to = (asked.book_id, asked.organisation_id or 0, asked.investor_id or 0)
    return sha256("\n".join([*map(str, to), asked.email, asked.name, asked.role]).encode()).hexdigest()


def _same(last: Invitation, asked: Invitation) -> Invitation:
    """The one that waits, where the same is asked. Raises InvitationWaiting."""
    if last.content_sha256 == asked.content_sha256:
        return last
    raise InvitationWaiting(
        f"An {last} as {last.words.lower()}, asked for by {last.asked_by}, waits for a second person. "
        "Have it approved or declined first; nothing was changed."
    )
