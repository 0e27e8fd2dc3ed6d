"""What was said stays: tables that only grow, and a letter of which nothing changes but what becomes of it."""

from django.db import migrations

from ledger.migration_operations import MakeAppendOnly

ONLY_GROW = ("letterreturn", "letterchoice", "message", "messageread", "contact", "ladderstep", "reminder")

OF_A_LETTER = ("state", "note", "attempts", "not_before", "lease_owner", "lease_until", "sent_at")


class Migration(migrations.Migration):
    dependencies = [("letters", "0001_initial"), ("ledger", "0002_guards")]

    operations = [
        *[MakeAppendOnly(f"letters_{table}") for table in ONLY_GROW],
        MakeAppendOnly("letters_letter", updatable=OF_A_LETTER),
    ]
