"""What the database holds about loans besides the columns: bound approvals, events of one loan, tables that only grow."""

from django.db import migrations

from ledger.migration_operations import MakeAppendOnly

BINDINGS = (
    (
        "loans_loanterms",
        "loans_terms_are_what_was_approved",
        "FOREIGN KEY (approval_id, terms_sha256) REFERENCES ledger_approval (id, content_sha256)",
    ),
    (
        "loans_loanevent",
        "loans_drawn_under_terms_of_this_loan",
        "FOREIGN KEY (terms_id, loan_id) REFERENCES loans_loanterms (id, loan_id)",
    ),
    (
        "loans_loanevent",
        "loans_reverses_an_event_of_this_loan",
        "FOREIGN KEY (reverses_id, loan_id) REFERENCES loans_loanevent (id, loan_id)",
    ),
)


class Migration(migrations.Migration):
    dependencies = [("loans", "0001_initial"), ("ledger", "0002_guards")]

    operations = [
        *[
            migrations.RunSQL(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}", f"ALTER TABLE {table} DROP CONSTRAINT {name}"
            )
            for table, name, rule in BINDINGS
        ],
        *[
            MakeAppendOnly(table)
            for table in ("loans_applicationstep", "loans_loanterms", "loans_loanevent", "loans_impacttarget")
        ],
    ]
