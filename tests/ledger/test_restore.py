"""Do seals go on, and find every alteration, after the books were dumped and restored into another server?"""

from __future__ import annotations

import pytest
from django.db import connection

from commonweal.database import SUPERUSER, EmbeddedServer
from commonweal.database_roles import Roles
from ledger import queries
from ledger.models import Seal
from ledger.services import seal, seal_text, verify
from tests.databases import TestDatabase
from tests.ledger import tampering as by
from tests.ledger.dumps import dump_and_restore
from tests.ledger.small_book import SmallBook
from tests.tools import refuse_or_skip

AFTERWARDS = 5
"""Entries posted behind the last seal, before the dump."""


def balances_under(small: SmallBook, number: int) -> list[queries.TrialBalanceRow]:
    """The trial balance as known under a seal."""
    known = Seal.objects.get(book=small.book, number=number)
    return queries.trial_balance(small.book, small.book.business_date.replace(year=2030), known_under=known)


def transactions_began_anew() -> bool:
    """Whether this server has not yet come to the transactions that made the entries."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(xact) > pg_current_xact_id()::text::bigint FROM ledger_postingrequest")
        return bool(cursor.fetchone()[0])


@pytest.mark.committing
def test_a_chain_goes_on_in_another_server(
    committing_database: TestDatabase, spare_server: EmbeddedServer, roles: Roles
) -> None:
    if committing_database.superuser_url is None:
        refuse_or_skip("set DATABASE_SUPERUSER_URL to dump the books and restore them elsewhere")
    books = by.make_sealed_book()
    small = books.small
    late = by.make_entries(small, 31, 30 + AFTERWARDS)
    known = [balances_under(small, number) for number in (1, 2)]
    dump_and_restore(committing_database.superuser_url, spare_server)

    with by.logged_in(spare_server.url(roles.app)):
        assert transactions_began_anew()
        assert list(verify(small.book, books.outside)) == []
        fresh = by.make_entries(small, 41, 43)
        made = seal(book=small.book)
        assert made is not None
        assert (made.number, made.position) == (3, by.COUNT + AFTERWARDS + 3)
        assert list(verify(small.book, seal_text(made))) == []
        assert list(verify(small.book, books.outside)) == []
        assert [balances_under(small, number) for number in (1, 2)] == known

    restored = by.SealedBook(small, [*books.entry_ids, *late, *fresh], seal_text(made))
    with by.logged_in(spare_server.url(SUPERUSER)):
        found = {what: by.findings(restored, tamper, restored.outside) for what, tamper in by.SIX.items()}
        assert [what for what, findings in found.items() if not findings] == []
        assert list(verify(small.book, restored.outside)) == []
