"""What is not recorded of the fund's own borrowing: draws above a limit, days and amounts that are not possible."""

from __future__ import annotations

from datetime import date

from moneyed import Money

from investors.domain.borrowing_covenants import CovenantKind
from investors.domain.errors import BorrowingRefused, DrawAboveLimit
from investors.models import BorrowingEvent
from investors.queries.borrowing_tests import covenants_tested, draw_limits, fund_figures, with_more_drawn
from investors.queries.borrowings import payment_source, repayments_on_their_way
from investors.queries.capital import free_cash, own_clearing
from investors.queries.payouts import held_for_investors, money_to_pay_out
from investors.services.borrowing_books import OpenFacility
from ledger import queries as ledger
from ledger.domain.payments import PaymentState
from ledger.domain.words import date_text, money_text
from loans.domain.events import Drawn, RateChanged, Repaid


def refuse_draw(opened: OpenFacility, drawn: Drawn) -> None:
    """Raise BorrowingRefused for a facility or a day on which nothing is drawn, DrawAboveLimit with the figure."""
    facility, agreement, on = opened.facility, opened.life.agreement, drawn.effective_on
    if not opened.life.is_agreed:
        raise BorrowingRefused(
            f"Nobody has approved {facility} yet, so nothing is drawn under it. Have it approved first; "
            "nothing was changed."
        )
    refuse_amount(opened, drawn.amount)
    _refuse_open_day(opened, on)
    if not agreement.effective_on <= on <= agreement.available_until:
        raise BorrowingRefused(
            f"{facility} may be drawn from {date_text(agreement.effective_on)} to "
            f"{date_text(agreement.available_until)}, and not on {date_text(on)}. Have other terms agreed; "
            "nothing was changed."
        )
    figures = fund_figures(facility.book, on, agreement.covenants)
    limits = draw_limits(opened.life, figures)
    if drawn.amount > limits.undrawn:
        raise DrawAboveLimit(
            f"{money_text(drawn.amount)} is {money_text(drawn.amount - limits.undrawn)} more than the "
            f"{money_text(limits.undrawn)} that is undrawn of {facility}. Draw less; nothing was changed."
        )
    after = covenants_tested(opened.life, with_more_drawn(figures, drawn.amount))
    base = next((one for one in after if one.kind is CovenantKind.BORROWING_BASE), None)
    if base is not None and not base.is_met and limits.room is not None:
        raise DrawAboveLimit(
            f"{money_text(drawn.amount)} is {money_text(drawn.amount - limits.room)} more than the borrowing base of "
            f"{facility} leaves: {base.sentence} Draw {money_text(limits.room)} at most; nothing was changed."
        )


def refuse_repayment(opened: OpenFacility, repaid: Repaid) -> None:
    """Raise BorrowingRefused for a day outside, and for more than would end the debt."""
    refuse_amount(opened, repaid.amount)
    refuse_day(opened, repaid.effective_on)
    owed = opened.life.at(repaid.effective_on).quote.total
    if repaid.amount > owed:
        raise BorrowingRefused(
            f"{money_text(repaid.amount)} is {money_text(repaid.amount - owed)} more than the {money_text(owed)} that "
            f"would end {opened.facility} on {date_text(repaid.effective_on)}. Repay that at most; nothing was changed."
        )


def refuse_beyond_the_bank(opened: OpenFacility, repaid: Repaid) -> None:
    """Raise BorrowingRefused where the bank has less than a payment file would have to pay of cash that nobody else has
    a claim to (`free_cash`)."""
    book, on = opened.facility.book, repaid.effective_on
    there, free = money_to_pay_out(book, on).at_bank, free_cash(book, on)
    own = max(free, 0 * free)
    if repaid.amount > own:
        clearing, held = own_clearing(book, on), held_for_investors(book, on)
        claims = {
            "may still be sent back": clearing,
            "is held for investors": held,
            "is in suspense, owed to others or restricted": there - own - clearing - held,
        }
        said = "".join(f", {money_text(each)} of which {words}" for words, each in claims.items() if each.amount > 0)
        raise BorrowingRefused(
            f"{money_text(repaid.amount)} would leave the bank, {money_text(repaid.amount - own)} more than there is: "
            f"it has {money_text(there)} that is not on its way{said}. Repay less; nothing was changed."
        )


