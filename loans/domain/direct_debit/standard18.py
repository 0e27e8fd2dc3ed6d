"""The file that asks Bacs for money: Standard 18, with instructions of AUDDIS among the same records.

Sources: "BACS Standard 18: Message Implementation Guide" (HSBC, August 2012) for the labels and records; FinDock's
"Bacs Direct Debit collection file" and "Bacs Direct Debit Instruction" for collections and instructions.

Labels have 80 signs, records 100: one processing day for the whole file. Dates are a blank, the year's two digits and
the day of the year. Money that comes in is balanced by one credit to the service user's account, the contra record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from loans.domain.direct_debit.signs import bacs_text

KEPT_FOR = timedelta(days=14)
"""After so many days Bacs may forget a file."""

BLANK = ""


class TransactionCode(StrEnum):
    """What a record asks for."""

    FIRST = "01"
    REGULAR = "17"
    REPRESENTED = "18"
    FINAL = "19"
    CREDIT = "99"
    NEW_INSTRUCTION = "0N"
    CONVERTED_INSTRUCTION = "0S"
    CANCELLED_INSTRUCTION = "0C"

    @property
    def is_instruction(self) -> bool:
        """Whether it tells the payer's bank of a mandate, and moves no money."""
        return self.value.startswith("0") and self is not TransactionCode.FIRST


@dataclass(frozen=True, slots=True)
class ServiceUser:
    """Who asks: the six digits that Bacs knows the fund by, and the account that is credited."""

    number: str
    name: str
    sort_code: str
    account_number: str


@dataclass(frozen=True, slots=True)
class BacsRecord:
    """One payer: the account, the reference of the mandate, and pence (nought in an instruction)."""

    code: TransactionCode
    sort_code: str
    account_number: str
    account_name: str
    reference: str
    pence: int


@dataclass(frozen=True, slots=True)
class Submission:
    """A file as a whole: its six-digit serial number, what the statement shall say, and its days."""

    serial: int
    narrative: str
    made_on: date
    processing_on: date
    """The day before the payers are debited: Bacs takes the file in, processes it, and debits on the third day."""


def standard18(user: ServiceUser, records: Sequence[BacsRecord], submission: Submission) -> str:
    """The whole file in ASCII, each line ended by CR and LF. The same rows give the same bytes."""
    header = _header1(user, submission), _header2()
    lines = [
        _volume(user, submission),
        *(f"HDR{label}" for label in header),
        _user_header(submission),
        *(_record(user, one) for one in records),
        *_contra(user, records, submission),
        *(f"EOF{label}" for label in header),
        _user_trailer(records),
    ]
    return "".join(f"{line}\r\n" for line in lines)


def _volume(user: ServiceUser, submission: Submission) -> str:
    return f"VOL1{submission.serial:06d}{BLANK:31}{user.number}{BLANK:32}1"


def _header1(user: ServiceUser, submission: Submission) -> str:
    made, forgotten = _day(submission.made_on), _day(submission.processing_on + KEPT_FOR)
    file = f"A{user.number}S{BLANK:3}{user.number}"
    return f"1{file}{submission.serial:06d}00010001{BLANK:6}{made}{forgotten} 000000{BLANK:20}"


def _header2() -> str:
    return f"2F0200000100{BLANK:35}00{BLANK:28}"


def _user_header(submission: Submission) -> str:
    file = submission.serial % 1000
    return f"UHL1{_day(submission.processing_on)}999999    000000001 DAILY  {file:03d}{BLANK:40}"


def _record(user: ServiceUser, one: BacsRecord) -> str:
    return (
        f"{one.sort_code}{one.account_number}0{one.code}{user.sort_code}{user.account_number}{BLANK:4}{one.pence:011d}"
        f"{bacs_text(user.name)}{bacs_text(one.reference)}{bacs_text(one.account_name)}"
    )


def _contra(user: ServiceUser, records: Sequence[BacsRecord], submission: Submission) -> list[str]:
    """The credit to the service user; none where the file has only instructions."""
    pence = sum(one.pence for one in records)
    if not pence:
        return []
    account = f"{user.sort_code}{user.account_number}"
    return [
        f"{account}0{TransactionCode.CREDIT}{account}{BLANK:4}{pence:011d}"
        f"{bacs_text(submission.narrative)}{bacs_text('CONTRA')}{bacs_text(user.name)}"
    ]


def _user_trailer(records: Sequence[BacsRecord]) -> str:
    pence = sum(one.pence for one in records)
    instructions = sum(1 for one in records if one.code.is_instruction)
    debits = len(records) - instructions
    return f"UTL1{pence:013d}{pence:013d}{debits:07d}{int(bool(pence)):07d}{BLANK:8}{instructions:07d}{BLANK:21}"


def _day(day: date) -> str:
    return f" {day:%y%j}"
