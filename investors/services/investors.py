"""Registering who puts money in."""

from __future__ import annotations

import re

from borrowers.domain.names import hidden_sign
from investors.domain.errors import ImpossibleInvestor, InvestorExists
from investors.domain.kinds import InvestorKind
from investors.domain.participation import CODE
from investors.models import Investor

LIKE_A_LOAN = re.compile(r"[LB]-\d+")
"""How loans and borrowings are numbered; statements and accounts bear such a reference or the investor's code."""


def register_investor(*, code: str, name: str, kind: InvestorKind, registered_number: str = "") -> Investor:
    """Keep a record of a lender; the same particulars again give the record that stands.

    Raises ImpossibleInvestor and InvestorExists.
    """
    particulars = {"name": name.strip(), "kind": kind.value, "registered_number": registered_number.strip()}
    if not CODE.fullmatch(code):
        raise ImpossibleInvestor(
            f"{code!r} is no code for an investor. Use up to 20 capital letters, digits and dashes, such as "
            "NRB; nothing was changed."
        )
    if LIKE_A_LOAN.fullmatch(code):
        raise ImpossibleInvestor(
            f"{code} is how a loan or a borrowing is called, and a statement of the one would bear the number of the "
            "other's. Choose another code; nothing was changed."
        )
    if not particulars["name"]:
        raise ImpossibleInvestor(f"The investor {code} has no name. Give its registered name; nothing was changed.")
    if sign := hidden_sign(particulars["name"]):
        raise ImpossibleInvestor(
            f"The name of the investor {code} holds {sign}, which nobody sees and which can change how the text beside "
            "it reads. Type the name anew in one line; nothing was changed."
        )
    investor, made = Investor.objects.get_or_create(code=code, defaults=particulars)
    differing = [field for field, value in particulars.items() if getattr(investor, field) != value]
    if differing and not made:
        raise InvestorExists(
            f"{code} is registered as {investor.name}, with another {differing[0].replace('_', ' ')}. "
            "Use that record or choose another code; nothing was changed."
        )
    return investor
