"""The first file of the pack: what it is, what each file says, and how to check it without asking anybody."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from commonweal.documents.auditors_pack.about import PackAbout, software_version
from commonweal.documents.auditors_pack.zip_file import MANIFEST
from commonweal.documents.renderer import renderer_version
from ledger.domain.money import from_minor
from ledger.domain.words import date_text, money_text
from loans.list_at_end import Control

if TYPE_CHECKING:
    from ledger.queries import PeriodMovement

FILES = (
    (
        "01-trial-balance.csv .xlsx",
        "each account at the beginning, its debits and credits, the year-end journal, the end",
    ),
    ("01-trial-balance.pdf", "the same on paper, a row for each line of the chart"),
    ("02-journal.csv .xlsx", "every entry with every line"),
    ("02-journal.journal", "the same for hledger; balances are brought forward in a first entry"),
    ("02-journal.beancount", "the same for beancount"),
    ("03-account-movements.csv", "account by account: the opening balance, every posting, the balance after it"),
    ("04-bank-reconciliation.csv .xlsx", "the bank's balance and the books'; lines in suspense; payments in transit"),
    ("05-loans.csv .xlsx", "each loan on the last day: owed, late, set aside, guaranteed, rate, maturity"),
    ("06-loans-and-control-accounts.csv .xlsx", "the loan list's totals beside the accounts of the books"),
    ("07-approvals.csv .xlsx", "what needed two people: who made it, who checked it, and its hash"),
    ("08-manual-journals.csv .xlsx", "what was prepared by hand, and who posted it"),
    ("attachments/", "what explains the manual journals, as it was given"),
    (
        "09-closes-and-reopenings.csv .xlsx",
        "when these days were closed or opened again, by whom, why, what was left open",
    ),
    ("10-seals.csv .xlsx", "the seals under which the entries of these days came"),
    (MANIFEST, "the SHA-256 of each file"),
)


def readme(about: PackAbout, moved: Sequence[PeriodMovement], found: Sequence[Control]) -> str:
    """The text, in lines of at most 110 characters where names allow."""
    parts = (_head(about), _files(about), _checks(about), _signs(about), _sums(about, moved, found))
    return "\n".join(line for part in parts for line in (*part, "")).rstrip() + "\n"


def _head(about: PackAbout) -> list[str]:
    book = about.book
    title = f"Auditor's pack: {book} ({book.code}), {about.days}"
    return [
        title,
        "=" * len(title),
        *(["", about.state] if about.state else []),
        "",
        f"Fund:      {book.fund_name}{f' ({book.registration})' if book.registration else ''}",
        f"Days:      {about.days}, both inclusive; {'closed' if about.is_closed else 'NOT CLOSED'}",
        f"Currency:  {book.base_currency}",
        f"Seal:      {about.seal_text}",
        f"Made by:   Commonweal {software_version()}; {renderer_version()}",
        "",
        "It says what the books knew under this seal. The same knowledge gives the same bytes.",
    ]


def _files(about: PackAbout) -> list[str]:
    width = max(len(name) for name, _ in FILES)
    lines = [f"  {name:{width}}  {what}" for name, what in FILES]
    marked = [] if about.is_closed else ["", "Each name ends in -not-closed, and each table says so in its first line."]
    return ["What is in it", "-------------", *lines, *marked]


def _checks(about: PackAbout) -> list[str]:
    journal = about.named("02-journal", "journal")
    return [
        "How to check it",
        "---------------",
        "1. Nothing was changed on the way. In this folder:",
        "",
        f"     sha256sum -c {MANIFEST}",
        "",
        "   (macOS: shasum -a 256 -c; Windows: certutil -hashfile FILE SHA256, file by file.) The hash of the ZIP",
        "   itself stands beside it at the desk and in the API.",
        "",
        "2. The journal adds up to the trial balance, with a program that is not ours (https://hledger.org):",
        "",
        f"     hledger -f {journal} check --strict",
        f"     hledger -f {journal} balance --flat --historical -b {about.starts_on} -e {about.ends_on}",
        "",
        f"   What it says at the end is the column `closing` of the trial balance; with -e {about.starts_on} it says",
        "   the column `opening`. `not:tag:kind=year-end` leaves out the journal that carried the result.",
        "",
        "3. The books still are what was sealed. Whoever runs the system does this, and you watch:",
        "",
        f"     manage.py verify_seals --book {about.book.code} --against {about.seal_text}",
        "",
        "   It computes the hash of every entry again, and names the first that was altered, inserted or cut.",
        "   Keep this seal: next year's pack has to agree with it.",
    ]


def _signs(about: PackAbout) -> list[str]:
    later = date_text(about.last_day)
    return [
        "How to read it",
        "--------------",
        "Debits are positive, credits negative; `debits` and `credits` are both positive. Dates are year-month-day,",
        "moments are UTC. An apostrophe before a text keeps a spreadsheet from running it.",
        "`before_year_end` is the balance before the year-end journal carried the result to 3010.",
        f"In the loan list `principal` to `provision` are the loans' own records of {later} as they are known now;",
        "`books_…` are their accounts in the ledger. They differ where something of these days was recorded after they",
        "were closed; `booked_after_these_days` names it.",
    ]


def _sums(about: PackAbout, moved: Sequence[PeriodMovement], found: Sequence[Control]) -> list[str]:
    currency = about.book.base_currency

    def money(minor: int) -> str:
        return money_text(from_minor(minor, currency))

    own = [one for one in moved if one.account.currency == currency]
    sums = (sum(one.debits for one in own), sum(one.credits for one in own), sum(one.closing for one in own))
    debits, credits_, together = map(money, sums)
    lines = [
        f"  {one.code} {one.name}: list {money(one.listed)}, booked after {money(one.booked_later)}, "
        f"books {money(one.books)}, difference {money(one.difference)}"
        for one in found
    ]
    return [
        "What it comes to",
        "----------------",
        f"  Debits {debits}, credits {credits_}; all balances at the end together {together}",
        *lines,
    ]
