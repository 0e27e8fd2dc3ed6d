"""What can a bank line be by itself, or with another one? A charge, interest, or two lines that undo each other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ledger.domain.money import from_minor
from ledger.domain.payer_names import likeness
from ledger.domain.suggestion import Part, Reason, Suggestion, suggestion
from ledger.domain.words import date_text, money_text

OPPOSITE, CHARGE, INTEREST = "line", "charge", "interest"
"""What a line is for: to be set against another line, a charge of the bank, its interest."""

OPPOSITE_DAYS = 40
"""What came back or went to another account shows within so many days; a charged-back collection may take longer."""

_CHARGE = re.compile(r"\b(charges?|commission|fees?|tariff)\b", re.IGNORECASE)
_INTEREST = re.compile(r"\b(interest|gross int|int paid)\b", re.IGNORECASE)
_CAME_BACK = re.compile(
    r"\b(return(ed)?|unpaid|bounced?|rejected|recall(ed)?|revers(al|ed)|refer to drawer|indemnity|chargeback|"
    r"not applied|account closed|r-transaction|A[CMG]\d\d)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class BankLine:
    """What a bank line says, and of which account it is; `took` is what its matches booked, in words."""

    key: int
    account: int
    on: date
    minor: int
    currency: str
    payer: str
    text: str
    took: str = ""


def bank_suggestions(line: BankLine, opposites: Iterable[BankLine]) -> list[Suggestion]:
    """What a line could be that needs no loan and no investor; `opposites` are lines of the opposite amount."""
    found = [_by_itself(line), *(_against(line, other) for other in opposites)]
    return [one for one in found if one is not None]


def _by_itself(line: BankLine) -> Suggestion | None:
    text = f"{line.payer} {line.text}"
    if line.minor < 0 and (word := _CHARGE.search(text)):
        part = Part(CHARGE, 0, -line.minor)
        return suggestion([part], "Bank charge", [Reason(60, f"it says “{word[0]}”"), _small(line)])
    if line.minor > 0 and (word := _INTEREST.search(text)):
        return suggestion([Part(INTEREST, 0, line.minor)], "Bank interest", [Reason(60, f"it says “{word[0]}”")])
    return None


def _small(line: BankLine) -> Reason | None:
    return Reason(30, "it is small") if -line.minor < 100_00 else None


def _against(line: BankLine, other: BankLine) -> Suggestion | None:
    days = abs((line.on - other.on).days)
    _earlier, later = sorted((line, other), key=lambda one: (one.on, one.key))
    if days > OPPOSITE_DAYS or other.minor != -line.minor or (other.took and later is other):
        return None
    came_back = _CAME_BACK.search(f"{later.payer} {later.text}")
    alike = likeness(line.payer, other.payer) or likeness(line.text, other.text)
    moved = line.account != other.account
    amount = money_text(from_minor(other.minor, other.currency))
    reasons = [
        Reason(25, f"the line of {date_text(other.on)} is {amount}"),
        Reason(45, f"it says “{came_back[0]}”") if came_back and later is line else None,
        Reason(35, "both name the same party") if alike else None,
        Reason(45, "it is on another account of the fund") if moved and not other.took else None,
        Reason(15, f"{days} days lie between them" if days != 1 else "a day lies between them") if days < 8 else None,
    ]
    return suggestion([Part(OPPOSITE, other.key, abs(line.minor))], _label(line, other, moved=moved), reasons)


def _label(line: BankLine, other: BankLine, *, moved: bool) -> str:
    if other.took:
        return f"{other.took} came back"
    on = date_text(other.on)
    return f"Transfer between own accounts, with the line of {on}" if moved else f"Undoes the line of {on}"
