"""What would a transfer of a holding move? It counts from a day through which the result is shared, so that what the
seller earned stands on its account and moves with it, and every later day is the buyer's."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from moneyed import Money

from investors.domain.capital import CapitalKind
from investors.domain.capital_act import ActKind, Holder
from investors.domain.commitment import Commitment
from investors.domain.errors import TransferRefused
from investors.domain.holding_transfer import capital_moved, moved_parts, transfer_lines
from investors.models import Investor
from investors.queries.capital import ONE_DAY, standing_acts, unshared_result
from investors.queries.capital_asking import Asking, Told
from ledger.domain.words import date_text, money_text


def preview_transfer(asking: Asking) -> Told:
    """The same share of everything that the seller has in the class moves to the buyer. Raises TransferRefused."""
    fund_class, seller, buyer = (asking.asked[name] for name in ("fund_class", "seller", "buyer"))
    names = _named(seller, buyer)
    holder = fund_class, seller
    stands, amount = asking.known.commitment(holder, asking.on), asking.money(asking.asked["minor"])
    _refuse_more_than_is_held(asking, holder, stands, amount)
    refuse_unshared(asking, "A holding is transferred")
    share = Fraction(asking.asked["minor"], asking.minor(stands.amount))
    account = {kind: asking.known.balance(holder, asking.on, [kind]) for kind in CapitalKind}
    parts = moved_parts(stands, account, share)
    price = asking.asked.get("price")
    paid = f"for {money_text(asking.money(price))}, which they settle" if price is not None else "at a price"
    why = (
        f"{names[seller]} transfers {money_text(amount)} of its {money_text(stands.amount)} commitment to "
        f"{asking.classes[fund_class].name} to {names[buyer]}, {paid} between themselves."
    )
    figures = {
        "seller": seller,
        "buyer": buyer,
        "share": str(share),
        "price": price,
        "capital": asking.minor(capital_moved(parts, asking.known.nought)),
        "parts": [{"part": one.effect.value, "held": asking.minor(one.held), "moves": one.minor} for one in parts],
    }
    return transfer_lines(fund_class, seller, buyer, parts, why), figures


def _named(seller: str, buyer: str) -> dict[str, str]:
    """Their names. Raises TransferRefused for one that is not registered, and for two that are one."""
    if seller == buyer:
        raise TransferRefused(
            f"{seller} would transfer its holding to itself. Choose another buyer; nothing was changed."
        )
    known = dict(Investor.objects.filter(code__in=(seller, buyer)).values_list("code", "name"))
    if unknown := sorted({seller, buyer} - set(known)):
        raise TransferRefused(
            f"No investor is registered under {', '.join(unknown)}. Register it first; nothing was changed."
        )
    return known


def _refuse_more_than_is_held(asking: Asking, holder: Holder, stands: Commitment, amount: Money) -> None:
    what = f"the commitment of {holder[1]} to {asking.classes[holder[0]].name}"
    if amount > stands.amount:
        raise TransferRefused(
            f"{money_text(amount)} of {what} is to be transferred on {date_text(asking.on)}, "
            f"{money_text(amount - stands.amount)} more than the {money_text(stands.amount)} that it holds on that "
            f"day{_held_later(asking, holder, amount)}. Transfer less, or date it later; nothing was changed."
        )
    if stands.called:
        raise TransferRefused(
            f"{money_text(stands.called)} of {what} is called and not paid in, so nobody could say whose call that is. "
            "Have it paid in, or withdraw the call first; nothing was changed."
        )


def _held_later(asking: Asking, holder: Holder, amount: Money) -> str:
    later = (day for day in asking.known.days if day > asking.on)
    first = next((day for day in later if asking.known.commitment(holder, day).amount >= amount), None)
    return f" and first holds on {date_text(first)}" if first else ""


def refuse_unshared(asking: Asking, what: str) -> None:
    """Raise TransferRefused unless the result is shared through the day, and not further."""
    unshared = unshared_result(asking.book, asking.on, asking.known)
    if unshared is None or unshared.since == asking.on + ONE_DAY:
        _refuse_distributed(asking, what)
        return
    if unshared.since <= asking.on:
        raise TransferRefused(
            f"{what} on {date_text(asking.on)}, and the result is shared up to "
            f"{date_text(unshared.since - ONE_DAY)}, before it. Share the result through {date_text(asking.on)} first, "
            "so that each has its days; nothing was changed."
        )
    raise TransferRefused(
        f"{what} on {date_text(asking.on)}, and the result is shared through {date_text(unshared.since - ONE_DAY)} "
        "already, by who held what then. Date it on that day; nothing was changed."
    )


def _refuse_distributed(asking: Asking, what: str) -> None:
    later: date | None = next(
        (one.effective_on for one in standing_acts(asking.book, ActKind.DISTRIBUTION) if one.effective_on > asking.on),
        None,
    )
    if later:
        raise TransferRefused(
            f"{what} on {date_text(asking.on)}, and on {date_text(later)} cash was distributed to who held it before. "
            "Share the result through a later day and date it then; nothing was changed."
        )
