"""An entry that sets two bank lines against each other matches both."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0013_payments")]

    operations = [
        migrations.AlterField(
            model_name="banklinematch",
            name="entry",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="matches",
                to="ledger.journalentry",
            ),
        ),
        migrations.AddConstraint(
            model_name="banklinematch",
            constraint=models.UniqueConstraint(fields=("entry", "line"), name="ledger_one_match_per_line_and_entry"),
        ),
    ]
