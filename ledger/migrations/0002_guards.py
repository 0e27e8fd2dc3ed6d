"""The guards in the database, and the tables that only ever grow."""

from pathlib import Path

from django.db import migrations

from ledger.migration_operations import ApplySql, MakeAppendOnly, MakeDerived

SQL = Path(__file__).parents[1] / "sql"

FILES = (
    "refuse_change.sql",
    "make_append_only.sql",
    "locks.sql",
    "closed_until.sql",
    "request_guard.sql",
    "posting_guard.sql",
    "account_guard.sql",
    "post.sql",
    "seal_guard.sql",
    "book_guard.sql",
    "draft_guard.sql",
    "payee_guard.sql",
    "payment_guard.sql",
    "period_guard.sql",
    "entry_guard.sql",
)

ONLY_GROW = (
    "ledger_approval",
    "ledger_attachment",
    "ledger_postingrequest",
    "ledger_journalentry",
    "ledger_posting",
    "ledger_period",
    "ledger_periodevent",
    "ledger_sealedentry",
    "ledger_seal",
    "ledger_bankstatement",
    "ledger_bankstatementline",
    "ledger_banklinematch",
    "ledger_draftposting",
    "ledger_payeedetails",
    "ledger_payeedecision",
    "ledger_bankcsvmapping",
    "ledger_paymentfile",
    "ledger_paymentinstruction",
    "ledger_paymentfilestep",
    "ledger_paymentoutcome",
)

ONLY_THESE_COLUMNS_CHANGE = {
    "ledger_account": ["closed_on"],
    "ledger_chartnode": ["name", "parent_id"],
    "ledger_book": [
        "name",
        "fund_name",
        "business_date",
        "registration",
        "address",
        "contact_name",
        "contact_phone",
        "contact_email",
    ],
    "ledger_journaldraft": ["state", "approval_id", "withdrawn_by_id"],
    "ledger_bankaccount": ["name"],
}


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        *[ApplySql(SQL / name) for name in FILES],
        *[MakeAppendOnly(table) for table in ONLY_GROW],
        MakeDerived("ledger_accountclosing"),
        *[MakeAppendOnly(table, updatable=columns) for table, columns in ONLY_THESE_COLUMNS_CHANGE.items()],
    ]
