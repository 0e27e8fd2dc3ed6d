"""What the database holds about investors besides the columns: parts make the whole, four eyes, tables that only grow."""

from pathlib import Path

from django.db import migrations

from ledger.migration_operations import AddRule, ApplySql, MakeAppendOnly

SQL = Path(__file__).parents[1] / "sql"

RULES = (
    (
        "investors_participationset",
        "investors_under_terms_of_this_loan",
        "FOREIGN KEY (terms_id, loan_id) REFERENCES loans_loanterms (id, loan_id)",
    ),
)

FILES = (
    "participation_guard.sql",
    "participation_set_guard.sql",
    "transfer_guard.sql",
    "citr_guard.sql",
    "capital_guard.sql",
    "facility_guard.sql",
    "payout_guard.sql",
    "capital_between_guard.sql",
    "grant_guard.sql",
    "deed_guard.sql",
)

ONLY_GROW = (
    "investors_participationset",
    "investors_participation",
    "investors_participationtransfer",
    "investors_transferdecision",
    "investors_citrperiod",
    "investors_citrinvestment",
    "investors_citrrequired",
    "investors_citrmovement",
    "investors_citrending",
    "investors_citrmark",
    "investors_citrcertificate",
    "investors_citrcertificatedecision",
    "investors_fundclass",
    "investors_feeagreement",
    "investors_capitalact",
    "investors_capitalline",
    "investors_capitaldecision",
    "investors_facility",
    "investors_facilityterms",
    "investors_facilitydecision",
    "investors_borrowingevent",
    "investors_borrowingbooking",
    "investors_covenanttest",
    "investors_payout",
    "investors_payoutline",
    "investors_payoutdecision",
    "investors_payouttakenback",
    "investors_taxtreatment",
    "investors_investorcontact",
)

ONLY_THESE_COLUMNS_CHANGE = {
    "investors_investor": ["name", "kind", "registered_number"],
}


class Migration(migrations.Migration):
    dependencies = [("investors", "0001_initial"), ("ledger", "0002_guards")]

    operations = [
        *[AddRule(*rule) for rule in RULES],
        *[ApplySql(SQL / name) for name in FILES],
        *[MakeAppendOnly(table) for table in ONLY_GROW],
        *[MakeAppendOnly(table, updatable=columns) for table, columns in ONLY_THESE_COLUMNS_CHANGE.items()],
    ]
