"""What may be paid out to whom, what was proposed and paid, and what of it is interest? Told from the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Exists, F, Func, OuterRef, QuerySet, Sum, Value
from moneyed import Money

from investors.domain.entries import due_to_investor, set_source, source_of
from investors.domain.payout import HeldMoney
from investors.models import Investor, Payout, PayoutDecision, PayoutLine, TaxTreatment
from ledger.domain.entry import Kind
from ledger.domain.money import from_minor
from ledger.domain.payments import LIVE
from ledger.queries import accounts, all_details_in_force, balances, entries_by_sources, payments, postings
from loans.debits import uncleared_repayments
from loans.models import LoanEvent

if TYPE_CHECKING:
    from ledger.models import Book, JournalEntry

AFTER_EVERY_ENTRY = date(9999, 1, 1)
APPROVED, WAITING = PayoutDecision.Outcome.APPROVED, "waiting"


@dataclass(frozen=True, slots=True)
class MoneyToPayOut:
    """The money at the bank behind payouts on a day: `at_bank` less what is on its way, and what of it may still be
    sent back."""

    at_bank: Money
    clearing: Money

    @property
    def free(self) -> Money:
        """What may leave the bank."""
        return self.at_bank - self.clearing


def payouts(book: Book) -> QuerySet[Payout]:
    """The payouts of a book, the latest first, each with its lines and what was decided."""
    found = Payout.objects.filter(book=book).select_related("book", "proposed_by", "decision__decided_by")
    return found.prefetch_related("lines__investor", "lines__taken_back__taken_back_by")


def payout_lines(book: Book, *, investor: Investor | None = None) -> QuerySet[PayoutLine]:
    """The lines of the payouts that were approved, the latest first."""
    found = PayoutLine.objects.filter(payout__book=book, payout__decision__outcome=APPROVED)
    if investor is not None:
        found = found.filter(investor=investor)
    found = found.select_related("payout__book", "payout__decision", "investor", "taken_back")
    return found.order_by("-payout__effective_on", "-pk")


def payout_entries(book: Book, lines: Iterable[PayoutLine]) -> dict[int, JournalEntry]:
    """The entry of each line that was posted, by its key, postings at hand; reversals are no entries of theirs."""
    by_source = {line.source: line.pk for line in lines}
    found = entries_by_sources(book, list(by_source))
    return {by_source[one.source]: one for one in found if one.kind == Kind.PAYOUT}


def waiting_payouts(book: Book) -> QuerySet[Payout]:
    """The payouts that wait for a second person, the oldest first."""
    return payouts(book).filter(decision=None).order_by("pk")


def payments_of_lines(book: Book, lines: Iterable[PayoutLine]) -> dict[int, Any]:
    """Of each line the latest payment that was made or tried of it, with its `state`; none where there is none."""
    by_source = {line.source: line.pk for line in lines}
    found = payments(book).filter(source__in=by_source).order_by("attempt").prefetch_related("outcomes__line")
    return {by_source[one.source]: one for one in found}


def is_under_way(payment: Any) -> bool:
    """Whether a payment stands in the way of taking its money back."""
    return payment is not None and payment.state in LIVE


def tax_treatment(investor: Investor, on: date) -> TaxTreatment | None:
    """What counts about an investor's tax on a day, if anybody said it."""
    return tax_treatments([investor], on).get(investor.pk)


def tax_treatments(found: Collection[Investor], on: date) -> dict[int, TaxTreatment]:
    """The same for many, by key."""
    said = TaxTreatment.objects.filter(investor__in=found, effective_on__lte=on).select_related("said_by")
    return {one.investor_id: one for one in said.order_by("investor_id", "effective_on", "pk")}


