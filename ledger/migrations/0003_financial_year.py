"""The day on which a book's financial years end."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_guards")]

    operations = [
        migrations.AddField(
            model_name="book",
            name="year_end_month",
            field=models.PositiveSmallIntegerField(default=3),
        ),
        migrations.AddField(
            model_name="book",
            name="year_end_day",
            field=models.PositiveSmallIntegerField(default=31),
        ),
        migrations.AddConstraint(
            model_name="book",
            constraint=models.CheckConstraint(
                condition=models.Q(("year_end_day__range", (1, 31)), ("year_end_month__range", (1, 12))),
                name="ledger_year_end_is_a_day",
            ),
        ),
    ]
