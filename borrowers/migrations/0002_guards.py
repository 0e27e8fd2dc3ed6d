"""What the database holds about community businesses besides the columns: places make the whole, tables only grow."""

from pathlib import Path

from django.db import migrations

from ledger.migration_operations import ApplySql, MakeAppendOnly

SQL = Path(__file__).parents[1] / "sql"

FILES = (
    "place_guard.sql",
    "place_set_guard.sql",
)

ONLY_GROW = (
    "borrowers_reading",
    "borrowers_accounts",
    "borrowers_areatable",
    "borrowers_scale",
    "borrowers_areadecile",
    "borrowers_postcodetable",
    "borrowers_postcodearea",
    "borrowers_placeset",
    "borrowers_benefitplace",
    "borrowers_readingpart",
    "borrowers_readingconfirmation",
    "borrowers_outcomeclaim",
    "borrowers_claimindicator",
    "borrowers_consent",
    "borrowers_handovernote",
)


class Migration(migrations.Migration):
    dependencies = [("borrowers", "0001_initial"), ("ledger", "0002_guards")]

    operations = [
        *[ApplySql(SQL / name) for name in FILES],
        *[MakeAppendOnly(table) for table in ONLY_GROW],
    ]
