"""Do the books and the bank say the same, and does suspense hold exactly what nobody has matched?"""

from __future__ import annotations

from collections.abc import Iterator

from ledger.checks.finding import Finding, amount, rows
from ledger.models import Book

DISAGREED = """
    SELECT account.code, bank.currency, latest.statement_id, latest.to_on, latest.closing,
           coalesce(sum(posting.amount), 0)
    FROM ledger_bankaccount bank
    JOIN ledger_account account ON account.id = bank.account_id
    JOIN LATERAL (SELECT statement_id, to_on, closing FROM ledger_bankstatement
                  WHERE bank_account_id = bank.id AND closing IS NOT NULL
                  ORDER BY to_on DESC, id DESC LIMIT 1) latest ON true
    LEFT JOIN ledger_posting posting ON posting.account_id = account.id AND posting.effective_on <= latest.to_on
    WHERE bank.book_id = %(book)s
    GROUP BY account.code, bank.currency, latest.statement_id, latest.to_on, latest.closing
    HAVING coalesce(sum(posting.amount), 0) <> latest.closing
    ORDER BY account.code
"""
LINES_AND_ENTRIES = """
    SELECT line.id, line.booked_on, bank.currency, line.amount, count(posting.entry_id), sum(posting.amount)
    FROM ledger_bankstatementline line
    JOIN ledger_bankaccount bank ON bank.id = line.bank_account_id
    LEFT JOIN (
        ledger_journalentry entry JOIN ledger_posting posting ON posting.entry_id = entry.id
    ) ON entry.book_id = bank.book_id AND entry.kind = 'bank' AND entry.source = 'bank-line:' || line.id
      AND posting.account_id = bank.account_id
    WHERE bank.book_id = %(book)s
    GROUP BY line.id, bank.currency
    HAVING count(posting.entry_id) <> 1 OR sum(posting.amount) <> line.amount
    ORDER BY line.id
"""
SUSPENSE = """
    SELECT account.code, bank.currency, unmatched.amount, coalesce(held.amount, 0)
    FROM ledger_bankaccount bank
    JOIN ledger_account account ON account.id = bank.suspense_id
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(line.amount), 0) - coalesce((
            SELECT sum(match.amount)
            FROM ledger_banklinematch match JOIN ledger_bankstatementline matched ON matched.id = match.line_id
            WHERE matched.bank_account_id = bank.id AND NOT EXISTS (
              SELECT FROM ledger_journalentry reversal WHERE reversal.reverses_id = match.entry_id)), 0) AS amount
        FROM ledger_bankstatementline line WHERE line.bank_account_id = bank.id
    ) unmatched
    LEFT JOIN LATERAL (SELECT -sum(amount) AS amount FROM ledger_posting WHERE account_id = account.id) held ON true
    WHERE bank.book_id = %(book)s AND unmatched.amount <> coalesce(held.amount, 0)
    ORDER BY account.code
"""


def bank_accounts_agree_with_the_bank(book: Book) -> Iterator[Finding]:
    """Each bank account stands at the last closing balance that a statement states, on that statement's last day."""
    for account, currency, statement, to_on, closing, balance in rows(DISAGREED, book):
        message = (
            f"the bank's statement {statement} closes on {to_on} with {amount(closing, currency)}; the books say "
            f"{amount(balance, currency)}, a difference of {amount(closing - balance, currency)}. Look for entries on "
            "this account that no bank line made, and reverse them."
        )
        yield Finding("bank-balance", account, message)


def bank_lines_are_posted_once(book: Book) -> Iterator[Finding]:
    """Each bank line made exactly one entry, of its amount, on the bank account."""
    for line, on, currency, expected, times, posted in rows(LINES_AND_ENTRIES, book):
        message = (
            f"the line of {on} over {amount(expected, currency)} made {times} entries of "
            f"{amount(posted, currency)} on the bank account, and must have made one of its amount."
        )
        yield Finding("bank-line", f"bank-line:{line}", message)


def suspense_holds_what_is_unmatched(book: Book) -> Iterator[Finding]:
    """Each suspense account holds exactly the bank lines, or parts of them, that are not matched."""
    for account, currency, unmatched, held in rows(SUSPENSE, book):
        message = (
            f"bank lines of {amount(unmatched, currency)} are not matched; the account holds {amount(held, currency)}. "
            "Look for entries on this account that neither a bank line nor a match made, and reverse them."
        )
        yield Finding("suspense", account, message)
