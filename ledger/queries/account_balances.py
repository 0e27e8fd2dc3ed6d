"""What do the accounts stand at, on any date and as known under any seal?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from moneyed import Money

from ledger.domain.chart import AccountKind
from ledger.domain.money import from_minor
from ledger.models import Account, Book, Seal
from ledger.queries.chart_of_accounts import accounts

BALANCES = """
    WITH nearest AS (
        SELECT event.id, period.ends_on
        FROM ledger_period period
        JOIN LATERAL (
            SELECT id, kind FROM ledger_periodevent WHERE period_id = period.id ORDER BY number DESC LIMIT 1
        ) event ON event.kind = 'closed'
        WHERE period.book_id = %(book)s
        ORDER BY abs(period.ends_on - %(after)s::date) LIMIT 1
    ), asked AS (
        SELECT coalesce(%(accounts)s::bigint[], ARRAY(SELECT id FROM ledger_account WHERE book_id = %(book)s)) AS ids,
               coalesce((SELECT ends_on FROM nearest), '-infinity') AS closed_at
    )
    SELECT account_id, sum(amount)::bigint
    FROM (
        SELECT account_id, balance AS amount FROM ledger_accountclosing
        WHERE event_id = (SELECT id FROM nearest) AND account_id = ANY((SELECT ids FROM asked)::bigint[])
        UNION ALL
        SELECT account_id, sum(amount) * CASE WHEN (SELECT closed_at FROM asked) > %(after)s THEN -1 ELSE 1 END
        FROM ledger_posting
        WHERE account_id = ANY((SELECT ids FROM asked)::bigint[])
          AND effective_on >= least((SELECT closed_at FROM asked), %(after)s)
          AND effective_on < greatest((SELECT closed_at FROM asked), %(after)s)
        GROUP BY account_id
    ) moved
    GROUP BY account_id
"""
"""From the nearest closing, before the day or after it: the postings between are added, or taken off. One statement, so
that the closing and the postings are of one moment."""
BALANCES_AS_KNOWN = """
    SELECT posting.account_id, sum(posting.amount)::bigint
    FROM ledger_posting posting
    JOIN ledger_account account ON account.id = posting.account_id
    JOIN ledger_sealedentry sealed ON sealed.entry_id = posting.entry_id AND sealed.position <= %(position)s
    WHERE account.book_id = %(book)s AND posting.effective_on <= %(as_of)s
      AND (%(accounts)s::bigint[] IS NULL OR account.id = ANY(%(accounts)s::bigint[]))
    GROUP BY posting.account_id
"""


@dataclass(frozen=True, slots=True)
class TrialBalanceRow:
    """An account with what it stands at: debits positive, in minor units and as money."""

    account_id: int
    code: str
    name: str
    kind: AccountKind
    currency: str
    minor: int

    @property
    def balance(self) -> Money:
        """The signed balance; debits are positive."""
        return from_minor(self.minor, self.currency)

    @property
    def debit(self) -> Money | None:
        """The balance where it stands on the left, else None."""
        return from_minor(self.minor, self.currency) if self.minor > 0 else None

    @property
    def credit(self) -> Money | None:
        """The balance where it stands on the right, else None."""
        return from_minor(-self.minor, self.currency) if self.minor < 0 else None


def minor_balances(
    book: Book, account_ids: Sequence[int] | None, as_of: date, *, known_under: Seal | None = None
) -> dict[int, int]:
    """Balances in minor units by account, debits positive, of entries effective on or before `as_of`; None means all.

    From the nearest closing of a closed period and the postings between; with `known_under`, from those entries alone
    that the seal covers. Accounts without postings by then are left out, or stand at nought.
    """
    wanted = {"book": book.pk, "accounts": None if account_ids is None else list(account_ids), "as_of": as_of}
    wanted["after"] = as_of + timedelta(days=1)
    with connection.cursor() as cursor:
        if known_under is not None:
            cursor.execute(BALANCES_AS_KNOWN, {**wanted, "position": known_under.position})
        else:
            cursor.execute(BALANCES, wanted)
        return dict(cursor.fetchall())


def balance(account: Account, as_of: date, *, known_under: Seal | None = None) -> Money:
    """What an account stands at on a date, debits positive."""
    minor = minor_balances(account.book, [account.pk], as_of, known_under=known_under)
    return from_minor(minor.get(account.pk, 0), account.currency)


def balances(book: Book, codes: Sequence[str], as_of: date, *, known_under: Seal | None = None) -> dict[str, Money]:
    """Balances of the accounts with these codes in the book's currency, debits positive; nought where none stands."""
    found = {a.pk: a.code for a in Account.objects.filter(book=book, code__in=codes, currency=book.base_currency)}
    minor = minor_balances(book, list(found), as_of, known_under=known_under)
    result = {code: from_minor(0, book.base_currency) for code in codes}
    return result | {code: from_minor(minor.get(pk, 0), book.base_currency) for pk, code in found.items()}


def trial_balance(book: Book, as_of: date, *, known_under: Seal | None = None) -> list[TrialBalanceRow]:
    """Every account of a book that was posted to, in order of code; the balances sum to nought per currency.

    The balances are read first and at one moment: an account that is opened and posted to meanwhile is not among them.
    """
    minor = minor_balances(book, None, as_of, known_under=known_under)
    return [
        TrialBalanceRow(a.pk, a.code, a.name, AccountKind(a.node.kind), a.currency, minor[a.pk])
        for a in accounts(book)
        if a.pk in minor
    ]
