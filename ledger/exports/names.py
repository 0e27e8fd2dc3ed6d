"""What are accounts called in other programs? Names that these accept, that read as ours do, and that are unique."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from ledger.domain.chart import AccountKind
from ledger.exports.values import ExportedAccount

HLEDGER_ROOTS = {
    AccountKind.ASSET: "assets",
    AccountKind.LIABILITY: "liabilities",
    AccountKind.EQUITY: "equity",
    AccountKind.INCOME: "income",
    AccountKind.EXPENSE: "expenses",
}
BEANCOUNT_ROOTS = {kind: root.capitalize() for kind, root in HLEDGER_ROOTS.items()}


def hledger_names(accounts: Iterable[ExportedAccount], base_currency: str) -> dict[int, str]:
    """Account names by number: `assets:1000 Money:1010 Bank accounts:1010/MAIN Current account`.

    Colons, semicolons, runs of blanks and control characters mean something to hledger, so they become harmless ones.
    """
    return _unique(
        (account.number, ":".join([HLEDGER_ROOTS[account.kind], *map(_hledger_part, _parts(account, base_currency))]))
        for account in accounts
    )


def beancount_names(accounts: Iterable[ExportedAccount], base_currency: str) -> dict[int, str]:
    """Account names by number: `Assets:1000-Money:1010-Bank-accounts:1010-MAIN-Current-account`.

    A part begins with a capital or a digit and holds letters, digits and hyphens; here only ASCII ones, so that every
    version of beancount and every tool behind it agrees. The whole name stands in the account's metadata.
    """
    return _unique(
        (
            account.number,
            ":".join([BEANCOUNT_ROOTS[account.kind], *map(_beancount_part, _parts(account, base_currency))]),
        )
        for account in accounts
    )


def one_line(text: str) -> str:
    """Text on one line, with single blanks and no control characters.

    >>> one_line(" Corner\\tShop,\\n ground  floor")
    'Corner Shop, ground floor'
    """
    printable = "".join(" " if unicodedata.category(sign) in ("Cc", "Zl", "Zp") else sign for sign in text)
    return " ".join(printable.split())


def _parts(account: ExportedAccount, base_currency: str) -> list[str]:
    """The lines of the chart, and below them the subject, and the currency if it is not the book's."""
    parts = [f"{code} {name}" for code, name in account.lines_of_chart]
    currency = "" if account.currency == base_currency else f" {account.currency}"
    if account.subject or currency:
        parts.append(f"{account.code}{currency} {account.name_of_subject}")
    return parts


def _hledger_part(text: str) -> str:
    return one_line(text.replace(":", "-").replace(";", ","))


def _beancount_part(text: str) -> str:
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    part = re.sub(r"[^A-Za-z0-9]+", "-", ascii_text).strip("-")
    return part[:1].upper() + part[1:] or "X"


def _unique(names: Iterable[tuple[int, str]]) -> dict[int, str]:
    """The first account keeps a name; a later one that came to the same has its number added."""
    found: dict[int, str] = {}
    taken: set[str] = set()
    for number, wanted in sorted(names):
        name = wanted
        while name in taken:
            name += f"-{number}"
        found[number] = name
        taken.add(name)
    return found
