"""What the ledger does, by the verbs that its users use."""

from ledger.services.approvals import approve
from ledger.services.books import add_chart_node, close_account, open_account, open_book
from ledger.services.journals import (
    DraftLine,
    draft_entry,
    draft_journal,
    draft_sha256,
    draft_year_end,
    keep_attachment,
    post_draft,
    withdraw_draft,
)
from ledger.services.periods import close_period, latest_close, reopen_period
from ledger.services.posting import Posted, post, reverse
from ledger.services.sealing import SealFinding, seal, seal_text, verify

__all__ = [
    "DraftLine",
    "Posted",
    "SealFinding",
    "add_chart_node",
    "approve",
    "close_account",
    "close_period",
    "draft_entry",
    "draft_journal",
    "draft_sha256",
    "draft_year_end",
    "keep_attachment",
    "latest_close",
    "open_account",
    "open_book",
    "post",
    "post_draft",
    "reopen_period",
    "reverse",
    "seal",
    "seal_text",
    "verify",
    "withdraw_draft",
]
