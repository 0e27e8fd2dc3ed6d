"""What was answered under a key stays, until it is old."""

from pathlib import Path

from django.db import migrations

from ledger.migration_operations import ApplySql, MakeAppendOnly

SQL = Path(__file__).parents[1] / "sql"

FILES = ("answer_guard.sql",)

ONLY_GROW = ("api_idempotentanswer",)


class Migration(migrations.Migration):
    dependencies = [("api", "0001_initial"), ("ledger", "0002_guards")]

    operations = [
        *[MakeAppendOnly(table) for table in ONLY_GROW],
        *[ApplySql(SQL / name) for name in FILES],
    ]