def held_money(book: Book, found: Sequence[Investor], on: date) -> list[HeldMoney]:
    """What is held for investors and what of it may be paid out, in their order and in a fixed number of queries.

    What is held is the least of what there is on the day and once all is posted.
    """
    codes = [due_to_investor(one.code) for one in found]
    days = [balances(book, codes, day) for day in (on, AFTER_EVERY_ENTRY)]
    clearing = clearing_of(book, uncleared_repayments(book, on))
    unpaid = interest_unpaid(book, [one.code for one in found], on)
    said = tax_treatments(found, on)
    known = {details.subject for details in all_details_in_force(book)}
    return [
        HeldMoney(
            investor=one.code,
            name=one.name,
            held=min(-stands[due_to_investor(one.code)] for stands in days),
            clearing=from_minor(max(clearing.get(one.code, 0), 0), book.base_currency),
            interest_unpaid=from_minor(unpaid.get(one.code, 0), book.base_currency),
            tax_rate=_rate(said.get(one.pk)),
            has_account=f"investor:{one.code}" in known,
        )
        for one in found
    ]


def money_to_pay_out(book: Book, on: date) -> MoneyToPayOut:
    """What the bank has that is not on its way, and what of that may still be sent back."""
    cash = accounts(book).filter(node__code__in=("1010", "1020"), currency=book.base_currency)
    codes = list(cash.values_list("code", flat=True))
    nought = from_minor(0, book.base_currency)
    days = [sum(balances(book, codes, day).values(), nought) for day in (on, AFTER_EVERY_ENTRY)]
    clearing = sum(event.amount or 0 for event in uncleared_repayments(book, on))
    return MoneyToPayOut(min(days), from_minor(clearing, book.base_currency))


def held_for_investors(book: Book, on: date) -> Money:
    """What came in for investors and has not been paid out to them: the most of what it is on a day and once all is
    posted."""
    held = accounts(book).filter(node__code="2510", currency=book.base_currency)
    codes, nought = list(held.values_list("code", flat=True)), from_minor(0, book.base_currency)
    return max(-sum(balances(book, codes, day).values(), nought) for day in (on, AFTER_EVERY_ENTRY))


def interest_unpaid(book: Book, codes: Collection[str], on: date) -> dict[str, int]:
    """Interest that was received for investors by a day, less what was paid out of it; minor units by code.

    It is less than nothing where interest was taken back after it was paid out.
    """
    received = _interest_received(book, codes, on)
    standing = PayoutLine.objects.filter(
        payout__book=book, payout__decision__outcome=APPROVED, taken_back=None, investor__code__in=codes
    )
    paid: Mapping[str, int] = dict(
        standing.values_list("investor__code").annotate(paid=Sum("interest")).order_by("investor__code")
    )
    return {code: received.get(code, 0) - paid.get(code, 0) for code in codes}


def _interest_received(book: Book, codes: Collection[str], on: date) -> dict[str, int]:
    """What the lenders' sides of loan entries credited to what is held, apart from principal: by code, in minor units.

    What came back after a loss moves no account of the loan, and is principal.
    """
    moves = postings(book).filter(entry=OuterRef("entry"))
    holder = Func(F("account__code"), Value("/"), Value(-1), function="split_part", output_field=CharField())
    found = postings(book).filter(
        Exists(moves.filter(account__node__code="2510")),
        Exists(moves.filter(account__node__code__in=("2410", "2420"))),
        account__node__code__in=("2410", "2510"),
        account__currency=book.base_currency,
        entry__kind=Kind.APPORTIONMENT,
        effective_on__lte=on,
    )
    of_loans = found.exclude(entry__source__startswith=set_source("")).annotate(holder=holder)
    sums = of_loans.filter(holder__in=codes).order_by().values_list("holder").annotate(minor=-Sum("amount"))
    return dict(sums)


def clearing_of(book: Book, uncleared: Iterable[LoanEvent]) -> dict[str, int]:
    """Each investor's part of repayments that may still be sent back: by code, in minor units."""
    sources = [source_of(event.entry_id) for event in uncleared if event.entry_id is not None]
    found = postings(book).filter(entry__source__in=sources, account__node__code="2510").order_by()
    return dict(found.values_list("account__subject").annotate(minor=-Sum("amount")))


def _rate(said: TaxTreatment | None) -> Decimal | None:
    return None if said is None else said.rate
