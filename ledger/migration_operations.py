"""Migration operations that every app uses: apply a file of SQL, add a rule, make tables append-only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class CreateTables(Operation):
    """Creates the tables of many models at once.

    Django works out anew how all models hang together after each operation on one of them; here it does so once, which
    takes a second where it took most of a minute.
    """

    reduces_to_sql = True

    def __init__(self, models: Sequence[migrations.CreateModel]) -> None:
        self.models = models

    def deconstruct(self) -> tuple[str, Sequence[object], dict[str, object]]:
        return self.__class__.__name__, [self.models], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        vars(state).pop("apps", None)
        for model in self.models:
            model.state_forwards(app_label, state)

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for model in self.models:
            model.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        for model in reversed(self.models):
            model.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Create the tables of {', '.join(model.name for model in self.models)}"


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


class AddRule(migrations.RunSQL):
    """Adds a constraint to a table that its model cannot say."""

    def __init__(self, table: str, name: str, rule: str) -> None:
        super().__init__(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}", f"ALTER TABLE {table} DROP CONSTRAINT {name}"
        )
        self._table, self._name, self._rule = table, name, rule

    def deconstruct(self) -> tuple[str, Sequence[object], dict[str, object]]:
        return self.__class__.__name__, [self._table, self._name, self._rule], {}

    def describe(self) -> str:
        return f"Hold {self._table} to {self._name}"


class MakeDerived(migrations.RunSQL):
    """Makes a table append-only and leaves writing it to the database's own triggers."""

    def __init__(self, table: str) -> None:
        super().__init__([("SELECT ledger_make_derived(%s)", [table])], migrations.RunSQL.noop)
        self._table = table

    def deconstruct(self) -> tuple[str, Sequence[object], dict[str, object]]:
        return self.__class__.__name__, [self._table], {}

    def describe(self) -> str:
        return f"Leave {self._table} to the database"
