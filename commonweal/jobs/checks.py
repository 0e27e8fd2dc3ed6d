"""Is a book in order, by the rules of every app? The command, the desk and the tests look through the same list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from investors import checks as investor_checks
from ledger import checks as ledger_checks
from ledger.checks import Check, Finding
from loans import checks as loan_checks

if TYPE_CHECKING:
    from ledger.models import Book

CHECKS: tuple[Check, ...] = (*ledger_checks.CHECKS, *loan_checks.CHECKS, *investor_checks.CHECKS)
"""Every app's rules, from the ground up."""


def look_through(book: Book) -> Iterator[tuple[Check, list[Finding]]]:
    """Each rule with what it finds wrong, one after the other; call it in one snapshot."""
    for check in CHECKS:
        yield check, list(check(book))


def examine_everything(book: Book) -> list[Finding]:
    """What all rules find wrong with a book; an empty list when it is in order."""
    return [finding for _, findings in look_through(book) for finding in findings]
