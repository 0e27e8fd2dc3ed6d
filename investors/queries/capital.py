"""How does a fund's capital stand? Its classes, its acts, and the register told from those that were approved."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, QuerySet, Subquery
from moneyed import Money

from investors.domain.capital_act import ActKind, ActLine, Effect, Holder
from investors.domain.capital_register import DatedLine, Register
from investors.domain.fund_class import FundClass as Terms
from investors.domain.fund_class import class_asked
from investors.domain.management_fee import ManagementFee, fee_asked
from investors.domain.period_result import Result
from investors.models import CapitalAct, CapitalDecision, CapitalLine, FundClass
from investors.queries.payouts import clearing_of
from ledger.domain.chart import AccountKind
from ledger.domain.money import from_minor
from ledger.queries import accounts, balances, period_movements
from loans.debits import uncleared_repayments

if TYPE_CHECKING:
    from ledger.models import Book

ONE_DAY = timedelta(days=1)
AFTER_EVERY_ENTRY = date(9999, 1, 1)
APPROVED = CapitalDecision.Outcome.APPROVED

FEE_NODES = ("5065",)
IMPAIRMENT_NODES = ("4050", "4061", "5020", "5021", "5040")
"""Lines of the chart on which loans are lost, recovered or paid for by a grant; all else is the fund's income."""

CASH_NODES = ("1010", "1020")
"""Cash at the bank, less what is on its way."""

CLAIM_NODES = ("2010", "2110", "2130", "2160", "2510", "2520", "2620", "2630", "3210")
"""What of that others have a claim to: in suspense, owed to borrowers, guarantors, businesses, investors, banks and for
tax, and what is left of restricted grants."""


def fund_classes(book: Book) -> QuerySet[FundClass]:
    """The classes of a fund's capital, by rank."""
    return FundClass.objects.filter(book=book)


def class_terms(book: Book, on: date = date.max, *, among: Collection[int] | None = None) -> dict[str, Terms]:
    """The classes that count on a day, as values, by code and in order of rank: as two people last agreed on them."""
    found: dict[str, Terms] = {}
    for act in standing_acts(book, (ActKind.CLASS, ActKind.TERMS), on, among=among):
        if act.what is ActKind.CLASS:
            found[act.asked["code"]] = class_asked(act.asked)
        else:
            found[act.asked["fund_class"]] = changed_terms(found[act.asked["fund_class"]], act.asked)
    return dict(sorted(found.items(), key=lambda one: (one[1].rank, one[0])))


def changed_terms(before: Terms, asked: Mapping[str, Any]) -> Terms:
    """A class on the terms that are asked for; code and name stay. Raises ImpossibleClass."""
    return class_asked({**asked, "code": before.code, "name": before.name})


def fee_agreement(book: Book) -> ManagementFee | None:
    """What two people agreed that the fund pays to be managed; None where nothing is agreed."""
    found = (fee_asked(act.asked) for act in standing_acts(book, ActKind.FEE_TERMS))
    terms = tuple(sorted(found, key=lambda one: one.effective_on))
    return ManagementFee(terms) if terms else None


def capital_acts(book: Book) -> QuerySet[CapitalAct]:
    """The acts on a fund's capital, the latest first, each with its decision and what reversed it."""
    found = CapitalAct.objects.filter(book=book).select_related("book", "decision", "proposed_by", "reverses")
    return found.select_related("decision__decided_by").prefetch_related("reversals__decision")


def standing_acts(
    book: Book, kind: ActKind | Collection[ActKind], on: date = date.max, *, among: Collection[int] | None = None
) -> list[CapitalAct]:
    """The approved acts of a kind, or of some, that are not reversed by the end of a day, by day and number."""
    kinds = [kind] if isinstance(kind, ActKind) else list(kind)
    found = approved_acts(book, among=among).filter(kind__in=kinds, effective_on__lte=on)
    found = found.order_by("effective_on", "number")
    return [act for act in found if act.reversed_on is None or act.reversed_on > on]


def capital_register(book: Book, *, among: Collection[int] | None = None) -> Register:
    """All commitments and capital accounts of a fund, from two queries; `among` as if these acts were all."""
    reversals = dict(approved_acts(book, among=among).exclude(reversed_on=None).values_list("pk", "reversed_on"))
    found = CapitalLine.objects.filter(act__book=book, act__decision__outcome=APPROVED)
    if among is not None:
        found = found.filter(act__in=list(among))
    found = found.exclude(act__kind=ActKind.REVERSAL).order_by("act_id", "line_number")
    rows = found.values_list(
        *("act_id", "act__number", "act__effective_on", "fund_class__code", "investor__code"),
        *("effect", "amount", "residue", "act__kind"),
    )
    return Register(
        (
            DatedLine(
                on,
                number,
                ActLine(code, holder, Effect(effect), minor, residue),
                reversals.get(act),
                from_before=kind == ActKind.MOVED_IN,
            )
            for act, number, on, code, holder, effect, minor, residue, kind in rows
        ),
        book.base_currency,
    )


