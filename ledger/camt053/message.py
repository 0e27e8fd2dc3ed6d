"""Which statements and booked lines are in a CAMT.053 file, and do they tie?

The structure follows the ISO 20022 message definition reports for camt.053.001.02 to .13. Elements are found by local
name, so every version's namespace and prefix will do. Only booked entries become lines; what else the file holds is
told in the statement's notes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import BinaryIO

from moneyed import Money

from ledger.camt053.elements import Element
from ledger.camt053.sums import hold_control_sums
from ledger.camt053.texts import Texts, texts_of_batch, texts_of_payment
from ledger.domain.bank_errors import BalanceMismatch, MissingPart, NotCamt053, UnreadableDate
from ledger.domain.bank_statement import ParsedLine, ParsedStatement, normalise_account, number_occurrences, plain
from ledger.safe_xml import load_xml, read_at_most

_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.(\d\d)")
_VERSIONS = range(2, 14)
_ASK_FOR_CAMT053 = "Ask the bank for an end-of-day statement as CAMT.053, version 001.02 to 001.13."
_ASK_FOR_WHOLE = "Ask the bank for a complete file."
_PART_PATHS = ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/CntrValAmt/Amt", "AmtDtls/InstdAmt/Amt")
"""Where the amount of one payment of a batch stands; that in the account's currency counts."""


def read_camt053(file: BinaryIO, *, max_bytes: int) -> tuple[ParsedStatement, ...]:
    """The statements in an open file; one longer than `max_bytes` is refused by its length. See parse_camt053."""
    return parse_camt053(read_at_most(file, max_bytes=max_bytes), max_bytes=max_bytes)


def parse_camt053(data: bytes, *, max_bytes: int) -> tuple[ParsedStatement, ...]:
    """The statements in a CAMT.053 file, each of which adds up, lines that are alike numbered across the file.

    Raises BankFileError, in one of its classes and no other error, for any bytes whatever.
    """
    document = _document(Element(load_xml(data, max_bytes=max_bytes)))
    statements = [_statement(element) for element in document.all("BkToCstmrStmt/Stmt")]
    if not statements:
        raise MissingPart(f"The bank file has no statement in it (BkToCstmrStmt/Stmt). {_ASK_FOR_WHOLE}")
    return number_occurrences(statements)


def _document(root: Element) -> Element:
    """The message itself, which may stand in an envelope."""
    document = root if root.name == "Document" else root.child("Document")
    if document is None:
        raise NotCamt053(f"The file is XML of the kind {root.name[:40]!r}, not a bank statement. {_ASK_FOR_CAMT053}")
    version = _NAMESPACE.fullmatch(document.namespace)
    if version is None or int(version[1]) not in _VERSIONS:
        kind = document.namespace.rpartition(":")[2][:40]
        raise NotCamt053(f"The file is a message of the kind {kind!r}. {_ASK_FOR_CAMT053}")
    return document


def _statement(element: Element) -> ParsedStatement:
    statement_id = element.required_text("Id")[:100]
    closing = _balance(element, "CLBD", latest=True)
    if closing is None:
        raise MissingPart(f"Statement {statement_id!r} has no closing balance (CLBD). {_ASK_FOR_WHOLE}")
    opening = _opening(element, statement_id)
    entries = [_entry(entry, closing.money.currency.code) for entry in element.all("Ntry")]
    booked = [entry for entry in entries if entry.status == "BOOK"]
    others = [entry for entry in entries if entry.status != "BOOK"]
    hold_control_sums(element, statement_id, [entry.signed for entry in booked], [entry.signed for entry in others])
    lines, notes = _lines_that_tie(booked, closing.money - opening.money)
    return ParsedStatement(
        statement_id=statement_id,
        account_identification=_account(element, statement_id),
        currency=closing.money.currency.code,
        from_on=min([_begins_on(element, opening, closing), *(line.booked_on for line in lines)]),
        to_on=closing.on,
        opening=opening.money,
        closing=closing.money,
        lines=tuple(lines),
        notes=(*notes, *_note_of_unbooked(others)),
    )


def _account(element: Element, statement_id: str) -> str:
    if account := normalise_account(element.text("Acct/Id/IBAN") or element.text("Acct/Id/Othr/Id")):
        return account
    raise MissingPart(f"Statement {statement_id!r} does not say of which account it is. {_ASK_FOR_WHOLE}")


@dataclass(frozen=True, slots=True)
class _Balance:
    code: str
    on: date
    money: Money


def _balance(element: Element, code: str, *, latest: bool = False) -> _Balance | None:
    """The earliest balance of a kind, or the latest: a statement over several days may have one of each day."""
    currency = _currency(element)
    found = [
        _Balance(code, balance.required_day("Dt"), balance.signed_money("Amt", currency))
        for balance in element.all("Bal")
        if balance.text("Tp/CdOrPrtry/Cd") == code
    ]
    found.sort(key=lambda balance: balance.on, reverse=latest)
    return found[0] if found else None


def _currency(element: Element) -> str:
    """The account's currency as stated, or that of the statement's balances."""
    amount = element.child("Bal/Amt")
    return element.text("Acct/Ccy") or (amount.currency if amount else "")


