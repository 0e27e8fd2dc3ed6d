"""Statements in other formats than CAMT.053, some of which state no balance; what a file held besides is kept."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0009_default_interest_in_suspense"),
    ]

    operations = [
        migrations.AddField(
            model_name="bankstatement",
            name="format",
            field=models.CharField(
                choices=[("camt053", "CAMT.053"), ("ofx", "OFX"), ("csv", "CSV")], default="camt053", max_length=10
            ),
        ),
        migrations.AddField(
            model_name="bankstatement",
            name="notes",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.AlterField(
            model_name="bankstatement",
            name="closing",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="bankstatement",
            name="opening",
            field=models.BigIntegerField(null=True),
        ),
    ]
