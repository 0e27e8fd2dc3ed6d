"""A class of a fund's capital stands under the act by which two people agreed on it. None may stand without one yet."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from ledger.migration_operations import ApplySql

SQL = Path(__file__).parents[1] / "sql"
KINDS = [
    ("commitment", "Commitment"),
    ("cancellation", "Cancelled commitment"),
    ("call", "Capital call"),
    ("call-withdrawal", "Call withdrawn"),
    ("payment", "Paid in on a call"),
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
    ("reversal", "Reversal"),
]


class Migration(migrations.Migration):
    dependencies = [("investors", "0002_guards")]

    operations = [
        migrations.AlterField("capitalact", "kind", models.CharField(choices=KINDS, max_length=20)),
        migrations.RemoveField("fundclass", "made_at"),
        migrations.RemoveField("fundclass", "made_by"),
        migrations.AddField(
            "fundclass",
            "act",
            models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="made_class", to="investors.capitalact"
            ),
        ),
        ApplySql(SQL / "class_guard.sql"),
    ]
