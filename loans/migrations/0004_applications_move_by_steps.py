"""An application changes by moves alone, a loan's terms are those that its maker prepared, and a loan stays itself."""

from pathlib import Path

from django.db import migrations

from ledger.migration_operations import ApplySql, MakeAppendOnly

SQL = Path(__file__).parents[1] / "sql"

ONLY_THESE_COLUMNS_CHANGE = {
    "loans_application": [
        "amount",
        "annual_rate",
        "months",
        "first_due_on",
        "purpose",
        "prepared_by_id",
        "prepared_at",
        "status",
    ],
    "loans_loan": ["next_action_on"],
}


class Migration(migrations.Migration):
    dependencies = [("loans", "0003_day_counts")]

    operations = [
        ApplySql(SQL / "application_guard.sql"),
        ApplySql(SQL / "terms_guard.sql"),
        *[MakeAppendOnly(table, updatable=columns) for table, columns in ONLY_THESE_COLUMNS_CHANGE.items()],
    ]
