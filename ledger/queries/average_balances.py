"""What did accounts stand at on average over some days? The mean of daily balances, as interest and tax reckon it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.db import connection

from ledger.models import Book, Seal

AVERAGES = """
    SELECT account.code, sum(posting.amount * least(%(until)s::date - posting.effective_on, %(days)s))::numeric
    FROM ledger_posting posting
    JOIN ledger_account account ON account.id = posting.account_id
    JOIN ledger_chartnode node ON node.id = account.node_id
    LEFT JOIN ledger_sealedentry sealed ON sealed.entry_id = posting.entry_id AND %(position)s::bigint IS NOT NULL
    WHERE account.book_id = %(book)s AND node.code = ANY(%(nodes)s) AND account.currency = %(currency)s
      AND posting.effective_on < %(until)s
      AND (%(position)s::bigint IS NULL OR sealed.position <= %(position)s)
    GROUP BY account.code
"""
"""A posting counts for the days on which it stands: from its effective date, or from the first day where that was
earlier. So the mean of daily balances is one sum over postings, exact in whole minor units."""


def average_balances(
    book: Book, nodes: Collection[str], from_on: date, to_on: date, *, known_under: Seal | None = None
) -> dict[str, Fraction]:
    """The means of the balances at the end of each day from `from_on` to `to_on`, both counted, by account of these
    lines of the chart: in minor units of the book's currency, debits positive, in one query.

    With `known_under`, of the entries that it covers. Accounts that never stood at anything are left out.
    """
    days = (to_on - from_on).days + 1
    asked: dict[str, Any] = {
        "book": book.pk,
        "nodes": list(nodes),
        "currency": book.base_currency,
        "until": to_on + timedelta(days=1),
        "days": days,
        "position": known_under.position if known_under else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(AVERAGES, asked)
        return {code: Fraction(int(total), days) for code, total in cursor.fetchall() if total}
