"""What is paid, to whom and for what? The values of a payment file, and the hash that two people agree on."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256

from moneyed import Money

from ledger.domain.bank_details import BankDetails

LONGEST_ID = 35
"""ISO 20022's Max35Text: message, payment and end-to-end identifications."""

SORT_CODE_AND_NUMBER = re.compile(r"[0-9]{14}", re.ASCII)
IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")

_NOT_LATIN = re.compile(r"[^A-Za-z0-9/?:().,'+ -]")
_INSTEAD = str.maketrans({"&": "+", "_": "-", "’": "'", "‘": "'", "–": "-", "—": "-", "ß": "ss", "Ø": "O", "ø": "o"})


class Purpose(StrEnum):
    """What a payment is for."""

    DRAWDOWN = "drawdown"
    REFUND = "refund"
    LENDER = "lender"


class PaymentState(StrEnum):
    """How far a payment is, told from the rows about it."""

    WAITING = "waiting"
    CHECKED = "checked"
    SENT = "sent"
    CONFIRMED = "confirmed"
    RETURNED = "returned"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


UNDER_WAY = (PaymentState.WAITING, PaymentState.CHECKED, PaymentState.SENT)
"""A payment that may still leave the bank, or has left it without the bank's line."""

LIVE = (*UNDER_WAY, PaymentState.CONFIRMED)
"""A payment that stands in the way of another one of the same thing."""


class PaymentFormat(StrEnum):
    """The version of the message; banks say which they take."""

    PAIN_09 = "pain.001.001.09"
    PAIN_03 = "pain.001.001.03"


class Scheme(StrEnum):
    """By which service level a payment goes; one block of a file for each."""

    UK = "uk"
    SEPA = "sepa"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that can be paid: from which account in transit, to which payee, how much, for what.

    `payee` is a subject of the bank details (`organisation:4`), `account` a code such as `1020/L-0108`, `source` what
    is paid once and no more (`loan-event:12`), `reference` what the payee reads on the statement, 35 signs at most.
    """

    payee: str
    account: str
    amount: Money
    purpose: Purpose
    source: str
    reference: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment of a file as the bank is told it."""

    end_to_end_id: str
    details: BankDetails
    amount: Money
    reference: str

    @property
    def scheme(self) -> Scheme:
        """UK for pounds to a British account, SEPA for euros by IBAN, else what the bank makes of it."""
        if self.amount.currency.code == "EUR":
            return Scheme.SEPA
        is_british = bool(self.details.sort_code) or self.details.iban.startswith("GB")
        return Scheme.UK if is_british and self.amount.currency.code == "GBP" else Scheme.OTHER


@dataclass(frozen=True, slots=True)
class TransferFile:
    """All that a payment file says; the same value gives the same bytes.

    `debtor_account` is an IBAN or sort code and account number in 14 digits; `made_at` is in UTC.
    """

    message_id: str
    made_at: datetime
    requested_on: date
    debtor_name: str
    debtor_account: str
    is_batch: bool
    format: PaymentFormat
    transfers: tuple[Transfer, ...]

    @property
    def blocks(self) -> tuple[tuple[str, Scheme, tuple[Transfer, ...]], ...]:
        """The blocks of the file: an identification, the scheme, and its payments in order."""
        found = [(scheme, [one for one in self.transfers if one.scheme is scheme]) for scheme in Scheme]
        kept = [(scheme, tuple(transfers)) for scheme, transfers in found if transfers]
        return tuple((f"{self.message_id}-B{no}", scheme, made) for no, (scheme, made) in enumerate(kept, start=1))


def message_id(book: str, number: int) -> str:
    """How a file is called at the bank.

    >>> message_id("harbour-hills", 7)
    'HARBOUR-HILLS-0007'
    """
    return f"{book.upper().replace('_', '-')[: LONGEST_ID - 12]}-{number:04d}"


def end_to_end_id(message: str, line_no: int) -> str:
    """How one payment of it is called from end to end, also on the statement that confirms it.

    >>> end_to_end_id("HARBOUR-HILLS-0007", 2)
    'HARBOUR-HILLS-0007-2'
    """
    return f"{message}-{line_no}"


def latin(text: str, longest: int) -> str:
    """A text in the signs that every bank takes (the SEPA set), cut to a length; accents fall, other signs become `.`

    >>> latin("Café “Nord” & Søns", 70)
    'Cafe .Nord. + Sons'
    """
    plain = unicodedata.normalize("NFKD", text.translate(_INSTEAD))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(_NOT_LATIN.sub(".", plain).split())[:longest].strip()


def content_sha256(head: Sequence[object], lines: Sequence[Sequence[object]]) -> str:
    """The hash of a payment file's rows, which the database takes anew before a second person's word counts."""
    told = ["|".join(map(str, parts)) for parts in (head, *lines)]
    return sha256("\n".join(told).encode()).hexdigest()
