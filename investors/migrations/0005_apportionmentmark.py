"""How far each book has been gone through for its lenders, so that a run reads only the loans posted to since."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("investors", "0004_participations_make_the_whole"), ("ledger", "0005_entries_by_source")]

    operations = [
        migrations.CreateModel(
            name="ApportionmentMark",
            fields=[
                (
                    "book",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="ledger.book",
                    ),
                ),
                ("settled_before", models.BigIntegerField()),
            ],
        ),
    ]
