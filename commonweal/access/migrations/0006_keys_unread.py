"""Who only reads the books reads no session and no hash of a password."""

from pathlib import Path

from django.db import migrations

from ledger.migration_operations import ApplySql

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0005_invitations"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        ApplySql(SQL / "keys_unread.sql"),
    ]