def _opening(element: Element, statement_id: str) -> _Balance:
    """The opening balance, or the previous closing one where the bank gives only that; of both, they are equal."""
    opening, previous = _balance(element, "OPBD"), _balance(element, "PRCD")
    if opening and previous and opening.money != previous.money:
        raise BalanceMismatch(
            f"Statement {statement_id!r} opens with {plain(opening.money)} (OPBD) after a previous closing balance of "
            f"{plain(previous.money)} (PRCD), a difference of {plain(opening.money - previous.money)}. "
            "Download the file again, then ask the bank."
        )
    if found := opening or previous:
        return found
    raise MissingPart(f"Statement {statement_id!r} has no opening balance (OPBD or PRCD). {_ASK_FOR_WHOLE}")


def _begins_on(element: Element, opening: _Balance, closing: _Balance) -> date:
    if stated := element.day("FrToDt/FrDtTm"):
        return stated
    return opening.on if opening.code == "OPBD" else min(opening.on + timedelta(days=1), closing.on)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A `Ntry`, its amount signed by the credit or debit mark alone, which is how ISO 20022 means it."""

    element: Element
    status: str
    signed: Money
    is_reversal: bool


def _entry(element: Element, currency: str) -> _Entry:
    status = element.text("Sts/Cd") or element.required_text("Sts")
    is_reversal = element.text("RvslInd") in ("true", "1")
    return _Entry(element, status, element.signed_money("Amt", currency), is_reversal)


def _lines_that_tie(entries: Sequence[_Entry], movement: Money) -> tuple[list[ParsedLine], list[str]]:
    """The lines of booked entries, and what there is to note.

    Some banks mark a reversal with the sign of what it reverses, against the standard (a returned debit as a debit).
    The balances are the witness: that reading is taken only where the standard's does not tie and this one does.
    """
    nought = Money(0, movement.currency)
    signed = sum((entry.signed for entry in entries), nought)
    of_reversals = sum((entry.signed for entry in entries if entry.is_reversal), nought)
    turns = signed != movement and bool(of_reversals) and signed - 2 * of_reversals == movement
    lines: list[ParsedLine] = []
    notes = ["Reversals bear the sign of what they reverse; they were turned, as the balances demand."] if turns else []
    for entry in entries:
        of_entry, note = _lines(entry, sign=-1 if turns and entry.is_reversal else 1)
        lines += of_entry
        notes += note
    return lines, notes


def _lines(entry: _Entry, *, sign: int) -> tuple[list[ParsedLine], list[str]]:
    """One line, or one for each payment of a batch whose amounts sum to the entry's."""
    details = entry.element.all("NtryDtls/TxDtls")
    whole = sign * entry.signed
    if not whole:
        return [], ["An entry of nought was left out."]
    if len(details) < 2:
        return [_payment(entry, details[0] if details else None, whole)], []
    parts = _parts(entry, details)
    if parts is None:
        note = f"A batch of {len(details)} payments of {plain(whole)} is one line: its details do not sum to it."
        return [_line(entry, whole, texts_of_batch(entry.element, details))], [note]
    return [_payment(entry, detail, sign * part) for detail, part in zip(details, parts, strict=True) if part], []


def _parts(entry: _Entry, details: Sequence[Element]) -> list[Money] | None:
    """The signed amounts of a batch's payments, if each has one in the account's currency and they sum to the whole."""
    parts = [_part(entry, detail) for detail in details]
    known = [part for part in parts if part is not None]
    is_whole = len(known) == len(parts) and sum(known, 0 * entry.signed) == entry.signed
    return known if is_whole else None


def _part(entry: _Entry, detail: Element) -> Money | None:
    currency = entry.signed.currency.code
    for path in _PART_PATHS:
        amount = detail.child(path)
        if amount is not None and amount.currency == currency:
            if detail.child("CdtDbtInd") is not None:
                return detail.signed_money(path, currency)
            part = detail.money(path, currency)
            return part if entry.signed.amount > 0 else -part
    return None


def _payment(entry: _Entry, detail: Element | None, signed: Money) -> ParsedLine:
    is_credit = signed.amount > 0
    return _line(
        entry, signed, texts_of_payment(entry.element, detail, is_credit=is_credit, is_reversal=entry.is_reversal)
    )


def _line(entry: _Entry, signed: Money, texts: Texts) -> ParsedLine:
    value_on = entry.element.day("ValDt")
    booked_on = entry.element.day("BookgDt") or value_on
    if booked_on is None:
        raise UnreadableDate(f"An entry of {plain(signed)} has neither booking nor value date. {_ASK_FOR_WHOLE}")
    return ParsedLine(
        bank_reference=texts.bank_reference,
        booked_on=booked_on,
        value_on=value_on or booked_on,
        amount=signed,
        counterparty=texts.counterparty,
        reference=texts.reference,
        description=texts.description,
    )


def _note_of_unbooked(entries: Sequence[_Entry]) -> tuple[str, ...]:
    if not entries:
        return ()
    total = sum((entry.signed for entry in entries), 0 * entries[0].signed)
    statuses = ", ".join(sorted({entry.status[:10] for entry in entries}))
    what = f"{len(entries)} of status {statuses}, {plain(total)} in all"
    return (f"What is not booked yet was left out: {what}. It comes in a later statement.",)
