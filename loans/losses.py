"""What is at risk in each loan, what is set aside for it, who guarantees it, and what waits for a second person?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from moneyed import Money

from ledger.domain.entry import Kind
from ledger.domain.money import from_minor, to_minor
from ledger.queries import accounts, balances, minor_balances, postings
from loans.domain.loss_entries import guarantee_received, owed_to_guarantor, provision
from loans.domain.provision import Exposure, Provided, ProvisionMovement, part_of, provided
from loans.models import (
    FOR_EVER,
    Guarantee,
    GuaranteeScheme,
    Loan,
    LossEntry,
    LossProposal,
    ProvisionRule,
    ProvisionRun,
    Standing,
)
from loans.queries import loans_with_something_to_do, positions_of

if TYPE_CHECKING:
    from ledger.models import Book

PROVISION_NODE = "1390"


@dataclass(frozen=True, slots=True)
class ProvisionRow:
    """A loan with what it should have set aside on a day."""

    loan: Loan
    provided: Provided
    is_specific: bool

    @property
    def principal(self) -> Money:
        """Principal outstanding."""
        return self._money(self.provided.exposure.principal)

    @property
    def guaranteed(self) -> Money:
        """What a guarantor stands for."""
        return self._money(self.provided.exposure.guaranteed)

    @property
    def should(self) -> Money:
        """What it should have."""
        return self._money(self.provided.should)

    @property
    def has(self) -> Money:
        """What it has."""
        return self._money(self.provided.exposure.has)

    @property
    def change(self) -> Money:
        """What would be charged, or released where it is negative."""
        return self._money(self.provided.change)

    def _money(self, minor: int) -> Money:
        return from_minor(minor, self.loan.currency)


@dataclass(frozen=True, slots=True)
class GuarantorPart:
    """What a guarantor stands for of a loan's principal, in minor units of its currency.

    `open` is its share of the principal of a loan for which it was not asked; `asked` what it was asked for and is set
    against the loan, paid or not.
    """

    open: int
    asked: int


def provision_rules(book: Book) -> QuerySet[ProvisionRule]:
    """The rules of a book, the latest first."""
    return ProvisionRule.objects.filter(book=book).select_related("recorded_by").order_by("-effective_on", "-pk")


def rule_in_force(book: Book, on: date) -> ProvisionRule | None:
    """The rule that counts on a day: of those from one day the last recorded."""
    return provision_rules(book).filter(effective_on__lte=on).first()


def provision_runs(book: Book) -> QuerySet[ProvisionRun]:
    """The days on which provisions were made, the latest first."""
    return ProvisionRun.objects.filter(book=book).select_related("rule", "recorded_by").order_by("-on")


def provision_rows(book: Book, on: date, rule: ProvisionRule) -> list[ProvisionRow]:
    """What each loan with principal or a provision should have on a day, by reference; in a fixed number of queries."""
    found = {loan.pk: loan for loan in Loan.objects.filter(book=book).select_related("organisation")}
    stands = _exposures(book, found, on)
    specific = specific_provisions(book, on)
    rows = [
        ProvisionRow(found[key], provided(exposure, rule.percentages, specific.get(key)), key in specific)
        for key, exposure in stands.items()
        if exposure.principal or exposure.has
    ]
    return sorted(rows, key=lambda row: row.loan.reference)


def exposures(book: Book, on: date) -> dict[int, Exposure]:
    """What is at risk in every loan of a book on a day, by loan; in a fixed number of queries."""
    return _exposures(book, {loan.pk: loan for loan in Loan.objects.filter(book=book)}, on)


def _exposures(book: Book, found: dict[int, Loan], on: date) -> dict[int, Exposure]:
    """Where each loan stands: from the projection, or from the engine where something is not posted yet."""
    behind = [found[loan.pk] for loan in loans_with_something_to_do(book, on)]
    told = positions_of(behind, on)
    stands: dict[int, tuple[int, int, bool]] = {}
    for row in Standing.objects.as_at(on).filter(loan__in=found):
        late = (on - row.oldest_unpaid_due_on).days if row.oldest_unpaid_due_on and row.oldest_unpaid_due_on < on else 0
        stands[row.loan_id] = (row.principal, late, row.is_suspended)
    for key, position in told.items():
        principal = to_minor(position.principal_outstanding.amount, found[key].currency)
        stands[key] = (principal, position.days_past_due, stands.get(key, (0, 0, False))[2])
    aside = set_aside(book, on)
    parts = guarantor_parts(book, on, {key: (one.reference, stands.get(key, (0,))[0]) for key, one in found.items()})
    exposures = {}
    for key, loan in found.items():
        principal, late, suspended = stands.get(key, (0, 0, False))
        has = aside.get(loan.reference, 0)
        exposures[key] = Exposure(principal, parts[key].open + parts[key].asked, late, suspended, has)
    return exposures


def guarantor_parts(book: Book, on: date, principals: Mapping[int, tuple[str, int]]) -> dict[int, GuarantorPart]:
    """What guarantors stand for of loans on a day, by loan; `principals` says the reference of each and its principal
    in minor units. A fixed number of queries."""
    shares = {key: guarantee.parameters.share for key, guarantee in guarantees_in_force(book, on).items()}
    asked = set(_claims(book, on).values_list("loan_id", flat=True))
    against = _balances(book, "1360", on)
    found = {}
    for key, (reference, principal) in principals.items():
        stands_open = key in shares and key not in asked
        found[key] = GuarantorPart(part_of(principal, shares[key]) if stands_open else 0, against.get(reference, 0))
    return found


def _balances(book: Book, node: str, on: date) -> dict[str, int]:
    """Credits less debits on a line of the chart, by loan."""
    found = dict(accounts(book).filter(node__code=node).values_list("pk", "subject"))
    return {found[key]: -minor for key, minor in minor_balances(book, list(found), on).items()} if found else {}


def set_aside(book: Book, on: date) -> dict[str, int]:
    """What is set aside on a day for each loan that ever had something, by reference, in minor units."""
    return _balances(book, PROVISION_NODE, on)


def specific_provisions(book: Book, on: date) -> dict[int, int]:
    """The specific provisions in force on a day, by loan, in minor units: of each loan the last one approved."""
    approved = LossProposal.objects.filter(
        loan__book=book, kind=LossProposal.Kind.SPECIFIC, decision__is_approved=True, effective_on__lte=on
    )
    last = {row.loan_id: row.amount for row in approved.order_by("effective_on", "decision__pk")}
    return {key: amount for key, amount in last.items() if amount is not None}


def provision_movement(book: Book, from_on: date, to_on: date) -> ProvisionMovement:
    """How the provisions of a book moved over dates, both inclusive, from the ledger alone."""
    opening = sum(_balances(book, PROVISION_NODE, from_on - timedelta(days=1)).values())
    moved = postings(book).filter(
        account__node__code=PROVISION_NODE, effective_on__gte=from_on, effective_on__lte=to_on
    )
    made, used = Q(entry__kind=Kind.PROVISION), Q(entry__kind=Kind.WRITE_OFF)
    sums = moved.aggregate(
        charge=Sum("amount", filter=made & Q(amount__lt=0)),
        release=Sum("amount", filter=made & Q(amount__gt=0)),
        used=Sum("amount", filter=used),
        other=Sum("amount", filter=~made & ~used),
    )
    minor = {name: amount or 0 for name, amount in sums.items()}
    return ProvisionMovement(
        from_on, to_on, opening, -minor["charge"], minor["release"], minor["used"], -minor["other"]
    )


def guarantee_schemes(book: Book) -> QuerySet[GuaranteeScheme]:
    """The schemes that a book knows, by name, their versions at hand."""
    return GuaranteeScheme.objects.filter(book=book).prefetch_related("versions").order_by("name")


def guarantee_of(loan: Loan, on: date = FOR_EVER) -> Guarantee | None:
    """The guarantee that a loan stands under on a day, if any: the last one recorded."""
    found = Guarantee.objects.filter(loan=loan, certified_on__lte=on)
    return found.select_related("parameters__scheme", "certified_by").order_by("-pk").first()


def guarantees_in_force(book: Book, on: date) -> dict[int, Guarantee]:
    """The same for every loan of a book, by loan."""
    later = Guarantee.objects.filter(loan=OuterRef("loan"), pk__gt=OuterRef("pk"), certified_on__lte=on)
    found = Guarantee.objects.filter(~Exists(later), loan__book=book, certified_on__lte=on)
    return {one.loan_id: one for one in found.select_related("parameters")}


def _claims(book: Book, on: date) -> QuerySet[LossEntry]:
    return LossEntry.objects.filter(loan__book=book, kind=LossEntry.Kind.CLAIMED, effective_on__lte=on)


def claim_of(loan: Loan) -> LossEntry | None:
    """The claim on the guarantor of a loan, once it is booked."""
    return LossEntry.objects.filter(loan=loan, kind=LossEntry.Kind.CLAIMED).first()


def loss_entries(loan: Loan) -> QuerySet[LossEntry]:
    """What was booked about a loan's loss beside the loan itself, in order."""
    return LossEntry.objects.filter(loan=loan).select_related("entry", "recorded_by", "loan").order_by("pk")


