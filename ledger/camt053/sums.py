"""Does the file's own summary agree with the entries in it? The control sums of `TxsSummry`."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from moneyed import Money

from ledger.camt053.elements import Element
from ledger.domain.bank_errors import ControlSumMismatch


def hold_control_sums(statement: Element, statement_id: str, booked: Sequence[Money], others: Sequence[Money]) -> None:
    """Compare counts, sums and the net amount of a summary, if there is one, with the signed amounts of the entries.

    ISO 20022 leaves open whether entries not yet booked are counted; either reading will do, if all figures agree.
    Raises ControlSumMismatch, naming the first figure that differs.
    """
    summary = statement.child("TxsSummry")
    if summary is None:
        return
    differences = _differences(summary, booked)
    if differences and (not others or _differences(summary, [*booked, *others])):
        raise ControlSumMismatch(
            f"Statement {statement_id!r}: the summary {differences[0]}. Download the file again, then ask the bank."
        )


def _differences(summary: Element, signed: Sequence[Money]) -> list[str]:
    amounts = [money.amount for money in signed]
    found: list[str] = []
    for path, of_kind in (
        ("TtlNtries", amounts),
        ("TtlCdtNtries", [amount for amount in amounts if amount > 0]),
        ("TtlDbtNtries", [amount for amount in amounts if amount < 0]),
    ):
        if total := summary.child(path):
            found += _compare(path, total, of_kind)
    return found


def _compare(path: str, total: Element, amounts: Sequence[Decimal]) -> list[str]:
    actual = {
        "NbOfNtries": Decimal(len(amounts)),
        "Sum": sum(map(abs, amounts), Decimal()),
        "TtlNetNtry/Amt": abs(sum(amounts, Decimal())),
        "TtlNetNtryAmt": abs(sum(amounts, Decimal())),
    }
    found: list[str] = []
    for part, counted in actual.items():
        figure = total.child(part)
        if figure is not None and figure.decimal() != counted:
            stated = figure.decimal()
            found.append(
                f"states {path}/{part} {stated} and its entries make {counted}, a difference of {stated - counted}"
            )
    return found
