"""A journal of two entries as plain values, for exports without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ledger.domain.chart import AccountKind
from ledger.exports import ExportedAccount, ExportedEntry, ExportedPosting, Journal

OPENED = date(2025, 1, 1)


def small_journal() -> Journal:
    """A fund's first two entries as values."""
    bank = ExportedAccount(
        7, "1010/MAIN", "MAIN", "Bank accounts, MAIN", AccountKind.ASSET, "GBP",
        (("1000", "Money"), ("1010", "Bank accounts")), OPENED,
    )  # fmt: skip
    loan = ExportedAccount(
        8, "1310/L-0108", "L-0108", "Loan principal, Netherby: shop", AccountKind.ASSET, "GBP",
        (("1300", "Loans"), ("1310", "Loan principal")), OPENED, date(2026, 1, 1),
    )  # fmt: skip
    yen = replace(bank, number=9, currency="JPY")
    drawn = ExportedEntry(
        1, date(2025, 5, 1), "drawdown", 'Drawdown; "first" | only',
        (ExportedPosting(loan, 3_500_000), ExportedPosting(bank, -3_500_000)), source="loan:L-0108",
    )  # fmt: skip
    back = replace(
        drawn, number=2, kind="reversal", narrative="Reversal of E-1", reverses=1, reverses_kind="drawdown",
        postings=tuple(ExportedPosting(posting.account, -posting.minor) for posting in drawn.postings),
    )  # fmt: skip
    return Journal(
        "harbour-hills",
        "Harbour & Hills",
        "Harbour & Hills Community Fund",
        "GBP",
        OPENED,
        (bank, loan, yen),
        (drawn, back),
    )
