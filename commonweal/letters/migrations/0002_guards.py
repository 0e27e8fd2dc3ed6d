"""What was said stays: tables that only grow, and a letter of which nothing changes but what becomes of it."""

from django.db import migrations

from ledger.migration_operations import MakeAppendOnly

ONLY_GROW = (
    "letters_letterreturn",
    "letters_letterchoice",
    "letters_message",
    "letters_messageread",
    "letters_contact",
    "letters_ladderstep",
    "letters_reminder",
)

ONLY_THESE_COLUMNS_CHANGE = {
    "letters_letter": ["state", "note", "attempts", "not_before", "lease_owner", "lease_until", "sent_at"],
}


class Migration(migrations.Migration):
    dependencies = [("letters", "0001_initial"), ("ledger", "0002_guards")]

    operations = [
        *[MakeAppendOnly(table) for table in ONLY_GROW],
        *[MakeAppendOnly(table, updatable=columns) for table, columns in ONLY_THESE_COLUMNS_CHANGE.items()],
    ]
