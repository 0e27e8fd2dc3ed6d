"""What one thing caused is found by an index: the entries of a loan, of a bank line, and the lenders' side of an entry."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_drafts_stay")]

    operations = [
        migrations.AddIndex(
            model_name="journalentry",
            index=models.Index(fields=["book", "source"], name="ledger_entry_by_source"),
        ),
    ]