def loss_proposals_in(book: Book) -> QuerySet[LossProposal]:
    """What was proposed about the losses of a book's loans, the latest first, with what was decided."""
    return _loss_proposals().filter(loan__book=book)


def loss_proposals(loan: Loan) -> QuerySet[LossProposal]:
    """The same of one loan."""
    return _loss_proposals().filter(loan=loan)


def _loss_proposals() -> QuerySet[LossProposal]:
    return LossProposal.objects.select_related("loan__book", "made_by", "decision__decided_by").order_by("-pk")


def waiting_loss_proposals(book: Book) -> QuerySet[LossProposal]:
    """What waits for a second person in a book, the oldest first."""
    found = LossProposal.objects.filter(loan__book=book, decision=None)
    return found.select_related("loan__organisation", "made_by").order_by("pk")


def stands_on(loan: Loan, codes: Sequence[str], on: date) -> dict[str, Money]:
    """Credits less debits on accounts of a loan."""
    return {code: -amount for code, amount in balances(loan.book, list(codes), on).items()}


def loss_accounts(loan: Loan, on: date = FOR_EVER) -> dict[str, Money]:
    """What stands on the accounts of a loan's loss: set aside, asked of the guarantor, owed to it, not yet paid."""
    reference = loan.reference
    codes = {
        "set_aside": provision(reference),
        "guarantee": guarantee_received(reference),
        "owed": owed_to_guarantor(reference),
        "receivable": f"1410/{reference}",
    }
    stands = stands_on(loan, list(codes.values()), min(on, date(9999, 1, 1)))
    found = {name: stands[code] for name, code in codes.items()}
    return found | {"receivable": -found["receivable"]}


def guarantor_money(book: Book, *, came_in: bool) -> list[tuple[Loan, Money]]:
    """The loans for which a guarantor still has to pay, or is owed, with how much; by reference."""
    stands = _balances(book, "1410" if came_in else "2130", date(9999, 1, 1))
    found = {reference: abs(minor) for reference, minor in stands.items() if minor}
    named = Loan.objects.filter(book=book, reference__in=found).order_by("reference")
    return [(loan, from_minor(found[loan.reference], loan.currency)) for loan in named]
