"""The journal for hledger: every account and currency declared, so that `hledger check --strict` accepts it."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.domain.chart import AccountKind
from ledger.domain.money import minor_digits
from ledger.exports.names import HLEDGER_ROOTS, hledger_names, one_line
from ledger.exports.values import ExportedEntry, Journal

TYPES = {
    AccountKind.ASSET: "A",
    AccountKind.LIABILITY: "L",
    AccountKind.EQUITY: "E",
    AccountKind.INCOME: "R",
    AccountKind.EXPENSE: "X",
}

CASH = ("1010", "1020")
"""Lines of the chart that are cash to `hledger cashflow`: at the bank, and on its way from there."""


def hledger_lines(journal: Journal) -> Iterator[str]:
    """The lines of a file for hledger, each with its end; entries are written as they come.

    In narratives `;` and `|` mean something to hledger: they are written `,` and `/`. The tags `id`, `kind`, `source`
    say which entry of ours each is; a reversal says what it is of, so that it is chosen with what it takes back.
    """
    names = hledger_names(journal.accounts, journal.base_currency)
    for label, text in journal.about:
        yield f"; {label}: {one_line(text)}\n"
    yield "\ndecimal-mark .\n"
    for currency in journal.currencies:
        decimals = minor_digits(currency)
        yield f"commodity 1000.{'0' * decimals} {currency}\n"
    for tag in ("id", "kind", "source", "code", "type"):
        yield f"tag {tag}\n"
    for kind, root in HLEDGER_ROOTS.items():
        yield f"account {root}  ; type:{TYPES[kind]}\n"
    for account in journal.accounts:
        cash = ", type:C" if account.lines_of_chart[-1][0] in CASH else ""
        yield f"account {names[account.number]}  ; {_tag('code', account.code)}{cash}\n"
    for entry in journal.entries:
        yield from _entry(entry, names)


def _entry(entry: ExportedEntry, names: dict[int, str]) -> Iterator[str]:
    kind = f"{entry.kind} of {entry.reverses_kind}" if entry.reverses_kind else entry.kind
    tags = [("id", entry.reference), ("kind", kind), ("source", entry.source)]
    code = f"({entry.reference}) " if entry.number else ""
    narrative = one_line(entry.narrative.replace(";", ",").replace("|", "/"))
    comment = ", ".join(_tag(name, text) for name, text in tags if text)
    yield f"\n{entry.effective_on.isoformat()} {code}{narrative}  ; {comment}\n"
    for posting in entry.postings:
        yield f"    {names[posting.account.number]}  {posting.text}\n"


def _tag(name: str, text: str) -> str:
    """A tag's value ends at a comma, so it can hold none."""
    return f"{name}:{one_line(text.replace(',', ' '))}"
