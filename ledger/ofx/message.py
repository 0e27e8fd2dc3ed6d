"""Which statements and lines are in an OFX file, and how does each account close?

The structure follows the OFX specifications 1.6 and 2.3, chapter 11. OFX states no opening balance, and its closing
balance (`LEDGERBAL`) may be of another moment than the end of its lines; the rule is in `_closing`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from moneyed import CURRENCIES, Money

from ledger.domain.bank_errors import (
    AbsurdAmount,
    MissingPart,
    MixedCurrencies,
    NotOfx,
    OverPreciseAmount,
    UnreadableAmount,
    UnreadableDate,
)
from ledger.domain.bank_statement import ParsedLine, ParsedStatement, normalise_account, number_occurrences, plain
from ledger.domain.money import LIMIT, minor_digits
from ledger.domain.words import date_text
from ledger.ofx.header import body_of_sgml, is_sgml
from ledger.ofx.parts import Part, parts_of_sgml, parts_of_xml
from ledger.safe_xml import hold_size, load_xml

_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{2,6}(?:\.\d{1,6})?)?\s*(?:\[[^\]]{0,20}\]|:\d{1,3})?", re.ASCII)
_AMOUNT = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)", re.ASCII)
_LONGEST = 40
_YEARS = range(1900, 2200)
_ASK = "Ask the bank for a corrected file."
_ASK_FOR_WHOLE = "Ask the bank for a complete file."
_SHORT, _LONG = 140, 500
_PLAIN_KINDS = frozenset({"", "CREDIT", "DEBIT", "OTHER"})
"""Kinds of line that say no more than the sign does."""


def parse_ofx(data: bytes, *, max_bytes: int) -> tuple[ParsedStatement, ...]:
    """The bank statements in an OFX file of either generation, lines that are alike numbered across the file.

    Raises BankFileError, in one of its classes and no other error, for any bytes whatever.
    """
    hold_size(len(data), max_bytes)
    root = parts_of_sgml(body_of_sgml(data)) if is_sgml(data) else parts_of_xml(load_xml(data, max_bytes=max_bytes))
    if root.name != "OFX":
        raise NotOfx(f"The file begins with {root.name[:40]!r}, not with OFX. Download it again.")
    answers = [answer for bank in root.all("BANKMSGSRSV1") for answer in bank.all("STMTTRNRS")]
    statements = [_statement(answer) for answer in answers]
    if not statements:
        raise NotOfx(_without_statements(root))
    return number_occurrences(statements)


def _without_statements(root: Part) -> str:
    kinds = [part.name for part in root.parts if part.name.endswith("MSGSRSV1") and part.name != "SIGNONMSGSRSV1"]
    holds = f"it holds {', '.join(kinds)[:100]}" if kinds else "it may say that logging in failed"
    return f"The OFX file has no bank statement in it (BANKMSGSRSV1): {holds}. Download the account's statement."


def _statement(answer: Part) -> ParsedStatement:
    statement = answer.first("STMTRS")
    if statement is None:
        code, says = answer.text("STATUS", "CODE"), answer.text("STATUS", "MESSAGE")
        raise NotOfx(f"The bank's answer has no statement: status {code[:10]!r} {says[:100]}. Download it again.")
    currency = _currency(statement)
    lines, notes = _lines(statement, currency)
    from_on, to_on = _days(statement, lines)
    closing, note = _closing(statement, lines, to_on, currency)
    return ParsedStatement(
        statement_id=f"OFX {from_on} to {to_on}",
        account_identification=_account(statement),
        currency=currency,
        from_on=from_on,
        to_on=to_on,
        opening=None,
        closing=closing,
        lines=tuple(lines),
        notes=(*notes, *note),
    )


def _currency(statement: Part) -> str:
    code = statement.text("CURDEF").upper()
    if not code:
        raise MissingPart(f"The statement in line {statement.line} has no CURDEF, its currency. {_ASK_FOR_WHOLE}")
    if code not in CURRENCIES:
        raise MixedCurrencies(
            f"The statement in line {statement.line} is in {code[:20]!r}, which is no currency. {_ASK}"
        )
    return code


def _account(statement: Part) -> str:
    """An IBAN where `ACCTID` is one; else the bank's code, such as a sort code, before the number, unless it has it."""
    bank, number = (normalise_account(statement.text("BANKACCTFROM", part)) for part in ("BANKID", "ACCTID"))
    if not number:
        raise MissingPart(f"The statement in line {statement.line} has no ACCTID, its account. {_ASK_FOR_WHOLE}")
    is_iban = number[:2].isalpha() and number[2:4].isdigit() and len(number) >= 15
    return number if is_iban or number.startswith(bank) else f"{bank}{number}"


def _lines(statement: Part, currency: str) -> tuple[list[ParsedLine], list[str]]:
    found = [_line(part, currency) for each in statement.all("BANKTRANLIST") for part in each.all("STMTTRN")]
    lines = [line for line in found if line.amount]
    noughts = len(found) - len(lines)
    notes = [f"{noughts} {'line' if noughts == 1 else 'lines'} of nought left out."] if noughts else []
    if statement.first("BANKTRANLISTP"):
        notes.append("What is not booked yet was left out. It comes in a later file.")
    return lines, notes


