"""Investors come in from another system: what would each row of their list do, and then it does exactly that.

The dry run does all of it and takes it back, so it cannot tell anything else than what would happen. Who stands here
with the same particulars stays as it is; where the list says something else of one, its row is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from commonweal.access.models import User
from commonweal.jobs.moving_in import SentSheet, sent_sheets
from commonweal.payees import of_investor
from investors.domain.brought_investors import (
    Counted,
    InvestorSheet,
    ListedInvestor,
    ListedInvestors,
    read_investors,
)
from investors.domain.errors import InvestorError, InvestorsDoNotFit
from investors.models import Investor, InvestorContact, TaxTreatment
from investors.queries import contacts_of, investors_in
from investors.services import Particulars, keep_contact, open_cash_account, register_investor, say_tax_treatment
from ledger.domain.errors import LedgerError
from ledger.domain.words import date_text
from ledger.queries import payee_details
from ledger.services import propose_details
from loans.domain.fees import percent_text
from loans.domain.moving_in.findings import Finding, RowReader

if TYPE_CHECKING:
    from ledger.models import Book

TOLD = 20
"""So many faults are told at once in a refusal; the desk lists all of them."""


@dataclass(frozen=True, slots=True)
class InvestorTold:
    """What a row of the list does, in words; nothing where all that it says stands here already."""

    listed: ListedInvestor
    does: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InvestorsTold:
    """What a list of investors comes to: its rows, its control totals, and all that keeps it out."""

    rows: tuple[InvestorTold, ...]
    listed: ListedInvestors
    faults: tuple[Finding, ...]

    @property
    def new(self) -> int:
        """How many rows change something."""
        return sum(bool(one.does) for one in self.rows)

    @property
    def totals(self) -> list[tuple[Counted, int | None, int]]:
        """Each control total as it was given, and as the rows make it."""
        return [(name, self.listed.totals.get(name), made) for name, made in self.listed.made().items()]


def try_investors(*, book: Book, listed: ListedInvestors, by: User) -> InvestorsTold:
    """The dry run: what each row would do, and all that keeps it out. Nothing is changed."""
    with transaction.atomic():
        told = _told(book, listed, by)
        transaction.set_rollback(True)
    return told


@transaction.atomic
def bring_in_investors(*, book: Book, listed: ListedInvestors, by: User) -> InvestorsTold:
    """Register all investors of a list, with their people and how they are taxed; the same list again changes nothing.

    Bank accounts are proposed, and count when a second person has called back. Raises InvestorsDoNotFit with the rows
    that cannot be read, that differ from what stands here, or that do not tie to the control totals.
    """
    told = _told(book, listed, by)
    if told.faults:
        said = [f"{in_words(one)}" for one in told.faults[:TOLD]]
        more = [f"And {len(told.faults) - TOLD} more like these."] if len(told.faults) > TOLD else []
        raise InvestorsDoNotFit(f"{' '.join([*said, *more])} Nothing was changed.")
    return told


def in_words(finding: Finding) -> str:
    """A finding with its sheet and row, as one sentence begins."""
    return f"{finding.part}{f', row {finding.row}' if finding.row else ''}: {finding.message}"


def read_sent(files: Mapping[InvestorSheet, SentSheet]) -> ListedInvestors:
    """A list of investors as it was sent. Raises a FileRefused and HeadingsWrong."""
    return read_investors(sent_sheets(InvestorSheet, files))


def _told(book: Book, listed: ListedInvestors, by: User) -> InvestorsTold:
    rows, faults = [], listed.faults()
    known = set(investors_in(book).values_list("code", flat=True))
    for one in listed.investors:
        try:
            with transaction.atomic():
                rows.append(InvestorTold(one, tuple(_brought(book, one, by, one.code in known))))
        except (InvestorError, LedgerError) as refusal:
            reader = RowReader(InvestorSheet.INVESTORS, one.row, {})
            reader.refused("code", refusal)
            faults.extend(reader.findings)
            rows.append(InvestorTold(one, ()))
    return InvestorsTold(tuple(rows), listed, tuple(sorted(faults, key=lambda one: (one.part, one.row))))


def _brought(book: Book, one: ListedInvestor, by: User, here: bool) -> Iterator[str]:
    stood = Investor.objects.filter(code=one.code).exists()
    investor = register_investor(
        code=one.code, name=one.name, kind=one.kind, registered_number=one.registered_number
    )  # fmt: skip
    open_cash_account(book, investor)
    if not here:
        yield "joins this fund" if stood else "is registered"
    yield from _contact(investor, one, by)
    yield from _tax(investor, one, by)
    yield from _bank(book, investor, one, by)


def _contact(investor: Investor, one: ListedInvestor, by: User) -> Iterator[str]:
    if one.contact is None:
        return
    stands = contacts_of(investor).filter(email__iexact=one.contact.email).exists()
    if not stands and InvestorContact.objects.filter(investor=investor, email__iexact=one.contact.email).exists():
        raise InvestorsDoNotFit(
            f"{one.contact.email} was a contact of {investor} and is none any more. Leave the contact out of the row."
        )
    said = Particulars(
        one.contact.name, one.contact.role, one.contact.email, one.contact.phone, one.contact.gets_notices
    )  # fmt: skip
    keep_contact(investor=investor, said=said, by=by)
    if not stands:
        yield f"{one.contact.name} becomes its contact"


def _tax(investor: Investor, one: ListedInvestor, by: User) -> Iterator[str]:
    if one.tax is None:
        return
    said = TaxTreatment.objects.filter(investor=investor, effective_on=one.tax.effective_on).order_by("-pk").first()
    if said is not None and (said.rate, said.reason) != (one.tax.rate, one.tax.reason):
        raise InvestorsDoNotFit(
            f"Tax at {percent_text(said.rate)} is said of {investor} from {date_text(said.effective_on)} on already "
            f"(“{said.reason}”), and the row says {percent_text(one.tax.rate)} (“{one.tax.reason}”). Leave it out of "
            "the row, or change it on the investor’s page."
        )
    say_tax_treatment(
        investor=investor, rate=one.tax.rate, effective_on=one.tax.effective_on, reason=one.tax.reason, by=by
    )  # fmt: skip
    if said is None:
        yield "its tax is said"


def _bank(book: Book, investor: Investor, one: ListedInvestor, by: User) -> Iterator[str]:
    if one.bank is None:
        return
    latest = payee_details(book).filter(subject=of_investor(investor)).order_by("-version").first()
    if latest is None:
        propose_details(book=book, subject=of_investor(investor), details=one.bank, by=by)
        yield "its bank account is proposed"
    elif latest.content_sha256 != one.bank.sha256:
        raise InvestorsDoNotFit(
            f"The row has the {one.bank.masked}, and the {latest.details.masked} of {investor} is here already. Leave "
            "it out of the row, or propose the change under Bank details, where a colleague calls back."
        )
