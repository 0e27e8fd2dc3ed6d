"""Do the entries that stand keep the rules that the guards held when they came in? And are they what was asked for?"""

from __future__ import annotations

from collections.abc import Iterator

from ledger.checks.finding import Finding, amount, rows
from ledger.models import Book

PAST_THE_GUARDS = "No service does this: somebody changed the tables themselves. Run `manage.py verify_seals`."

UNBALANCED = """
    SELECT posting.entry_id, account.currency, sum(posting.amount)
    FROM ledger_posting posting JOIN ledger_account account ON account.id = posting.account_id
    WHERE account.book_id = %(book)s
    GROUP BY posting.entry_id, account.currency HAVING sum(posting.amount) <> 0
    ORDER BY posting.entry_id, account.currency
"""
TRIAL_BALANCE = """
    SELECT account.currency, sum(posting.amount)
    FROM ledger_posting posting JOIN ledger_account account ON account.id = posting.account_id
    WHERE account.book_id = %(book)s
    GROUP BY account.currency HAVING sum(posting.amount) <> 0 ORDER BY account.currency
"""
NOT_WHOLE = """
    SELECT entry.id, entry.line_count, count(posting.line_no)
    FROM ledger_journalentry entry LEFT JOIN ledger_posting posting ON posting.entry_id = entry.id
    WHERE entry.book_id = %(book)s
    GROUP BY entry.id
    HAVING count(posting.line_no) <> entry.line_count OR min(posting.line_no) <> 1
      OR max(posting.line_no) <> entry.line_count
    ORDER BY entry.id
"""
STRAYED = """
    SELECT posting.entry_id, posting.line_no, account.code, entry.id IS NULL
    FROM ledger_posting posting
    LEFT JOIN ledger_account account ON account.id = posting.account_id
    LEFT JOIN ledger_journalentry entry ON entry.id = posting.entry_id
    WHERE %(book)s IN (account.book_id, entry.book_id) AND entry.book_id IS DISTINCT FROM account.book_id
    ORDER BY posting.entry_id, posting.line_no
"""
OTHER_DATE = """
    SELECT entry.id, posting.line_no, entry.effective_on, posting.effective_on
    FROM ledger_journalentry entry JOIN ledger_posting posting ON posting.entry_id = entry.id
    WHERE entry.book_id = %(book)s AND posting.effective_on <> entry.effective_on
    ORDER BY entry.id, posting.line_no
"""
NOT_OPEN = """
    SELECT posting.entry_id, posting.effective_on, account.code, greatest(account.opened_on, book.opened_on),
           account.closed_on
    FROM ledger_posting posting
    JOIN ledger_account account ON account.id = posting.account_id
    JOIN ledger_book book ON book.id = account.book_id
    WHERE book.id = %(book)s AND (posting.effective_on < greatest(account.opened_on, book.opened_on)
      OR posting.effective_on >= coalesce(account.closed_on, 'infinity'))
    ORDER BY posting.entry_id, posting.line_no
"""
NOT_MIRRORED = """
    SELECT entry.id, entry.reverses_id
    FROM ledger_journalentry entry
    LEFT JOIN ledger_journalentry original ON original.id = entry.reverses_id
    WHERE entry.book_id = %(book)s AND entry.reverses_id IS NOT NULL
      AND (original.book_id IS DISTINCT FROM entry.book_id OR EXISTS (
        SELECT FROM (SELECT * FROM ledger_posting WHERE entry_id = entry.id) here
        FULL JOIN (SELECT * FROM ledger_posting WHERE entry_id = entry.reverses_id) there USING (line_no)
        WHERE here.account_id IS DISTINCT FROM there.account_id OR here.amount IS DISTINCT FROM -there.amount))
    ORDER BY entry.id
"""
UNSEALED = """
    SELECT count(*), min(entry.id), min(request.recorded_at)
    FROM ledger_journalentry entry JOIN ledger_postingrequest request ON request.id = entry.request_id
    WHERE entry.book_id = %(book)s AND request.recorded_at < statement_timestamp() - interval '2 days'
      AND NOT EXISTS (SELECT FROM ledger_sealedentry sealed WHERE sealed.entry_id = entry.id)
    HAVING count(*) > 0
"""


def entries_balance(book: Book) -> Iterator[Finding]:
    """Every entry's postings sum to nought in each currency."""
    for entry, currency, residual in rows(UNBALANCED, book):
        side = "debits exceed credits" if residual > 0 else "credits exceed debits"
        message = f"{side} by {amount(abs(residual), currency)}. {PAST_THE_GUARDS}"
        yield Finding("entry-unbalanced", f"E-{entry}", message)


def trial_balance_is_zero(book: Book) -> Iterator[Finding]:
    """All postings of the book sum to nought in each currency."""
    for currency, residual in rows(TRIAL_BALANCE, book):
        message = f"debits less credits are {amount(residual, currency)} over all accounts. {PAST_THE_GUARDS}"
        yield Finding("trial-balance", currency, message)


def entries_are_whole(book: Book) -> Iterator[Finding]:
    """Every entry has the postings that its head declares, numbered from 1."""
    for entry, declared, found in rows(NOT_WHOLE, book):
        message = f"its head declares postings 1 to {declared}; {found} stand. {PAST_THE_GUARDS}"
        yield Finding("entry-not-whole", f"E-{entry}", message)


def postings_belong_to_entries(book: Book) -> Iterator[Finding]:
    """Every posting belongs to an entry, and to an account of that entry's book."""
    for entry, line, account, headless in rows(STRAYED, book):
        what = "has no entry" if headless else f"is on {account or 'an account that does not exist'}, not of this book"
        yield Finding("posting-strayed", f"E-{entry}/{line}", f"the posting {what}. {PAST_THE_GUARDS}")


def postings_carry_the_date_of_their_entry(book: Book) -> Iterator[Finding]:
    """Every posting carries the effective date of its entry."""
    for entry, line, on, found in rows(OTHER_DATE, book):
        message = f"the posting is dated {found}, its entry {on}. {PAST_THE_GUARDS}"
        yield Finding("posting-date", f"E-{entry}/{line}", message)


def postings_are_on_open_accounts(book: Book) -> Iterator[Finding]:
    """No posting is dated before the book or its account was opened, or on or after the day the account was closed."""
    for entry, on, account, opened_on, closed_on in rows(NOT_OPEN, book):
        until = f" until {closed_on}" if closed_on else ""
        message = f"dated {on} on account {account}, which is open from {opened_on}{until}. {PAST_THE_GUARDS}"
        yield Finding("posting-not-open", f"E-{entry}", message)


def reversals_mirror(book: Book) -> Iterator[Finding]:
    """Every reversal is the mirror image of its original, line by line, in the same book."""
    for entry, original in rows(NOT_MIRRORED, book):
        yield Finding("reversal-not-mirror", f"E-{entry}", f"it does not mirror E-{original}. {PAST_THE_GUARDS}")


def entries_are_sealed(book: Book) -> Iterator[Finding]:
    """No entry is older than two days and under no seal."""
    for count, first, since in rows(UNSEALED, book):
        message = (
            f"{count} entries, the first E-{first} recorded {since:%Y-%m-%d %H:%M} UTC, are under no seal. "
            f"Run `manage.py seal_books --book {book.code}`, and see why the close of the day did not."
        )
        yield Finding("entries-unsealed", book.code, message)
