"""Is what was kept when a period or a year was closed still what the postings make?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from ledger.checks.finding import Finding, amount, rows
from ledger.models import Book

WITH_CLOSES = """
    WITH closes AS MATERIALIZED (
        SELECT event.id, event.recorded_at, event.trial_balance_sha256, period.starts_on, period.ends_on,
               NOT EXISTS (SELECT FROM ledger_periodevent later
                           WHERE later.period_id = event.period_id AND later.number > event.number) AS stands,
               (SELECT max(earlier.id)
                FROM ledger_periodevent earlier JOIN ledger_period preceding ON preceding.id = earlier.period_id
                WHERE preceding.book_id = period.book_id AND preceding.ends_on = period.starts_on
                  AND earlier.kind = 'closed' AND earlier.id < event.id) AS close_before
        FROM ledger_periodevent event JOIN ledger_period period ON period.id = event.period_id
        WHERE period.book_id = %(book)s AND event.kind = 'closed'
    )
"""
REBUILT = """, rebuilt AS (
        SELECT event_id, account_id, sum(amount) AS balance
        FROM (
            SELECT closes.id AS event_id, before.account_id, before.balance AS amount
            FROM closes JOIN ledger_accountclosing before ON before.event_id = closes.close_before
            UNION ALL
            SELECT closes.id, posting.account_id, posting.amount
            FROM closes
            JOIN ledger_posting posting ON posting.effective_on >= closes.starts_on
              AND posting.effective_on < closes.ends_on
            JOIN ledger_account account ON account.id = posting.account_id AND account.book_id = %(book)s
            WHERE closes.stands OR EXISTS (
              SELECT FROM ledger_journalentry entry JOIN ledger_postingrequest request ON request.id = entry.request_id
              WHERE entry.id = posting.entry_id AND request.recorded_at <= closes.recorded_at)
        ) moved
        GROUP BY event_id, account_id
    ), kept AS (
        SELECT closing.event_id, closing.account_id, closing.balance
        FROM closes JOIN ledger_accountclosing closing ON closing.event_id = closes.id
    )
    SELECT closes.ends_on, account.code, account.currency, kept.balance, rebuilt.balance
    FROM kept
    FULL JOIN rebuilt USING (event_id, account_id)
    JOIN closes ON closes.id = event_id
    JOIN ledger_account account ON account.id = account_id
    WHERE kept.balance IS DISTINCT FROM rebuilt.balance
    ORDER BY closes.ends_on, closes.id, account.code, account.currency
"""
OTHER_HASH = """
    SELECT closes.ends_on
    FROM closes
    LEFT JOIN ledger_accountclosing closing ON closing.event_id = closes.id
    LEFT JOIN ledger_account account ON account.id = closing.account_id
    GROUP BY closes.id, closes.ends_on, closes.trial_balance_sha256
    HAVING closes.trial_balance_sha256 <> encode(sha256(convert_to('[' || coalesce(string_agg(
        '[' || to_json(account.code) || ',' || to_json(account.currency) || ',' || closing.balance || ']', ','
        ORDER BY account.code COLLATE "C", account.currency COLLATE "C"), '') || ']', 'UTF8')), 'hex')
    ORDER BY closes.ends_on, closes.id
"""
NOT_CARRIED = """
    SELECT entry.id, entry.effective_on, account.code, account.currency, sum(posting.amount)
    FROM ledger_journalentry entry
    JOIN ledger_chartnode node ON node.book_id = entry.book_id AND node.kind IN ('income', 'expense')
    JOIN ledger_account account ON account.node_id = node.id
    JOIN ledger_posting posting ON posting.account_id = account.id AND posting.effective_on <= entry.effective_on
    WHERE entry.book_id = %(book)s AND entry.kind = 'year-end'
      AND NOT EXISTS (SELECT FROM ledger_journalentry reversal WHERE reversal.reverses_id = entry.id)
    GROUP BY entry.id, account.id HAVING sum(posting.amount) <> 0
    ORDER BY entry.id, account.code, account.currency
"""


def closings_match_postings(book: Book) -> Iterator[Finding]:
    """What each account stood at when a period was closed is what the postings known then make."""
    for ends_on, account, currency, kept, rebuilt in rows(REBUILT, book, using=WITH_CLOSES):
        message = (
            f"the close through {ends_on - timedelta(days=1)} kept {amount(kept, currency)}; the postings make "
            f"{amount(rebuilt, currency)}. Balances after that day start from what was kept: have the tables repaired."
        )
        yield Finding("closing", account, message)


def closings_match_their_hash(book: Book) -> Iterator[Finding]:
    """The trial balance of each close is the one whose hash was recorded with it."""
    for (ends_on,) in rows(OTHER_HASH, book, using=WITH_CLOSES):
        message = "the closing balances kept are not the trial balance that was hashed. Have the tables repaired."
        yield Finding("closing-hash", f"close through {ends_on - timedelta(days=1)}", message)


def year_ends_carry_the_result(book: Book) -> Iterator[Finding]:
    """After a year-end entry no income or expense is left on its day."""
    for entry, on, account, currency, balance in rows(NOT_CARRIED, book):
        message = (
            f"E-{entry} carried the result of the year to {on} forward, yet {amount(balance, currency)} stands on "
            "this account on that day: it was posted later. Prepare another year-end entry for the rest."
        )
        yield Finding("year-end", account, message)
