"""What each person may do for an investor; whoever stands already may act, as before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0004_saved_filters")]

    operations = [
        migrations.AddField(
            model_name="investormembership",
            name="role",
            field=models.CharField(
                choices=[("reads", "Reads"), ("acts", "Reads and acts")], default="acts", max_length=20
            ),
        ),
        migrations.AddConstraint(
            model_name="investormembership",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["reads", "acts"])), name="investor_role_is_known"
            ),
        ),
    ]
