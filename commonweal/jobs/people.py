"""People as work: who was invited is told so, and who asks for a new password gets the way to it."""

from __future__ import annotations

from django.db import transaction

from commonweal.access import invitations
from commonweal.access.models import Invitation, InvitationDecision, User
from commonweal.jobs.letters import ask_to_send
from commonweal.letters.ways_in import tell_invited, tell_password


@transaction.atomic
def approve_invitation(*, invitation: Invitation, shown_sha256: str, by: User) -> InvitationDecision:
    """Let somebody in as a colleague asked, and write to them. Raises what `invitations.approve_invitation` raises."""
    decision = invitations.approve_invitation(invitation=invitation, shown_sha256=shown_sha256, by=by)
    if tell_invited(decision):
        ask_to_send(book=invitation.book, by=by)
    return decision


@transaction.atomic
def ask_password(email: str) -> None:
    """Write the way to a new password to whoever has this address; what comes back never says whether anybody has."""
    for letter in tell_password(email):
        ask_to_send(book=letter.book, by=letter.person)
