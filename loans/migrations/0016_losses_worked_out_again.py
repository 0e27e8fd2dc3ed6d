from django.db import migrations, models

KINDS = [
    ("claimed", "Claimed from the guarantor"),
    ("claim-paid", "Paid by the guarantor"),
    ("guarantee", "Guarantee used for a loss"),
    ("provision", "Provision used for a loss"),
    ("shared", "Guarantor's share of principal repaid"),
    ("recovery", "Guarantor's share of a recovery"),
    ("paid-over", "Paid over to the guarantor"),
]


class Migration(migrations.Migration):
    dependencies = [("loans", "0015_limits_by_another")]

    operations = [
        migrations.RemoveConstraint(model_name="lossentry", name="loans_loss_entry_is_positive"),
        migrations.AlterField(
            model_name="lossentry", name="kind", field=models.CharField(choices=KINDS, max_length=10)
        ),
        migrations.AddConstraint(
            model_name="lossentry",
            constraint=models.CheckConstraint(
                condition=models.Q(amount__gt=0)
                | models.Q(kind__in=("guarantee", "provision", "shared", "recovery")) & ~models.Q(amount=0),
                name="loans_loss_entry_is_whole",
            ),
        ),
    ]
