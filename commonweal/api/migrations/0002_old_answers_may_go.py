"""An answer under an idempotency key stays for a week at least; older ones may be removed by a command."""

from pathlib import Path

from django.db import migrations

from ledger.migration_operations import ApplySql

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("api", "0001_initial")]

    operations = [ApplySql(SQL / "answer_guard.sql")]
