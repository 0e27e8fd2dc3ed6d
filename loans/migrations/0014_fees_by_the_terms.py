"""Late fees have days of grace, and default interest has a suspense of its own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("loans", "0013_acts")]

    operations = [
        migrations.AddField("booking", "default_suspended", models.BigIntegerField(default=0), preserve_default=False),
        migrations.AddField("productfee", "grace_days", models.PositiveSmallIntegerField(default=0)),
    ]
