"""What a fund pays to be managed is agreed by an act of two people; the table that one person wrote goes, if empty."""

from pathlib import Path

from django.db import migrations, models

from ledger.migration_operations import ApplySql

SQL = Path(__file__).parents[1] / "sql"
KINDS = [
    ("commitment", "Commitment"),
    ("cancellation", "Cancelled commitment"),
    ("call", "Capital call"),
    ("call-withdrawal", "Call withdrawn"),
    ("payment", "Paid in on a call"),
    ("fee-terms", "Terms of the management fee"),
    ("management-fee", "Management fee"),
    ("result", "Result shared"),
    ("distribution", "Distribution"),
    ("transfer", "Holding transferred"),
    ("equalisation", "Equalisation at a later close"),
    ("deed", "Order of payment"),
    ("class", "Class of capital"),
    ("class-terms", "Terms of a class"),
    ("grant", "Restricted grant"),
    ("grant-received", "Grant received"),
    ("grant-applied", "Grant applied"),
    ("moved-in", "Holdings moved in"),
    ("reversal", "Reversal"),
]
REFUSE_TO_LOSE = """
DO $$ BEGIN
  IF EXISTS (SELECT FROM investors_feeagreement) THEN
    RAISE EXCEPTION 'investors_feeagreement holds fees that one person agreed, which would be lost. Begin with a new '
      'database, and have two people agree them.';
  END IF;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("investors", "0007_capital_is_booked")]

    operations = [
        migrations.RunSQL(REFUSE_TO_LOSE, migrations.RunSQL.noop),
        migrations.DeleteModel("FeeAgreement"),
        migrations.AlterField("capitalact", "kind", models.CharField(choices=KINDS, max_length=20)),
        ApplySql(SQL / "fee_terms_guard.sql"),
    ]
