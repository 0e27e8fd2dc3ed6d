"""What does a calculator refuse? One exception with a code for programs, the field and a message for people."""

from __future__ import annotations

from loans.domain.errors import LoanError


class CalculatorError(LoanError):
    """A line for a calculator cannot be answered. Correct the field it names; `docs/calculators.md` lists the codes.

    `field` is a path such as `flows[2][1]`, counted from nought; empty where the whole line is meant.
    """

    def __init__(self, code: str, field: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.field = field
