"""A loan knows through which month's end its accruals are booked; the app role keeps that, beside what is to be done."""

from django.db import migrations, models

from ledger.migration_operations import AlsoUpdatable


class Migration(migrations.Migration):
    dependencies = [("loans", "0018_direct_debits")]

    operations = [
        migrations.AddField(model_name="loan", name="accrued_through", field=models.DateField(blank=True, null=True)),
        AlsoUpdatable("loans_loan", "accrued_through", like="next_action_on"),
    ]