def approved_acts(book: Book, *, among: Collection[int] | None = None) -> QuerySet[Any]:
    """The acts that were approved, each with the day from which on it is reversed; `among` as if these were all."""
    reversal = CapitalAct.objects.filter(reverses=OuterRef("pk"), decision__outcome=APPROVED)
    found = CapitalAct.objects.filter(book=book, decision__outcome=APPROVED)
    if among is not None:
        reversal, found = reversal.filter(pk__in=list(among)), found.filter(pk__in=list(among))
    return found.annotate(reversed_on=Subquery(reversal.values("effective_on")[:1]))


@dataclass(frozen=True, slots=True)
class Unshared:
    """What a fund earned and lost since its capital was first paid in, and has not shared: over the days since the
    last sharing (both inclusive), with what was known later of earlier ones."""

    since: date
    until: date
    result: Result
    owed: dict[str, Money]
    residues: dict[Holder, int]


def unshared_result(book: Book, until: date, known: Register | None = None) -> Unshared | None:
    """What there is to share through a day; None while no capital was paid in."""
    paid_in = standing_acts(book, (ActKind.PAYMENT, ActKind.MOVED_IN), until)
    if not paid_in:
        return None
    shared = standing_acts(book, ActKind.RESULT)
    known = known or capital_register(book)
    last = shared[-1] if shared else None
    earned = _earned(book, paid_in[0].effective_on, until)
    return Unshared(
        since=last.effective_on + ONE_DAY if last else paid_in[0].effective_on,
        until=until,
        result=Result(
            earned.income - _shared(known, Effect.INCOME),
            earned.fees + _shared(known, Effect.FEE),
            earned.impairment + _shared(known, Effect.IMPAIRMENT),
        ),
        owed={code: from_minor(minor, book.base_currency) for code, minor in _owed(last).items()},
        residues=_residues(known, last),
    )


def _earned(book: Book, since: date, until: date) -> Result:
    """Income less costs, the management fee, and losses less recoveries over days, apart from year-end journals."""
    income = fees = impairment = 0
    for one in period_movements(book, since, until):
        if one.kind not in (AccountKind.INCOME, AccountKind.EXPENSE) or one.account.currency != book.base_currency:
            continue
        moved = one.debits - one.credits
        if one.account.node.code in FEE_NODES:
            fees += moved
        elif one.account.node.code in IMPAIRMENT_NODES:
            impairment += moved
        else:
            income -= moved
    return Result(*(from_minor(minor, book.base_currency) for minor in (income, fees, impairment)))


def _shared(known: Register, effect: Effect) -> Money:
    """What was shared so far, by its effect on capital accounts."""
    lines = (each for holder in known.holders for each in known.standing_lines(holder, effect))
    return from_minor(sum(each.line.minor for each in lines), known.currency)


def _owed(last: CapitalAct | None) -> dict[str, int]:
    """The target returns that the last sharing left owed, by class, in minor units."""
    return {one["code"]: one["owed"] for one in last.figures["classes"]} if last else {}


def _residues(known: Register, last: CapitalAct | None) -> dict[Holder, int]:
    """What rounding left over at the last sharing, by holder."""
    if last is None:
        return {}
    lines = (each for holder in known.holders for each in known.standing_lines(holder, Effect.INCOME))
    return {each.line.holder: each.line.residue for each in lines if each.act == last.number}


def free_cash(book: Book, on: date) -> Money:
    """Cash that nobody else has a claim to: the least of what there is on a day and once all is posted, less the fund's
    own part of repayments by Direct Debit that may still be sent back.

    Each account counts for itself: what one investor still has to pay in, or what left the bank and nobody has
    explained, is no cash, and lowers the claim of nobody else.
    """
    wanted = accounts(book).filter(node__code__in=(*CASH_NODES, *CLAIM_NODES), currency=book.base_currency)
    is_cash = {code: node in CASH_NODES for code, node in wanted.values_list("code", "node__code")}
    nought = from_minor(0, book.base_currency)
    days = [balances(book, list(is_cash), day) for day in (on, AFTER_EVERY_ENTRY)]
    least = min(
        sum((stands if is_cash[code] else min(stands, nought) for code, stands in each.items()), nought)
        for each in days
    )
    return least - own_clearing(book, on)


def own_clearing(book: Book, on: date) -> Money:
    """The fund's own part of repayments by Direct Debit that may still be sent back; the investors' stands on what is
    held for them."""
    uncleared = uncleared_repayments(book, on)
    own = sum(event.amount or 0 for event in uncleared) - sum(clearing_of(book, uncleared).values())
    return from_minor(max(own, 0), book.base_currency)


def held_for(book: Book, codes: Sequence[str], on: date) -> dict[str, Money]:
    """Money held on accounts of investors (`2510/…`): the least of what there is on a day and once all is posted."""
    stands = [balances(book, codes, day) for day in (on, AFTER_EVERY_ENTRY)]
    return {code: min(-each[code] for each in stands) for code in codes}
