"""Applications and loans keep their terms whole; the columns of those made before say what to write."""

from pathlib import Path

from django.db import migrations, models

from ledger.migration_operations import ApplySql

SQL = Path(__file__).parents[1] / "sql"

AS_COLUMNS_SAY = """
ALTER TABLE {table} ADD COLUMN content jsonb;
ALTER TABLE {table} ALTER COLUMN content TYPE jsonb USING jsonb_build_object(
  'amortisation', 'annuity',
  'annual_rate', trim_scale(annual_rate)::text,
  'business_days', jsonb_build_object('calendar', calendar, 'convention', 'following', 'interest', 'unadjusted'),
  'currency', {amount}_currency,
  'day_count', day_count,
  'instalments', months,
  'principal', trim_scale({amount})::text,
  'principal_due', jsonb_build_object('every', '1M', 'first', to_char(first_due_on, 'YYYY-MM-DD')));
ALTER TABLE {table} ALTER COLUMN content SET NOT NULL;
ALTER TABLE {table} ADD CONSTRAINT {rule} CHECK (COALESCE(
  (content ->> 'principal')::numeric = {amount} AND content ->> 'currency' = {amount}_currency
  AND (content ->> 'annual_rate')::numeric = annual_rate AND content ->> 'day_count' = day_count
  AND COALESCE(content -> 'business_days' ->> 'calendar', '') = calendar, false));
"""
"""A column's type changes without an update, so that no guard is lifted; terms made until now are all level monthly."""

LIKE_THE_AMOUNT = """
DO $$
DECLARE
  grantee text;
BEGIN
  FOR grantee IN
    SELECT DISTINCT quote_ident(pg_get_userbyid(acl.grantee)) FROM pg_attribute, aclexplode(attacl) acl
    WHERE attrelid = 'loans_application'::regclass AND attname = 'amount' AND acl.privilege_type = 'UPDATE'
  LOOP
    EXECUTE format('GRANT UPDATE (content) ON loans_application TO %s', grantee);
  END LOOP;
END
$$
"""
"""Whoever may revise an application may write its terms."""


def content(model: str, table: str, amount: str, rule: str) -> migrations.RunSQL:
    """Add the column to a table, filled, and hold the others to it."""
    return migrations.RunSQL(
        AS_COLUMNS_SAY.format(table=table, amount=amount, rule=rule),
        f"ALTER TABLE {table} DROP COLUMN content",
        state_operations=[
            migrations.AddField(model, "content", models.JSONField(default=dict), preserve_default=False)
        ],
    )


class Migration(migrations.Migration):
    dependencies = [("loans", "0004_applications_move_by_steps")]

    operations = [
        content("application", "loans_application", "amount", "loans_application_agrees_with_content"),
        content("loanterms", "loans_loanterms", "principal", "loans_terms_agree_with_content"),
        migrations.RunSQL(LIKE_THE_AMOUNT, migrations.RunSQL.noop),
        ApplySql(SQL / "terms_guard.sql"),
        *[
            migrations.AlterField(model, "calendar", models.CharField(blank=True, max_length=20))
            for model in ("application", "loanterms")
        ],
    ]
