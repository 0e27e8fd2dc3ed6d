"""Can anything that stands be changed or removed? The tables come from PostgreSQL's catalogue, and every way is tried.

The app role lacks the privilege, and where somebody has it, a trigger refuses: each of the two is tried by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection, connections, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from commonweal.database_roles import Roles
from ledger.services import close_period, open_account, reopen_period, seal
from tests.databases import TestDatabase
from tests.ledger.guard_cases import approval
from tests.ledger.raw_rows import refusal
from tests.ledger.small_book import OPENED, SmallBook, make_book, simple_entry

DENIED, APPEND_ONLY = "42501", "CW001"

STANDS_ALREADY = {"23505", "CW014", "CW015", DENIED}
"""Unique violations, and the guards of periods and seals, which look at what stands before any key is compared."""

CATALOGUE = """
    SELECT class.relname, bit_or(t.tgtype::int) FROM pg_trigger t
    JOIN pg_class class ON class.oid = t.tgrelid JOIN pg_proc function ON function.oid = t.tgfoid
    WHERE function.proname = 'ledger_refuse_change' AND t.tgenabled = 'O' GROUP BY class.relname ORDER BY class.relname
"""
ROW, BEFORE, DELETE, UPDATE, TRUNCATE = 1, 2, 8, 16, 32
"""What the bits of pg_trigger.tgtype mean (PostgreSQL, src/include/catalog/pg_trigger.h)."""

THEIR_COLUMNS_CHANGE = {
    "ledger_account": {"closed_on"},
    "ledger_chartnode": {"name", "parent_id"},
    "ledger_book": {
        *("name", "fund_name", "business_date", "registration", "address"),
        *("contact_name", "contact_phone", "contact_email"),
    },
    "ledger_bankaccount": {"name"},
    "ledger_journaldraft": {"state", "approval_id", "withdrawn_by_id"},
    "loans_application": {
        *("amount", "annual_rate", "months", "first_due_on", "content", "purpose"),
        *("prepared_by_id", "prepared_at", "status"),
    },
    "loans_loan": {"next_action_on", "accrued_through"},
    "loans_movingin": {"approval_id", "brought", "found", "state", "withdrawn_by_id"},
    "letters_letter": {"state", "note", "attempts", "not_before", "lease_owner", "lease_until", "sent_at"},
    "investors_investor": {"kind", "name", "registered_number"},
}

MERGE = "MERGE INTO {table} old USING (SELECT 1) new ON true WHEN MATCHED THEN "
CHANGES = {
    "update": "UPDATE {table} SET {column} = {column}",
    "delete": "DELETE FROM {table}",
    "truncate": "TRUNCATE {table} CASCADE",
    "merge and update": MERGE + "UPDATE SET {column} = {column}",
    "merge and delete": MERGE + "DELETE",
    "insert over": "INSERT INTO {table} SELECT * FROM {table} LIMIT 1 "
    "ON CONFLICT ({key}) DO UPDATE SET {column} = EXCLUDED.{column}",
}
WAYS_ROUND = {
    "lock a row to update": "SELECT 1 FROM {table} FOR UPDATE",
    "lock a row to share": "SELECT 1 FROM {table} FOR SHARE",
    "lock the table": "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
    "disable a trigger": "ALTER TABLE {table} DISABLE TRIGGER append_only",
    "disable all triggers": "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "drop the trigger": "DROP TRIGGER append_only ON {table}",
    "a trigger of one's own": "CREATE TRIGGER mine BEFORE UPDATE ON {table} EXECUTE FUNCTION ledger_refuse_change()",
    "a rule of one's own": "CREATE RULE mine AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "another owner": "ALTER TABLE {table} OWNER TO CURRENT_USER",
    "another column": "ALTER TABLE {table} ADD COLUMN mine int",
    "drop the table": "DROP TABLE {table} CASCADE",
    "rename the table": "ALTER TABLE {table} RENAME TO mine",
    "row security": "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
}
SESSION = {
    "replication role": "SET session_replication_role = replica",
    "replication role, locally": "SET LOCAL session_replication_role = 'replica'",
    "replication role, by function": "SELECT set_config('session_replication_role', 'replica', false)",
    "be the owner": "SET ROLE {owner}",
    "be the superuser": "SET SESSION AUTHORIZATION postgres",
    "be superuser": "ALTER ROLE CURRENT_USER SUPERUSER",
    "a table that hides another": "CREATE TEMPORARY TABLE ledger_account (id bigint)",
    "a table": "CREATE TABLE mine (id bigint)",
    "a schema that hides another": "CREATE SCHEMA mine",
    "another refusal": "CREATE OR REPLACE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE sql AS ''",
    "no refusal": "DROP FUNCTION ledger_refuse_change() CASCADE",
    "a refusal elsewhere": "ALTER FUNCTION ledger_refuse_change() RENAME TO mine",
    "numbers anew": "SELECT setval('ledger_journalentry_id_seq', 1)",
    "run a program": "COPY ledger_posting FROM PROGRAM 'true'",
    "read a file": "COPY ledger_posting FROM '/etc/hostname'",
    "a setting for every session": "ALTER DATABASE {database} SET session_replication_role = 'replica'",
    "a setting for its own sessions": "ALTER ROLE CURRENT_USER SET session_replication_role = 'replica'",
    "a database of one's own": "ALTER DATABASE {database} OWNER TO CURRENT_USER",
}


@pytest.fixture
def small() -> SmallBook:
    """A book in which every table that only grows has a row."""
    made = make_book()
    open_account(book=made.book, node="1310", subject="L-0002", on=OPENED)
    made.post(simple_entry(on=OPENED))
    close_period(book=made.book, through=OPENED, by=made.tom)
    reopen_period(book=made.book, reason="a late invoice", by=made.tom)
    approval(made, made_by=made.tom, checked_by=made.amina, subject="journal:1")
    seal(book=made.book)
    return made


def append_only_tables() -> dict[str, int]:
    """The tables that refuse changes, and what their triggers fire on."""
    with connection.cursor() as cursor:
        cursor.execute(CATALOGUE)
        return dict(cursor.fetchall())


def statements(template: str, tables: dict[str, int]) -> Iterator[tuple[str, sql.Composed]]:
    """The statement for each table, with a column of it that never changes, and its key."""
    for table in tables:
        columns = [field.column for field in _model(table)._meta.concrete_fields if field.column]
        columns = [column for column in columns if column not in _columns_with_update(table)] or columns
        key = "entry_id, line_no" if table == "ledger_posting" else _model(table)._meta.pk.column
        yield (
            table,
            sql.SQL(template).format(table=sql.Identifier(table), column=sql.Identifier(columns[-1]), key=sql.SQL(key)),
        )


def answer(execute: Callable[[sql.Composed], object], statement: sql.Composed) -> str:
    """The SQLSTATE of the refusal, or 'done'."""
    try:
        execute(statement)
    except psycopg.Error as error:
        return error.sqlstate or "?"
    except DatabaseError as error:
        return refusal(error)[0]
    return "done"


def as_app(statement: sql.Composed) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def _copy_in(cursor: CursorWrapper, statement: sql.Composed, rows: bytes) -> None:
    with cursor.copy(statement) as stream:
        stream.write(rows)


def _model(table: str) -> type:
    return next(model for model in apps.get_models() if model._meta.db_table == table)


@pytest.mark.django_db
def test_the_catalogue_lists_every_table_of_the_ledger() -> None:
    ledger = {model._meta.db_table for model in apps.get_app_config("ledger").get_models()}
    assert ledger <= append_only_tables().keys()


@pytest.mark.django_db
def test_every_model_that_calls_itself_append_only_is_in_the_catalogue() -> None:
    claimed = {model._meta.db_table for model in apps.get_models() if "Append-only." in (model.__doc__ or "")}
    assert len(claimed) > 5
    assert claimed <= append_only_tables().keys()


@pytest.mark.django_db
def test_the_triggers_fire_before_any_row_on_every_kind_of_change() -> None:
    for table, kinds in append_only_tables().items():
        assert kinds & BEFORE, table
        assert not kinds & ROW, table
        assert kinds & DELETE, table
        assert kinds & TRUNCATE, table
        if not _columns_with_update(table):
            assert kinds & UPDATE, table


@pytest.mark.django_db
@pytest.mark.parametrize("what", {**CHANGES, **WAYS_ROUND})
def test_the_app_role_changes_nothing_that_stands(small: SmallBook, what: str) -> None:
    tables = append_only_tables()
    if what.startswith("lock a row"):
        tables = {table: kinds for table, kinds in tables.items() if not _columns_with_update(table)}
    template = {**CHANGES, **WAYS_ROUND}[what]
    answers = {table: answer(as_app, statement) for table, statement in statements(template, tables)}
    assert answers == dict.fromkeys(tables, DENIED)


@pytest.mark.django_db
@pytest.mark.parametrize("what", SESSION)
def test_the_app_role_cannot_get_round_the_guards(what: str, roles: Roles) -> None:
    names = {"owner": sql.Identifier(roles.owner), "database": sql.Identifier(connection.settings_dict["NAME"])}
    assert answer(as_app, sql.SQL(SESSION[what]).format(**names)) == DENIED


@pytest.mark.django_db
def test_rows_copied_over_rows_that_stand_are_refused(small: SmallBook) -> None:
    for table in append_only_tables():
        with connection.cursor() as cursor:
            with cursor.copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as stream:
                rows = b"".join(bytes(part) for part in stream)
            if not rows or table == "ledger_postingrequest":  # a request is always given a new number
                continue
            over = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))
            with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.wrap_database_errors:
                _copy_in(cursor, over, rows)
            assert refusal(refused.value)[0] in STANDS_ALREADY, table


@pytest.mark.django_db
def test_columns_that_may_change_are_these_and_no_others() -> None:
    granted = {table: _columns_with_update(table) for table in append_only_tables()}
    assert {table: columns for table, columns in granted.items() if columns} == THEIR_COLUMNS_CHANGE


@pytest.mark.django_db
def test_of_an_account_the_closing_day_changes_and_nothing_else(small: SmallBook) -> None:
    changes = {
        "closed_on": "closed_on = '2026-01-01'",
        "code": "code = 'other'",
        "currency": "currency = 'EUR'",
        "opened_on": "opened_on = '2020-01-01'",
        "book": "book_id = book_id",
        "both": "closed_on = NULL, code = 'other'",
    }
    answers = {what: answer(as_app, sql.SQL("UPDATE ledger_account SET " + to)) for what, to in changes.items()}
    assert answers == {what: "done" if what == "closed_on" else DENIED for what in changes}


@pytest.mark.django_db
def test_what_the_database_derives_the_app_role_cannot_even_add(small: SmallBook) -> None:
    row = "INSERT INTO ledger_accountclosing (event_id, account_id, balance) SELECT 1, id, 5 FROM ledger_account"
    assert answer(as_app, sql.SQL(row)) == DENIED


@pytest.mark.committing
@pytest.mark.parametrize("what", CHANGES)
def test_a_trigger_refuses_even_the_owner(committing_database: TestDatabase, what: str) -> None:
    """The owner of the tables has every privilege: what refuses here is the trigger alone."""
    tables = {table: kinds for table, kinds in append_only_tables().items() if kinds & UPDATE or "delete" in what}
    with psycopg.connect(committing_database.owner_url, autocommit=True) as owner:
        answers = {table: answer(owner.execute, statement) for table, statement in statements(CHANGES[what], tables)}
    assert answers == dict.fromkeys(tables, APPEND_ONLY)


@pytest.mark.committing
def test_a_trigger_keeps_the_rest_of_an_account_even_from_the_owner(committing_database: TestDatabase) -> None:
    make_book()
    with connections["owner"].cursor() as cursor:
        assert answer(cursor.execute, sql.SQL("UPDATE ledger_account SET code = 'other'")) == APPEND_ONLY


@pytest.mark.committing
def test_without_trigger_and_privilege_a_change_goes_through(committing_database: TestDatabase) -> None:
    """So the tests above can fail: each of the two defences, taken away, leaves the other, and without both nothing."""
    small = make_book()
    small.post(simple_entry())
    app = sql.Identifier(settings.DATABASE_ROLES["app"])
    update = sql.SQL("UPDATE ledger_posting SET amount = -amount")
    with psycopg.connect(committing_database.owner_url, autocommit=True) as owner:
        owner.execute(sql.SQL("GRANT UPDATE ON ledger_posting TO {}").format(app))
        assert answer(as_app, update) == APPEND_ONLY
        owner.execute("DROP TRIGGER append_only ON ledger_posting")
        assert "ledger_posting" not in append_only_tables()
        assert answer(as_app, update) == "done"
        owner.execute(sql.SQL("REVOKE UPDATE ON ledger_posting FROM {}").format(app))
        assert answer(as_app, update) == DENIED


@pytest.mark.committing
def test_the_auditor_reads_everything_and_writes_nothing(
    small_committed: SmallBook, auditor_connection: psycopg.Connection
) -> None:
    auditor_connection.execute("SET default_transaction_read_only = off")

    def as_auditor(statement: sql.Composed) -> None:
        with auditor_connection.transaction():
            auditor_connection.execute(statement)

    tables = append_only_tables()
    for table in tables:
        count = auditor_connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
        assert count is not None, table
    insert = "INSERT INTO {table} SELECT * FROM {table} WHERE false"
    for template in (*CHANGES.values(), insert, "COPY {table} FROM STDIN"):
        answers = {table: answer(as_auditor, found) for table, found in statements(template, tables)}
        assert answers == dict.fromkeys(tables, DENIED), template
    for template in WAYS_ROUND.values():
        answers = {table: answer(as_auditor, found) for table, found in statements(template, append_only_tables())}
        assert answers == dict.fromkeys(append_only_tables(), DENIED), template
    for call in ("SELECT nextval('ledger_journalentry_id_seq')", "SET session_replication_role = replica"):
        assert answer(as_auditor, sql.SQL(call)) == DENIED


@pytest.fixture
def small_committed(committing_database: TestDatabase) -> SmallBook:
    made = make_book()
    made.post(simple_entry())
    return made


def _columns_with_update(table: str) -> set[str]:
    """The columns of a table that the app role may update."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
            "AND has_column_privilege(current_user, attrelid, attnum, 'UPDATE')",
            [table],
        )
        return {name for (name,) in cursor.fetchall()}
