"""Who sets a limit is not whom it is for."""

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("loans", "0014_fees_by_the_terms")]

    operations = [
        migrations.AddConstraint(
            model_name="authority",
            constraint=models.CheckConstraint(
                condition=Q(person=None) | ~Q(person=F("set_by")), name="loans_authority_by_another"
            ),
        ),
    ]
