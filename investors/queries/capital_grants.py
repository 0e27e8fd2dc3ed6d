"""What would it come to if a restricted grant were recorded, received, or applied?"""

from __future__ import annotations

from datetime import date
from typing import Any

from investors.domain.capital_act import ActKind
from investors.domain.entries import due_to_investor
from investors.domain.errors import AboveCash, CapitalActRefused, GrantRefused
from investors.domain.participation import CODE
from investors.domain.restricted_grant import Purpose, RestrictedGrant
from investors.models import Investor
from investors.queries.capital import held_for
from investors.queries.capital_asking import Asking, Told
from investors.queries.restricted_grants import may_still_pay_for, restricted_grants
from ledger.domain.words import date_text, money_text
from loans.queries import loans


def preview_grant(asking: Asking) -> Told:
    """A funder gives money for one purpose. Raises GrantRefused for a code that cannot be, or that stands."""
    code, funder = asking.asked["grant"], asking.asked["funder"]
    if not CODE.fullmatch(code):
        raise GrantRefused(
            f"{code!r} is no code for a grant. Use up to 20 capital letters, digits and dashes, such as LOT-A; nothing "
            "was changed."
        )
    if found := restricted_grants(asking.book).get(code):
        raise GrantRefused(
            f"A grant {code} stands: {money_text(found.promised)} of {found.funder} for {found.purpose.words}. Choose "
            "another code; nothing was changed."
        )
    if not Investor.objects.filter(code=funder).exists():
        raise GrantRefused(
            f"No funder is registered under {funder}. Register it among the investors first; nothing was changed."
        )
    return [], {"purpose": Purpose(asking.asked["purpose"]).value, "amount": asking.asked["minor"]}


def preview_grant_received(asking: Asking) -> Told:
    """Money that is held for the funder becomes the grant. Raises AboveCash, GrantRefused."""
    grant, amount = _grant(asking), asking.money(asking.asked["minor"])
    grant.refuse_above_promise(amount)
    account = due_to_investor(grant.funder)
    held = held_for(asking.book, [account], asking.on)[account]
    if amount > held:
        raise AboveCash(
            f"{money_text(amount)} is {money_text(amount - held)} more than the {money_text(held)} that is held for "
            f"{grant.funder} on {date_text(asking.on)}. Wait for its money, or give less; nothing was changed."
        )
    return [], _figures(asking, grant, 1)


def preview_grant_applied(asking: Asking) -> Told:
    """A grant is used for its purpose, and for no more than there is to pay. Raises GrantRefused."""
    grant, amount = _grant(asking), asking.money(asking.asked["minor"])
    purpose = Purpose(asking.asked["purpose"])
    grant.refuse_purpose(purpose, amount)
    grant.refuse_above_balance(amount, asking.on)
    if purpose is Purpose.BESIDE_THE_LOAN:
        _refuse_no_loan(asking)
        return [], _figures(asking, grant, -1)
    if amount > (room := may_still_pay_for(asking.book, purpose, asking.on)):
        raise GrantRefused(
            f"{money_text(amount)} of {grant.code} is to be applied to {purpose.words}, {money_text(amount - room)} "
            f"more than the {money_text(room)} of them that no grant has paid for through {date_text(asking.on)}. "
            "Apply less; nothing was changed."
        )
    return [], _figures(asking, grant, -1)


def refuse_grant_undone(asking: Asking, kind: ActKind, asked: Any) -> None:
    """Raise GrantRefused where a grant is taken back of which something moved, or a receipt that was applied."""
    grant = restricted_grants(asking.book)[asked["grant"]]
    received = grant.received(date.min, date.max)
    if kind is ActKind.GRANT and received:
        raise GrantRefused(
            f"{money_text(received)} of {grant.code} was received, so the grant stands. Take back what was received "
            "first; nothing was changed."
        )
    if kind is ActKind.GRANT_RECEIVED:
        grant.refuse_above_balance(asking.money(asked["minor"]), asking.on)


def _grant(asking: Asking) -> RestrictedGrant:
    grants = restricted_grants(asking.book)
    if asking.asked["grant"] not in grants:
        raise GrantRefused(
            f"{asking.book} has no grant {asking.asked['grant']}. Its grants are {', '.join(grants) or 'none'}; "
            "nothing was changed."
        )
    return grants[asking.asked["grant"]]


def _refuse_no_loan(asking: Asking) -> None:
    reference = asking.asked.get("loan", "")
    if not loans(asking.book).filter(reference=reference).exists():
        raise CapitalActRefused(
            f"{asking.book} has no loan {reference or 'named'}, beside which the grant could be made. Choose one of "
            "its loans; nothing was changed."
        )


def _figures(asking: Asking, grant: RestrictedGrant, sign: int) -> dict[str, Any]:
    before = grant.balance(asking.on)
    return {
        "funder": grant.funder,
        "purpose": grant.purpose.value,
        "before": asking.minor(before),
        "after": asking.minor(before) + sign * asking.asked["minor"],
    }