def _line(part: Part, currency: str) -> ParsedLine:
    _hold_plain(part, currency)
    booked_on = _required_day(part, "DTPOSTED")
    memo, kind = part.text("MEMO"), part.text("TRNTYPE").upper()
    reference = memo or part.text("REFNUM") or part.text("CHECKNUM")
    rest = [kind if kind not in _PLAIN_KINDS else "", part.text("EXTDNAME"), part.text("REFNUM"), part.text("CHECKNUM")]
    return ParsedLine(
        bank_reference=_shorten(part.text("FITID"), _SHORT),
        booked_on=booked_on,
        value_on=_day(part, "DTAVAIL") or booked_on,
        amount=_money(part, "TRNAMT", currency),
        counterparty=_shorten(part.text("NAME") or part.text("PAYEE", "NAME"), _SHORT),
        reference=_shorten(reference, _SHORT),
        description=_shorten(
            "; ".join(dict.fromkeys(text for text in [*rest, _foreign(part)] if text and text != reference)), _LONG
        ),
    )


def _hold_plain(part: Part, currency: str) -> None:
    """A line is in the statement's currency and takes back no other one."""
    theirs = part.text("CURRENCY", "CURSYM").upper()
    if theirs and theirs != currency:
        raise MixedCurrencies(
            f"The line of the OFX file in line {part.line} is in {theirs[:20]} and its statement in {currency}. "
            "Ask the bank for one statement per currency."
        )
    if part.text("CORRECTFITID"):
        raise NotOfx(
            f"The line of the OFX file in line {part.line} corrects an earlier one (CORRECTFITID), which a bank that "
            "books with care does by a line the other way. Ask the bank for CAMT.053."
        )


def _foreign(part: Part) -> str:
    """The currency that a converted line was in, and the rate."""
    code, rate = part.text("ORIGCURRENCY", "CURSYM"), part.text("ORIGCURRENCY", "CURRATE")
    return f"{code[:3]} at {rate[:20]}" if code and rate else ""


def _days(statement: Part, lines: Sequence[ParsedLine]) -> tuple[date, date]:
    """The days that the lines are of, both included: as stated, widened by the lines, ended by the balance's day."""
    stated = statement.first("BANKTRANLIST")
    starts, ends = (_day(stated, name) if stated else None for name in ("DTSTART", "DTEND"))
    balance_on = _balance_on(statement)
    booked = [line.booked_on for line in lines]
    last = min([day for day in (ends, balance_on) if day], default=None)
    to_on = max([*booked, *([last] if last else [])], default=None)
    if to_on is None:
        raise MissingPart(f"The statement in line {statement.line} has neither lines nor dates. {_ASK_FOR_WHOLE}")
    return min([*booked, starts or to_on, to_on]), to_on


def _balance_on(statement: Part) -> date | None:
    balance = statement.first("LEDGERBAL")
    return _day(balance, "DTASOF") if balance and balance.text("BALAMT") else None


def _closing(
    statement: Part, lines: Sequence[ParsedLine], to_on: date, currency: str
) -> tuple[Money | None, tuple[str, ...]]:
    """The balance after the last line. One of an earlier day is carried on by the lines after it; one of a later day
    may count lines that the file does not have, and closes nothing."""
    balance = statement.first("LEDGERBAL")
    if balance is None or not balance.text("BALAMT"):
        return None, ("The file states no balance: nothing was compared with the bank.",)
    stated, on = _money(balance, "BALAMT", currency), _required_day(balance, "DTASOF")
    if on > to_on:
        note = f"Its balance of {plain(stated)} is of {date_text(on)}, after its last day, and was not compared."
        return None, (note,)
    return sum((line.amount for line in lines if line.booked_on > on), stated), ()


def _money(part: Part, name: str, currency: str) -> Money:
    text = part.text(name)
    where = f"{part.name} in line {part.line}"
    if not text:
        raise MissingPart(f"{where} has no {name}. {_ASK_FOR_WHOLE}")
    if len(text) > _LONGEST:
        raise AbsurdAmount(f"{where} has {name} of {len(text)} characters; amounts have at most 15 digits. {_ASK}")
    if not _AMOUNT.fullmatch(text):
        raise UnreadableAmount(f"{where} has {name} {text!r}, not a plain number such as -676.65. {_ASK}")
    amount, digits = Decimal(text.replace(",", ".")), minor_digits(currency)
    if abs(amount) >= Decimal(LIMIT).scaleb(-digits):
        raise AbsurdAmount(f"{where} has {name} {text}; amounts have at most 15 digits. {_ASK}")
    if amount != round(amount, digits):
        raise OverPreciseAmount(f"{where} has {name} {text}; {currency} has {digits} decimals. {_ASK}")
    return Money(round(amount, digits), currency)


def _required_day(part: Part, name: str) -> date:
    if day := _day(part, name):
        return day
    raise MissingPart(f"{part.name} in line {part.line} has no {name}. {_ASK_FOR_WHOLE}")


def _day(part: Part, name: str) -> date | None:
    """The day as the bank wrote it, whatever its zone: that is the day it is booked on there."""
    text = part.text(name)
    if not text:
        return None
    try:
        found = _DATE.fullmatch(text)
        day = date.fromisoformat("-".join(found.groups()) if found else "")
    except ValueError as error:
        raise UnreadableDate(
            f"{part.name} in line {part.line} has {name} {text[:40]!r}, no day of the calendar. {_ASK}"
        ) from error
    if day.year not in _YEARS:
        raise UnreadableDate(f"{part.name} in line {part.line} has {name} in the year {day.year}. {_ASK}")
    return day


def _shorten(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
