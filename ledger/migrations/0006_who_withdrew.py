"""A manual journal that was withdrawn says by whom; those withdrawn before say nothing."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from ledger.migration_operations import ApplySql

SQL = Path(__file__).parents[1] / "sql"

LIKE_THE_STATE = """
DO $$
DECLARE
  grantee text;
BEGIN
  FOR grantee IN
    SELECT DISTINCT quote_ident(pg_get_userbyid(acl.grantee)) FROM pg_attribute, aclexplode(attacl) acl
    WHERE attrelid = 'ledger_journaldraft'::regclass AND attname = 'state' AND acl.privilege_type = 'UPDATE'
  LOOP
    EXECUTE format('GRANT UPDATE (withdrawn_by_id) ON ledger_journaldraft TO %s', grantee);
  END LOOP;
END
$$
"""
"""Whoever may withdraw a journal may say so."""


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0005_entries_by_source"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="journaldraft",
            name="withdrawn_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        ApplySql(SQL / "draft_guard.sql"),
        migrations.RunSQL(LIKE_THE_STATE, migrations.RunSQL.noop),
    ]
