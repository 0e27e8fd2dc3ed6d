"""What would an act on a fund's capital come to? Told from what was asked, the register and the ledger.

The same function tells what is proposed and, when it is approved, whether that is still so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from investors.domain.capital_act import ActContent, ActKind, ActLine, Effect, Holder
from investors.domain.capital_register import Register
from investors.domain.entries import due_to_investor
from investors.domain.errors import AboveCash, CallAboveCommitment, CapitalActRefused, ImpossibleCommitment
from investors.queries.capital import capital_register, class_terms, held_for
from investors.queries.capital_asking import Asking, Told
from investors.queries.capital_deed import preview_class, preview_deed, preview_terms
from investors.queries.capital_distribution import preview_distribution
from investors.queries.capital_equalisation import preview_equalisation
from investors.queries.capital_fee import preview_fee, preview_fee_terms
from investors.queries.capital_grants import preview_grant, preview_grant_applied, preview_grant_received
from investors.queries.capital_moved_in import preview_moved_in
from investors.queries.capital_result import preview_result
from investors.queries.capital_reversal import preview_reversal
from investors.queries.capital_transfer import preview_transfer
from ledger.domain.split import split_minor
from ledger.domain.words import date_text, money_text

if TYPE_CHECKING:
    from ledger.models import Book


def preview_act(book: Book, kind: ActKind, on: date, asked: Mapping[str, Any]) -> ActContent:
    """The whole content of an act, checked against all that is known.

    `asked` are values of JSON, each kind's its own. Raises CapitalActRefused, AboveCash, CallAboveCommitment,
    ImpossibleCommitment, TransferRefused and what the pure rules of the kind raise.
    """
    asking = Asking(book, on, asked, capital_register(book), class_terms(book, on))
    _refuse_day(book, on)
    _refuse_unknown(asking)
    lines, figures = _BUILDERS[kind](asking)
    content = ActContent(kind, on, dict(asked), tuple(lines), figures)
    _refuse_impossible(asking, content)
    return content


def _refuse_day(book: Book, on: date) -> None:
    if not book.opened_on <= on <= book.business_date:
        raise CapitalActRefused(
            f"{date_text(on)} is not from {date_text(book.opened_on)} to {date_text(book.business_date)}, the days "
            f"that {book} knows. Choose one of them; nothing was changed."
        )


def _refuse_unknown(asking: Asking) -> None:
    codes = [asking.asked["fund_class"]] if "fund_class" in asking.asked else asking.asked.get("classes", [])
    if unknown := [code for code in codes if code not in asking.classes]:
        raise CapitalActRefused(
            f"{asking.book} has no class {', '.join(unknown)} on {date_text(asking.on)}. Its classes then are "
            f"{', '.join(asking.classes) or 'none'}; nothing was changed."
        )


def _refuse_impossible(asking: Asking, content: ActContent) -> None:
    """Replay the holders who are changed with the act among all others: also later ones have to stay possible."""
    if content.kind is ActKind.REVERSAL:
        after = asking.known.without_act(content.asked["act"], content.effective_on)
    else:
        after = asking.known.with_lines(content.lines, content.effective_on)
    for holder in sorted({line.holder for line in content.lines}):
        _refuse_holder(after, holder, asking)


def _refuse_holder(after: Register, holder: Holder, asking: Asking) -> None:
    who = f"{holder[1]} in {asking.classes[holder[0]].name}"
    try:
        after.commitment(holder)
    except (ImpossibleCommitment, CallAboveCommitment) as refusal:
        raise type(refusal)(f"{who}: {refusal}") from refusal
    if (least := after.lowest(holder, asking.on)).amount < 0:
        raise CapitalActRefused(
            f"{who} would stand {money_text(-least)} below nought on its capital account. Give less, or correct what "
            "came after it first; nothing was changed."
        )


def _commitment(asking: Asking) -> Told:
    return [asking.line(Effect.SIGNED)], {}


def _cancellation(asking: Asking) -> Told:
    return [asking.line(Effect.CANCELLED)], {}


def _withdrawal(asking: Asking) -> Told:
    return [asking.line(Effect.CALL_WITHDRAWN)], {}


def _call(asking: Asking) -> Told:
    """A call is shared by what each has committed."""
    due_on = date.fromisoformat(asking.asked["due_on"])
    if due_on < asking.on:
        raise CapitalActRefused(
            f"The call is dated {date_text(asking.on)} and due on {date_text(due_on)}, before it. Give a later due "
            "day; nothing was changed."
        )
    stands = {
        holder: asking.known.commitment(holder)
        for code in asking.asked["classes"]
        for holder in asking.known.holders_of(code)
    }
    weights = [asking.minor(one.amount) for one in stands.values()]
    if not any(weights):
        named = [asking.classes[code].name for code in asking.asked["classes"]]
        raise CallAboveCommitment(
            f"{money_text(asking.money(asking.asked['minor']))} is to be called, and nobody has committed anything to "
            f"{', '.join(named) or 'no class'}. Record the commitments first; nothing was changed."
        )
    parts = split_minor(asking.asked["minor"], weights)
    whole = asking.money(sum(weights))
    lines = [
        ActLine(*holder, Effect.CALLED, part, why=f"{money_text(one.amount)} of {money_text(whole)} committed.")
        for (holder, one), part in zip(stands.items(), parts, strict=True)
        if part
    ]
    return lines, {}


def _payment(asking: Asking) -> Told:
    """Money that is held for the investor is put to its call."""
    account, amount = due_to_investor(asking.asked["investor"]), asking.money(asking.asked["minor"])
    held = held_for(asking.book, [account], asking.on)[account]
    if amount > held:
        raise AboveCash(
            f"{money_text(amount)} is {money_text(amount - held)} more than the {money_text(held)} that is held for "
            f"{asking.asked['investor']} on {date_text(asking.on)}. Wait for its money, or give less; nothing was "
            "changed."
        )
    return [asking.line(Effect.PAID_IN)], {}


_BUILDERS: dict[ActKind, Callable[[Asking], Told]] = {
    ActKind.COMMITMENT: _commitment,
    ActKind.CANCELLATION: _cancellation,
    ActKind.CALL: _call,
    ActKind.WITHDRAWAL: _withdrawal,
    ActKind.PAYMENT: _payment,
    ActKind.FEE_TERMS: preview_fee_terms,
    ActKind.FEE: preview_fee,
    ActKind.RESULT: preview_result,
    ActKind.DISTRIBUTION: preview_distribution,
    ActKind.TRANSFER: preview_transfer,
    ActKind.EQUALISATION: preview_equalisation,
    ActKind.DEED: preview_deed,
    ActKind.CLASS: preview_class,
    ActKind.TERMS: preview_terms,
    ActKind.GRANT: preview_grant,
    ActKind.GRANT_RECEIVED: preview_grant_received,
    ActKind.GRANT_APPLIED: preview_grant_applied,
    ActKind.MOVED_IN: preview_moved_in,
    ActKind.REVERSAL: preview_reversal,
}
