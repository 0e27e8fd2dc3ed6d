"""What was issued stays, and nothing is issued that two people did not agree to."""

from pathlib import Path

from django.db import migrations

from ledger.migration_operations import ApplySql, MakeAppendOnly

SQL = Path(__file__).parents[1] / "sql"

FILES = (
    "tax_certificate_guard.sql",
    "run_guard.sql",
    "participation_certificate_guard.sql",
    "notice_guard.sql",
)

ONLY_GROW = (
    "documents_documentfile",
    "documents_document",
    "documents_statementrun",
    "documents_preparedstatement",
    "documents_rundecision",
)


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial"), ("ledger", "0002_guards")]

    operations = [
        *[ApplySql(SQL / name) for name in FILES],
        *[MakeAppendOnly(table) for table in ONLY_GROW],
    ]
