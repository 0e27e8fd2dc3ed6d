"""Is every loan shared to the penny, every payout booked as approved? Small rules, in the form of `ledger.checks`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Sum

from investors.borrowing_checks import BORROWING_CHECKS
from investors.domain.capital import CapitalKind, CapitalMovement
from investors.domain.capital_entries import SHARED, capital_of
from investors.domain.capital_register import CAPITAL
from investors.domain.grant_entries import GRANTS, grant_account
from investors.models import ParticipationSet
from investors.payout_checks import PAYOUT_CHECKS
from investors.queries import capital_register, lender_accounts, lenders_side, restricted_grants, shared_loans
from ledger.checks import Check, Finding
from ledger.domain.bank_statement import plain
from ledger.domain.money import from_minor, to_minor
from ledger.queries import accounts, balances

if TYPE_CHECKING:
    from ledger.models import Book

END_OF_TIME = date(9999, 1, 1)
"""After every entry."""


def participations_make_the_whole(book: Book) -> Iterator[Finding]:
    """The participations recorded for a loan have as many rows as declared and sum to the principal of its terms."""
    counted = ParticipationSet.objects.filter(loan__book=book).annotate(
        lines=Count("participations"), amount=Sum("participations__amount")
    )
    for shares in counted.select_related("loan", "terms").order_by("loan__reference", "pk"):
        whole = to_minor(shares.terms.principal.amount, shares.loan.currency)
        if (shares.lines, shares.amount or 0) != (shares.line_count, whole):
            message = (
                f"the participations from {shares.effective_on} are {shares.lines} of {shares.line_count} and sum to "
                f"{shares.amount or 0} minor units of {whole}. No service does this: somebody changed the tables."
            )
            yield Finding("participations-whole", str(shares.loan), message)


def loan_entries_are_apportioned(book: Book) -> Iterator[Finding]:
    """Every entry that moves a shared loan has its lenders' side."""
    for loan in shared_loans(book):
        side = lenders_side(loan)
        for waiting in side.waiting:
            message = (
                f"{waiting.narrative} ({waiting.on}) is not shared, or not as it is known now. "
                "The close of the day posts the difference."
            )
            yield Finding("not-apportioned", str(loan), message)
        for entry_id, reason in side.without_rule:
            yield Finding("not-apportioned", str(loan), f"E-{entry_id}: {reason}")


def lenders_stand_at_their_shares(book: Book) -> Iterator[Finding]:
    """Each lender's accounts stand at the exact share of what the loan has been apportioned so far."""
    for loan in shared_loans(book):
        side = lenders_side(loan)
        expected = {account: from_minor(0, loan.currency) for account in lender_accounts(loan)}
        lines = [*(line for one in side.sides for line in one.booked.items())]
        lines += [(posting.account, posting.minor) for entry in side.by_hand for posting in entry.postings]
        for account, units in lines:
            if account in expected:
                expected[account] += from_minor(units, loan.currency)
        standing = balances(book, lender_accounts(loan), END_OF_TIME)
        for account, stands in standing.items():
            share = expected[account]
            if stands != share:
                message = (
                    f"account {account} stands at {plain(stands)} and the lender's exact share is {plain(share)}, a "
                    f"difference of {plain(stands - share)}. Look for entries on this account that no loan entry made, "
                    "and reverse them."
                )
                yield Finding("lender-share", str(loan), message)


def capital_stands_at_its_acts(book: Book) -> Iterator[Finding]:
    """The capital accounts, and what was shared with them, stand at what the acts that were approved come to."""
    known = capital_register(book)

    def is_of(each: CapitalMovement, kind: CapitalKind) -> bool:
        return each.nature is kind and each.kind is not CapitalKind.MOVED_IN  # its other side is 3010

    expected = {capital_of(*holder): -known.balance(holder) for holder in known.holders}
    for effect, account in SHARED.items():
        kind = CAPITAL[effect][0]
        shared = (each.amount for holder in known.holders for each in known.movements(holder) if is_of(each, kind))
        expected[account] = sum(shared, known.nought)
    opened = accounts(book).filter(node__code="3110").values_list("code", flat=True)
    for account, stands in balances(book, sorted({*expected, *opened}), END_OF_TIME).items():
        if stands != expected.get(account, known.nought):
            difference = plain(stands - expected.get(account, known.nought))
            message = (
                f"account {account} stands at {plain(stands)}, {difference} away from what the acts on the fund's "
                "capital come to. Look for entries on this account that no act made, and reverse them."
            )
            yield Finding("capital-account", account, message)


def grants_stand_at_their_acts(book: Book) -> Iterator[Finding]:
    """What is left of every restricted grant stands on its account, and is never below nought."""
    known = {grant_account(code): one.balance() for code, one in restricted_grants(book).items()}
    opened = accounts(book).filter(node__code=GRANTS).values_list("code", flat=True)
    for account, stands in balances(book, sorted({*known, *opened}), END_OF_TIME).items():
        left = known.get(account, 0 * stands)
        if -stands != left or left.amount < 0:
            message = (
                f"account {account} stands at {plain(-stands)}, and {plain(left)} is left of the grant by the acts "
                "that received and applied it. Look for entries on this account that no act made, and reverse them."
            )
            yield Finding("restricted-grant", account, message)


CHECKS: tuple[Check, ...] = (
    participations_make_the_whole,
    loan_entries_are_apportioned,
    lenders_stand_at_their_shares,
    capital_stands_at_its_acts,
    grants_stand_at_their_acts,
    *BORROWING_CHECKS,
    *PAYOUT_CHECKS,
)
"""The investor side's rules, for `ledger.checks.examine`."""
