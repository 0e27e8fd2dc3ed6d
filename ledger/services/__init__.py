"""What the ledger does, by the verbs that its users use."""

from ledger.services.approvals import approve, approve_all
from ledger.services.bank_lines import MOST_ALONE, book_banks_own, set_against
from ledger.services.bank_mappings import bank_account_of_csv, keep_csv_mapping
from ledger.services.banking import (
    MAX_BANK_FILE_BYTES,
    ImportedStatement,
    import_bank_file,
    keep_bank_file,
    match_bank_line,
    match_bank_lines_whole,
    open_bank_account,
)
from ledger.services.books import (
    Imprint,
    add_chart_node,
    close_account,
    complete_chart,
    move_business_date,
    open_account,
    open_accounts,
    open_book,
)
from ledger.services.corrections import reverse_by_hand
from ledger.services.journals import (
    DraftLine,
    draft_entry,
    draft_journal,
    draft_sha256,
    keep_attachment,
    keep_json,
    keep_spreadsheet,
    post_draft,
    withdraw_draft,
)
from ledger.services.opening import openable_accounts, post_opening_balances
from ledger.services.payees import confirm_details, decline_details, propose_details
from ledger.services.payment_outcomes import book_in_transit, record_outcome
from ledger.services.payments import (
    HowPaid,
    check_payment_file,
    make_payment_file,
    payment_file_bytes,
    refuse_payment,
    take_payment_file,
    withdraw_payment_file,
)
from ledger.services.periods import (
    close_period,
    close_that_stands,
    hold_book,
    latest_close,
    reopen_period,
    trial_balance_sha256,
)
from ledger.services.posting import Posted, as_value, noting, post, reverse
from ledger.services.sealing import SealFinding, seal, seal_text, settled_before, verify
from ledger.services.year_end import draft_year_end, is_result_carried

__all__ = [
    "MAX_BANK_FILE_BYTES",
    "MOST_ALONE",
    "DraftLine",
    "HowPaid",
    "ImportedStatement",
    "Imprint",
    "Posted",
    "SealFinding",
    "add_chart_node",
    "approve",
    "approve_all",
    "as_value",
    "bank_account_of_csv",
    "book_banks_own",
    "book_in_transit",
    "check_payment_file",
    "close_account",
    "close_period",
    "close_that_stands",
    "complete_chart",
    "confirm_details",
    "decline_details",
    "draft_entry",
    "draft_journal",
    "draft_sha256",
    "draft_year_end",
    "hold_book",
    "import_bank_file",
    "is_result_carried",
    "keep_attachment",
    "keep_bank_file",
    "keep_csv_mapping",
    "keep_json",
    "keep_spreadsheet",
    "latest_close",
    "make_payment_file",
    "match_bank_line",
    "match_bank_lines_whole",
    "move_business_date",
    "noting",
    "open_account",
    "open_accounts",
    "open_bank_account",
    "open_book",
    "openable_accounts",
    "payment_file_bytes",
    "post",
    "post_draft",
    "post_opening_balances",
    "propose_details",
    "record_outcome",
    "refuse_payment",
    "reopen_period",
    "reverse",
    "reverse_by_hand",
    "seal",
    "seal_text",
    "set_against",
    "settled_before",
    "take_payment_file",
    "trial_balance_sha256",
    "verify",
    "withdraw_draft",
    "withdraw_payment_file",
]
