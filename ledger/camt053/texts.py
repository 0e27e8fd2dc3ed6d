"""Who paid, and with which words? The parties, references and descriptions of an entry and of its details."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from ledger.camt053.elements import Element

_PLACEHOLDERS = frozenset({"NOTPROVIDED", "NOT PROVIDED", "NONREF", "NOTAVAILABLE", "UNKNOWN"})
_WITH_A_RATE = ("CntrValAmt", "InstdAmt", "TxAmt", "AnncdPstngAmt")
_NAMES = ("Nm", "Pty/Nm", "Agt/FinInstnId/Nm")
"""Where a party's name stands: version 2, then the later ones, in which a bank may be a party."""

_SHORT, _LONG = 140, 500
"""Longer texts are shortened: the file itself is kept by whoever imports it."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of one bank statement line, each empty where the bank gives none."""

    bank_reference: str
    counterparty: str
    reference: str
    description: str


def texts_of_payment(entry: Element, detail: Element | None, *, is_credit: bool, is_reversal: bool) -> Texts:
    """The words of an entry that is one payment, or of one payment out of a batch."""
    remittance = _joined(detail.texts("RmtInf/Ustrd"), " ") if detail else ""
    of_batch = _batch_reference(entry) if detail is None else ""
    reference = _reference(detail) or remittance or of_batch
    rest = [] if reference == remittance else [remittance]
    if detail:
        rest += [*detail.texts("RmtInf/Strd/RfrdDocInf/Nb"), *detail.texts("RmtInf/Strd/AddtlRmtInf")]
        rest += [*detail.texts("AddtlTxInf"), _returned(detail)]
    return Texts(
        bank_reference=_shorten(_bank_reference(entry, detail), _SHORT),
        counterparty=_shorten(_counterparty(detail, is_credit, is_reversal) if detail else "", _SHORT),
        reference=_shorten(reference, _SHORT),
        description=_shorten(_joined([*rest, *entry.texts("AddtlNtryInf"), _foreign(entry, detail)]), _LONG),
    )


def texts_of_batch(entry: Element, details: Sequence[Element]) -> Texts:
    """The words of a batch that stays one line: its payments' references stand in the description."""
    references = [_reference(detail) or _joined(detail.texts("RmtInf/Ustrd"), " ") for detail in details]
    return Texts(
        bank_reference=_shorten(_bank_reference(entry, None), _SHORT),
        counterparty="",
        reference=_shorten(_batch_reference(entry), _SHORT),
        description=_shorten(_joined([*entry.texts("AddtlNtryInf"), *references]), _LONG),
    )


def _bank_reference(entry: Element, detail: Element | None) -> str:
    """The servicer's reference; `NtryRef` is no substitute, because it may begin anew with every statement."""
    return _given(detail.text("Refs/AcctSvcrRef") if detail else "", entry.text("AcctSvcrRef"))


def _batch_reference(entry: Element) -> str:
    return _given(entry.text("NtryDtls/Btch/PmtInfId"), entry.text("NtryDtls/Btch/MsgId"))


def _returned(detail: Element) -> str:
    """Why a payment came back: the code of ISO 20022's external return reasons and the bank's words."""
    why = [detail.text("RtrInf/Rsn/Cd") or detail.text("RtrInf/Rsn/Prtry"), *detail.texts("RtrInf/AddtlInf")]
    return f"Returned: {_joined(why, ' ')}" if any(why) else ""


def _foreign(entry: Element, detail: Element | None) -> str:
    """The amount as it was instructed in another currency, with the rate where the bank gives it."""
    own = entry.child("Amt")
    for details in _amount_details(entry, detail):
        for kind in ("InstdAmt", "TxAmt"):
            amount = details.child(f"{kind}/Amt")
            if amount is not None and own is not None and amount.currency not in ("", own.currency):
                rate = _given(*(details.text(f"{one}/CcyXchg/XchgRate") for one in _WITH_A_RATE))
                return f"{amount.currency} {amount.decimal()}" + (f" at {rate}" if rate else "")
    return ""


def _amount_details(entry: Element, detail: Element | None) -> Iterator[Element]:
    for part in (detail, entry):
        found = part.child("AmtDtls") if part else None
        if found is not None:
            yield found


def _reference(detail: Element | None) -> str:
    if detail is None:
        return ""
    return _given(detail.text("RmtInf/Strd/CdtrRefInf/Ref"), detail.text("Refs/EndToEndId"))


def _counterparty(detail: Element, is_credit: bool, is_reversal: bool) -> str:
    """The other side of the payment. A reversal keeps the parties of the payment that it takes back."""
    payers, payees = ("Dbtr", "UltmtDbtr"), ("Cdtr", "UltmtCdtr")
    roles = payers if is_credit != is_reversal else payees
    return _given(*(detail.text(f"RltdPties/{role}/{name}") for role in roles for name in _NAMES))


def _given(*candidates: str) -> str:
    """The first text that is not empty or a placeholder for one."""
    return next((text for text in candidates if text and text.upper() not in _PLACEHOLDERS), "")


def _joined(texts: Iterable[str], separator: str = "; ") -> str:
    return separator.join(dict.fromkeys(text for text in texts if text))


def _shorten(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
