"""Migration operations that every app uses: apply a file of SQL, make tables append-only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.db import migrations


class ApplySql(migrations.RunSQL):
    """Applies a file of SQL functions and triggers; files are written so that applying them again is harmless."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.read_text(encoding="utf-8"), migrations.RunSQL.noop)
        self._path = path

    def deconstruct(self) -> tuple[str, Sequence[object], dict[str, object]]:
        return self.__class__.__name__, [self._path], {}

    def describe(self) -> str:
        return f"Apply {self._path.name}"


class MakeAppendOnly(migrations.RunSQL):
    """Takes UPDATE, DELETE and TRUNCATE on a table from everyone, but for the columns named."""

    def __init__(self, table: str, updatable: Sequence[str] = ()) -> None:
        super().__init__([("SELECT ledger_make_append_only(%s, %s)", [table, list(updatable)])], migrations.RunSQL.noop)
        self._table, self._updatable = table, tuple(updatable)

    def deconstruct(self) -> tuple[str, Sequence[object], dict[str, object]]:
        return self.__class__.__name__, [self._table, self._updatable], {}

    def describe(self) -> str:
        return f"Make {self._table} append-only"


class AlsoUpdatable(migrations.RunSQL):
    """Lets those who may change one column of an append-only table change another one of it."""

    SQL = """
        DO $$ DECLARE grantee text; BEGIN
          FOR grantee IN
            SELECT quote_ident(pg_get_userbyid(acl.grantee)) FROM pg_attribute, aclexplode(attacl) acl
            WHERE attrelid = '{table}'::regclass AND attname = '{like}' AND acl.privilege_type = 'UPDATE'
          LOOP EXECUTE format('GRANT UPDATE ({column}) ON {table} TO %s', grantee); END LOOP;
        END $$
    """

    def __init__(self, table: str, column: str, like: str) -> None:
        super().__init__(self.SQL.format(table=table, column=column, like=like), migrations.RunSQL.noop)
        self._table, self._column, self._like = table, column, like

    def deconstruct(self) -> tuple[str, Sequence[object], dict[str, object]]:
        return self.__class__.__name__, [self._table, self._column, self._like], {}

    def describe(self) -> str:
        return f"Let {self._column} of {self._table} change"


class MakeDerived(migrations.RunSQL):
    """Makes a table append-only and leaves writing it to the database's own triggers."""

    def __init__(self, table: str) -> None:
        super().__init__([("SELECT ledger_make_derived(%s)", [table])], migrations.RunSQL.noop)
        self._table = table

    def deconstruct(self) -> tuple[str, Sequence[object], dict[str, object]]:
        return self.__class__.__name__, [self._table], {}

    def describe(self) -> str:
        return f"Leave {self._table} to the database"
