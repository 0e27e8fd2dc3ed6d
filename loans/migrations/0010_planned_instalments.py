"""What was planned is kept with its interest; run `rebuild_projections` where loans stand already."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("loans", "0009_stored_files")]

    operations = [
        migrations.RenameModel("PlannedPrincipal", "PlannedInstalment"),
        migrations.AlterField(
            "PlannedInstalment",
            "loan",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="planned_instalments", to="loans.loan"
            ),
        ),
        migrations.AddField("PlannedInstalment", "interest", models.BigIntegerField(default=0), preserve_default=False),
    ]