def refuse_rate(opened: OpenFacility, changed: RateChanged) -> None:
    """Raise BorrowingRefused for a rate that is none, and a day outside."""
    if not 0 <= changed.annual_rate < 1:
        raise BorrowingRefused(
            f"A nominal rate of {changed.annual_rate} is not possible: write 6% as 0.06, from 0 to below 1. "
            "Nothing was changed."
        )
    refuse_day(opened, changed.effective_on)


def refuse_amount(opened: OpenFacility, amount: Money) -> None:
    """Raise BorrowingRefused for an amount that is not above nought, or in another currency."""
    currency = opened.facility.currency
    if amount.currency.code != currency or amount.amount <= 0:
        raise BorrowingRefused(
            f"{money_text(amount)} is not possible on {opened.facility}: give an amount above nought in {currency}; "
            "nothing was changed."
        )


def refuse_day(opened: OpenFacility, on: date) -> None:
    """Raise BorrowingRefused unless it is a day on which something is owed, not to come and not closed."""
    began = min((one.effective_on for one in opened.life.standing if isinstance(one, Drawn)), default=None)
    if began is None or on < began:
        what = f"was drawn on {date_text(began)}" if began else "is not drawn yet"
        raise BorrowingRefused(
            f"{opened.facility} {what}; nothing can happen to it on {date_text(on)}. Choose a later day; "
            "nothing was changed."
        )
    _refuse_open_day(opened, on)


def _refuse_open_day(opened: OpenFacility, on: date) -> None:
    book = opened.facility.book
    if on > book.business_date:
        raise BorrowingRefused(
            f"{date_text(on)} is after {date_text(book.business_date)}, the business date of {book}. Correct the date; "
            "nothing was changed."
        )
    if on < opened.open_from:
        raise BorrowingRefused(
            f"{date_text(on)} is in a closed period: {book} is open from {date_text(opened.open_from)}. "
            "Choose that day or a later one; nothing was changed."
        )


def refuse_reversal(opened: OpenFacility, event: BorrowingEvent, on: date) -> None:
    """Raise BorrowingRefused for what is not taken back, is already, on a day outside, or was paid by the bank."""
    what = f"{event.get_kind_display()} {event.number} of {opened.facility}"
    if event.kind in ("reversed", "restructured"):
        raise BorrowingRefused(
            f"{what} is not taken back: agree on new terms, or record anew what happened. Nothing was changed."
        )
    if BorrowingEvent.objects.filter(reverses=event).exists():
        raise BorrowingRefused(f"{what} is taken back already. Look at its events; nothing was changed.")
    if on < event.effective_on:
        raise BorrowingRefused(
            f"{what} is dated {date_text(event.effective_on)}; date its reversal from that day on. Nothing was changed."
        )
    _refuse_open_day(opened, on)
    if event.kind == "repaid":
        _refuse_paid(opened, event, what)


def _refuse_paid(opened: OpenFacility, event: BorrowingEvent, what: str) -> None:
    payment = ledger.payment_under_way(opened.facility.book, payment_source(event))
    if payment is not None and payment.state != PaymentState.CONFIRMED:
        raise BorrowingRefused(
            f"{what} is in payment file {payment.file.number}, and is {payment.state} there. Withdraw that file first, "
            "or record that the bank refused the payment; nothing was changed."
        )
    waits = repayments_on_their_way(opened.facility, opened.facility.book.business_date)
    if event.money is not None and event.money > waits:
        raise BorrowingRefused(
            f"{what} is of {money_text(event.money)}, and {money_text(waits)} is still on its way: the bank paid the "
            "rest. Undo the bank line first; nothing was changed."
        )


def why(reason: str) -> str:
    """The reason without the space around it. Raises BorrowingRefused where there is none."""
    if not reason.strip():
        raise BorrowingRefused("Say why: the auditor reads it. Nothing was changed.")
    return reason.strip()
