"""What somebody prepared stays as it was prepared, a bank account stays itself, and a book's days only go forward."""

from pathlib import Path

from django.db import migrations

from ledger.migration_operations import ApplySql, MakeAppendOnly

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_financial_year")]

    operations = [
        ApplySql(SQL / "draft_guard.sql"),
        ApplySql(SQL / "book_guard.sql"),
        MakeAppendOnly("ledger_journaldraft", updatable=["state", "approval_id"]),
        MakeAppendOnly("ledger_draftposting"),
        MakeAppendOnly("ledger_bankaccount", updatable=["name"]),
    ]
