"""What do those who joined a class at a later close pay to those who were there, so that all stand alike?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from moneyed import Money

from investors.domain.capital_act import ActLine, Effect, Holder
from investors.domain.commitment import Commitment
from investors.domain.entries import due_to_investor
from investors.domain.equalisation import Equalised, Partner, equalise
from investors.domain.errors import AboveCash, CapitalActRefused
from investors.queries.capital import held_for
from investors.queries.capital_asking import Asking, Told
from ledger.domain.money import from_minor
from ledger.domain.words import date_text, money_text
from loans.domain.rates import rate_text

EFFECTS = {1: (Effect.EQUALISED_IN, Effect.CATCH_UP_PAID), -1: (Effect.EQUALISED_OUT, Effect.CATCH_UP_RECEIVED)}
"""Capital and interest, of who pays and of who gets."""


def preview_equalisation(asking: Asking) -> Told:
    """Each pays its share of what was drawn so far, with interest, and those who paid too much get it.

    Raises CapitalActRefused where there is nothing to equalise, AboveCash for money that is not held.
    """
    code, rate = asking.asked["fund_class"], Decimal(asking.asked["rate"])
    if not 0 <= rate < 1:
        raise CapitalActRefused(
            f"Interest of {rate_text(rate)} a year is not possible. Give a rate from 0% to below 100%; nothing "
            "was changed."
        )
    stands = {holder: asking.known.commitment(holder, asking.on) for holder in asking.known.holders_of(code)}
    _refuse_open_calls(asking, stands)
    partners = [Partner(holder[1], one.amount, one.drawn) for holder, one in stands.items()]
    drawn = sum((one.drawn for one in stands.values()), asking.known.nought)
    draws = _draws(asking, list(stands)) if rate else [(asking.on, drawn)]
    _refuse_days_unknown(asking, drawn - sum((amount for _, amount in draws), asking.known.nought))
    found = equalise(partners, draws, on=asking.on, rate=rate) if drawn and any(p.commitment for p in partners) else ()
    if not any(one.capital for one in found):
        raise CapitalActRefused(
            f"Everybody in {asking.classes[code].name} has paid its share of the {money_text(drawn)} that is drawn on "
            f"{date_text(asking.on)}, so there is nothing to equalise. Record the new commitments first; nothing was "
            "changed."
        )
    _refuse_not_held(asking, found)
    lines = [line for one, partner in zip(found, partners, strict=True) for line in _lines(asking, one, partner, drawn)]
    return lines, _figures(asking, found, partners, drawn)


def _refuse_open_calls(asking: Asking, stands: dict[Holder, Commitment]) -> None:
    if called := sum((one.called for one in stands.values()), asking.known.nought):
        raise CapitalActRefused(
            f"{money_text(called)} is called of {asking.classes[asking.asked['fund_class']].name} and not paid in, so "
            "nobody could say who paid its share. Have it paid in, or withdraw the call first; nothing was changed."
        )


def _refuse_days_unknown(asking: Asking, unknown: Money) -> None:
    if unknown:
        name = asking.classes[asking.asked["fund_class"]].name
        raise CapitalActRefused(
            f"{money_text(unknown)} of what is drawn of {name} moved in with holdings, and the days on which it was "
            "drawn are not known here, so nobody could work out interest from them. Give 0% where none is due, or "
            "equalise where the holdings come from before they move in; nothing was changed."
        )


def _draws(asking: Asking, holders: Sequence[Holder]) -> list[tuple[date, Money]]:
    """What was paid in on each day, less what was given back and may be called again."""
    found: dict[date, int] = defaultdict(int)
    for holder in holders:
        for effect, sign in ((Effect.PAID_IN, 1), (Effect.RECALLABLE, -1)):
            for each in asking.known.standing_lines(holder, effect, asking.on):
                found[each.on] += sign * each.line.minor
    return [(on, from_minor(minor, asking.currency)) for on, minor in sorted(found.items())]


def _refuse_not_held(asking: Asking, found: Sequence[Equalised]) -> None:
    owed = {due_to_investor(one.investor): one.capital + one.interest for one in found if one.capital.amount > 0}
    for code, held in held_for(asking.book, sorted(owed), asking.on).items():
        if owed[code] > held:
            raise AboveCash(
                f"{code.partition('/')[2]} is to pay {money_text(owed[code])}, {money_text(owed[code] - held)} more "
                f"than the {money_text(held)} that is held for it on {date_text(asking.on)}. Wait for its money; "
                "nothing was changed."
            )


def _lines(asking: Asking, one: Equalised, partner: Partner, drawn: Money) -> Iterator[ActLine]:
    sign = 1 if one.capital.amount > 0 else -1
    why = (
        f"Its commitment of {money_text(partner.commitment)} is {money_text(partner.contributed + one.capital)} of the "
        f"{money_text(drawn)} drawn, and {money_text(partner.contributed)} stood as drawn of it."
    )
    for effect, amount in zip(EFFECTS[sign], (one.capital, one.interest), strict=True):
        if amount:
            yield ActLine(asking.asked["fund_class"], one.investor, effect, sign * asking.minor(amount), why=why)


def _figures(asking: Asking, found: Sequence[Equalised], partners: Sequence[Partner], drawn: Money) -> dict[str, Any]:
    rows = [
        {
            "investor": one.investor,
            "committed": asking.minor(partner.commitment),
            "drawn": asking.minor(partner.contributed),
            "capital": asking.minor(one.capital),
            "interest": asking.minor(one.interest),
        }
        for one, partner in zip(found, partners, strict=True)
    ]
    return {"rate": asking.asked["rate"], "drawn": asking.minor(drawn), "partners": rows}
