"""What is refused about who may see what. Each class says when it is raised and what to do."""


class AccessError(Exception):
    """Nobody's access was changed. The message says what, which and what to do."""


class InvitationRefused(AccessError):
    """An invitation names a role that is not there, an address that is hard to tell from another or whose log-in is
    closed, or a colleague whom only a fund manager invites.

    Correct the field that `field` names, or ask a fund manager.
    """

    def __init__(self, message: str, field: str = "role") -> None:
        super().__init__(message)
        self.field = field


class InvitationWaiting(AccessError):
    """Somebody is to be invited anew while an invitation waits for a decision. Have that one decided first."""

    field = "email"


class InvitationDecided(AccessError):
    """An invitation is decided a second time. Look at it again."""


class InvitationStale(AccessError):
    """An invitation is to be approved although its person's access has changed since, or who asked no longer may.

    Decline it; ask anew if it is still wanted.
    """


class AccessAlready(AccessError):
    """Somebody is to be invited to what they may do already. Look at who is there; choose another role."""

    field = "email"


class LastManager(AccessError):
    """The last fund manager of a book is to leave it, or to become something else. Invite another one first."""
