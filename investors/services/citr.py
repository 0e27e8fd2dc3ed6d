"""What investors put in for the tax relief, and what happened to that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from moneyed import Money

from investors.domain.citr.claims import EndedBy
from investors.domain.citr.findings import Outcome
from investors.domain.citr.kinds import InvestmentKind, MovementKind
from investors.domain.citr.limits import Accreditation, raising_limits
from investors.domain.citr.loan import CitrLoan, qualifying_findings
from investors.domain.entries import due_to_investor
from investors.domain.errors import (
    AboveTheRaisingLimit,
    ImpossibleTaxRelief,
    NotAccredited,
    NotAQualifyingInvestment,
)
from investors.models import CitrEnding, CitrInvestment, CitrMovement, CitrRequired, Investor
from investors.models.citr import POUNDS
from investors.queries import balances_of, citr_investments, citr_periods, period_on, raised_in
from investors.services.citr_scheme import one_changes_the_scheme, refuse_day_to_come, refuse_other_currency
from investors.services.participations import open_cash_account
from ledger.domain.entry import Kind
from ledger.domain.money import from_minor, to_minor
from ledger.domain.words import date_text, money_text
from ledger.queries import entries

if TYPE_CHECKING:
    from ledger.models import Book, JournalEntry


@dataclass(frozen=True, slots=True)
class InvestmentTerms:
    """An investment as it is agreed. `drawn` is what was drawn on the first day, where it is not all of it at once, and
    `drawdown_until` the last day for the rest; `required` are the repayments that somebody may require, by day."""

    kind: InvestmentKind
    committed: Money
    invested_on: date
    drawn: Money | None = None
    drawdown_until: date | None = None
    is_convertible: bool = False
    required: Sequence[tuple[date, Money]] = ()

    @property
    def loan(self) -> CitrLoan:
        """The terms as the rules know them. Raises ImpossibleTaxRelief."""
        until, convertible = self.drawdown_until, self.is_convertible
        return CitrLoan(self.invested_on, self.committed, until, convertible, tuple(sorted(self.required)))


@transaction.atomic
def record_citr_investment(
    *,
    book: Book,
    investor: Investor,
    terms: InvestmentTerms,
    entry: JournalEntry | None = None,
    by: AbstractBaseUser,
) -> CitrInvestment:
    """Record what an investor put in for the relief, with what was drawn of it on its first day.

    `entry` is the contribution that brought the money. Raises NotAQualifyingInvestment for terms that cost the relief,
    NotAccredited, AboveTheRaisingLimit, and ImpossibleTaxRelief for days and amounts that do not fit.
    """
    one_changes_the_scheme(book)
    refuse_other_currency(book, terms.committed)
    refuse_day_to_come(book, terms.invested_on)
    _refuse_terms(terms)
    _refuse_above_limit(book, terms)
    drawn = _first_drawn(terms)
    _refuse_twice(book, investor, terms)
    open_cash_account(book, investor)
    made = CitrInvestment.objects.create(
        book=book,
        investor=investor,
        kind=terms.kind.value,
        committed=to_minor(terms.committed.amount, POUNDS),
        invested_on=terms.invested_on,
        drawdown_until=terms.drawdown_until,
        recorded_by_id=by.pk,
    )
    CitrRequired.objects.bulk_create(
        CitrRequired(investment=made, due_on=day, amount=to_minor(amount.amount, POUNDS))
        for day, amount in terms.loan.required
    )
    _move(made, MovementKind.DRAWDOWN, terms.invested_on, drawn, entry=entry, by=by)
    return made


@transaction.atomic
def record_citr_movement(
    *,
    investment: CitrInvestment,
    kind: MovementKind,
    on: date,
    amount: Money,
    is_standard: bool = True,
    reason: str = "",
    entry: JournalEntry | None = None,
    by: AbstractBaseUser,
) -> CitrMovement:
    """Record a later drawdown, a repayment or permitted withdrawal, or value that the investor received otherwise.

    A repayment that is not `is_standard` needs a reason. Raises ImpossibleTaxRelief for more than is left to draw or
    stands, for a day that does not fit, and for what is recorded already.
    """
    one_changes_the_scheme(investment.book)
    refuse_other_currency(investment.book, amount)
    refuse_day_to_come(investment.book, on)
    if not amount.amount > 0:
        raise ImpossibleTaxRelief(f"{money_text(amount)} is no movement of {investment}. Give a positive amount.")
    if not is_standard and not reason.strip():
        raise ImpossibleTaxRelief(
            f"Say why the repayment of {money_text(amount)} does not count against what {investment} has to keep: HMRC "
            "may ask. Nothing was changed."
        )
    _refuse_movement(investment, kind, on, amount)
    return _move(investment, kind, on, amount, is_standard=is_standard, reason=reason, entry=entry, by=by)


@transaction.atomic
def take_back_citr_movement(*, movement: CitrMovement, reason: str, by: AbstractBaseUser) -> CitrMovement:
    """Take back what was recorded wrongly, by another row; the first day's drawdown stays.

    Raises ImpossibleTaxRelief where it is taken back already, or the balance would fall below nought without it.
    """
    investment = movement.investment
    one_changes_the_scheme(investment.book)
    is_taken = movement.takes_back_id or CitrMovement.objects.filter(takes_back=movement).exists()
    is_first = movement.kind == MovementKind.DRAWDOWN and movement.moved_on == investment.invested_on
    if is_taken or is_first or not reason.strip():
        raise ImpossibleTaxRelief(
            f"{movement.words} on {date_text(movement.moved_on)}, {money_text(movement.money)}, cannot be taken back: "
            "it is already, it began the investment, or the reason is missing. Nothing was changed."
        )
    made = CitrMovement.objects.create(
        investment=investment,
        kind=movement.kind,
        moved_on=movement.moved_on,
        amount=movement.amount,
        is_standard=movement.is_standard,
        reason=reason.strip(),
        takes_back=movement,
        recorded_by_id=by.pk,
    )
    _refuse_below_nought(investment)
    return made


@transaction.atomic
def end_citr_investment(
    *, investment: CitrInvestment, ended_by: EndedBy, on: date, reason: str, by: AbstractBaseUser
) -> CitrEnding:
    """Record that the investor disposed of an investment, or became an accredited institution itself.

    Raises ImpossibleTaxRelief for what else ends claims, which follows from what is recorded, and for a day before it.
    """
    one_changes_the_scheme(investment.book)
    refuse_day_to_come(investment.book, on)
    known = CitrEnding.objects.filter(investment=investment, by=ended_by).first()
    is_ours = ended_by in {EndedBy.DISPOSED, EndedBy.INVESTOR_ACCREDITED}
    if not is_ours or known is not None or on < investment.invested_on or not reason.strip():
        raise ImpossibleTaxRelief(
            f"It cannot be recorded of {investment} on {date_text(on)} that {ended_by.words}: it is already, the day "
            "is before the investment, or the reason is missing. Nothing was changed."
        )
    return CitrEnding.objects.create(
        investment=investment, by=ended_by, ended_on=on, reason=reason.strip(), recorded_by_id=by.pk
    )


def _refuse_terms(terms: InvestmentTerms) -> None:
    """A loan whose terms fail, in the words of the rule that it breaks; shares have no repayment to require."""
    is_loan = terms.kind is InvestmentKind.LOAN
    if not is_loan and (terms.required or terms.drawdown_until or terms.drawn):
        raise NotAQualifyingInvestment(
            f"Shares of {money_text(terms.committed)} are paid for at once and not repaid within five years. Leave out "
            "drawdowns and repayments; nothing was changed."
        )
    before = [day for day, _ in terms.required if day < terms.invested_on]
    if before:
        raise ImpossibleTaxRelief(
            f"A repayment on {date_text(min(before))} is before {date_text(terms.invested_on)}, when the money came. "
            "Correct the day; nothing was changed."
        )
    failed = [each for each in qualifying_findings(terms.loan) if each.outcome is Outcome.FAILS]
    if failed:
        words = " ".join(each.words for each in failed)
        raise NotAQualifyingInvestment(f"It would not qualify ({failed[0].source}). {words} Nothing was changed.")


def _refuse_above_limit(book: Book, terms: InvestmentTerms) -> None:
    period = period_on(citr_periods(book), terms.invested_on)
    if period is None or (hasattr(period, "loss") and period.loss.ended_on <= terms.invested_on):
        raise NotAccredited(
            f"{book.fund_name} is not accredited on {date_text(terms.invested_on)}, so an investment of "
            f"{money_text(terms.committed)} on that day brings no relief. Record the accreditation first, or correct "
            "the day; nothing was changed."
        )
    raised = raised_in(period, citr_investments(book)) + terms.committed
    limit = raising_limits(period.last_day).of(Accreditation(period.kind))
    if raised > limit:
        raise AboveTheRaisingLimit(
            f"With {money_text(terms.committed)}, {money_text(raised)} would be raised in the accreditation to "
            f"{date_text(period.last_day)}, {money_text(raised - limit)} above the limit of {money_text(limit)} for a "
            f"{period.kind} institution. Take less; nothing was changed."
        )


def _first_drawn(terms: InvestmentTerms) -> Money:
    drawn = terms.committed if terms.drawn is None else terms.drawn
    is_part = drawn < terms.committed
    if not 0 < drawn.amount <= terms.committed.amount or is_part != (terms.drawdown_until is not None):
        raise ImpossibleTaxRelief(
            f"{money_text(drawn)} of {money_text(terms.committed)} cannot be drawn on {date_text(terms.invested_on)}. "
            "What is not drawn on the first day needs a last day for it, and what is drawn at once has none; nothing "
            "was changed."
        )
    return drawn


def _refuse_twice(book: Book, investor: Investor, terms: InvestmentTerms) -> None:
    same = CitrInvestment.objects.filter(
        book=book,
        investor=investor,
        invested_on=terms.invested_on,
        committed=to_minor(terms.committed.amount, POUNDS),
        kind=terms.kind.value,
    ).first()
    if same is not None:
        raise ImpossibleTaxRelief(
            f"{same} is an investment of {money_text(terms.committed)} by {investor} on {date_text(terms.invested_on)} "
            "already. Record two of one day as one; nothing was changed."
        )


def _refuse_movement(investment: CitrInvestment, kind: MovementKind, on: date, amount: Money) -> None:
    """A movement before the investment, twice, of shares, or of more than there is."""
    same = investment.movements.filter(
        kind=kind, moved_on=on, amount=to_minor(amount.amount, POUNDS), takes_back=None, taken_back_by=None
    )
    is_value = kind is MovementKind.VALUE
    if (on < investment.invested_on and not is_value) or same.exists():
        raise ImpossibleTaxRelief(
            f"{kind.words} on {date_text(on)}, {money_text(amount)}: the day is before "
            f"{date_text(investment.invested_on)}, when {investment} began, or it is recorded already. Record two of "
            "one day as one; nothing was changed."
        )
    if investment.kind == InvestmentKind.SHARES and not is_value:
        raise ImpossibleTaxRelief(
            f"{investment} is shares: they are not drawn or repaid. Record that they were disposed of, or the value "
            "that was received; nothing was changed."
        )
    if kind is MovementKind.DRAWDOWN:
        _refuse_drawdown(investment, on, amount)
    if kind is MovementKind.REPAYMENT:
        _refuse_repayment(investment, on, amount)


def _refuse_drawdown(investment: CitrInvestment, on: date, amount: Money) -> None:
    drawn = sum(
        (each.money for each in investment.movements.filter(kind="drawdown", takes_back=None, taken_back_by=None)),
        from_minor(0, POUNDS),
    )
    left, until = investment.committed_money - drawn, investment.drawdown_until
    if until is None or on > until or amount > left:
        last = f"the last day for it is {date_text(until)}" if until else "all of it was drawn at once"
        raise ImpossibleTaxRelief(
            f"{money_text(amount)} cannot be drawn on {date_text(on)}: {money_text(left)} of {investment} is left, and "
            f"{last}. What comes besides is another investment; nothing was changed."
        )


def _refuse_repayment(investment: CitrInvestment, on: date, amount: Money) -> None:
    stands = [balance for _, balance in balances_of(investment, date.max)]
    before = [balance for day, balance in balances_of(investment, date.max) if day <= on]
    least = min([before[-1], *stands[len(before) :]])
    if amount > least:
        raise ImpossibleTaxRelief(
            f"{money_text(amount)} is {money_text(amount - least)} more than the {money_text(least)} that stands of "
            f"{investment} from {date_text(on)} on. Correct the amount; nothing was changed."
        )


def _refuse_below_nought(investment: CitrInvestment) -> None:
    below = [(day, balance) for day, balance in balances_of(investment, date.max) if balance.amount < 0]
    if below:
        day, balance = below[0]
        raise ImpossibleTaxRelief(
            f"Without it {investment} would stand at {money_text(balance)} on {date_text(day)}. Take the repayments "
            "after it back first; nothing was changed."
        )


def _move(
    investment: CitrInvestment,
    kind: MovementKind,
    on: date,
    amount: Money,
    *,
    is_standard: bool = True,
    reason: str = "",
    entry: JournalEntry | None = None,
    by: AbstractBaseUser,
) -> CitrMovement:
    if entry is not None:
        _refuse_entry(investment, entry, amount)
    return CitrMovement.objects.create(
        investment=investment,
        kind=kind.value,
        moved_on=on,
        amount=to_minor(amount.amount, POUNDS),
        is_standard=is_standard,
        reason=reason.strip(),
        entry_id=entry.pk if entry else None,
        recorded_by_id=by.pk,
    )


def _refuse_entry(investment: CitrInvestment, entry: JournalEntry, amount: Money) -> None:
    """An entry that is no contribution of this investor, or of which less is left than is said to have come with it."""
    code = due_to_investor(investment.investor.code)
    found = entries(investment.book).filter(pk=entry.pk, kind=Kind.CONTRIBUTION, reversed_by=None).first()
    paid_in = -sum(one.amount for one in found.postings.filter(account__code=code)) if found else 0
    used = CitrMovement.objects.filter(entry_id=entry.pk, takes_back=None, taken_back_by=None)
    left = from_minor(max(paid_in - sum(one.amount for one in used), 0), POUNDS)
    if amount > left:
        raise ImpossibleTaxRelief(
            f"{money_text(left)} of E-{entry.pk} is money that {investment.investor} paid in and that no investment "
            f"names yet, {money_text(amount - left)} less than {money_text(amount)}. Name another entry, or none; "
            "nothing was changed."
        )
