"""What the database holds about loans besides the columns: bound approvals, four eyes, tables that only grow."""

from pathlib import Path

from django.db import migrations

from ledger.migration_operations import AddRule, ApplySql, MakeAppendOnly

SQL = Path(__file__).parents[1] / "sql"

RULES = (
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
    (
        "loans_application",
        "loans_application_agrees_with_content",
        "CHECK (COALESCE((content ->> 'principal')::numeric = amount AND content ->> 'currency' = amount_currency AND (content ->> 'annual_rate')::numeric = annual_rate AND content ->> 'day_count' = day_count AND COALESCE(content -> 'business_days' ->> 'calendar', '') = calendar, false))",
    ),
    (
        "loans_loanterms",
        "loans_terms_agree_with_content",
        "CHECK (COALESCE((content ->> 'principal')::numeric = principal AND content ->> 'currency' = principal_currency AND (content ->> 'annual_rate')::numeric = annual_rate AND content ->> 'day_count' = day_count AND COALESCE(content -> 'business_days' ->> 'calendar', '') = calendar, false))",
    ),
    (
        "loans_waiverdecision",
        "loans_waiver_is_what_was_approved",
        "FOREIGN KEY (approval_id, content_sha256) REFERENCES ledger_approval (id, content_sha256)",
    ),
    (
        "loans_waiverdecision",
        "loans_waiver_is_what_was_proposed",
        "FOREIGN KEY (proposal_id, content_sha256) REFERENCES loans_waiverproposal (id, content_sha256)",
    ),
    (
        "loans_projectfunding",
        "loans_replaces_funding_of_this_loan",
        "FOREIGN KEY (replaces_id, loan_id) REFERENCES loans_projectfunding (id, loan_id)",
    ),
    (
        "loans_lossdecision",
        "loans_loss_decided_on_what_was_proposed",
        "FOREIGN KEY (proposal_id, content_sha256) REFERENCES loans_lossproposal (id, content_sha256)",
    ),
    (
        "loans_lossdecision",
        "loans_loss_approved_as_proposed",
        "FOREIGN KEY (approval_id, content_sha256) REFERENCES ledger_approval (id, content_sha256)",
    ),
    (
        "loans_movingin",
        "loans_moving_in_is_what_was_approved",
        "FOREIGN KEY (approval_id, content_sha256) REFERENCES ledger_approval (id, content_sha256)",
    ),
    (
        "loans_application",
        "loans_application_names_a_version_of_its_product",
        "FOREIGN KEY (product_version_id, product_id) REFERENCES loans_productversion (id, product_id)",
    ),
    (
        "loans_loanevent",
        "loans_event_is_what_was_approved",
        "FOREIGN KEY (approval_id, content_sha256) REFERENCES ledger_approval (id, content_sha256)",
    ),
)

FILES = (
    "application_guard.sql",
    "waiver_guard.sql",
    "decision_guard.sql",
    "event_guard.sql",
    "moving_in_guard.sql",
    "terms_guard.sql",
    "debit_guard.sql",
)

ONLY_GROW = (
    "loans_applicationstep",
    "loans_loanterms",
    "loans_loanevent",
    "loans_impacttarget",
    "loans_covenant",
    "loans_covenantend",
    "loans_waiverproposal",
    "loans_waiverdecision",
    "loans_projectfunding",
    "loans_provisionrule",
    "loans_provisionrun",
    "loans_provisionline",
    "loans_guaranteescheme",
    "loans_schemeparameters",
    "loans_guarantee",
    "loans_lossproposal",
    "loans_lossdecision",
    "loans_lossentry",
    "loans_storedfile",
    "loans_filewithdrawal",
    "loans_movinginfile",
    "loans_movinginfinding",
    "loans_historyline",
    "loans_productversion",
    "loans_productfee",
    "loans_baserate",
    "loans_ratenotice",
    "loans_booking",
    "loans_borrowerrequest",
    "loans_requestanswer",
    "loans_proposal",
    "loans_proposaldecision",
    "loans_authority",
    "loans_debitsetting",
    "loans_mandate",
    "loans_mandatechange",
    "loans_debitnotice",
    "loans_debitrun",
    "loans_debitline",
    "loans_debitdecision",
    "loans_debitoutcome",
    "loans_debitchallenge",
    "loans_returnplan",
    "loans_returnquestion",
    "loans_impactreturn",
    "loans_returnanswer",
    "loans_returnsent",
    "loans_readingevidence",
    "loans_story",
    "loans_grant",
    "loans_grantpayment",
)

ONLY_THESE_COLUMNS_CHANGE = {
    "loans_application": [
        "amount",
        "annual_rate",
        "months",
        "first_due_on",
        "purpose",
        "prepared_at",
        "status",
        "prepared_by_id",
        "content",
    ],
    "loans_loan": ["next_action_on", "accrued_through"],
    "loans_movingin": ["state", "found", "brought", "approval_id", "withdrawn_by_id"],
}


class Migration(migrations.Migration):
    dependencies = [("loans", "0001_initial"), ("ledger", "0002_guards")]

    operations = [
        *[AddRule(*rule) for rule in RULES],
        *[ApplySql(SQL / name) for name in FILES],
        *[MakeAppendOnly(table) for table in ONLY_GROW],
        *[MakeAppendOnly(table, updatable=columns) for table, columns in ONLY_THESE_COLUMNS_CHANGE.items()],
    ]
