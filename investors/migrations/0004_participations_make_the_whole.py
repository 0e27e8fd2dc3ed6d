"""Participations arrive whole and make the whole of the terms that they are recorded under; then they stand."""

from pathlib import Path

from django.db import migrations

from ledger.migration_operations import ApplySql, MakeAppendOnly

SQL = Path(__file__).parents[1] / "sql"


class Migration(migrations.Migration):
    dependencies = [("investors", "0003_participations")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE investors_participationset ADD CONSTRAINT investors_under_terms_of_this_loan "
            "FOREIGN KEY (terms_id, loan_id) REFERENCES loans_loanterms (id, loan_id)",
            "ALTER TABLE investors_participationset DROP CONSTRAINT investors_under_terms_of_this_loan",
        ),
        ApplySql(SQL / "participation_guard.sql"),
        ApplySql(SQL / "participation_set_guard.sql"),
        MakeAppendOnly("investors_participationset"),
        MakeAppendOnly("investors_participation"),
    ]
