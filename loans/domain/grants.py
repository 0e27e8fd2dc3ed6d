"""What is refused about a grant beside a loan, and why."""

from __future__ import annotations

from loans.domain.errors import LoanError

LONGEST_TITLE = 140


class GrantRefused(LoanError):
    """A grant beside a loan, or its payment, has no title, no amount, a day to come, or an entry that paid no grant.

    Correct what the message names; `field` is where it stands on the form.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
