"""How does each covenant of a loan stand, which figures does it need, and which are near a breach?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

from django.db.models import Prefetch, QuerySet

from borrowers.domain.accounts import AccountsKind, Line
from borrowers.models import Accounts, Organisation
from borrowers.queries import current_accounts_of
from loans.domain.covenants import (
    CovenantKind,
    CovenantStatus,
    CovenantTest,
    GivenAccounts,
    all_tests,
    headroom,
    shown,
    stands_at,
)
from loans.models.covenant import Covenant, WaiverProposal, value_text
from loans.models.loan import Loan
from loans.models.standing import Standing

if TYPE_CHECKING:
    from decimal import Decimal

    from ledger.models import Book

RANKS = {kind.value: rank for rank, kind in enumerate(AccountsKind)}
NEEDS_SOMEBODY = (CovenantStatus.BREACH, CovenantStatus.OVERDUE, CovenantStatus.NEAR)
"""How a covenant may stand so that somebody has to look, the worst first."""


@dataclass(frozen=True, slots=True)
class ShownTest:
    """A test with what was decided about it."""

    covenant: Covenant
    test: CovenantTest
    proposals: Sequence[WaiverProposal] = ()

    @property
    def waiver(self) -> WaiverProposal | None:
        """The approved waiver of exactly this value; once figures are restated to another, it waives nothing."""
        if self.test.status is not CovenantStatus.BREACH:
            return None
        granted = (one for one in self.proposals if _is_approved(one) and one.value == value_text(self.test.value))
        return next(granted, None)

    @property
    def waiting(self) -> WaiverProposal | None:
        """The proposal of a waiver that nobody has decided."""
        return next((one for one in self.proposals if not hasattr(one, "decision")), None)

    @property
    def value(self) -> Decimal | None:
        """The value as it is printed."""
        return None if self.test.value is None else shown(self.kind, self.test.value)

    @property
    def headroom(self) -> Decimal | None:
        """How much is left to the threshold, as it is printed: rounded down, below nought in a breach."""
        if self.test.value is None:
            return None
        return shown(CovenantKind.MINIMUM_CASH, headroom(self.covenant.terms, self.test.value) * 100) / 100

    @property
    def kind(self) -> CovenantKind:
        """What is measured."""
        return CovenantKind(self.covenant.kind)


@dataclass(frozen=True, slots=True)
class CovenantShown:
    """A covenant with its tests so far, the first one first."""

    covenant: Covenant
    tests: Sequence[ShownTest]

    @property
    def kind(self) -> CovenantKind:
        """What is measured."""
        return CovenantKind(self.covenant.kind)

    @property
    def now(self) -> ShownTest | None:
        """The test by which it stands; None before the first."""
        decides = stands_at([one.test for one in self.tests])
        return next((one for one in self.tests if one.test is decides), None)

    @property
    def needs_somebody(self) -> bool:
        """Whether it runs and is near a breach, or broken and not waived, or its figures are overdue."""
        now = self.now
        return (
            now is not None
            and self.covenant.ends_on is None
            and now.test.status in NEEDS_SOMEBODY
            and now.waiver is None
        )


def covenants_of(loans: Iterable[Loan], on: date) -> dict[int, list[CovenantShown]]:
    """The covenants of each of these loans with their tests to a day, by its key; as many queries for many as for one.

    The figures are those that stand now.
    """
    found: dict[int, list[CovenantShown]] = defaultdict(list)
    for one in _tested(_covenants().filter(loan__in=list(loans)), on):
        found[one.covenant.loan_id].append(one)
    return found


def covenant_of(loan: Loan, key: int, on: date) -> CovenantShown | None:
    """One covenant of a loan, if it is the loan's."""
    return next((one for one in covenants_of([loan], on)[loan.pk] if one.covenant.pk == key), None)


def needing_somebody(book: Book, on: date) -> list[CovenantShown]:
    """The running covenants of a book that are broken, overdue or near a breach; the worst first.

    Loans that are over have nothing left to watch: those are left out.
    """
    running = _covenants().filter(loan__book=book, end=None).exclude(loan__in=_over(book, on))
    found = [one for one in _tested(running, on) if one.needs_somebody]
    return sorted(found, key=lambda one: (NEEDS_SOMEBODY.index(_status(one)), one.covenant.loan.reference, one.kind))


def needed_figures(organisation: Organisation) -> tuple[Line, ...]:
    """The figures that a business's running covenants are computed from, in their order."""
    kinds = Covenant.objects.filter(loan__organisation=organisation, end=None).values_list("kind", flat=True)
    needed = {line for kind in kinds for line in CovenantKind(kind).rule.lines}
    return tuple(line for line in Line if line in needed)


def waiver_sha256(covenant: Covenant, tested_on: date, value: str, reason: str) -> str:
    """What a waiver's maker and checker both agree to."""
    content = (str(covenant.pk), covenant.kind, f"{covenant.threshold:f}", tested_on.isoformat(), value, reason)
    return sha256("\n".join(content).encode()).hexdigest()


def _covenants() -> QuerySet[Covenant]:
    waivers = WaiverProposal.objects.select_related("proposed_by", "decision__decided_by").order_by("pk")
    found = Covenant.objects.select_related("loan__organisation", "loan__book", "agreed_by", "end__recorded_by")
    return found.prefetch_related(Prefetch("waivers", waivers)).order_by("loan_id", "pk")


def _tested(covenants: QuerySet[Covenant], on: date) -> list[CovenantShown]:
    rows = list(covenants)
    given: dict[int, list[GivenAccounts]] = defaultdict(list)
    if rows:
        for accounts in current_accounts_of({one.loan.organisation for one in rows}):
            given[accounts.organisation_id].append(_as_given(accounts))
    return [_shown(one, given[one.loan.organisation_id], on) for one in rows]


def _shown(covenant: Covenant, given: Sequence[GivenAccounts], on: date) -> CovenantShown:
    proposals: dict[date, list[WaiverProposal]] = defaultdict(list)
    for waiver in covenant.waivers.all():
        proposals[waiver.tested_on].append(waiver)
    found = all_tests(covenant.terms, given, on)
    return CovenantShown(covenant, [ShownTest(covenant, test, proposals[test.tested_on]) for test in found])


def _as_given(accounts: Accounts) -> GivenAccounts:
    return GivenAccounts(
        accounts.period_start,
        accounts.period_end,
        accounts.currency,
        accounts.figures,
        RANKS[accounts.kind],
        accounts.pk,
    )


def _is_approved(waiver: WaiverProposal) -> bool:
    return hasattr(waiver, "decision") and waiver.decision.is_approved


def _over(book: Book, on: date) -> QuerySet[Loan]:
    """The loans of a book of which nothing stands in the books any more, repaid or written off."""
    stood = Standing.objects.as_at(on).filter(loan__book=book)
    over = stood.filter(drawn__gt=0, principal=0, interest_due=0, fees_due=0, default_interest_due=0)
    return Loan.objects.filter(pk__in=over.values("loan"))


def _status(one: CovenantShown) -> CovenantStatus:
    return one.now.test.status if one.now else CovenantStatus.NO_FIGURES
