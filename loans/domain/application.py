"""Through which states does an application go, and which move is allowed from where?"""

from __future__ import annotations

from enum import StrEnum

from loans.domain.errors import MoveNotAllowed


class ApplicationStatus(StrEnum):
    """Where an application stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SENT_BACK = "sent_back"
    APPROVED = "approved"
    DECLINED = "declined"


class Move(StrEnum):
    """What can be done to an application."""

    REVISE = "revise"
    SUBMIT = "submit"
    SEND_BACK = "send back"
    APPROVE = "approve"
    DECLINE = "decline"


MOVES: dict[tuple[ApplicationStatus, Move], ApplicationStatus] = {
    (ApplicationStatus.DRAFT, Move.REVISE): ApplicationStatus.DRAFT,
    (ApplicationStatus.DRAFT, Move.SUBMIT): ApplicationStatus.SUBMITTED,
    (ApplicationStatus.SUBMITTED, Move.REVISE): ApplicationStatus.SUBMITTED,
    (ApplicationStatus.SUBMITTED, Move.APPROVE): ApplicationStatus.APPROVED,
    (ApplicationStatus.SUBMITTED, Move.DECLINE): ApplicationStatus.DECLINED,
    (ApplicationStatus.SUBMITTED, Move.SEND_BACK): ApplicationStatus.SENT_BACK,
    (ApplicationStatus.SENT_BACK, Move.REVISE): ApplicationStatus.SENT_BACK,
    (ApplicationStatus.SENT_BACK, Move.SUBMIT): ApplicationStatus.SUBMITTED,
}
"""The whole table; what is not in it is refused."""

_IN_WORDS = {
    ApplicationStatus.DRAFT: "still a draft",
    ApplicationStatus.SUBMITTED: "waiting for a decision",
    ApplicationStatus.SENT_BACK: "sent back to the person who prepared it",
    ApplicationStatus.APPROVED: "approved already",
    ApplicationStatus.DECLINED: "declined already",
}


def allowed_moves(status: ApplicationStatus) -> frozenset[Move]:
    """What can be done to an application in this state."""
    return frozenset(move for (start, move) in MOVES if start == status)


def moved(reference: str, status: ApplicationStatus, move: Move) -> ApplicationStatus:
    """The state after a move.

    Raises MoveNotAllowed where the table has no such move.

    >>> moved("A-0132", ApplicationStatus.SUBMITTED, Move.APPROVE).value
    'approved'
    """
    try:
        return MOVES[status, move]
    except KeyError:
        raise MoveNotAllowed(
            f"{reference} is {_IN_WORDS[status]}: you cannot {move} it now. Nothing was changed."
        ) from None
