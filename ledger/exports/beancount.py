"""The journal for beancount: every account opened with its date and currency before anything is posted to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ledger.exports.names import beancount_names
from ledger.exports.values import ExportedAccount, ExportedEntry, Journal

ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"})


def beancount_lines(journal: Journal) -> Iterator[str]:
    """The lines of a file for beancount, each with its end; entries are written as they come.

    Account names are made of ASCII letters, digits and hyphens; the metadata `code` and `name` say what they are.
    """
    names = beancount_names(journal.accounts, journal.base_currency)
    for label, text in journal.about:
        yield f"; {label}: {' '.join(text.split())}\n"
    yield f'\noption "title" {quoted(journal.name)}\n'
    yield f'option "operating_currency" {quoted(journal.base_currency)}\n\n'
    for currency in journal.currencies:
        yield f"{journal.opened_on.isoformat()} commodity {currency}\n"
    for account in journal.accounts:
        yield from _account(account, names[account.number], journal.from_on)
    for entry in journal.entries:
        yield from _entry(entry, names)


def quoted(text: str) -> str:
    """A string as beancount reads it.

    >>> print(quoted('The "Anchor"'))
    "The \\"Anchor\\""
    """
    return f'"{text.translate(ESCAPES)}"'


def _account(account: ExportedAccount, name: str, from_on: date | None) -> Iterator[str]:
    yield f"\n{account.opened_on.isoformat()} open {name} {account.currency}\n"
    yield f"  code: {quoted(account.code)}\n"
    yield f"  name: {quoted(account.name)}\n"
    if account.closed_on and (from_on is None or account.closed_on >= from_on):
        yield f"{account.closed_on.isoformat()} close {name}\n"


def _entry(entry: ExportedEntry, names: dict[int, str]) -> Iterator[str]:
    reverses = f"E-{entry.reverses}" if entry.reverses else ""
    metadata = [("id", entry.reference), ("kind", entry.kind), ("source", entry.source), ("reverses", reverses)]
    yield f"\n{entry.effective_on.isoformat()} * {quoted(entry.narrative)}\n"
    for key, text in metadata:
        if text:
            yield f"  {key}: {quoted(text)}\n"
    for posting in entry.postings:
        yield f"  {names[posting.account.number]}  {posting.text}\n"
